// The keys of the Compare tab, grouped as the help sheet shows them.

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
import { DIRECTIONS } from "../../plot/keyboard_steps.js";

/** @import {KeyEntry} from "../../core/shortcuts.js" */
/** @import {View} from "./address.js" */
/** @import {CanvasPair} from "./canvas_pair.js" */
/** @import {CompareMaps} from "./maps/index.js" */

/** What words on the page mean. */
export const TERMS = {
  cosine:
    "Of the box, or of the whole picture where none is chosen, with the text. Two models’ cosines do not compare: " +
    "ranks, margins and softmax shares do.",
  "A → B": "Places that a text gains or loses among the texts when B looks instead of A.",
  margin: "Cosine of the painted text minus that of the best other one, on the model’s own scale.",
  fooled: "A hard negative scores as high as what is true of the region, or higher.",
  chance: "How likely so large a difference is where both models err equally often (McNemar’s exact test).",
  "kind near, far": "A hard negative that names a sibling of the thing, or something else altogether.",
  "neighbours kept":
    "Share of a point’s ten nearest neighbours, by cosine and among the points shown, that both models agree on.",
  drift: "How far a point lies from itself when B’s map is laid over A’s, in radii of the map.",
};

/**
 * What the keys need of the tab.
 *
 * @typedef {object} KeyedTab
 * @property {View} view
 * @property {(view: View, how: {leaving: boolean}) => void} look
 * @property {CanvasPair} canvas
 * @property {import("../../prompts/prompt_list.js").PromptList} list
 * @property {import("../../pictures/picker.js").Picker} picker
 * @property {import("../../canvas/heat_controls.js").HeatControls} heat
 * @property {CompareMaps} maps
 * @property {{rewrite: () => void, edit: () => void, save: () => void, remove: () => void}} acts
 * @property {() => void} undo
 * @property {() => void} redo
 * @property {{help: () => void}} keys
 */

/** Keys of the maps. @param {CompareMaps} maps */
function keysOf(maps) {
  /** @type {Map<string, () => unknown>} */
  const acts = new Map([
    ["l", () => maps.circle()],
    ["f", () => maps.fit()],
    ["0", () => maps.fit()],
    ["Escape", () => maps.letGo()],
  ]);
  for (const [key, direction] of Object.entries(DIRECTIONS)) acts.set(`shift+${key}`, () => maps.step(direction));
  return acts;
}

/** @param {KeyedTab} tab */
export function bindKeys(tab) {
  const { canvas, list, picker, heat, acts } = tab;
  const onMaps = keysOf(tab.maps);
  /** Keys of the picture are the maps' where those have them, and nobody's elsewhere. @param {KeyEntry} each */
  const seen = (each) => ({
    ...each,
    /** @param {KeyboardEvent} event */
    run: (event) => {
      if (tab.view === "picture") return each.run(event);
      const act = tab.view === "maps" ? onMaps.get(each.keys[0]) : undefined;
      return act ? act() : false;
    },
  });
  /** @param {string} key @param {View} view @param {string} what */
  const look = (key, view, what) => entry([key], key, what, () => tab.look(view, { leaving: true }));
  const none = () => false;
  return [
    {
      title: "Views",
      keys: [
        look("1", "picture", "one picture"),
        look("2", "data", "the data set"),
        look("3", "maps", "the maps"),
        seen(entry(["l"], "l", "lasso on the maps", none)),
        entry([], "Shift Arrows", "the next dot of A’s map in that direction"),
        seen(entry(["f"], "f", "both maps whole", none)),
        entry([], "Esc", "let go of what is circled, then of the dot"),
        helpKey(tab),
      ],
    },
    {
      title: "Texts",
      keys: [
        entry(["/"], "/", "write a text", () => list.ask()),
        entry(["r"], "r", "add rewrites of the painted text", () => acts.rewrite()),
        entry(["e"], "e", "edit them, and choose how they are read", () => acts.edit()),
        ...heatKeys(heat, (/** @type {number} */ step) => list.stepHeat(step), "text", "heat maps"),
        entry(["c"], "c", "table as CSV", () => acts.save()),
      ].map(seen),
    },
    {
      title: "Boxes",
      keys: [
        ...choiceKeys(canvas),
        ...toolKeys(canvas),
        entry(["a"], "a", "a box in the middle", () => canvas.addInMiddle()),
        ...nudgeKeys(canvas),
        entry(["Delete", "Backspace"], "Delete", "remove the box", () => acts.remove()),
        entry(["Escape"], "Esc", "let go: the whole picture is scored", () => canvas.letGo()),
        ...undoKeys(tab, "texts"),
      ].map(seen),
    },
    { title: "Picture", keys: pictureKeys(picker, canvas).map(seen) },
  ];
}
