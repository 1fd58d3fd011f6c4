// What two models make of the same texts: cosines, ranks, and who is put first.

import { make } from "../../core/dom.js";
import { cosineText } from "../../core/format.js";
import { badge, MARKS } from "./badge.js";
import { gainText, ordered, ranksOfKnown } from "./rank_agreement.js";
import { verdictOf } from "./verdict.js";

/** @import {Prompt, PromptFacts} from "../../scoring/prompts.js" */
/** @import {Order} from "./rank_agreement.js" */

/**
 * @typedef {object} RowsView
 * @property {number|null} claimed id of the painted prompt
 * @property {boolean} live rows keep their places
 * @property {string} against what the texts are held to
 */

export class CompareRows {
  /** @type {number[][]} cosines of each model, by prompt */
  values = [[], []];
  /** @type {number[][]} ranks with each model, by prompt */
  ranks = [[], []];
  /** @type {Order} */
  #by = "list";
  /** @type {number[]} places of the prompts, row by row */
  #order = [];
  /** @type {[Prompt[], number[][], RowsView]|null} */
  #shown = null;
  #verdict = make("p", { class: "fx-compare-verdict" });
  #list = make("ol", { class: "fx-compare-rows", "aria-label": "Texts by both models" });
  #against = make("b", {});

  /**
   * @param {string[]} names of the models
   * @param {number[]} scales of their softmax
   * @param {(prompt: Prompt, model: number) => PromptFacts|null} factsOf what a model found of a prompt
   * @param {(id: number) => void} choose paints a prompt
   */
  constructor(names, scales, factsOf, choose) {
    this.factsOf = factsOf;
    this.names = names;
    this.scales = scales;
    this.choose = choose;
    this.heads = this.#heads();
    this.element = make("div", { class: "fx-compare-scores" }, this.#verdict, this.heads, this.#list);
  }

  /**
   * @param {Prompt[]} prompts
   * @param {number[][]} values cosines of each model, NaN while unknown
   * @param {RowsView} view
   */
  show(prompts, values, { claimed, live, against }) {
    this.#shown = [prompts, values, { claimed, live: false, against }];
    this.#against.textContent = against;
    this.values = values;
    this.ranks = values.map(ranksOfKnown);
    if (!live || this.#order.length !== prompts.length) this.#order = ordered(this.#by, this.ranks);
    this.#showRows(prompts, claimed);
    this.heads.hidden = this.#verdict.hidden = !prompts.length;
    for (const head of this.heads.querySelectorAll("[data-by]")) {
      head.setAttribute("aria-pressed", String(head.getAttribute("data-by") === this.#by));
    }
    const isKnown = prompts.length > 1 && values.every((each) => each.every(Number.isFinite));
    const texts = prompts.map(({ text }) => text);
    const place = prompts.findIndex(({ id }) => id === claimed);
    this.#verdict.replaceChildren(...(isKnown ? verdictOf(texts, values, place, this.scales) : []));
  }

  // --- inside ---

  #heads() {
    const scale = "a bar is full at the highest of these texts, empty at the lowest";
    return make(
      "div",
      { class: "fx-compare-row fx-compare-heads" },
      make("span", {}),
      this.#head("list", "Sort as written", "text with ", this.#against),
      ...MARKS.flatMap((mark, i) => [
        make(
          "span",
          { class: "fx-compare-model", title: `Cosines of ${this.names[i]}; ${scale}` },
          badge(i),
          " cosine",
        ),
        this.#head(mark, `Sort by rank with ${this.names[i]}`, "rank"),
      ]),
      this.#head("gain", "Places that the text gains with B; sort by the largest change", "A → B"),
    );
  }

  /**
   * @param {Order} by
   * @param {string} title
   * @param {...(string|HTMLElement)} words
   */
  #head(by, title, ...words) {
    const sort = () => {
      this.#by = by;
      if (this.#shown) this.show(...this.#shown);
    };
    const button = { type: "button", class: "fx-compare-sort", "data-by": by, title, onclick: sort };
    return make("button", button, ...words);
  }

  /**
   * @param {Prompt[]} prompts
   * @param {number|null} claimed
   */
  #showRows(prompts, claimed) {
    const row = document.activeElement?.closest(".fx-compare-row");
    const focused = row instanceof HTMLElement ? row.dataset.prompt : undefined;
    this.#list.replaceChildren(...this.#order.map((i) => this.#row(prompts[i], i, prompts[i].id === claimed)));
    const again = focused ? this.#list.querySelector(`[data-prompt="${focused}"]`) : null;
    if (again instanceof HTMLElement) again.focus({ preventScroll: true });
  }

  /**
   * @param {Prompt} prompt
   * @param {number} i its place in the list
   * @param {boolean} claimed whether it is painted
   */
  #row(prompt, i, claimed) {
    const [a, b] = this.ranks;
    const gain = a[i] - b[i];
    const way = gain > 0 ? "fx-up" : gain < 0 ? "fx-down" : "";
    const row = make(
      "li",
      {
        class: `fx-compare-row${claimed ? " fx-claimed" : ""}`,
        "data-prompt": prompt.id,
        tabindex: "0",
        "aria-current": String(claimed),
        title: "Click to paint its heat maps, and to hold the others against it",
        onclick: () => this.choose(prompt.id),
      },
      make("span", { class: "fx-compare-place" }, String(i + 1)),
      make("span", { class: "fx-compare-words", title: prompt.text, dir: "auto" }, prompt.text),
      ...this.values.flatMap((_, model) => this.#cells(prompt, i, model)),
      make("span", { class: `fx-compare-gain ${way}` }, gainText(gain)),
    );
    row.addEventListener("keydown", (event) => {
      if (!["Enter", " "].includes(event.key) || event.target !== row) return;
      this.choose(prompt.id);
      event.preventDefault();
    });
    return row;
  }

  /**
   * What a model makes of a prompt.
   *
   * @param {Prompt} prompt
   * @param {number} i its place in the list
   * @param {number} model
   */
  #cells(prompt, i, model) {
    const own = this.values[model];
    const rank = this.ranks[model][i];
    const facts = this.factsOf(prompt, model);
    const title = facts && `${this.names[model]} reads ${facts.limit} of ${facts.tokens} tokens`;
    const cut = facts?.truncated ? make("abbr", { class: "fx-warn", title }, "cut") : "";
    return [
      make("span", { class: "fx-compare-cosine" }, bar(own[i], own), make("b", {}, cosineText(own[i])), cut),
      make(
        "span",
        { class: `fx-compare-rank${rank === 1 ? " fx-first" : ""}` },
        Number.isFinite(rank) ? String(rank) : "",
      ),
    ];
  }
}

/**
 * A cosine as a bar from zero, on the scale of all of them.
 *
 * @param {number} value
 * @param {number[]} all
 */
function bar(value, all) {
  const [low, high] = [Math.min(0, ...all), Math.max(0, ...all)];
  const fill = make("i", {});
  if (Number.isFinite(high - low) && high > low) {
    fill.style.marginLeft = `${(100 * (Math.min(0, value) - low)) / (high - low)}%`;
    fill.style.width = `${(100 * Math.abs(value)) / (high - low)}%`;
  }
  return make("span", { class: "fx-compare-bar", title: `${cosineText(low)} to ${cosineText(high)}` }, fill);
}
