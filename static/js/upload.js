// Adding a file: says at once what would be refused for its size or its kind, and that it is under way. The form works without.

const MEGABYTE = 1024 * 1024;

function complaint(form, input) {
  const file = input.files[0];
  if (!file) return "";
  const accepted = input.accept.split(",");
  if (!accepted.some((extension) => file.name.toLowerCase().endsWith(extension))) return "This kind of file is not kept. Save it as a PDF or a picture.";
  if (file.size > Number(form.dataset.most)) return `This file is larger than ${form.dataset.most / MEGABYTE} MB. Save it smaller.`;
  return "";
}

for (const form of document.querySelectorAll("form[data-upload]")) {
  const input = form.querySelector("input[type=file]");
  const status = form.querySelector("[data-upload-status]");
  const progress = form.querySelector("[data-upload-progress]");
  const hint = form.querySelector("[data-upload-hint]");
  let sent = false;

  const tell = (words, trouble) => {
    hint.textContent = words || "Or drop a file on the field.";
    hint.toggleAttribute("data-trouble", trouble);
    input.setAttribute("aria-invalid", String(trouble));
  };
  input.addEventListener("change", () => {
    const words = complaint(form, input);
    tell(words || (input.files[0] ? "Ready to be added." : ""), Boolean(words));
  });
  for (const kind of ["dragenter", "dragover"]) input.addEventListener(kind, () => input.classList.add("over"));
  for (const kind of ["dragleave", "drop"]) input.addEventListener(kind, () => input.classList.remove("over"));

  form.addEventListener("submit", (event) => {
    const words = complaint(form, input);
    if (sent || words) event.preventDefault();
    if (sent) return;
    if (words) {
      tell(words, true);
      input.focus();
      return;
    }
    sent = true;
    progress.hidden = false;
    status.textContent = "Sending, checking and sealing the file…";
  });
  window.addEventListener("pageshow", () => {
    sent = false;
    progress.hidden = true;
    status.textContent = "";
  });
}
