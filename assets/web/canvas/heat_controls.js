// The heat map of the chosen prompt: opacity, range, and a colour scale with numbers.

import { make } from "../core/dom.js";
import { extent, paintHeat } from "./heat_painter.js";
import { cosineText } from "../core/format.js";
import { VIRIDIS } from "../core/colours.js";

const OPACITY = 60; // per cent, to begin with
const RANGES = {
  own: ["this map", "Colours run from this map’s lowest to its highest cosine."],
  all: ["all prompts", "One scale for all prompts of this picture, so that their maps compare."],
  fixed: ["fixed", "One scale for everything, from the two numbers you give."],
};

export class HeatControls {
  /** @param canvas the PictureCanvas; @param {{changed: Function, fault: Function}} hooks fault(sentence) */
  constructor(root, canvas, hooks) {
    this.canvas = canvas;
    this.hooks = hooks;
    this.range = "own";
    this.fixed = { low: 0, high: 0.5 };
    this.map = null; // {values, text}
    this.#build(root);
    canvas.addEventListener("hover", ({ detail }) => this.#point(detail.point));
  }

  get opacity() {
    return Number(this.slider.value) / 100;
  }

  /** What an address remembers; parts as they were to begin with are left out. */
  get settings() {
    const { range, fixed, slider } = this;
    return {
      ...(Number(slider.value) === OPACITY ? {} : { opacity: Number(slider.value) }),
      ...(range === "own" ? {} : { range: range === "fixed" ? [fixed.low, fixed.high] : range }),
    };
  }

  set settings({ opacity = OPACITY, range = "own" }) {
    this.slider.value = opacity;
    if (Array.isArray(range)) {
      [this.fixed.low, this.fixed.high] = range;
      for (const [name, field] of Object.entries(this.fields)) field.value = this.fixed[name];
    }
    this.#setRange(Array.isArray(range) ? "fixed" : range);
  }

  /** Paint the map of the prompt that the list has chosen, as far as it is read. */
  paint({ prompts, heatId }, scorer) {
    const chosen = prompts.find(({ id }) => id === heatId);
    if (!chosen?.facts || !scorer) return this.show(null);
    return this.show({
      values: scorer.patchCosines(chosen.facts.product),
      everything: prompts.filter(({ facts }) => facts).map(({ facts }) => scorer.patchCosines(facts.product)),
      height: scorer.height,
      width: scorer.width,
      text: chosen.text,
    });
  }

  /**
   * Paint the map of one prompt, or none.
   *
   * @param {{values: Float32Array, everything: Float32Array[], height: number, width: number, text: string}|null} map
   *   everything holds the maps of all prompts, for the shared range
   */
  show(map) {
    this.map = map;
    this.root.classList.toggle("fx-off", !map);
    this.legend.hidden = !map;
    if (!map) {
      this.canvas.clearHeat();
      return;
    }
    this.scale = this.#scale();
    paintHeat(this.canvas.heat, map.values, { ...this.scale, height: map.height, width: map.width });
    this.canvas.showHeat(this.opacity);
    this.low.textContent = cosineText(this.scale.low);
    this.high.textContent = cosineText(this.scale.high);
    this.bar.title = `Cosine of each patch with “${map.text}”. ${RANGES[this.range][1]}`;
  }

  /** Change opacity by percent points. */
  shift(step) {
    this.slider.value = Number(this.slider.value) + step;
    this.slider.dispatchEvent(new Event("input"));
  }

  #build(root) {
    this.root = root;
    this.slider = make("input", {
      type: "range",
      min: "0",
      max: "100",
      step: "5",
      value: OPACITY,
      "aria-label": "Heat map opacity",
      title: "Opacity ([ and ])",
    });
    this.slider.addEventListener("input", () => {
      if (this.map) this.canvas.showHeat(this.opacity);
      this.hooks.changed();
    });
    this.picker = make("select", {
      "aria-label": "Heat map range",
      title: "What the ends of the colour scale stand for",
    });
    for (const [name, [label, meaning]] of Object.entries(RANGES))
      this.picker.append(make("option", { value: name, title: meaning }, label));
    this.picker.addEventListener("change", () => {
      this.#setRange(this.picker.value);
      this.hooks.changed();
    });
    this.fields = { low: this.#end("low"), high: this.#end("high") };
    this.ends = make("span", { class: "fx-ends", hidden: true }, this.fields.low, "–", this.fields.high);
    this.low = make("span", { class: "fx-number" });
    this.high = make("span", { class: "fx-number" });
    this.pointer = make("i", { class: "fx-pointer", hidden: true });
    this.bar = make("span", { class: "fx-scale" }, this.pointer);
    this.bar.style.background = `linear-gradient(var(--fx-rise, to top), ${VIRIDIS.join(",")})`;
    this.reading = make("span", { class: "fx-number fx-reading" });
    this.legend = make("div", { class: "fx-legend", hidden: true }, this.low, this.bar, this.high, this.reading);
    this.canvas.stage.append(this.legend);
    root.append(
      make("label", { class: "fx-heat-only" }, "opacity", this.slider),
      make("label", { class: "fx-heat-only" }, "range", this.picker),
      this.ends,
    );
    root.classList.add("fx-off");
  }

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
          `A range from ${field.value || "nothing"} cannot be painted: give two cosines from −1 to 1, the smaller first. ${cosineText(this.fixed[name])} stays.`,
        );
        field.value = this.fixed[name];
        return;
      }
      this.fixed = ends;
      this.show(this.map);
      this.hooks.changed();
    });
    return field;
  }

  #setRange(range) {
    this.range = range;
    this.picker.value = range;
    this.ends.hidden = range !== "fixed";
    this.show(this.map);
  }

  #scale() {
    if (this.range === "fixed") return this.fixed;
    if (this.range === "own") return extent(this.map.values);
    const each = this.map.everything.map(extent);
    return { low: Math.min(...each.map(({ low }) => low)), high: Math.max(...each.map(({ high }) => high)) };
  }

  /** The cosine under the pointer, in figures and on the scale. */
  #point(point) {
    const { map } = this;
    const within = map && point && point.x >= 0 && point.x < 1 && point.y >= 0 && point.y < 1;
    this.pointer.hidden = !within;
    this.reading.textContent = "";
    if (!within) return;
    const row = Math.floor(point.y * map.height);
    const column = Math.floor(point.x * map.width);
    const value = map.values[row * map.width + column];
    const { low, high } = this.scale;
    this.pointer.style.setProperty("--at", `${100 * Math.min(Math.max((value - low) / (high - low), 0), 1)}%`);
    this.reading.textContent = cosineText(value);
  }
}
