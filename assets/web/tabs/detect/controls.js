// How strict to be, and what proposes the boxes.

import { make } from "../../core/dom.js";

/**
 * @import {PictureStart} from "../../core/start.js"
 * @import {DetectQuestion} from "../../core/wire.js"
 */

/**
 * What the tab knows from the beginning: the usual strictness, and the name of the detector, where there is one.
 *
 * @typedef {PictureStart & {share: number, detector: string | null}} DetectStart
 */

/**
 * How boxes are looked for: the share of the other pictures that shall stay without one, whether crops are read, too,
 * and whether a detector proposes the boxes, and not the patches.
 *
 * @typedef {Required<Pick<DetectQuestion, "share" | "crops" | "detector">>} How
 */

const PAUSE = 120; // ms after the last move of the slider

export class DetectControls {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #later;

  /**
   * @param {Pick<DetectStart, "share" | "detector">} start
   * @param {{changed: () => unknown, bringBack: () => unknown}} acts
   */
  constructor({ share, detector }, acts) {
    this.detector = detector;
    this.slider = make("input", {
      type: "range",
      min: "0",
      max: "100",
      step: "1",
      value: 100 * share,
      "aria-label": "Strictness",
      title: "How many of the other pictures shall stay without a box (+ and −)",
    });
    this.shown = make("b", {});
    this.slider.addEventListener("input", () => {
      this.#write();
      clearTimeout(this.#later);
      this.#later = setTimeout(acts.changed, PAUSE);
    });
    this.crops = make("input", {
      type: "checkbox",
      "aria-label": "Read crops, too",
      title: "Cut out what fits and read it as a picture of its own, too: slower, and on drawn scenes no better",
    });
    this.source = make(
      "select",
      { "aria-label": "Boxes from", title: "What proposes the boxes" },
      make("option", { value: "" }, "patches"),
      detector ? make("option", { value: "detector" }, detector) : null,
    );
    this.aside = make("button", {
      type: "button",
      class: "fx-link",
      hidden: true,
      title: "Boxes that you removed or replaced: they are not found again",
      onclick: acts.bringBack,
    });
    for (const field of [this.crops, this.source]) field.addEventListener("change", acts.changed);
    this.element = make(
      "div",
      { class: "fx-strictness" },
      make("label", {}, "strictness", this.slider),
      this.shown,
      make("label", { hidden: !detector }, "boxes from", this.source),
      make("label", {}, this.crops, "crops"),
      this.aside,
    );
    this.#write();
  }

  /** How boxes are to be found, as the app is asked. @returns {How} */
  get how() {
    return {
      share: Number(this.slider.value) / 100,
      crops: this.crops.checked,
      detector: this.source.value === "detector",
    };
  }

  set how({ share, crops, detector }) {
    clearTimeout(this.#later);
    this.slider.value = String(Math.round(100 * share));
    this.#write();
    this.crops.checked = crops;
    this.source.value = detector && this.detector ? "detector" : "";
  }

  /** @param {number} step in percent points */
  shift(step) {
    this.slider.value = String(Number(this.slider.value) + step);
    this.slider.dispatchEvent(new Event("input"));
  }

  /** @param {number} aside how many found boxes were put aside */
  show(aside) {
    this.aside.hidden = !aside;
    this.aside.textContent = `${aside} put aside · bring back`;
  }

  #write() {
    this.shown.textContent = `${this.slider.value} % of other pictures without a box`;
  }
}
