// Boxes as they lie on the stage: outlines, handles of the selected one, and tags above them all.

/**
 * @import {Corners} from "../core/corners.js"
 * @import {Box} from "./box_geometry.js"
 * @import {Viewport} from "./viewport.js"
 */

import { HANDLES, overlap } from "./box_geometry.js";
import { make } from "../core/dom.js";
import { hueOf, inkOn } from "../core/colours.js";
import { tagPlaces } from "./tag_layout.js";

const MOST_LABEL = 260; // CSS pixels of a tag beside a small box
const LEAST_LABEL = 90; // … and beside one at the stage's right edge
const TWIN = 0.95; // overlap from which on two boxes look like one
const INSET = 5; // CSS pixels that a box lies within its twin, so that both are seen
/** @typedef {{text: string, score: string, doubtful: boolean}} Label beside a box's number */

/** @type {Label} */
const NO_LABEL = { text: "", score: "", doubtful: false };

export class BoxLayer {
  /** @type {Map<number, Label>} by box id */
  labels = new Map();
  /** @type {Box[]} as drawn last */
  boxes = [];
  /** @type {Map<number, HTMLElement>} by box id */
  outlines = new Map();
  /** @type {Map<number, HTMLElement>} by box id */
  tags = new Map();
  /** @type {number | null} */
  selectedId = null;
  /** @type {{corners: Corners, hue: number} | null} where a box would lie */
  hinted = null;
  hintBox = make("div", { class: "fx-hint-box" });
  element = make("div", { class: "fx-boxes" });
  arranging = false;

  /** @param {Viewport} view says where the picture lies */
  constructor(view) {
    this.view = view;
  }

  /** Draw all boxes anew. @param {Box[]} boxes @param {number | null} selectedId */
  draw(boxes, selectedId) {
    this.boxes = [...boxes];
    this.selectedId = selectedId;
    this.outlines = new Map(boxes.map((box) => [box.id, outline(box, box.id === selectedId)]));
    this.tags = new Map(boxes.map((box) => [box.id, this.#tag(box)]));
    this.element.replaceChildren(...this.outlines.values(), this.hintBox, ...this.tags.values());
    this.placeAll();
  }

  /** Lay everything where it lies now. */
  placeAll() {
    for (const box of this.boxes) this.#placeOutline(box);
    this.#placeTags();
    this.#placeHint();
  }

  /** Move a drawn box to where it lies now. @param {Box} box */
  place(box) {
    if (!this.outlines.has(box.id)) return;
    this.#placeOutline(box);
    this.#placeTags();
  }

  /** Show where a box would lie, or with null no longer. @param {Corners | null} corners @param {number} [hue] */
  hint(corners, hue = 1) {
    this.hinted = corners && { corners, hue };
    this.#placeHint();
  }

  /** @param {number} id @param {Label} label */
  setLabel(id, label) {
    const words = this.labels.get(id)?.text;
    this.labels.set(id, label);
    const tag = this.tags.get(id);
    if (!tag) return;
    writeLabel(tag, label);
    if (words !== label.text) this.#arrange();
  }

  /** Words have changed: tags may cover each other, or no longer. */
  #arrange() {
    if (this.arranging) return;
    this.arranging = true;
    queueMicrotask(() => {
      this.arranging = false;
      this.#placeTags();
    });
  }

  /** Number and words of a box. @param {Box} box */
  #tag({ id, number, hue: of = number }) {
    const hue = hueOf(of);
    const tag = make(
      "div",
      { class: "fx-tag", "data-tag": id },
      make("span", { class: "fx-box-number" }, String(number)),
      make("span", { class: "fx-box-words" }),
      make("span", { class: "fx-box-score" }),
    );
    writeLabel(tag, this.labels.get(id) ?? NO_LABEL);
    tag.style.setProperty("--hue", hue);
    tag.style.setProperty("--ink", inkOn(hue));
    return tag;
  }

  /** @param {Box} box */
  #placeOutline(box) {
    const element = this.outlines.get(box.id);
    if (!element) return;
    const { left, top, width, height } = this.view.toStage(box.corners);
    const inset = Math.min(INSET * this.#within(box), width / 4, height / 4);
    lay(element, {
      left: left + inset,
      top: top + inset,
      width: width - 2 * inset,
      height: height - 2 * inset,
    });
  }

  #placeHint() {
    this.hintBox.hidden = !this.hinted;
    if (!this.hinted) return;
    this.hintBox.style.setProperty("--hue", hueOf(this.hinted.hue));
    lay(this.hintBox, this.view.toStage(this.hinted.corners));
  }

  /** How many boxes at the same place this one lies within; the chosen one lies within none. @param {Box} box */
  #within(box) {
    if (box.id === this.selectedId) return 0;
    const at = this.boxes.indexOf(box);
    return this.boxes.filter(
      (other, i) => (i < at || (i > at && other.id === this.selectedId)) && overlap(other.corners, box.corners) > TWIN,
    ).length;
  }

  #placeTags() {
    const { stage } = this.view;
    const tags = this.boxes.flatMap(({ id, corners }) => {
      const element = this.tags.get(id);
      if (!element) return [];
      const { left, top, width } = this.view.toStage(corners);
      const start = Math.min(Math.max(left - 3, 4), stage.width - LEAST_LABEL);
      const room = Math.min(Math.max(left + width - start, MOST_LABEL), stage.width - start - 4);
      element.style.setProperty("--room", `${Math.round(room)}px`);
      return [{ element, left: start, top }];
    });
    const measured = tags.map((tag) => ({ ...tag, width: tag.element.offsetWidth })); // once all have their room
    const places = tagPlaces(measured, tags[0]?.element.offsetHeight ?? 0, stage);
    tags.forEach(({ element }, i) => (element.style.transform = `translate(${places[i].x}px, ${places[i].y}px)`));
  }
}

/**
 * Put an element over a rectangle of the stage.
 *
 * @param {HTMLElement} element
 * @param {{left: number, top: number, width: number, height: number}} rectangle
 */
function lay(element, { left, top, width, height }) {
  element.style.transform = `translate(${left}px, ${top}px)`;
  element.style.width = `${width}px`;
  element.style.height = `${height}px`;
}

/** @param {Box} box @param {boolean} chosen */
function outline({ id, number, hue = number }, chosen) {
  const handles = chosen ? Object.keys(HANDLES).map((name) => make("i", { class: `fx-handle fx-${name}` })) : [];
  const element = make("div", { class: `fx-box${chosen ? " fx-chosen" : ""}`, "data-box": id }, ...handles);
  element.style.setProperty("--hue", hueOf(hue));
  return element;
}

/**
 * Touches the page only where something changes: this runs at display rate.
 *
 * @param {HTMLElement} tag
 * @param {Label} label
 */
function writeLabel(tag, { text, score, doubtful }) {
  const [, words, number] = tag.children;
  if (words.textContent !== text) words.textContent = text;
  if (number.textContent !== score) number.textContent = score;
  tag.classList.toggle("fx-doubtful", doubtful);
}
