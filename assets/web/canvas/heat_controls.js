// The heat map of the chosen prompt: opacity, range, and a colour scale with numbers.

/**
 * @import {Point} from "./box_geometry.js"
 * @import {PictureCanvas} from "./picture_canvas.js"
 */

import { make } from "../core/dom.js";
import { extent, paintHeat } from "./heat_painter.js";
import { cosineText } from "../core/format.js";
import { VIRIDIS } from "../core/colours.js";

/**
 * What the ends of the colour scale stand for.
 *
 * @typedef {"own" | "all" | "fixed"} RangeName
 * @typedef {{low: number, high: number}} Ends
 */

/**
 * What an address remembers: opacity in per cent, and the range or its two ends.
 *
 * @typedef {{opacity?: number, range?: "own" | "all" | [low: number, high: number]}} HeatSettings
 */

/**
 * Cosines of patches with one prompt, row by row; `everything` holds those of all prompts, for the shared range.
 *
 * @typedef {object} HeatMap
 * @property {Float32Array} values
 * @property {Float32Array[]} everything
 * @property {number} height
 * @property {number} width
 * @property {string} text
 */

/** @typedef {{height: number, width: number, patchCosines: (product: Float32Array) => Float32Array}} HeatScorer */

/** @typedef {{id: number, text: string, facts: {product: Float32Array} | null}} HeatPrompt */

const OPACITY = 60; // per cent, to begin with
/** @type {Record<RangeName, [label: string, meaning: string]>} */
const RANGES = {
  own: ["this map", "Colours run from this map’s lowest to its highest cosine."],
  all: ["all prompts", "One scale for all prompts of this picture, so that their maps compare."],
  fixed: ["fixed", "One scale for everything, from the two numbers you give."],
};
const RANGE_NAMES = /** @type {RangeName[]} */ (Object.keys(RANGES));

