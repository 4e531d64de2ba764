// Saves a form while somebody writes in it.
//
//   <form data-autosave="/url/" method="post"> … hidden fields such as version …
//     <p data-autosave-status role="status"></p>  <div data-autosave-conflict></div>
//
// Three seconds after the last change the form is posted with its CSRF token and an Idempotency-Key. A save whose answer
// was lost is repeated with the same key and the same words before anything newer is sent. Answers:
//   200 {"saved": "14:02", "fields": {"version": "8"}}  hidden fields of those names get the new values
//   409 HTML   a panel that shows both texts; a button[data-autosave-keep][data-version] in it keeps the words typed here
//   403        the token may be old (signed in again elsewhere): a new one is fetched once
//   422 {"errors": {"field": ["words"]}}  what is wrong is said; the next change is saved again
//   any other  it is not ours to write any more (signed elsewhere, handed over): the page stays, so that no word is lost
// While the page is locked (idle.js) nothing is sent; after signing in again saving goes on with the new token.
// The event "house:save" saves at once.
// Pressing a button of the form saves first and submits then, so that no version is overtaken and no word depends on the
// page that follows. Words live in the form alone: nothing is kept in the browser's storage.

const PAUSE = 3000;
const LONGEST_WAIT = 60000;

// Files go with the form itself, once; what is saved by itself is words.
function words(form) {
  const body = new FormData(form);
  for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
  return body;
}

class Autosave {
  constructor(form) {
    this.form = form;
    this.status = form.querySelector("[data-autosave-status]");
    this.conflict = form.querySelector("[data-autosave-conflict]");
    this.dirty = false;
    this.waiting = null; // the save under way, kept until its answer is known
    this.busy = false;
    this.failures = 0;
    form.addEventListener("input", () => this.changed());
    form.addEventListener("submit", (event) => this.submitted(event));
    form.addEventListener("click", (event) => this.keep(event));
    form.addEventListener("house:save", () => this.save());
    document.addEventListener("house:again", (event) => this.signedInAgain(event.detail.token));
    addEventListener("online", () => this.unsaved() && this.save());
    addEventListener("beforeunload", (event) => this.unsaved() && event.preventDefault());
    document.addEventListener("visibilitychange", () => document.hidden && this.dirty && this.save());
  }

  unsaved() {
    return this.dirty || this.waiting !== null;
  }

  changed() {
    this.dirty = true;
    this.rejected = false;
    if (!this.stuck && !this.failures) this.later(PAUSE);
  }

  later(delay) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), delay);
  }

  submitted(event) {
    if (this.gone) {
      event.preventDefault(); // the page that would follow has no place for these words
      return this.refused();
    }
    if (this.stuck || !this.unsaved()) return this.stop();
    event.preventDefault();
    this.submitter = event.submitter;
    this.submitting = true;
    this.save();
  }

  submit() {
    this.submitting = false;
    this.stop();
    this.form.requestSubmit(this.submitter);
  }

  stop() {
    clearTimeout(this.timer);
    this.dirty = false;
    this.waiting = null;
    this.stuck = true;
  }

  say(words, trouble = false) {
    if (!this.status) return;
    this.status.textContent = words;
    this.status.toggleAttribute("data-trouble", trouble);
  }

  signedInAgain(token) {
    this.failures = 0;
    this.waiting?.body.set("csrfmiddlewaretoken", token);
    if (this.unsaved()) this.later(0);
  }

  async save() {
    if ("locked" in document.documentElement.dataset) return;
    if (this.busy || this.stuck || !this.unsaved()) return;
    clearTimeout(this.timer);
    this.busy = true;
    if (!this.waiting) {
      this.waiting = { key: crypto.randomUUID(), body: words(this.form) };
      this.dirty = false;
    }
    try {
      await this.answered(await this.post());
    } catch {
      this.again(navigator.onLine === false ? "You are offline." : "The house cannot be reached.");
    } finally {
      this.busy = false;
    }
    if (this.submitting && !this.unsaved()) this.submit();
    else if (this.dirty && !this.waiting && !this.stuck && !this.rejected) this.later(this.submitting ? 0 : PAUSE);
  }

  post() {
    const token = this.waiting.body.get("csrfmiddlewaretoken");
    return fetch(this.form.dataset.autosave, {
      method: "POST",
      body: this.waiting.body,
      headers: {
        "X-CSRFToken": token,
        "Idempotency-Key": this.waiting.key,
        "X-Background": this.failures ? "1" : "0", // trying again is not somebody at work: the idle clock goes on
      },
      redirect: "manual",
    });
  }

  async answered(response) {
    if (response.type === "opaqueredirect") return this.again("You were signed out. Sign in again in another tab.");
    if (response.status >= 500 || response.status === 429) return this.again("The house is busy.");
    if (response.status === 409) return this.conflicts(await response.text());
    if (response.status === 403 && (await this.renewToken())) return this.later(0);
    if (response.status === 422) return this.wrong((await response.json()).errors);
    if (!response.ok) return this.refused();
    this.saved(await response.json());
  }

  saved({ saved, fields = {} }) {
    this.waiting = null;
    this.failures = 0;
    for (const [name, value] of Object.entries(fields)) {
      if (this.form.elements[name]) this.form.elements[name].value = value;
    }
    this.say(`Saved ${saved}`);
  }

  again(reason) {
    this.submitting = false;
    this.failures += 1;
    this.say(`Not saved yet. ${reason} Your words are still here, and saving goes on by itself.`, true);
    this.later(Math.min(1000 * 2 ** this.failures, LONGEST_WAIT));
  }

  wrong(errors) {
    this.waiting = null;
    if (this.submitting) return this.submit(); // the page that follows says what is wrong, with the words in it
    this.rejected = !this.dirty; // the same words would be refused again; what was typed since may not be
    this.dirty = true;
    this.say(`Not saved. ${Object.values(errors).flat().join(" ")}`, true);
  }

  refused() {
    this.waiting = null;
    this.submitting = false;
    this.dirty = true;
    this.stuck = true;
    this.gone = true;
    this.say("Not saved: this can no longer be changed here. Your words are still on this page: copy them, then open it again.", true);
  }

  conflicts(html) {
    this.waiting = null;
    this.dirty = true;
    this.stuck = true;
    this.submitting = false;
    const panel = new DOMParser().parseFromString(html, "text/html");
    this.conflict?.replaceChildren(...panel.body.childNodes);
    this.say("Not saved: this was changed somewhere else. Both texts are shown, none is lost.", true);
  }

  keep(event) {
    const button = event.target.closest?.("[data-autosave-keep]");
    if (!button) return;
    this.form.elements.version.value = button.dataset.version;
    this.conflict.replaceChildren();
    this.stuck = false;
    this.save();
  }

  async renewToken() {
    if (this.renewed === this.waiting.key) return false;
    this.renewed = this.waiting.key;
    const response = await fetch(location.href, { redirect: "manual" });
    if (!response.ok) return false;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const token = page.querySelector("[name=csrfmiddlewaretoken]")?.value;
    if (!token) return false;
    for (const field of document.getElementsByName("csrfmiddlewaretoken")) field.value = token;
    this.waiting.body.set("csrfmiddlewaretoken", token);
    return true;
  }
}

for (const form of document.querySelectorAll("form[data-autosave]")) new Autosave(form);
