// Boxes that were found, each with its reason; then the phrases that found none, with theirs.

import { make } from "../../core/dom.js";
import { cosineText } from "../../core/format.js";
import { phraseKey } from "./boxes.js";
import { boxRow, missingRow } from "./found_row.js";

/**
 * @import {Phrase, PhraseFacts} from "../../core/wire.js"
 * @import {PhraseBox} from "./boxes.js"
 * @import {RowActs} from "./found_row.js"
 * @import {Missing} from "./phrases.js"
 */

/**
 * @typedef {object} RowsState
 * @property {PhraseBox[]} boxes
 * @property {Missing[]} missing
 * @property {(phrase: Phrase) => PhraseFacts | undefined} factsOf
 * @property {number | null} selectedId
 * @property {string | null} chosenPhrase the key of the phrase that the next box is drawn for
 * @property {string} summary
 */

const HEADS = [
  ["", ""],
  ["phrase", "What was looked for"],
  [
    "against other pictures",
    "A thin line for each other picture, where its best box scores; the tall line is the threshold; " +
      "the dot is this box",
  ],
  ["cosine", "Cosine of the region with the phrase"],
  ["over", "Cosine minus the threshold of the phrase"],
  ["percentile", "Share of other pictures whose best box scores lower"],
  ["contrast", "Cosine minus that of the box's surroundings: ranks the boxes"],
  ["", ""],
];

export class DetectRows {
  /** @param {RowActs} acts */
  constructor(acts) {
    this.acts = acts;
    this.summary = make("p", { class: "fx-quiet fx-found-summary", role: "status" });
    this.heads = make(
      "div",
      { class: "fx-found fx-found-heads", "aria-hidden": "true" },
      ...HEADS.map(([name, title]) => make("span", { title }, name)),
    );
    this.list = make("ol", { class: "fx-found-list", "aria-label": "Boxes found" });
    this.element = make("div", { class: "fx-found-panel" }, this.summary, this.heads, this.list);
    this.list.addEventListener("keydown", (event) => this.#key(event));
  }

  /** @param {RowsState} state */
  show({ boxes, missing, factsOf, selectedId, chosenPhrase, summary }) {
    const facts = [...boxes.map((box) => factsOf(box.prompt)), ...missing.map((each) => each.facts)];
    const range = rangeOf(boxes, facts);
    this.summary.textContent = summary;
    this.heads.hidden = !boxes.length && !missing.length;
    const focused = this.#focused();
    this.acts.hint(null); // the row that it belongs to goes
    this.list.replaceChildren(
      ...boxes.map((box, i) => boxRow(box, facts[i], { chosen: box.id === selectedId, range }, this.acts)),
      ...missing.map((each) => {
        const chosen = selectedId === null && phraseKey(each.prompt) === chosenPhrase;
        return missingRow(each, { chosen, range }, this.acts);
      }),
    );
    if (focused) this.#focus(this.list.querySelector(focused) ?? this.list.querySelector(".fx-chosen"));
    this.list.querySelector(".fx-chosen")?.scrollIntoView({ block: "nearest" });
  }

  /** Boxes are looked for, or no longer. @param {boolean} on */
  wait(on) {
    this.list.setAttribute("aria-busy", String(on));
  }

  /** While a box is dragged: its cosine, at display rate. @param {{id: number, score?: number}} box */
  follow({ id, score }) {
    const cell = this.list.querySelector(`[data-box="${id}"] .fx-found-score`);
    if (cell) cell.textContent = cosineText(score);
  }

  /** A selector of the row that has the focus, if any. */
  #focused() {
    const { activeElement } = document;
    if (!activeElement || !this.list.contains(activeElement)) return null;
    const row = activeElement.closest(".fx-found");
    const { box, phrase } = row instanceof HTMLElement ? row.dataset : {};
    if (box) return `[data-box="${box}"]`;
    return phrase ? `[data-phrase="${CSS.escape(phrase)}"]` : null;
  }

  /** @param {Element | null} row */
  #focus(row) {
    if (row instanceof HTMLElement) row.focus({ preventScroll: true });
  }

  /** Arrows go from row to row, and choose its box. @param {KeyboardEvent} event */
  #key(event) {
    const row = event.target;
    if (!(row instanceof HTMLElement) || !row.matches(".fx-found")) return;
    if (event.key === "Enter") this.#select(row);
    else if (event.key === "ArrowUp" || event.key === "ArrowDown") {
      const next = event.key === "ArrowUp" ? row.previousElementSibling : row.nextElementSibling;
      if (next instanceof HTMLElement) {
        next.focus();
        this.#select(next);
      }
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {HTMLElement} row */
  #select({ dataset: { box } }) {
    if (box) this.acts.select(Number(box));
  }
}

/**
 * Ends of the strips: they hold all scores.
 *
 * @param {PhraseBox[]} boxes
 * @param {(PhraseFacts | undefined)[]} facts
 */
function rangeOf(boxes, facts) {
  const told = facts.flatMap((each) => (each ? [each.elsewhere[0], each.elsewhere.at(-1), each.best] : []));
  const numbers = [...boxes.map(({ score }) => score), ...told].filter(isNumber);
  return { low: Math.min(...numbers), high: Math.max(...numbers) };
}

/** @param {number | null | undefined} value @returns {value is number} */
const isNumber = (value) => Number.isFinite(value);
