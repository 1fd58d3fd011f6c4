// Boxes as they lie on the stage: outlines, handles of the selected one, and tags above them all.

import { HANDLES } from "./boxes.js";
import { make } from "./dom.js";
import { hueOf, inkOn } from "./palette.js";

const MOST_LABEL = 260; // CSS pixels of a tag beside a small box
const LEAST_LABEL = 90; // … and beside one at the stage's right edge
const TAG_ROOM = 2.15; // heights of the type that a tag needs above its box
const NO_LABEL = { text: "", score: "", doubtful: false };

export class BoxLayer {
  /** @param view the Viewport that says where the picture lies */
  constructor(view) {
    this.view = view;
    this.labels = new Map(); // box id → {text, score, doubtful} beside its number
    this.element = make("div", { class: "fx-boxes" });
  }

  /** Draw all boxes anew. */
  draw(boxes, selectedId) {
    this.tagRoom = TAG_ROOM * parseFloat(getComputedStyle(this.element).fontSize);
    const outlines = boxes.map((box) => outline(box, box.id === selectedId));
    this.element.replaceChildren(...outlines, ...boxes.map((box) => this.#tag(box)));
    for (const box of boxes) this.place(box);
  }

  /** Move a drawn box to where it lies now. */
  place(box) {
    const drawn = this.element.querySelector(`[data-box="${box.id}"]`);
    if (!drawn) return;
    const { left, top, width, height } = this.view.toStage(box.corners);
    drawn.style.transform = `translate(${left}px, ${top}px)`;
    drawn.style.width = `${width}px`;
    drawn.style.height = `${height}px`;
    this.#placeTag(box, left, top, width);
  }

  setLabel(id, label) {
    this.labels.set(id, label);
    const tag = this.element.querySelector(`[data-tag="${id}"]`);
    if (tag) writeLabel(tag, label);
  }

  /** Number and words of a box. */
  #tag({ id, number, hue: of = number }) {
    const hue = hueOf(of);
    const tag = make(
      "div", { class: "fx-tag", "data-tag": id },
      make("span", { class: "fx-box-number" }, String(number)),
      make("span", { class: "fx-box-words" }), make("span", { class: "fx-box-score" }),
    );
    writeLabel(tag, this.labels.get(id) ?? NO_LABEL);
    tag.style.setProperty("--hue", hue);
    tag.style.setProperty("--ink", inkOn(hue));
    return tag;
  }

  /** Above the box; inside it where there is no room above; at the stage's edge where it began outside. */
  #placeTag(box, left, top, width) {
    const tag = this.element.querySelector(`[data-tag="${box.id}"]`);
    const { stage } = this.view;
    const start = Math.min(Math.max(left - 3, 4), stage.width - LEAST_LABEL);
    const room = Math.min(Math.max(left + width - start, MOST_LABEL), stage.width - start - 4);
    const above = top >= this.tagRoom;
    tag.classList.toggle("fx-inside", !above);
    tag.style.transform = `translate(${start}px, ${above ? top : Math.max(top, 0)}px)`;
    tag.style.setProperty("--room", `${Math.round(room)}px`);
  }
}

function outline({ id, number, hue = number }, chosen) {
  const handles = chosen ? Object.keys(HANDLES).map((name) => make("i", { class: `fx-handle fx-${name}` })) : [];
  const element = make("div", { class: `fx-box${chosen ? " fx-chosen" : ""}`, "data-box": id }, ...handles);
  element.style.setProperty("--hue", hueOf(hue));
  return element;
}

/** Touches the page only where something changes: this runs at display rate. */
function writeLabel(tag, { text, score, doubtful }) {
  const [, words, number] = tag.children;
  if (words.textContent !== text) words.textContent = text;
  if (number.textContent !== score) number.textContent = score;
  tag.classList.toggle("fx-doubtful", doubtful);
}
