// Whose regions find their own phrase among all of the data set.

import { make } from "../../core/dom.js";
import { countText } from "../../core/format.js";
import { badge } from "./badge.js";

/** @import {ComparedRanks, Recall} from "../../core/wire.js" */

/** @typedef {"risen"|"fallen"} Move of a region's own phrase, by the second model */

/**
 * @typedef {object} Line
 * @property {string} name
 * @property {string} meaning
 * @property {(recall: Recall) => number} of
 * @property {(value: number) => string} text
 * @property {(value: number, other: number) => boolean} isBetter
 */

/** @param {number} share */
const percent = (share) => `${(100 * share).toFixed(1)} %`;

/** @type {Line[]} */
const LINES = [
  {
    name: "recall at 1",
    meaning: "Regions whose own phrase is first",
    of: ({ recall_1: share }) => share,
    text: percent,
    isBetter: (value, other) => value > other,
  },
  {
    name: "recall at 5",
    meaning: "… is among the first five",
    of: ({ recall_5: share }) => share,
    text: percent,
    isBetter: (value, other) => value > other,
  },
  {
    name: "median rank",
    meaning: "Half of the regions have their own phrase at this rank or above",
    of: ({ median }) => median,
    text: (rank) => rank.toLocaleString(),
    isBetter: (value, other) => value < other,
  },
];

export class OwnPhrases {
  element = make("section", { class: "fx-compare-own", "aria-label": "Own phrases" });

  /**
   * @param {string[]} names of the models
   * @param {(which: Move) => unknown} list the regions that moved
   */
  constructor(names, list) {
    this.names = names;
    this.list = list;
  }

  /** @param {ComparedRanks} ranks */
  show(ranks) {
    const heads = this.names.map((name, i) => make("th", {}, badge(i), name));
    this.element.replaceChildren(
      make("h2", {}, `Each region among the ${countText(ranks.phrases)} phrases of all ${countText(ranks.regions)}`),
      make(
        "table",
        { class: "fx-compare-table" },
        make("thead", {}, make("tr", {}, make("th", {}), ...heads)),
        make("tbody", {}, ...LINES.map((line) => rowOf(line, ranks))),
      ),
      make(
        "p",
        {},
        `The same phrase is first for ${percent(ranks.agree)} of the regions. With B, the own phrase `,
        this.#link("risen", `rises for ${countText(ranks.better)}`, "Regions that gain most by B"),
        " and ",
        this.#link("fallen", `falls for ${countText(ranks.worse)}`, "Regions that lose most by B"),
        ".",
      ),
    );
  }

  /** @param {string|null} chosen what is listed */
  mark(chosen) {
    for (const link of this.element.querySelectorAll("[data-list]")) {
      link.setAttribute("aria-pressed", String(link.getAttribute("data-list") === chosen));
    }
  }

  /**
   * @param {Move} which
   * @param {string} words
   * @param {string} title
   */
  #link(which, words, title) {
    const act = () => this.list(which);
    return make("button", { type: "button", class: "fx-link", "data-list": which, title, onclick: act }, words);
  }
}

/**
 * @param {Line} line
 * @param {ComparedRanks} ranks
 */
function rowOf({ name, meaning, of, text, isBetter }, ranks) {
  const [one, other] = [of(ranks.first), of(ranks.second)];
  return make(
    "tr",
    {},
    make("th", { scope: "row", title: meaning }, name),
    make("td", { class: isBetter(one, other) ? "fx-better" : "" }, text(one)),
    make("td", { class: isBetter(other, one) ? "fx-better" : "" }, text(other)),
  );
}
