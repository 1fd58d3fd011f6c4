// Boxes as they lie on the stage: outlines, handles of the selected one, and tags above them all.

import { HANDLES, overlap } from "./boxes.js";
import { make } from "./dom.js";
import { hueOf, inkOn } from "./palette.js";

const MOST_LABEL = 260; // CSS pixels of a tag beside a small box
const LEAST_LABEL = 90; // … and beside one at the stage's right edge
const TAG_ROOM = 2.15; // heights of the type that a tag needs above its box
const TWIN = 0.95; // overlap from which on two boxes look like one
const INSET = 5; // CSS pixels that a box lies within its twin, so that both are seen
const LETTER = 0.53; // width of one, in heights of the type, about
const NO_LABEL = { text: "", score: "", doubtful: false };

export class BoxLayer {
  /** @param view the Viewport that says where the picture lies */
  constructor(view) {
    this.view = view;
    this.labels = new Map(); // box id → {text, score, doubtful} beside its number
    this.boxes = [];
    this.selectedId = null;
    this.places = new Map(); // box id → {x, y, width} of its tag on the stage
    this.element = make("div", { class: "fx-boxes" });
  }

  /** Draw all boxes anew. */
  draw(boxes, selectedId) {
    this.type = parseFloat(getComputedStyle(this.element).fontSize);
    this.tagRoom = TAG_ROOM * this.type;
    Object.assign(this, { boxes, selectedId });
    this.places.clear();
    const outlines = boxes.map((box) => outline(box, box.id === selectedId));
    this.element.replaceChildren(...outlines, ...boxes.map((box) => this.#tag(box)));
    this.hint(null);
    for (const box of boxes) this.place(box);
  }

  /** Move a drawn box to where it lies now. */
  place(box) {
    const drawn = this.element.querySelector(`[data-box="${box.id}"]`);
    if (!drawn) return;
    const { left, top, width, height } = this.view.toStage(box.corners);
    const inset = Math.min(INSET * this.#within(box), width / 4, height / 4);
    lay(drawn, { left: left + inset, top: top + inset, width: width - 2 * inset, height: height - 2 * inset });
    this.#placeTag(box, left, top, width);
  }

  /** Show where a box would lie, or with null no longer. */
  hint(corners, hue = 1) {
    this.element.querySelector(".fx-hint-box")?.remove();
    if (!corners) return;
    const hint = make("div", { class: "fx-hint-box" });
    hint.style.setProperty("--hue", hueOf(hue));
    lay(hint, this.view.toStage(corners));
    this.element.append(hint);
  }

  /** A height for a tag at which it covers no tag of an earlier box. */
  #free(id, { x, y, width }, step) {
    const order = [...this.places.keys()]; // as drawn
    const earlier = order.slice(0, order.includes(id) ? order.indexOf(id) : order.length).map((other) => this.places.get(other));
    const covers = () => earlier.some((other) => x < other.x + other.width && other.x < x + width && Math.abs(other.y - y) < 0.8 * Math.abs(step));
    for (let tries = 0; tries < earlier.length && covers() && y + step >= 0; tries++) y += step;
    this.places.set(id, { x, y, width });
    return y;
  }

  setLabel(id, label) {
    if (this.labels.get(id)?.text !== label.text) this.#arrange();
    this.labels.set(id, label);
    const tag = this.element.querySelector(`[data-tag="${id}"]`);
    if (tag) writeLabel(tag, label);
  }

  /** Words have changed: tags may cover each other, or no longer. */
  #arrange() {
    if (this.arranging) return;
    this.arranging = true;
    queueMicrotask(() => {
      this.arranging = false;
      for (const box of this.boxes) this.place(box);
    });
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

  /** How many boxes at the same place this one lies within; the chosen one lies within none. */
  #within(box) {
    if (box.id === this.selectedId) return 0;
    const at = this.boxes.indexOf(box);
    return this.boxes.filter((other, i) => (i < at || (i > at && other.id === this.selectedId)) && overlap(other.corners, box.corners) > TWIN).length;
  }

  /** Above the box; inside it where there is no room above; at the stage's edge where it began outside. */
  #placeTag(box, left, top, across) {
    const tag = this.element.querySelector(`[data-tag="${box.id}"]`);
    const { stage } = this.view;
    const start = Math.min(Math.max(left - 3, 4), stage.width - LEAST_LABEL);
    const room = Math.min(Math.max(left + across - start, MOST_LABEL), stage.width - start - 4);
    const above = top >= this.tagRoom;
    const { text, score } = this.labels.get(box.id) ?? NO_LABEL;
    const width = Math.min(room, this.type * (2 + LETTER * (text.length + score.length) + (text ? 2 : 0)));
    const y = this.#free(box.id, { x: start, y: above ? top : Math.max(top, 0), width }, above ? -this.tagRoom : this.tagRoom);
    tag.classList.toggle("fx-inside", !above);
    tag.style.transform = `translate(${start}px, ${y}px)`;
    tag.style.setProperty("--room", `${Math.round(room)}px`);
  }
}

/** Put an element over a rectangle of the stage. */
function lay(element, { left, top, width, height }) {
  element.style.transform = `translate(${left}px, ${top}px)`;
  element.style.width = `${width}px`;
  element.style.height = `${height}px`;
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
