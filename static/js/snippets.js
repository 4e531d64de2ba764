// Puts a snippet in where somebody last wrote: a button[data-insert] names the element whose text it is. Gaps (___) are
// selected one after another by Tab, from the insertion on; Escape gives Tab back its own work. Words typed stay.

const GAP = "___";
const told = document.querySelector("[data-snippet-status]");
const fields = [...document.querySelectorAll("form[data-autosave] textarea")];
let last = fields[0];
let filling = null; // the field whose gaps Tab goes through

function select(field, from) {
  const at = field.value.indexOf(GAP, from);
  if (at < 0) return false;
  field.setSelectionRange(at, at + GAP.length);
  return true;
}

function insert(text) {
  const start = last.selectionStart;
  last.focus();
  last.setRangeText(text, start, last.selectionEnd, "end");
  last.dispatchEvent(new Event("input", { bubbles: true }));
  filling = select(last, start) ? last : null;
  told.textContent = filling ? "Inserted. Fill in the gap; Tab goes to the next one." : "Inserted.";
}

function tab(event) {
  if (event.key === "Escape") filling = null;
  if (event.key !== "Tab" || event.shiftKey || filling !== event.target) return;
  if (select(filling, filling.selectionEnd)) event.preventDefault();
  else filling = null; // the last gap: Tab leaves the field as ever
}

for (const field of fields) {
  field.addEventListener("focus", () => (last = field));
  field.addEventListener("keydown", tab);
}
for (const button of document.querySelectorAll("[data-insert]")) {
  button.addEventListener("click", () => last && insert(document.getElementById(button.dataset.insert).textContent));
}
