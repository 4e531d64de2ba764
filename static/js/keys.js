// The keys of the house: / ? n, Ctrl+S and Ctrl+Enter (Command on a Mac). The dialog #keys (templates/_keys.html) tells
// them and switches those of one letter off, for people whose voice or hand would press them by chance (WCAG 2.1.4).
//
//   data-next    the next thing in a queue; otherwise link or a with rel="next", otherwise the first row in data-queue
//   data-save    a button that Ctrl+S presses where a form does not save by itself; otherwise nothing happens

const dialog = document.getElementById("keys");
const told = dialog.querySelector("[data-keys-told]");
const choice = dialog.querySelector("[data-keys-switch]");

const find = (...selectors) => selectors.map((selector) => document.querySelector(selector)).find(Boolean);

function help() {
  if (!dialog.open) dialog.showModal();
}

function search() {
  find("#site-search", "main input[type=search]")?.focus();
}

function next() {
  const target = find("[data-next]", "link[rel=next]", "a[rel=next]", "[data-queue] li :is(.button, button)");
  if (target?.matches("link")) location.assign(target.href);
  else target?.click();
}

function save() {
  const form = find("form[data-autosave]");
  if (form) form.dispatchEvent(new CustomEvent("house:save"));
  else find("[data-save]")?.click();
}

function sign() {
  const button = find("form[data-autosave] button[value=sign]");
  if (button) button.click();
  else find("form[data-once] button.primary")?.focus(); // signing itself stays a press of its own
}

const letters = { "/": search, "?": help, n: next };
const together = { s: save, enter: sign };

function isTyping(target) {
  return target.closest?.("input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable]");
}

addEventListener("keydown", (event) => {
  if (event.isComposing || event.altKey || document.querySelector("dialog[open]")) return;
  const pressed = event.ctrlKey || event.metaKey;
  const act = pressed ? together[event.key.toLowerCase()] : letters[event.key];
  if (!act || event.repeat) return;
  if (!pressed && ("off" in dialog.dataset || isTyping(event.target))) return;
  event.preventDefault();
  act();
});

document.querySelector("[data-keys-open]")?.addEventListener("click", help);
dialog.querySelector("[data-keys-close]").addEventListener("click", () => dialog.close());

choice.addEventListener("change", async () => {
  const body = new FormData(choice);
  body.set("on", choice.querySelector("input[type=checkbox]").checked ? "0" : "1");
  try {
    const response = await fetch(choice.action, { method: "POST", body, headers: { Accept: "application/json" }, redirect: "manual" });
    const { off } = await response.json();
    dialog.toggleAttribute("data-off", off);
    told.textContent = off ? "Off until you sign out." : "On.";
  } catch {
    told.textContent = "That could not be kept. Try again in a moment.";
  }
});
choice.addEventListener("submit", (event) => event.preventDefault());
