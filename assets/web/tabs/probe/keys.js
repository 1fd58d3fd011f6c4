// The keys of the Probe tab, grouped as the help sheet shows them.

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
import { COLUMNS } from "./cells.js";

/**
 * @import {HeatControls} from "../../canvas/heat_controls.js"
 * @import {PictureCanvas} from "../../canvas/picture_canvas.js"
 * @import {KeyGroup, Keys} from "../../core/shortcuts.js"
 * @import {Picker} from "../../pictures/picker.js"
 * @import {PromptList} from "../../prompts/prompt_list.js"
 */

/**
 * @typedef {object} ProbeActs
 * @property {() => unknown} remove
 * @property {(number: number) => unknown} select
 * @property {() => unknown} all
 * @property {(step: number) => unknown} heat
 * @property {() => unknown} find
 * @property {(on?: boolean) => unknown} talk
 * @property {() => unknown} csv
 * @property {() => unknown} png
 */

/**
 * What keys act on.
 *
 * @typedef {object} KeyTargets
 * @property {PictureCanvas} canvas
 * @property {PromptList} list
 * @property {Picker} picker
 * @property {HeatControls} heat
 * @property {Keys} keys
 * @property {ProbeActs} acts
 * @property {() => unknown} undo
 * @property {() => unknown} redo
 */

/** What words on the page mean. */
export const TERMS = {
  region: COLUMNS.region,
  crop: COLUMNS.crop,
  picture: COLUMNS.picture,
  softmax: COLUMNS.share,
  "heat map":
    "Cosine of the prompt with every patch of the picture; point at it to read the number. A region’s cosine may " +
    "exceed that of each of its patches: it is taken with their average, scaled to length 1 again.",
  route: "How the model reads a prompt: as a caption (short, long) or as a phrase for a region (box).",
};

/** @param {KeyTargets} tab @returns {KeyGroup[]} */
export function bindKeys(tab) {
  const { canvas, acts, list, picker, heat } = tab;
  return [
    {
      title: "Boxes",
      keys: [
        ...toolKeys(canvas),
        entry([], "Alt drag", "draw inside the chosen box"),
        entry(["B"], "B", "add a box in the middle", () => canvas.addInMiddle()),
        ...nudgeKeys(canvas),
        entry(["d"], "d", "duplicate", () => canvas.duplicateSelected()),
        entry(["Delete", "Backspace"], "Delete", "delete", () => acts.remove()),
        ...choiceKeys(canvas),
        ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map((number) =>
          entry([String(number)], number === 1 ? "1 … 9" : "", "choose a box by its number", () => acts.select(number)),
        ),
        entry(["a"], "a", "all regions side by side", () => acts.all()),
        entry(["Escape"], "Esc", "give up, let go", () => letGo(canvas, acts)),
        ...undoKeys(tab, "prompts"),
      ],
    },
    {
      title: "Picture",
      keys: [
        entry(["+", "="], "+", "zoom in (or the wheel)", () => canvas.zoom(1.25)),
        entry(["-"], "−", "zoom out", () => canvas.zoom(0.8)),
        ...pictureKeys(picker, canvas),
      ],
    },
    {
      title: "Prompts and heat map",
      keys: [
        entry(["/"], "/", "write a prompt, in talk mode too", () => list.ask()),
        entry([], "Alt ↑ ↓", "reorder the focused prompt"),
        ...heatKeys(heat, (step) => acts.heat(step), "prompt"),
      ],
    },
    {
      title: "Everything",
      keys: [
        entry(["f"], "f", "find the box on the Map", () => acts.find()),
        entry(["t"], "t", "talk mode", () => acts.talk()),
        entry(["c"], "c", "table as CSV", () => acts.csv()),
        entry(["s"], "s", "view as PNG", () => acts.png()),
        helpKey(tab),
      ],
    },
  ];
}

/** @param {PictureCanvas} canvas @param {ProbeActs} acts */
function letGo(canvas, acts) {
  if (!canvas.gestures.busy && document.body.classList.contains("fx-talk")) acts.talk(false);
  else canvas.letGo();
}
