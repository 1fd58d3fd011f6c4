// How strict to be, and what becomes of the boxes.

import { ask, telling } from "../../core/api.js";
import { make } from "../../core/dom.js";
import { progressLine, watchJob } from "../../core/jobs.js";
import { fault } from "../../core/notices.js";
import { countText } from "../../core/format.js";
import { showTab } from "../../core/navigation.js";

const PAUSE = 120; // ms after the last move of the slider
const FORMATS = [
  ["csv", "CSV", "Table as CSV (c)"],
  ["coco", "COCO", "Boxes as COCO annotations"],
  ["yolo", "YOLO", "Picture and boxes as a YOLO folder, zipped"],
  ["png", "PNG", "The picture with its boxes drawn (s)"],
];

export class DetectControls {
  /** @param {{changed: Function, keep: Function, save: Function, phrases: Function}} acts */
  constructor(start, server, acts) {
    Object.assign(this, { start, server, acts });
    this.slider = make("input", {
      type: "range",
      min: "0",
      max: "100",
      step: "1",
      value: 100 * start.share,
      "aria-label": "Strictness",
      title: "How many of the other pictures shall stay without a box (+ and −)",
    });
    this.shown = make("b", {});
    this.slider.addEventListener("input", () => {
      this.#write();
      clearTimeout(this.later);
      this.later = setTimeout(() => acts.changed(), PAUSE);
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
      start.detector && make("option", { value: "detector" }, start.detector),
    );
    this.aside = make("button", {
      type: "button",
      class: "fx-link",
      hidden: true,
      title: "Boxes that you removed or replaced: they are not found again",
      onclick: () => acts.bringBack(),
    });
    for (const field of [this.crops, this.source]) field.addEventListener("change", () => acts.changed());
    this.element = make(
      "div",
      { class: "fx-strictness" },
      make("label", {}, "strictness", this.slider),
      this.shown,
      make("label", { hidden: !start.detector }, "boxes from", this.source),
      make("label", {}, this.crops, "crops"),
      this.aside,
    );
    this.#write();
    this.#buildEnd();
  }

  get strictness() {
    return Number(this.slider.value) / 100;
  }

  set strictness(share) {
    clearTimeout(this.later);
    this.slider.value = Math.round(100 * share);
    this.#write();
  }

  /** How boxes are to be found, as the app is asked. */
  get how() {
    return { share: this.strictness, crops: this.crops.checked, detector: this.source.value === "detector" };
  }

  set how({ share, crops, detector }) {
    this.strictness = share;
    this.crops.checked = crops;
    this.source.value = detector && this.start.detector ? "detector" : "";
  }

  shift(step) {
    this.slider.value = Number(this.slider.value) + step;
    this.slider.dispatchEvent(new Event("input"));
  }

  /** How many boxes can be kept and saved, whether there is anything to tell in a table, and in how many pictures could be looked. */
  show({ boxes, told, pictures, phrases, aside }) {
    this.aside.hidden = !aside;
    this.aside.textContent = `${aside} put aside · bring back`;
    this.keep.disabled = !boxes;
    this.keep.textContent = boxes ? `Keep ${boxes} as ${boxes === 1 ? "a region" : "regions"}` : "Keep as regions";
    for (const button of this.saves) button.disabled = !(button.dataset.format === "csv" ? told : boxes);
    this.everywhere.hidden = !pictures;
    this.find.disabled = !phrases;
    this.find.textContent = `Find in all ${countText(pictures)} pictures and keep the boxes`;
  }

  /** Another picture: what was done with the last one is no news any more. */
  hush() {
    this.said.hidden = true;
  }

  /** What was done, in a line. */
  say(words) {
    this.said.replaceChildren(
      words,
      make(
        "button",
        { type: "button", class: "fx-link", onclick: () => showTab("data", { leaving: true }) },
        "Data tab",
      ),
    );
    this.said.hidden = false;
  }

  #write() {
    this.shown.textContent = `${this.slider.value} % of other pictures without a box`;
  }

  #buildEnd() {
    this.keep = make("button", {
      type: "button",
      class: "fx-button fx-keep",
      title: "Make the boxes regions of the workspace (k)",
      onclick: () => this.acts.keep(),
    });
    this.saves = FORMATS.map(([name, label, title]) =>
      make(
        "button",
        { type: "button", class: "fx-button", title, "data-format": name, onclick: () => this.acts.save(name) },
        label,
      ),
    );
    this.said = make("p", { class: "fx-quiet fx-detect-said", role: "status", hidden: true });
    this.note = fault();
    this.told = telling(this.note);
    this.line = progressLine(() => ask(this.server, "stop"));
    this.line.element.hidden = true;
    this.find = make("button", { type: "button", class: "fx-button", onclick: () => this.#everywhere() });
    this.everywhere = make(
      "details",
      { class: "fx-everywhere" },
      make("summary", {}, "All pictures of the workspace"),
      make(
        "p",
        { class: "fx-quiet" },
        "Looks for these phrases, this strictly, in every picture. The boxes become regions of origin “proposal”.",
      ),
      this.find,
      this.line.element,
    );
    this.end = make(
      "div",
      { class: "fx-detect-end" },
      make(
        "div",
        { class: "fx-detect-saves" },
        this.keep,
        make("span", { class: "fx-quiet" }, "save as"),
        ...this.saves,
      ),
      this.note.element,
      this.said,
      this.everywhere,
    );
  }

  #everywhere() {
    return this.told(async () => {
      this.find.disabled = true;
      try {
        await ask(this.server, "start", { work: "detect", prompts: this.acts.phrases(), ...this.how });
        this.line.element.hidden = false;
        const job = await watchJob(this.server, (now) => this.line.show(now));
        if (job.outcome === "done") this.say("To see them on the map, index and place them in the ");
      } finally {
        this.find.disabled = false;
      }
    });
  }
}
