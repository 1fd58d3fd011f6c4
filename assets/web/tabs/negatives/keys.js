// The keys of the Negatives tab, grouped as the help sheet shows them.

import { entry } from "../../core/shortcuts.js";
import { choiceKeys, helpKey, nudgeKeys, pictureKeys, toolKeys, undoKeys } from "../../pictures/picture_keys.js";

/**
 * @import {PictureCanvas} from "../../canvas/picture_canvas.js"
 * @import {KeyGroup, Keys} from "../../core/shortcuts.js"
 * @import {Picker} from "../../pictures/picker.js"
 * @import {NegativesControls} from "./controls.js"
 * @import {NegativesRows} from "./rows.js"
 * @import {TextRow} from "./texts.js"
 */

/** What words on the page mean. */
export const TERMS = {
  margin:
    "Cosine of the true caption minus that of a rewrite: unless it is above 0, the model does not know which is true.",
  flip: "A rewrite that scores as high as the true caption, or higher.",
  route: "How the model reads a text: as a caption (short, long) or as a phrase for a region (box).",
  words: "What the cosine loses when the word is left out; a word that lowers it has a minus.",
  kind:
    "What a rewrite changes. In data sets “kind near” names a sibling of the thing, “kind far” something else " +
    "altogether.",
  wrong: "Attributes that each rewrite gets wrong: one is FG-OVD’s hard, two medium, three easy.",
};

/**
 * What keys act on.
 *
 * @typedef {object} KeyTargets
 * @property {PictureCanvas} canvas
 * @property {NegativesControls} controls
 * @property {Picker} picker
 * @property {NegativesRows} rows
 * @property {string[]} routes
 * @property {Keys} keys
 * @property {{remove: () => unknown}} acts
 * @property {() => unknown} rewrite
 * @property {(route: string) => unknown} choose
 * @property {(row: TextRow) => unknown} remove
 * @property {() => unknown} undo
 * @property {() => unknown} redo
 */

/** @param {KeyTargets} tab @returns {KeyGroup[]} */
export function bindKeys(tab) {
  const { canvas, controls, picker, rows, routes } = tab;
  const again = () => {
    controls.advance();
    tab.rewrite();
  };
  return [
    {
      title: "Texts",
      keys: [
        entry(["/"], "/", "write the true caption", () => controls.caption.focus()),
        entry(["r"], "r", "rewrite it", () => tab.rewrite()),
        entry(["R"], "R", "rewrite it otherwise", again),
        entry(["w"], "w", "add a negative of your own", () => rows.add.focus()),
        entry([], "Enter", "edit the focused text"),
        ...undoKeys(tab, "boxes"),
        ...routes.map((route, i) =>
          entry(
            [String(i + 1)],
            i ? "" : routes.map((_, each) => each + 1).join(" "),
            `route: ${routes.join(", ")}`,
            () => tab.choose(route),
          ),
        ),
      ],
    },
    {
      title: "Boxes",
      keys: [
        ...toolKeys(canvas),
        ...choiceKeys(canvas),
        ...nudgeKeys(canvas),
        entry(["Delete", "Backspace"], "Delete", "delete the box, or the focused rewrite", () =>
          rows.focused ? tab.remove(rows.focused) : tab.acts.remove(),
        ),
        entry(["Escape"], "Esc", "give up, or the whole picture", () => canvas.letGo()),
      ],
    },
    { title: "Picture", keys: [...pictureKeys(picker, canvas), helpKey(tab)] },
  ];
}
