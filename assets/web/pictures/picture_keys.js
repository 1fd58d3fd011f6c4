// Keys that do the same in every tab with a picture. `canvas` is one, or a pair of them.

/** @import {KeyEntry} from "../core/shortcuts.js" */

import { entry } from "../core/shortcuts.js";

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const OWN_SPACE = "button, a, summary, input, [role=tab], [tabindex]:not(.fx-stage)"; // what takes the space bar itself

/**
 * What the keys do with a canvas.
 *
 * @typedef {{
 *   readonly selected: object | null,
 *   setTool(tool: "box" | "pan"): void,
 *   holdSpace(held: boolean): void,
 *   selectNeighbour(step: number): void,
 *   nudge(dx: number, dy: number, options?: {grow?: boolean}): void,
 *   fit(): void,
 * }} KeyCanvas
 */

/** @param {KeyCanvas} canvas @param {string} [draw] @returns {KeyEntry[]} */
export function toolKeys(canvas, draw = "draw boxes") {
  return [
    entry(["b"], "b", draw, () => canvas.setTool("box")),
    entry(["v"], "v", "move the picture (or hold space)", () => canvas.setTool("pan")),
    { ...entry([" "], "", "", (event) => holdSpace(event, canvas)), once: true },
  ];
}

/** @param {KeyCanvas} canvas */
export function choiceKeys(canvas) {
  return [
    entry(["n"], "n", "next box", () => canvas.selectNeighbour(1)),
    entry(["p"], "p", "previous box", () => canvas.selectNeighbour(-1)),
  ];
}

/** Arrows that move the chosen box, or change its size. @param {KeyCanvas} canvas */
export function nudgeKeys(canvas) {
  return Object.entries(ARROWS).flatMap(([key, [dx, dy]], i) => {
    /** @param {number} scale @param {{grow?: boolean}} [options] */
    const nudge = (scale, options) => () => (canvas.selected ? canvas.nudge(scale * dx, scale * dy, options) : false);
    return [
      entry([key], i ? "" : "Arrows", "move the box (Shift: ten times as far)", nudge(1)),
      entry([`shift+${key}`], "", "", nudge(10)),
      entry([`alt+${key}`], i ? "" : "Alt Arrows", "resize it", nudge(1, { grow: true })),
      entry([`alt+shift+${key}`], "", "", nudge(10, { grow: true })),
    ];
  });
}

/** @param {{undo(): unknown, redo(): unknown}} tab @param {string} also what else than boxes */
export function undoKeys(tab, also) {
  return [
    entry(["ctrl+z"], "Ctrl z", `undo, ${also} too`, () => tab.undo()),
    entry(["ctrl+shift+z", "ctrl+y"], "Ctrl Shift z", "redo", () => tab.redo()),
  ];
}

/**
 * @param {{shift(step: number): unknown}} heat
 * @param {(step: number) => unknown} step by so many prompts to another heat map; 0: on or off
 * @param {string} noun what has a map
 * @param {string} [map] what it is called
 */
export function heatKeys(heat, step, noun, map = "heat map") {
  return [
    entry(["h"], "h", `${map} on and off`, () => step(0)),
    entry(["m"], "m", `${map} of the next ${noun}`, () => step(1)),
    entry(["M"], "M", "of the previous one", () => step(-1)),
    entry(["]"], "]", `${map} more opaque`, () => heat.shift(10)),
    entry(["["], "[", "less", () => heat.shift(-10)),
  ];
}

/**
 * @param {{step(by: number): unknown, chooseFile(): unknown}} picker
 * @param {KeyCanvas} canvas
 */
export function pictureKeys(picker, canvas) {
  return [
    entry(["."], ".", "next picture of the gallery", () => picker.step(1)),
    entry([","], ",", "previous picture", () => picker.step(-1)),
    entry(["u"], "u", "upload (or drop, or paste)", () => picker.chooseFile()),
    entry(["0"], "0", "fit", () => canvas.fit()),
  ];
}

/** @param {{keys: {help(): void}}} tab */
export const helpKey = (tab) => entry(["?"], "?", "this sheet", () => tab.keys.help());

/** @param {KeyboardEvent} event @param {KeyCanvas} canvas */
function holdSpace(event, canvas) {
  if (event.target instanceof Element && event.target.closest(OWN_SPACE)) return false;
  canvas.holdSpace(true);
  const release = (/** @type {KeyboardEvent} */ up) => {
    if (up.key !== " ") return;
    canvas.holdSpace(false);
    window.removeEventListener("keyup", release);
  };
  window.addEventListener("keyup", release);
  return true;
}