export class HeatControls {
  /** @type {RangeName} */
  range = "own";
  /** @type {Ends} */
  fixed = { low: 0, high: 0.5 };
  /** @type {HeatMap | null} */
  map = null;
  /** @type {Ends} */
  scale = { low: 0, high: 1 };
  slider = make("input", {
    type: "range",
    min: "0",
    max: "100",
    step: "5",
    value: OPACITY,
    "aria-label": "Heat map opacity",
    title: "Opacity ([ and ])",
  });
  picker = make("select", { "aria-label": "Heat map range", title: "What the ends of the colour scale stand for" });
  fields = { low: this.#end("low"), high: this.#end("high") };
  ends = make("span", { class: "fx-ends", hidden: true }, this.fields.low, "–", this.fields.high);
  low = make("span", { class: "fx-number" });
  high = make("span", { class: "fx-number" });
  pointer = make("i", { class: "fx-pointer", hidden: true });
  bar = make("span", { class: "fx-scale" }, this.pointer);
  reading = make("span", { class: "fx-number fx-reading" });
  legend = make("div", { class: "fx-legend", hidden: true }, this.low, this.bar, this.high, this.reading);

  /**
   * @param {HTMLElement} root
   * @param {PictureCanvas} canvas
   * @param {{changed: () => unknown, fault: (sentence: string) => unknown}} hooks
   */
  constructor(root, canvas, hooks) {
    this.root = root;
    this.canvas = canvas;
    this.hooks = hooks;
    this.#build();
    canvas.addEventListener("hover", ({ detail }) => this.#point(detail.point));
  }

  get opacity() {
    return Number(this.slider.value) / 100;
  }

  /** Parts as they were to begin with are left out. @returns {HeatSettings} */
  get settings() {
    const { range, fixed, slider } = this;
    return {
      ...(Number(slider.value) === OPACITY ? {} : { opacity: Number(slider.value) }),
      ...(range === "own" ? {} : { range: range === "fixed" ? [fixed.low, fixed.high] : range }),
    };
  }

  set settings({ opacity = OPACITY, range = "own" }) {
    this.slider.value = String(opacity);
    if (Array.isArray(range)) {
      const [low, high] = range;
      this.fixed = { low, high };
      this.fields.low.value = String(low);
      this.fields.high.value = String(high);
    }
    this.#setRange(Array.isArray(range) ? "fixed" : (RANGE_NAMES.find((name) => name === range) ?? "own"));
  }

  /**
   * Paint the map of the prompt that the list has chosen, as far as it is read.
   *
   * @param {{prompts: HeatPrompt[], heatId: number | null}} list
   * @param {HeatScorer | null} scorer
   */
  paint({ prompts, heatId }, scorer) {
    const chosen = prompts.find(({ id }) => id === heatId);
    if (!chosen?.facts || !scorer) return this.show(null);
    return this.show({
      values: scorer.patchCosines(chosen.facts.product),
      everything: prompts.flatMap(({ facts }) => (facts ? [scorer.patchCosines(facts.product)] : [])),
      height: scorer.height,
      width: scorer.width,
      text: chosen.text,
    });
  }

  /**
   * Paint the map of one prompt, or none.
   *
   * @param {HeatMap | null} map
   */
  show(map) {
    this.map = map;
    this.root.classList.toggle("fx-off", !map);
    this.legend.hidden = !map;
    if (!map) {
      this.canvas.clearHeat();
      return;
    }
    this.scale = this.#scale(map);
    paintHeat(this.canvas.heat, map.values, { ...this.scale, height: map.height, width: map.width });
    this.canvas.showHeat(this.opacity);
    this.low.textContent = cosineText(this.scale.low);
    this.high.textContent = cosineText(this.scale.high);
    this.bar.title = `Cosine of each patch with “${map.text}”. ${RANGES[this.range][1]}`;
  }

  /** Change opacity by percent points. @param {number} step */
  shift(step) {
    this.slider.value = String(Number(this.slider.value) + step);
    this.slider.dispatchEvent(new Event("input"));
  }

  #build() {
    this.slider.addEventListener("input", () => {
      if (this.map) this.canvas.showHeat(this.opacity);
      this.hooks.changed();
    });
    for (const name of RANGE_NAMES) {
      const [label, meaning] = RANGES[name];
      this.picker.append(make("option", { value: name, title: meaning }, label));
    }
    this.picker.addEventListener("change", () => {
      this.#setRange(/** @type {RangeName} */ (this.picker.value));
      this.hooks.changed();
    });
    this.bar.style.background = `linear-gradient(var(--fx-rise, to top), ${VIRIDIS.join(",")})`;
    this.canvas.stage.append(this.legend);
    this.root.append(
      make("label", { class: "fx-heat-only" }, "opacity", this.slider),
      make("label", { class: "fx-heat-only" }, "range", this.picker),
      this.ends,
    );
    this.root.classList.add("fx-off");
  }

  /** @param {"low" | "high"} name */
  #end(name) {
    const field = make("input", {
      type: "number",
      step: "0.05",
      min: "-1",
      max: "1",
      value: String(this.fixed[name]),
      "aria-label": `${name} end of the scale`,
    });
    field.addEventListener("change", () => {
      const ends = { ...this.fixed, [name]: field.valueAsNumber };
      if (!(-1 <= ends.low && ends.low < ends.high && ends.high <= 1)) {
        this.hooks.fault(
          `A range from ${field.value || "nothing"} cannot be painted: give two cosines from −1 to 1, the smaller ` +
            `first. ${cosineText(this.fixed[name])} stays.`,
        );
        field.value = String(this.fixed[name]);
        return;
      }
      this.fixed = ends;
      this.show(this.map);
      this.hooks.changed();
    });
    return field;
  }

  /** @param {RangeName} range */
  #setRange(range) {
    this.range = range;
    this.picker.value = range;
    this.ends.hidden = range !== "fixed";
    this.show(this.map);
  }

  /** @param {HeatMap} map @returns {Ends} */
  #scale({ values, everything }) {
    if (this.range === "fixed") return this.fixed;
    if (this.range === "own") return extent(values);
    const each = everything.map(extent);
    return { low: Math.min(...each.map(({ low }) => low)), high: Math.max(...each.map(({ high }) => high)) };
  }

  /** The cosine under the pointer, in figures and on the scale. @param {Point | null} point */
  #point(point) {
    const { map } = this;
    const within = point && point.x >= 0 && point.x < 1 && point.y >= 0 && point.y < 1;
    this.pointer.hidden = !map || !within;
    this.reading.textContent = "";
    if (!map || !within) return;
    const row = Math.floor(point.y * map.height);
    const column = Math.floor(point.x * map.width);
    const value = map.values[row * map.width + column];
    const { low, high } = this.scale;
    this.pointer.style.setProperty("--at", `${100 * Math.min(Math.max((value - low) / (high - low), 0), 1)}%`);
    this.reading.textContent = cosineText(value);
  }
}
