// The keys of the Detect tab, grouped as the help sheet shows them.

/** What words on the page mean. */
export const TERMS = {
  cosine: "Of the region with the phrase, as the Probe tab gives it.",
  threshold: "A phrase’s own: the score that the best box of most other pictures does not reach.",
  strictness: "How many of the other pictures, which mostly lack the thing, shall stay without a box.",
  over: "Cosine minus the threshold of the phrase.",
  "against other pictures": "A thin line for each other picture, where its best box scores; the tall line is the threshold, the dot this box (hollow: the best of a phrase without one).",
  contrast: "Cosine of the region minus the mean cosine of the patches around it: largest where all of the thing is inside. It ranks the boxes of a phrase.",
  "by hand": "A box that you drew or moved; it stays when phrases or strictness change.",
};

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export function bindKeys(tab) {
  const { canvas, list, picker, heat, controls, acts } = tab;
  const entry = (keys, shown, what, run) => ({ keys, shown, what, run });
  return [
    { title: "Phrases", keys: [
      entry(["/"], "/", "write a phrase", () => list.ask()),
      entry(["h"], "h", "heat map on and off", () => list.stepHeat(0)),
      entry(["m"], "m", "heat map of the next phrase", () => list.stepHeat(1)),
      entry(["M"], "M", "of the previous one", () => list.stepHeat(-1)),
      entry(["]"], "]", "heat map more opaque", () => heat.shift(10)),
      entry(["["], "[", "less", () => heat.shift(-10)),
      entry(["+", "="], "+", "stricter", () => controls.shift(1)),
      entry(["-"], "−", "less strict", () => controls.shift(-1)),
    ] },
    { title: "Boxes", keys: [
      entry(["n"], "n", "next box", () => canvas.selectNeighbour(1)),
      entry(["p"], "p", "previous box", () => canvas.selectNeighbour(-1)),
      entry(["b"], "b", "draw one for the chosen phrase", () => canvas.setTool("box")),
      entry(["v"], "v", "move the picture", () => canvas.setTool("pan")),
      ...Object.entries(ARROWS).flatMap(([key, [dx, dy]], i) => {
        const nudge = (scale, options) => () => (canvas.selected ? canvas.nudge(scale * dx, scale * dy, options) : false);
        return [
          entry([key], i ? "" : "Arrows", "move the box (Shift: ten times as far)", nudge(1)), entry([`shift+${key}`], "", "", nudge(10)),
          entry([`alt+${key}`], i ? "" : "Alt Arrows", "resize it", nudge(1, { grow: true })),
        ];
      }),
      entry([], "Enter", "take the best box of the focused phrase that has none, or bring back what was put aside", () => {}),
      entry(["Delete", "Backspace"], "Delete", "remove the box", () => canvas.removeSelected()),
      entry(["Escape"], "Esc", "let go", () => canvas.select(null)),
      entry(["ctrl+z"], "Ctrl z", "undo, phrases too", () => acts.undo()),
      entry(["ctrl+shift+z", "ctrl+y"], "Ctrl Shift z", "redo", () => acts.redo()),
    ] },
    { title: "Picture", keys: [
      entry(["."], ".", "next picture of the gallery", () => picker.step(1)),
      entry([","], ",", "previous picture", () => picker.step(-1)),
      entry(["u"], "u", "upload (or drop, or paste)", () => picker.chooseFile()),
      entry(["0"], "0", "fit", () => canvas.fit()),
    ] },
    { title: "What becomes of the boxes", keys: [
      entry(["k"], "k", "keep them as regions of the workspace", () => acts.keep()),
      entry(["c"], "c", "table as CSV", () => acts.save("csv")),
      entry(["s"], "s", "picture with boxes as PNG", () => acts.save("png")),
      entry(["o"], "o", "open the box in Probe", () => acts.open("probe")),
      entry(["r"], "r", "hold it against rewrites in Negatives", () => acts.open("negatives")),
      entry(["?"], "?", "this sheet", () => tab.keys.help()),
    ] },
  ];
}
