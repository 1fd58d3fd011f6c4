// The keys of the Detect tab, grouped as the help sheet shows them.

import { entry } from "../../core/shortcuts.js";
import {
  choiceKeys,
  heatKeys,
  helpKey,
  nudgeKeys,
  pictureKeys,
  toolKeys,
  undoKeys,
} from "../../pictures/picture_keys.js";

/**
 * @import {HeatControls} from "../../canvas/heat_controls.js"
 * @import {PictureCanvas} from "../../canvas/picture_canvas.js"
 * @import {KeyGroup, Keys} from "../../core/shortcuts.js"
 * @import {Picker} from "../../pictures/picker.js"
 * @import {PromptList} from "../../prompts/prompt_list.js"
 * @import {DetectBox} from "./boxes.js"
 * @import {DetectControls} from "./controls.js"
 * @import {SavedFormat} from "./saving.js"
 */

/** What words on the page mean. */
export const TERMS = {
  cosine: "Of the region with the phrase, as the Probe tab gives it.",
  threshold: "A phrase’s own: the score that the best box of most other pictures does not reach.",
  strictness: "How many of the other pictures, which mostly lack the thing, shall stay without a box.",
  over: "Cosine minus the threshold of the phrase.",
  "against other pictures":
    "A thin line for each other picture, where its best box scores; the tall line is the threshold, the dot this box " +
    "(hollow: the best of a phrase without one).",
  contrast:
    "Cosine of the region minus the mean cosine of the patches around it: largest where all of the thing is inside. " +
    "It ranks the boxes of a phrase.",
  "by hand": "A box that you drew or moved; it stays when phrases or strictness change.",
};

/**
 * What keys act on.
 *
 * @typedef {object} KeyTargets
 * @property {PictureCanvas<DetectBox>} canvas
 * @property {PromptList} list
 * @property {Picker} picker
 * @property {HeatControls} heat
 * @property {DetectControls} controls
 * @property {Keys} keys
 * @property {{
 *   remove: () => unknown, keep: () => unknown, save: (format: SavedFormat) => unknown,
 *   open: (tab: "probe" | "negatives") => unknown,
 * }} acts
 * @property {() => unknown} undo
 * @property {() => unknown} redo
 */

/** @param {KeyTargets} tab @returns {KeyGroup[]} */
export function bindKeys(tab) {
  const { canvas, list, picker, heat, controls, acts } = tab;
  return [
    {
      title: "Phrases",
      keys: [
        entry(["/"], "/", "write a phrase", () => list.ask()),
        ...heatKeys(heat, (step) => list.stepHeat(step), "phrase"),
        entry(["+", "="], "+", "stricter", () => controls.shift(1)),
        entry(["-"], "−", "less strict", () => controls.shift(-1)),
      ],
    },
    {
      title: "Boxes",
      keys: [
        ...choiceKeys(canvas),
        ...toolKeys(canvas, "draw one for the phrase that is chosen among the boxes"),
        ...nudgeKeys(canvas),
        entry([], "Enter", "take the best box of the focused phrase that has none, or bring back what was put aside"),
        entry(["Delete", "Backspace"], "Delete", "remove the box", () => acts.remove()),
        entry(["Escape"], "Esc", "give up, let go", () => canvas.letGo()),
        ...undoKeys(tab, "phrases"),
      ],
    },
    { title: "Picture", keys: pictureKeys(picker, canvas) },
    {
      title: "What becomes of the boxes",
      keys: [
        entry(["k"], "k", "keep them as regions of the workspace", () => acts.keep()),
        entry(["c"], "c", "table as CSV", () => acts.save("csv")),
        entry(["s"], "s", "picture with boxes as PNG", () => acts.save("png")),
        entry(["o"], "o", "open the box in Probe", () => acts.open("probe")),
        entry(["r"], "r", "hold it against rewrites in Negatives", () => acts.open("negatives")),
        helpKey(tab),
      ],
    },
  ];
}
