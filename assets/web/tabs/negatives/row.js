// One text as a row: what differs, a bar, the cosine, the margin; its words become a field when they are edited.

import { make } from "../../core/dom.js";
import { cosineText, shareText } from "../../core/format.js";
import { iconButton } from "../../core/icons.js";
import { isFooled, marginOf } from "../../scoring/ranking.js";

/**
 * @import {Negative, TextRow} from "./texts.js"
 */

/**
 * Cosines of a text and of the true caption, NaN while unknown; the text's share, and the ends of the bars.
 *
 * @typedef {{value: number, truth: number, share: number | undefined, range: {low: number, high: number}}} Figures
 */

const NUMBERED = 12; // texts; beyond so many, rows have numbers

export class TextRowElement {
  /**
   * @param {TextRow} row
   * @param {() => unknown} remove
   * @param {(text: string) => boolean} edited whether what was written is taken
   */
  constructor(row, remove, edited) {
    this.row = row;
    this.edited = edited;
    this.text = make(
      "button",
      { type: "button", class: "fx-neg-text", title: "Edit (Enter)", onclick: () => this.#edit() },
      make("span", { class: "fx-neg-writing" }, ...marked(row)),
      make("span", { class: "fx-neg-kind" }, (row.kinds ?? []).join(" + ")),
    );
    this.sign = make("span", { class: "fx-neg-sign" });
    this.fill = make("i", {});
    this.bar = make("span", { class: "fx-neg-bar" }, this.fill);
    this.cosine = make("b", { class: "fx-neg-cosine", title: "Cosine" });
    this.margin = make("span", { class: "fx-neg-margin" });
    this.remove = iconButton("remove", "Remove (Delete)", remove, { class: "fx-tool fx-remove" });
    this.element = make(
      "li",
      { class: "fx-neg-row" },
      this.sign,
      this.text,
      this.bar,
      this.cosine,
      this.margin,
      this.remove,
    );
  }

  /**
   * As the true caption.
   *
   * @param {Figures} figures
   * @param {number} rank
   * @param {number} count of all texts
   */
  showTrue(figures, rank, count) {
    const known = Number.isFinite(figures.value);
    this.sign.textContent = "true";
    this.margin.textContent = known && count > 1 ? `rank ${rank} of ${count}` : "";
    this.margin.title = `softmax ${shareText(figures.share)}`;
    this.#show(figures, { isTrue: true, fooled: known && rank > 1 });
  }

  /**
   * As a negative.
   *
   * @param {Figures} figures
   * @param {number} place among all texts, from 0
   * @param {number} count of all texts
   */
  showNegative(figures, place, count) {
    const { value, truth, share } = figures;
    const margin = marginOf(truth, [value]) ?? NaN;
    const fooled = Number.isFinite(margin) && isFooled(margin);
    this.sign.textContent = (fooled ? "!" : "−") + (count > NUMBERED ? ` ${place}` : "");
    this.margin.textContent = Number.isFinite(value) ? (fooled ? "flip " : "") + cosineText(margin) : "";
    this.margin.title = `Cosine of the true caption minus this one’s · softmax ${shareText(share)}`;
    this.#show(figures, { isTrue: false, fooled });
  }

  /** @param {Figures} figures @param {{isTrue: boolean, fooled: boolean}} marks */
  #show({ value, range: { low, high } }, { isTrue, fooled }) {
    this.element.classList.toggle("fx-true", isTrue);
    this.element.classList.toggle("fx-fooled", fooled);
    /** @param {number} cosine */
    const percent = (cosine) => (100 * (cosine - low)) / (high - low);
    const known = Number.isFinite(value) ? value : 0;
    const [start, end] = [percent(Math.min(0, known)), percent(Math.max(0, known))];
    this.fill.style.left = `${start}%`;
    this.fill.style.width = `${end - start}%`;
    this.bar.title = `${cosineText(low)} to ${cosineText(high)}`;
    this.cosine.textContent = cosineText(value);
    this.remove.style.visibility = isTrue ? "hidden" : "";
  }

  /** Turn the words into a field. */
  #edit() {
    const { text: words } = this.row;
    const input = make("input", { type: "text", class: "fx-edit fx-neg-text", value: words, "aria-label": "Text" });
    let open = true;
    /** @param {boolean} keep */
    const close = (keep) => {
      if (!open) return;
      open = false;
      input.replaceWith(this.text);
      if (!(keep && this.edited(input.value.trim()))) this.text.focus();
    };
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") close(true);
      if (event.key === "Escape") close(false);
    });
    input.addEventListener("blur", () => close(true));
    this.text.replaceWith(input);
    input.focus();
    input.setSelectionRange(words.length, words.length);
  }
}

/** A text with what differs marked. @param {Negative} negative */
function marked({ text, spans }) {
  /** @type {(string | Node)[]} */
  const parts = [];
  let at = 0;
  for (const [start, end] of spans) {
    parts.push(text.slice(at, start), make("mark", {}, text.slice(start, end)));
    at = end;
  }
  return [...parts, text.slice(at)];
}
