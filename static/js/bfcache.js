// A page that comes back from the browser's memory (Back after signing out) is asked for again.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
