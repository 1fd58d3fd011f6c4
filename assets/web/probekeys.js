// The keys of the Probe tab, grouped as the help sheet shows them.

import { COLUMNS } from "./tablecells.js";

/** What words on the page mean. */
export const TERMS = {
  region: COLUMNS.region,
  crop: COLUMNS.crop,
  picture: COLUMNS.picture,
  softmax: COLUMNS.share,
  "heat map": "Cosine of the prompt with every patch of the picture; point at it to read the number. A region’s cosine may exceed that of each of its patches: it is taken with their average, scaled to length 1 again.",
  route: "How the model reads a prompt: as a caption (short, long) or as a phrase for a region (box).",
};

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export function bindKeys(probe) {
  const { canvas, acts, list, picker, heat } = probe;
  const entry = (keys, shown, what, run) => ({ keys, shown, what, run });
  return [
    { title: "Boxes", keys: [
      entry(["b"], "b", "draw boxes", () => acts.tool("box")),
      entry(["v"], "v", "move the picture (or hold space)", () => acts.tool("pan")),
      entry([], "Alt drag", "draw inside the chosen box", () => {}),
      entry(["B"], "B", "add a box in the middle", () => canvas.addInMiddle()),
      ...nudges(canvas),
      entry(["d"], "d", "duplicate", () => canvas.duplicateSelected()),
      entry(["Delete", "Backspace"], "Delete", "delete", () => acts.remove()),
      entry(["n"], "n", "next box", () => canvas.selectNeighbour(1)),
      entry(["p"], "p", "previous box", () => canvas.selectNeighbour(-1)),
      ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map((number) => entry([String(number)], number === 1 ? "1 … 9" : "", "choose a box by its number", () => acts.select(number))),
      entry(["a"], "a", "all regions side by side", () => acts.all()),
      entry(["Escape"], "Esc", "give up, let go", () => escape(probe)),
      entry(["ctrl+z"], "Ctrl z", "undo, prompts too", () => acts.undo()),
      entry(["ctrl+shift+z", "ctrl+y"], "Ctrl Shift z", "redo", () => acts.redo()),
    ] },
    { title: "Picture", keys: [
      entry(["+", "="], "+", "zoom in (or the wheel)", () => canvas.zoom(1.25)),
      entry(["-"], "−", "zoom out", () => canvas.zoom(0.8)),
      entry(["0"], "0", "fit", () => acts.fit()),
      entry(["."], ".", "next picture of the gallery", () => picker.step(1)),
      entry([","], ",", "previous picture", () => picker.step(-1)),
      entry(["u"], "u", "upload (or drop, or paste)", () => picker.chooseFile()),
    ] },
    { title: "Prompts and heat map", keys: [
      entry(["/"], "/", "write a prompt, in talk mode too", () => list.ask()),
      entry([], "Alt ↑ ↓", "reorder the focused prompt", () => {}),
      entry(["h"], "h", "heat map on and off", () => acts.heat(0)),
      entry(["m"], "m", "heat map of the next prompt", () => acts.heat(1)),
      entry(["M"], "M", "of the previous one", () => acts.heat(-1)),
      entry(["]"], "]", "more opaque", () => heat.shift(10)),
      entry(["["], "[", "less", () => heat.shift(-10)),
    ] },
    { title: "Everything", keys: [
      entry(["f"], "f", "find the box on the Map", () => acts.find()),
      entry(["t"], "t", "talk mode", () => acts.talk()),
      entry(["c"], "c", "table as CSV", () => acts.csv()),
      entry(["s"], "s", "view as PNG", () => acts.png()),
      entry(["?"], "?", "this sheet", () => probe.keys.help()),
      { ...entry([" "], "", "", (event) => holdSpace(event, canvas)), once: true },
    ] },
  ];
}

function nudges(canvas) {
  return Object.entries(ARROWS).flatMap(([key, [dx, dy]], i) => {
    const act = (scale, options) => () => (canvas.selected ? canvas.nudge(scale * dx, scale * dy, options) : false);
    const first = i === 0;
    return [
      { keys: [key], shown: first ? "Arrows" : "", what: "move the box (Shift: ten times as far)", run: act(1) },
      { keys: [`shift+${key}`], shown: "", what: "", run: act(10) },
      { keys: [`alt+${key}`], shown: first ? "Alt Arrows" : "", what: "resize it", run: act(1, { grow: true }) },
      { keys: [`alt+shift+${key}`], shown: "", what: "", run: act(10, { grow: true }) },
    ];
  });
}

function escape({ canvas, acts }) {
  if (canvas.gestures.busy) canvas.gestures.cancel();
  else if (document.body.classList.contains("fx-talk")) acts.talk(false);
  else canvas.select(null);
}

function holdSpace(event, canvas) {
  if (event.target instanceof Element && event.target.closest("button, a, summary, [role=tab]")) return false;
  canvas.gestures.holdSpace(true);
  const release = (up) => {
    if (up.key !== " ") return;
    canvas.gestures.holdSpace(false);
    window.removeEventListener("keyup", release);
  };
  window.addEventListener("keyup", release);
  return true;
}
