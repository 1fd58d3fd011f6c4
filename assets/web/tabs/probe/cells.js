// Cells of the table: a number with a bar, or a number with a tint.

import { make } from "../../core/dom.js";
import { cosineText } from "../../core/format.js";
import { hueOf, inkOn, viridisAt } from "../../core/colours.js";

/**
 * A cell; `place` is where its bar lies, which it has unless it shows a share or a tint.
 *
 * @typedef {{element: HTMLElement, number: HTMLElement, bar: HTMLElement | null, place: string}} Cell
 */

/** @typedef {{low: number, high: number}} Range of the bars and tints */

/** @type {Record<string, string>} */
export const COLUMNS = {
  region: "Cosine of the prompt with the average of the patch features inside the box.",
  crop: "Cosine of the prompt with the box cut out and encoded as a picture of its own. Comes on release.",
  picture: "Cosine of the prompt with the whole picture.",
  share:
    "Softmax over these prompts of the region’s scores (without a region, the picture’s), at the model’s own " +
    "temperature.",
};

const CROP_DIFFERS =
  "It may be far from the region’s, and low: the cut-out is stretched to the model’s square input, " +
  "its surroundings are gone, and a small box is enlarged.";

/**
 * Heads of the columns of one region, or of the whole picture.
 *
 * @param {string | undefined} doubt what the card says of the cosine that the dotted line marks
 */
export function heads(doubt) {
  /** @type {Record<string, string | undefined>} */
  const more = { crop: CROP_DIFFERS, region: doubt && `The dotted line marks ${doubt}.` };
  return Object.entries(COLUMNS).map(([name, meaning]) => {
    const title = [meaning, more[name]].filter(Boolean).join(" ");
    return make(
      "span",
      { class: `fx-cell fx-cell-${name}`, role: "columnheader", title },
      name === "share" ? "softmax" : name,
    );
  });
}

/** Heads of the columns of many regions. @param {{number: number}[]} boxes */
export function regionHeads(boxes) {
  return boxes.map(({ number }) => {
    const title = `${COLUMNS.region} Region ${number}.`;
    const head = make("span", { class: "fx-cell fx-cell-number", role: "columnheader", title }, String(number));
    dye(head, number);
    return head;
  });
}

/**
 * Give an element the colour of the box with this number, and ink that reads on it.
 *
 * @param {HTMLElement} element
 * @param {number} number
 */
export function dye(element, number) {
  element.style.setProperty("--hue", hueOf(number));
  element.style.setProperty("--ink", inkOn(hueOf(number)));
}

/** An empty cell of a column; "one" is that of one region among many. @param {string} name @returns {Cell} */
export function cell(name) {
  const number = make("b", {}, "–");
  const bar = name === "share" || name === "one" ? null : make("i", { class: "fx-bar-fill" });
  const track = bar && make("span", { class: "fx-track" }, bar);
  const element = make("span", { class: `fx-cell fx-cell-${name}`, role: "cell", title: COLUMNS[name] }, number, track);
  return { element, number, bar, place: "" };
}

/**
 * Write a cosine into a cell, and as a bar from zero.
 *
 * @param {Cell} cell
 * @param {number | undefined} value
 * @param {Range} range
 */
export function write(cell, value, { low, high }) {
  setText(cell.number, cosineText(value));
  const known = value !== undefined && Number.isFinite(value);
  const zero = -low / (high - low);
  const end = known ? (Math.min(Math.max(value, low), high) - low) / (high - low) : zero;
  const place = `translateX(${(100 * Math.min(zero, end)).toFixed(2)}%) scaleX(${Math.abs(end - zero).toFixed(4)})`;
  if (!cell.bar || cell.place === place) return;
  cell.place = place;
  cell.bar.style.transform = place;
}

/**
 * Write a cosine into a cell, with its colour below; a doubtful best one with a question mark.
 *
 * @param {Cell} cell
 * @param {number | undefined} value
 * @param {Range} range
 * @param {{best: boolean, doubtful: boolean}} marks
 */
export function writeTinted({ element, number }, value, { low, high }, { best, doubtful }) {
  setText(number, cosineText(value) + (doubtful ? "?" : ""));
  element.classList.toggle("fx-doubtful", doubtful);
  element.style.setProperty("--level", value === undefined ? "transparent" : viridisAt((value - low) / (high - low)));
  element.classList.toggle("fx-best", best);
}

/**
 * Touches the page only when something changes: this runs for every row at display rate.
 *
 * @param {HTMLElement} element
 * @param {string} text
 */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
