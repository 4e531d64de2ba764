// The summary of errors takes the focus when a form comes back, so that nobody has to look for it.
document.querySelector("[data-focus]")?.focus();
