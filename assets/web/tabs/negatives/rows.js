// The caption and its rewrites as rows, which can be edited, removed and added to.

import { make } from "../../core/dom.js";
import { softmax } from "../../scoring/roi_scores.js";
import { rankOf } from "../../scoring/ranking.js";
import { TextRowElement } from "./row.js";
import { showWeights } from "./weights.js";

/**
 * @import {WordWeight} from "../../core/wire.js"
 * @import {TextRow} from "./texts.js"
 */

/**
 * @typedef {object} RowActs
 * @property {(row: TextRow, text: string) => unknown} edit
 * @property {(text: string) => unknown} add
 * @property {(row: TextRow) => unknown} remove
 */

export class NegativesRows {
  /** @type {TextRow[]} */
  #rows = [];
  /** @type {Map<TextRow, TextRowElement>} */
  #elements = new Map();

  /** @param {RowActs} acts */
  constructor(acts) {
    this.acts = acts;
    this.list = make("ol", { class: "fx-neg-rows", "aria-label": "True caption and negatives" });
    this.add = make("input", {
      type: "text",
      class: "fx-add",
      placeholder: "Add a negative of your own",
      "aria-label": "Add a negative",
    });
    this.words = make("p", { class: "fx-neg-words", hidden: true });
    const heads = make(
      "div",
      { class: "fx-neg-row fx-neg-heads", "aria-hidden": "true" },
      ...["", "text", "", "cosine", "margin", ""].map((name) => make("span", {}, name)),
    );
    this.element = make("div", { class: "fx-neg-list" }, this.words, heads, this.list, this.add);
    this.add.addEventListener("keydown", (event) => {
      const text = this.add.value.trim();
      if (event.key !== "Enter" || !text) return;
      this.add.value = "";
      acts.add(text);
    });
  }

  /**
   * @param {TextRow[]} rows
   * @param {number[]} values cosine of each row; NaN while unknown
   * @param {{scale: number, sorted: boolean}} how
   */
  show(rows, values, { scale, sorted }) {
    this.#rows = rows;
    const known = values.every(Number.isFinite) && values.length > 0;
    const shares = known ? softmax(values, scale) : [];
    const range = rangeOf(values);
    const rank = rankOf(values[0], values.slice(1).filter(Number.isFinite));
    const order = rows.map((_, i) => i);
    if (sorted && known) order.sort((i, j) => (i === 0 ? -1 : j === 0 ? 1 : values[j] - values[i]));
    const elements = order.map((i) => this.#elementOf(rows[i]));
    order.forEach((i, place) => {
      const figures = { value: values[i], truth: values[0], share: shares[i], range };
      if (i === 0) elements[place].showTrue(figures, rank, rows.length);
      else elements[place].showNegative(figures, place, rows.length);
    });
    this.#arrange(elements.map(({ element }) => element));
    for (const row of this.#elements.keys()) if (!rows.includes(row)) this.#elements.delete(row);
    this.wait(false);
    this.add.hidden = !rows.length;
    if (!rows.length) this.words.hidden = true;
  }

  /** Rows in this order, unless one of them is being edited. @param {Element[]} elements */
  #arrange(elements) {
    if (this.list.querySelector(".fx-edit") && elements.every((element) => this.list.contains(element))) return;
    const same =
      elements.length === this.list.childElementCount &&
      elements.every((element, place) => this.list.children[place] === element);
    if (!same) this.list.replaceChildren(...elements);
  }

  /** Other texts are on their way, or do not come. @param {boolean} on */
  wait(on) {
    this.list.classList.toggle("fx-stale", on);
  }

  /** The row that has the focus, if any; that of the true caption does not count. */
  get focused() {
    const element = document.activeElement?.closest(".fx-neg-row");
    return this.#rows.find((row, i) => i > 0 && this.#elements.get(row)?.element === element) ?? null;
  }

  /** What each word of the caption is worth. @param {string} caption @param {WordWeight[]} words */
  weigh = (caption, words) => showWeights(this.words, caption, words);

  /** @param {TextRow} row */
  #elementOf(row) {
    const found = this.#elements.get(row) ?? new TextRowElement(row, () => this.acts.remove(row), this.#edited(row));
    this.#elements.set(row, found);
    return found;
  }

  /** Takes what was written in place of a text; false where nothing comes of it. @param {TextRow} row */
  #edited(row) {
    return (/** @type {string} */ text) => {
      const counts = text !== "" && text !== row.text && this.#rows.includes(row);
      if (counts) this.acts.edit(row, text);
      return counts;
    };
  }
}

/** Ends of the bars, in tenths: they hold all cosines, and zero. @param {number[]} values */
function rangeOf(values) {
  const finite = values.filter(Number.isFinite);
  return {
    high: Math.ceil(10 * Math.max(0.1, ...finite)) / 10,
    low: Math.floor(10 * Math.min(0, ...finite)) / 10,
  };
}
