// A drawn signature: strokes of points, 0 to 1 across and down, kept in the hidden field [data-drawing-points] and nowhere else.
// The keyboard alternative is the typed name: the drawing is never needed.

const STROKES = 60;
const POINTS = 600; // of one stroke

for (const box of document.querySelectorAll("[data-drawing]")) {
  const canvas = box.querySelector("canvas");
  const field = box.querySelector("[data-drawing-points]");
  const pen = canvas.getContext("2d");
  let strokes = [];
  let stroke = null;

  const at = (event) => {
    const frame = canvas.getBoundingClientRect();
    const part = (value, whole) => Math.round(Math.min(Math.max(value / whole, 0), 1) * 1000) / 1000;
    return [part(event.clientX - frame.left, frame.width), part(event.clientY - frame.top, frame.height)];
  };
  const draw = () => {
    pen.clearRect(0, 0, canvas.width, canvas.height);
    pen.strokeStyle = getComputedStyle(canvas).color;
    pen.lineWidth = 3;
    pen.lineCap = pen.lineJoin = "round";
    for (const points of strokes) {
      pen.beginPath();
      for (const [x, y] of [...points, points.at(-1)]) pen.lineTo(x * canvas.width, y * canvas.height);
      pen.stroke();
    }
  };
  const keep = () => {
    field.value = strokes.length ? JSON.stringify(strokes) : "";
  };

  canvas.addEventListener("pointerdown", (event) => {
    if (strokes.length >= STROKES) return;
    canvas.setPointerCapture(event.pointerId);
    stroke = [at(event)];
    strokes.push(stroke);
    draw();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!stroke || stroke.length >= POINTS) return;
    stroke.push(at(event));
    draw();
  });
  for (const kind of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(kind, () => {
      stroke = null;
      keep();
    });
  }
  box.querySelector("[data-drawing-clear]").addEventListener("click", () => {
    strokes = [];
    keep();
    draw();
  });
  try {
    strokes = JSON.parse(field.value || "[]"); // a page that came back with something to correct
    draw();
  } catch {
    strokes = [];
  }
}
