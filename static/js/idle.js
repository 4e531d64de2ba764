// Locks a page nobody is at. The server alone says whether a session lives; this asks it, and covers the page when it says no.
//
// The dialog #idle (templates/_idle.html) tells how long the session lives (data-left, seconds), whose page this is
// (data-person) and where to ask (data-here). Asking with "X-Background: 1" is no activity; somebody typing is, once a
// minute at most. What was typed stays in its fields: nothing is kept in the browser's storage. Other tabs are told that
// something changed, never what; each asks for itself. After signing in again the forms of the page get a new token, and
// the event "house:again" tells their scripts.

const WARNING = 60_000;
const TOUCH = 60_000;
const RETRY = 5_000;

const box = document.getElementById("idle");
const page = document.querySelector(".frame");
const warning = box.querySelector("[data-idle-warn]");
// Brought in when it is needed: a page that lies open holds no field for a password.
const entrance = box.querySelector("[data-idle-lock]").content.firstElementChild;
const form = entrance.querySelector("form");
const others = new BroadcastChannel("house");

let endsAt = Date.now() + Number(box.dataset.left) * 1000;
let touchedAt = Date.now();
let before = null; // what had the focus
let timer;

const isLocked = () => "locked" in document.documentElement.dataset;

// --- asking the server ----------------------------------------------------------------------------------------------

function later(delay) {
  clearTimeout(timer);
  timer = setTimeout(look, Math.max(delay, 0));
}

async function ask(isSomebodyThere = false) {
  const headers = isSomebodyThere ? {} : { "X-Background": "1" };
  const response = await fetch(box.dataset.here, { headers, cache: "no-store", redirect: "manual" });
  if (!response.ok) throw new Error("The house cannot be reached.");
  return response.json();
}

async function look(isSomebodyThere = false) {
  try {
    judge(await ask(isSomebodyThere === true));
  } catch {
    if (Date.now() >= endsAt) lock(); // what cannot be asked is not shown any longer than it was promised
    later(RETRY);
  }
}

function judge({ person, left, token }) {
  if (!person) return lock();
  if (person !== box.dataset.person) return leave();
  const remaining = left * 1000;
  endsAt = Date.now() + remaining;
  if (isLocked()) again(token);
  if (remaining > WARNING) open();
  else warn();
  return later(remaining > WARNING ? remaining - WARNING : remaining + 1000);
}

// --- three states: open, warned, locked -----------------------------------------------------------------------------

function show(part) {
  if (!box.open) before = document.activeElement;
  box.setAttribute("aria-labelledby", part.querySelector("h2").id);
  box.replaceChildren(part);
  if (!box.open) box.showModal();
}

function warn() {
  show(warning);
  warning.querySelector("button").focus();
}

function lock() {
  if (isLocked()) return;
  clearTimeout(timer);
  document.documentElement.dataset.locked = "";
  page.inert = true;
  page.setAttribute("aria-hidden", "true");
  for (const other of document.querySelectorAll("dialog[open]")) if (other !== box) other.close();
  show(entrance);
  step("password");
  others.postMessage("look");
}

function open() {
  delete document.documentElement.dataset.locked;
  page.inert = false;
  page.removeAttribute("aria-hidden");
  if (!box.open) return;
  box.close();
  box.replaceChildren();
  before?.focus();
}

function leave() {
  lock();
  location.replace("/");
}

// --- signing in again -----------------------------------------------------------------------------------------------

function step(name) {
  for (const input of [form.elements.password, form.elements.code]) {
    input.value = "";
    input.disabled = input.name !== name;
    input.required = !input.disabled;
    input.closest(".field").hidden = input.disabled;
    if (!input.disabled) input.focus();
  }
}

function say(words) {
  form.querySelector("[role=alert]").textContent = words;
}

function renew(token) {
  for (const field of document.getElementsByName("csrfmiddlewaretoken")) field.value = token;
}

function again(token) {
  renew(token);
  say("");
  step("password");
  open();
  document.dispatchEvent(new CustomEvent("house:again", { detail: { token } }));
  others.postMessage("look");
}

async function send() {
  const here = await ask();
  if (here.person) return judge(here);
  renew(here.token);
  const headers = { "Accept-Language": document.documentElement.lang }; // answer in the language of this page
  const response = await fetch(form.action, { method: "POST", body: new FormData(form), headers, redirect: "manual" });
  const answer = await response.json();
  say("");
  if (answer.state === "other") return leave();
  if (answer.state === "in") return look();
  if (answer.state === "code") return step("code");
  step(answer.half ? "code" : "password");
  return say(answer.why);
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = form.querySelector("button");
  button.disabled = true;
  try {
    await send();
  } catch {
    say("The house cannot be reached. What you typed is still here; try again in a moment.");
  } finally {
    button.disabled = false;
  }
});

// --- what may change it ---------------------------------------------------------------------------------------------

warning.querySelector("button").addEventListener("click", () => look(true));
box.addEventListener("cancel", (event) => {
  event.preventDefault();
  if (!isLocked()) look(true);
});
box.addEventListener("close", () => isLocked() && box.showModal());
others.addEventListener("message", () => look());
document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  if (Date.now() >= endsAt) lock(); // the machine slept: covered first, asked then
  look();
});
for (const kind of ["keydown", "pointerdown"]) {
  addEventListener(kind, (event) => {
    if (!event.isTrusted || box.open || Date.now() - touchedAt < TOUCH) return;
    touchedAt = Date.now();
    look(true);
  });
}
document.querySelector("[data-sign-out]")?.addEventListener("submit", () => {
  addEventListener("pagehide", () => others.postMessage("look"), { once: true });
});

later(endsAt - Date.now() - WARNING);
