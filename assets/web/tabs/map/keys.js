// The keys of the Map tab, grouped as the help sheet shows them.

import { entry } from "../../core/shortcuts.js";
import { DIRECTIONS } from "../../plot/keyboard_steps.js";

/** What words on the page mean. */
export const TERMS = {
  cosine: "How alike two vectors are: 1 for the same, about 0 for nothing in common.",
  place: "Where it lies means nothing by itself; what lies near it looks alike to the model.",
  ring: "UMAP laid out a sample; a ring lies among its nearest neighbours in it, approximately.",
  "a + b − c": "Prompts are added and subtracted as vectors; a sign counts between spaces.",
  "★": "Where the words that were searched would lie.",
};

const STEP = 0.2; // of the view, by which an arrow moves it

/** @param {KeyboardEvent} event whether it is of a button, which Enter presses */
const isOnButton = ({ target }) => target instanceof Element && target.closest("button") !== null;

/**
 * @param {object} tab
 * @param {import("./bar.js").MapBar} tab.bar
 * @param {import("./seen.js").MapSeen} tab.seen
 * @param {import("./found.js").MapFound} tab.found
 * @param {() => void} tab.help
 */
export function bindKeys({ bar, seen, found, help }) {
  const { point } = found;
  const arrows = Object.entries(DIRECTIONS);
  const pans = arrows.map(([key, [right, up]], i) =>
    entry([key], i ? "" : "Arrows", "move the map", () => seen.plot.move([right * STEP, up * STEP])),
  );
  const dots = arrows.map(([key, direction], i) =>
    entry([`shift+${key}`], i ? "" : "Shift Arrows", "the next dot in that direction", () => point.stepDot(direction)),
  );
  return [
    {
      title: "Map",
      keys: [
        entry(["/"], "/", "search", () => bar.input.focus()),
        entry(["u"], "u", "search by a picture", () => bar.file.click()),
        entry(["v"], "v", "move the map", () => seen.tool("pan")),
        entry(["l"], "l", "lasso", () => seen.tool("lasso")),
        ...pans,
        ...dots,
        entry([], "Shift Enter", "the focused value of the legend, beside the others"),
        entry(["+", "="], "+", "closer to the chosen dot, or the middle (or the wheel)", () => seen.plot.zoom(0.6)),
        entry(["-"], "−", "farther", () => seen.plot.zoom(1 / 0.6)),
        entry(["0"], "0", "all of it", () => seen.whole()),
      ],
    },
    {
      title: "Found or circled",
      keys: [
        entry(["n"], "n", "next one", () => found.step(1)),
        entry(["p"], "p", "previous one", () => found.step(-1)),
        entry(["a"], "a", "what is most like it", () => found.findAlike()),
        entry(["Enter"], "Enter", "open it in Probe", (event) =>
          isOnButton(event) || !point.chosen ? false : point.openInProbe(),
        ),
        entry(["c"], "c", "the selection as CSV", () => found.saveCsv()),
        entry(["Escape"], "Esc", "let go", () => found.letGo()),
        entry(["?"], "?", "this sheet", help),
      ],
    },
  ];
}
