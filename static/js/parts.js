// Sends a zip that is too large for one request in parts, and goes on where it was cut off. Smaller files go with the form itself.
//
//   <form data-announce data-most="10485760">        a new file: the form announces it, and its parts follow to where the answer leads
//   <form data-parts="/url/" data-size data-name>    one that was cut off: the same file is chosen again
//
// The house answers how much it has; a part that was lost on the way is sent again, at most five times in a row.

const PART = 4 * 1024 * 1024;
const TRIES = 5;
const wait = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
const megabytes = (bytes) => `${(bytes / 1024 / 1024).toFixed(0)} MB`;

async function posted(url, body) {
  const answer = await fetch(url, { method: "POST", body, headers: { Accept: "application/json" } });
  if (answer.redirected || !answer.headers.get("Content-Type")?.startsWith("application/json")) throw new Error("signed out");
  return answer.json();
}

class Sending {
  constructor(form) {
    this.form = form;
    this.status = form.querySelector("[data-parts-status]");
    this.bar = form.querySelector("[data-parts-progress]");
  }

  tell(words, here, size) {
    this.status.textContent = words;
    this.bar.hidden = size === undefined;
    this.bar.max = size ?? 1;
    this.bar.value = here ?? 0;
  }

  async send(url, file) {
    const token = this.form.querySelector("[name=csrfmiddlewaretoken]").value;
    let here = 0;
    for (let tries = 0; here < file.size && tries < TRIES; tries += 1) {
      const body = new FormData();
      body.set("csrfmiddlewaretoken", token);
      body.set("offset", here);
      body.set("part", file.slice(here, here + PART), "part");
      try {
        const said = await posted(url, body);
        if (said.here > here) tries = -1;
        if (said.here !== here) this.tell("Sending. Keep this page open.", said.here, file.size);
        here = said.here;
      } catch {
        await wait(500 * 2 ** tries);
      }
    }
    return here === file.size;
  }

  async go(url, file, after) {
    this.form.toggleAttribute("aria-busy", true);
    this.tell("Sending. Keep this page open.", 0, file.size);
    const leave = (event) => event.preventDefault();
    addEventListener("beforeunload", leave);
    const whole = await this.send(url, file);
    removeEventListener("beforeunload", leave);
    this.form.toggleAttribute("aria-busy", false);
    if (whole) location.assign(after);
    else this.tell("It was cut off. What came is kept: open its page, choose the same file again, and it goes on.", 0, file.size);
  }
}

for (const form of document.querySelectorAll("form[data-announce]")) {
  const input = form.querySelector("input[type=file]");
  form.addEventListener("submit", async (event) => {
    const file = input.files[0];
    if (!file || file.size <= Number(form.dataset.most)) return;
    event.preventDefault();
    form.elements.namedItem("size").value = file.size;
    form.elements.namedItem("name").value = file.name;
    const body = new FormData(form);
    body.delete("file");
    const answer = await fetch(form.action, { method: "POST", body }).catch(() => null);
    if (answer?.redirected) {
      await new Sending(form).go(`${answer.url}part/`, file, answer.url);
      return;
    }
    input.disabled = true; // what is wrong is said by the page itself
    form.submit();
  });
}

for (const form of document.querySelectorAll("form[data-parts]")) {
  const input = form.querySelector("input[type=file]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const file = input.files[0];
    const sending = new Sending(form);
    if (!file || file.size !== Number(form.dataset.size) || file.name !== form.dataset.name) {
      sending.status.textContent = `This is not the file. It is called ${form.dataset.name} and has ${megabytes(Number(form.dataset.size))}.`;
      input.focus();
      return;
    }
    await sending.go(form.dataset.parts, file, location.href);
  });
}
