// The keys of the Compare tab, grouped as the help sheet shows them.

import { DIRECTIONS } from "./dotsteps.js";

/** What words on the page mean. */
export const TERMS = {
  cosine: "Of the box, or of the whole picture where none is chosen, with the text. Two models’ cosines do not compare: ranks, margins and softmax shares do.",
  "A → B": "Places that a text gains or loses among the texts when B looks instead of A.",
  margin: "Cosine of the painted text minus that of the best other one, on the model’s own scale.",
  fooled: "A hard negative scores higher than what is true of the region.",
  chance: "How likely so large a difference is where both models err equally often (McNemar’s exact test).",
  "kind near, far": "A hard negative that names a sibling of the thing, or something else altogether.",
  "neighbours kept": "Share of a point’s ten nearest neighbours, by cosine and among the points shown, that both models agree on.",
  drift: "How far a point lies from itself when B’s map is laid over A’s, in radii of the map.",
};

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export function bindKeys(tab) {
  const { pair, list, picker, heat, acts } = tab;
  const entry = (keys, shown, what, run) => ({ keys, shown, what, run });
  const onPicture = (run) => () => (tab.view === "picture" ? run() : false);
  const seen = (...parts) => entry(parts[0], parts[1], parts[2], onPicture(parts[3]));
  return [
    { title: "Views", keys: [
      entry(["1"], "1", "one picture", () => tab.look("picture", { leaving: true })),
      entry(["2"], "2", "the data set", () => tab.look("data", { leaving: true })),
      entry(["3"], "3", "the maps", () => tab.look("maps", { leaving: true })),
      entry(["l"], "l", "lasso on the maps", () => (tab.view === "maps" ? tab.maps.circle() : false)),
      entry([], "Shift Arrows", "the next dot of A’s map in that direction"),
      entry(["f"], "f", "both maps whole", () => (tab.view === "maps" ? tab.maps.fit() : false)),
      entry([], "Esc", "let go of what is circled, then of the dot", () => {}),
      entry(["?"], "?", "this sheet", () => tab.keys.help()),
    ] },
    { title: "Texts", keys: [
      seen(["/"], "/", "write a text", () => list.ask()),
      seen(["r"], "r", "add rewrites of the painted text", () => acts.rewrite()),
      seen(["e"], "e", "edit them, and choose how they are read", () => acts.edit()),
      seen(["h"], "h", "heat maps on and off", () => list.stepHeat(0)),
      seen(["m"], "m", "heat maps of the next text", () => list.stepHeat(1)),
      seen(["M"], "M", "of the previous one", () => list.stepHeat(-1)),
      seen(["]"], "]", "heat maps more opaque", () => heat.shift(10)),
      seen(["["], "[", "less", () => heat.shift(-10)),
      seen(["c"], "c", "table as CSV", () => acts.save()),
    ] },
    { title: "Boxes", keys: [
      seen(["n"], "n", "next box", () => pair.active.selectNeighbour(1)),
      seen(["p"], "p", "previous box", () => pair.active.selectNeighbour(-1)),
      seen(["b"], "b", "draw one", () => acts.tool("box")),
      seen(["v"], "v", "move the picture", () => acts.tool("pan")),
      seen(["a"], "a", "a box in the middle", () => pair.active.addInMiddle()),
      ...Object.entries(ARROWS).flatMap(([key, [dx, dy]], i) => {
        const nudge = (scale, options) => () => (pair.selected ? pair.active.nudge(scale * dx, scale * dy, options) : false);
        return [
          seen([key], i ? "" : "Arrows", "move the box (Shift: ten times as far)", nudge(1)),
          entry([`shift+${key}`], "", "", () => (tab.view === "maps" ? tab.maps.step(DIRECTIONS[key]) : onPicture(nudge(10))())),
          seen([`alt+${key}`], i ? "" : "Alt Arrows", "resize it", nudge(1, { grow: true })),
        ];
      }),
      seen(["Delete", "Backspace"], "Delete", "remove the box", () => acts.remove()),
      entry(["Escape"], "Esc", "let go: the whole picture is scored", () => (tab.view === "maps" ? tab.maps.letGo() : onPicture(() => pair.active.select(null))())),
      seen(["ctrl+z"], "Ctrl z", "undo, texts too", () => acts.undo()),
      seen(["ctrl+shift+z", "ctrl+y"], "Ctrl Shift z", "redo", () => acts.redo()),
    ] },
    { title: "Picture", keys: [
      seen(["."], ".", "next picture of the gallery", () => picker.step(1)),
      seen([","], ",", "previous picture", () => picker.step(-1)),
      seen(["u"], "u", "upload (or drop, or paste)", () => picker.chooseFile()),
      entry(["0"], "0", "fit", () => (tab.view === "maps" ? tab.maps.fit() : onPicture(() => acts.fit())())),
    ] },
  ];
}
