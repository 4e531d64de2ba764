// The way out replaces this page in the history, and Escape pressed twice takes it, too.
const way = document.querySelector("[data-leave]");
if (way) {
  let last = -Infinity;
  const go = () => {
    document.documentElement.hidden = true;
    location.replace(way.href);
  };
  way.addEventListener("click", (event) => {
    event.preventDefault();
    go();
  });
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    if (event.timeStamp - last < 1000) go();
    last = event.timeStamp;
  });
}
