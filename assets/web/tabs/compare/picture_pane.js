// The view of one picture: two canvases, one set of controls for both heat maps, and what stands above the texts.

import { HeatControls } from "../../canvas/heat_controls.js";
import { PictureCanvas } from "../../canvas/picture_canvas.js";
import { make } from "../../core/dom.js";
import { layOut } from "../../pictures/layout.js";
import { badge } from "./badge.js";
import { CanvasPair } from "./canvas_pair.js";

/**
 * @typedef {object} PaneActs
 * @property {() => void} rewrite
 * @property {() => void} edit
 * @property {() => void} save
 */

const REWRITE = "Hard negatives of the painted text, or of the first one: each gets one attribute wrong (r)";
const EDIT = "Edit, remove, reorder texts, and choose how they are read (e)";

export class PicturePane {
  element = make("div", { class: "fx-probe fx-compare-picture" });
  stages = make("div", { class: "fx-compare-stages" });

  /**
   * @param {string[]} names of the models
   * @param {PaneActs} acts
   * @param {() => void} paint heat maps have other colours
   */
  constructor(names, acts, paint) {
    this.parts = layOut(this.element, {
      title: "Where do they differ?",
      words: "Open a picture, draw a box, and write what may be in it: both models score it.",
    });
    const first = this.parts.stage;
    const second = make("div", { class: "fx-stage-frame" });
    first.replaceWith(this.stages);
    this.stages.append(first, second, this.parts.pictureFault.element);
    [first, second].forEach((frame, i) => frame.append(make("span", { class: "fx-compare-tag" }, badge(i), names[i])));
    this.canvas = new CanvasPair(new PictureCanvas(first), new PictureCanvas(second));
    this.heats = this.#heats(paint);
    this.editing = button("Edit texts", EDIT, acts.edit);
    this.editing.setAttribute("aria-pressed", "false");
    this.more = make(
      "div",
      { class: "fx-compare-more" },
      button("+ rewrites", REWRITE, acts.rewrite),
      this.editing,
      button("CSV", "This table as CSV (c)", acts.save),
    );
  }

  /** Edit the texts, or look at their scores again. */
  edit() {
    this.editing.setAttribute("aria-pressed", String(this.element.classList.toggle("fx-writing")));
  }

  /**
   * One set of controls moves both maps; each has the scale of its own model.
   *
   * @param {() => void} paint
   */
  #heats(paint) {
    const [first, second] = this.canvas.both;
    const hidden = new HeatControls(make("div", {}), second, { changed: () => {}, fault: () => {} });
    const shown = new HeatControls(this.parts.heat, first, {
      changed: () => {
        hidden.settings = shown.settings;
        paint();
      },
      fault: (/** @type {string} */ sentence) => this.parts.pictureFault.show(sentence),
    });
    return [shown, hidden];
  }
}

/**
 * @param {string} label
 * @param {string} title
 * @param {() => void} act
 */
const button = (label, title, act) =>
  make("button", { type: "button", class: "fx-button", title, onclick: () => act() }, label);
