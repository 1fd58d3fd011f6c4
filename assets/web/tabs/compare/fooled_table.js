// Who is fooled by hard negatives, by attribute, on one route.

import { make } from "../../core/dom.js";
import { cosineText, countText } from "../../core/format.js";
import { exact } from "../../export/csv.js";
import { badge } from "./badge.js";

/** @import {FooledCell} from "../../core/wire.js" */

/** @typedef {"first"|"second"|"both"} Sign which of the models is fooled */

const SURE = 0.05; // chance below which a difference is marked
const FEW = 10; // regions; shares of fewer are dimmed
/** @type {[Sign, string][]} */
export const SIGNS = [
  ["first", "only A is fooled"],
  ["second", "only B is fooled"],
  ["both", "both are fooled"],
];
const NO_NEGATIVES = "No region has a phrase and hard negatives of it: import FineHARD or FG-OVD in the Data tab.";
const DIFFERENCE = "Percentage points; bold where chance would give so large a difference in less than 1 of 20 cases";
const CHANCE = "How likely so large a difference is where both err equally often (McNemar’s exact test)";

/** How an address names a figure of the table. @param {FooledCell} cell @param {Sign} sign */
export const figureName = ({ attribute }, sign) => `${attribute},${sign}`;

export class FooledTable {
  element = make("section", { class: "fx-compare-wrong", "aria-label": "Fooled by hard negatives" });

  /**
   * @param {string[]} names of the models
   * @param {string[]} routes that training gave both
   * @param {string} usual the route at first
   * @param {{list: (cell: FooledCell, sign: Sign) => unknown, route: () => void, save: () => void}} acts
   */
  constructor(names, routes, usual, acts) {
    this.names = names;
    this.acts = acts;
    this.routes = make(
      "select",
      { "aria-label": "Text route", title: "How the models read the texts", onchange: () => acts.route() },
      ...routes.map((route) => make("option", { value: route, selected: route === usual }, route)),
    );
  }

  get route() {
    return this.routes.value;
  }

  /** One that there is. @param {string} route */
  set route(route) {
    if ([...this.routes.options].some(({ value }) => value === route)) this.routes.value = route;
  }

  /**
   * There is nothing to show yet.
   *
   * @param {number} hard regions with hard negatives
   */
  teach(hard) {
    this.element.replaceChildren(
      make("h2", {}, "Fooled by hard negatives"),
      make(
        "p",
        { class: "fx-quiet" },
        hard
          ? `${countText(hard)} regions have hard negatives, which the models have not faced yet: press Compare above.`
          : NO_NEGATIVES,
      ),
    );
  }

  /**
   * @param {FooledCell[]} cells of all routes
   * @param {string|null} chosen name of the figure whose regions are listed
   */
  show(cells, chosen) {
    const rows = cells.filter(({ route }) => route === this.route).map((cell) => this.#row(cell, chosen));
    const active = document.activeElement;
    const focused = active instanceof HTMLElement && this.element.contains(active) ? active : null;
    this.element.replaceChildren(
      make(
        "div",
        { class: "fx-bar" },
        make("h2", {}, "Fooled by hard negatives"),
        make("label", {}, "texts by ", this.routes),
        make(
          "button",
          {
            type: "button",
            class: "fx-button",
            title: "This table, all routes, as CSV",
            onclick: () => this.acts.save(),
          },
          "CSV",
        ),
      ),
      make("table", { class: "fx-compare-table" }, make("thead", {}, this.#heads()), make("tbody", {}, ...rows)),
    );
    if (focused) this.#focusAgain(focused.dataset.figure);
  }

  /** @param {string|undefined} name of a figure; the route, where it was none */
  #focusAgain(name) {
    const figure = name === undefined ? this.routes : this.element.querySelector(`[data-figure="${CSS.escape(name)}"]`);
    if (figure instanceof HTMLElement) figure.focus();
  }

  #heads() {
    const head = (/** @type {string|HTMLElement} */ words, title = "") => make("th", { title }, words);
    const key = { class: "fx-compare-key", title: "Of all regions: fooled only A, both, only B" };
    const part = (/** @type {string} */ name) => make("i", { class: `fx-part-${name}` });
    return make(
      "tr",
      {},
      head("attribute"),
      head("regions"),
      make("th", key, part("a"), "A ", part("both"), "both ", part("b"), "B"),
      head(badge(0), `Fooled: ${this.names[0]}`),
      head(badge(1), `Fooled: ${this.names[1]}`),
      head("B − A, pp", DIFFERENCE),
      head("chance", CHANCE),
      ...["only A", "only B", "both"].map((words) => head(words)),
    );
  }

  /**
   * @param {FooledCell} cell
   * @param {string|null} chosen
   */
  #row(cell, chosen) {
    const { regions, first, second, both, neither, chance, attribute } = cell;
    const isFew = regions < FEW;
    const few = { class: isFew ? "fx-few" : "", title: isFew ? "Few regions: take the shares as a guess" : "" };
    const { text, mark } = differenceOf(cell);
    return make(
      "tr",
      few,
      make("th", { scope: "row" }, attribute),
      make("td", {}, regions.toLocaleString()),
      make("td", {}, stacked(cell)),
      make("td", {}, share(first + both, regions)),
      make("td", {}, share(second + both, regions)),
      make("td", { class: mark, title: `${neither.toLocaleString()} fool neither` }, text),
      make("td", { class: "fx-quiet" }, chance < 0.001 ? "<.001" : cosineText(chance)),
      ...SIGNS.map(([sign, words]) => this.#figure(cell, sign, words, chosen)),
    );
  }

  /**
   * @param {FooledCell} cell
   * @param {Sign} sign
   * @param {string} words
   * @param {string|null} chosen
   */
  #figure(cell, sign, words, chosen) {
    const name = figureName(cell, sign);
    return make(
      "td",
      {},
      make(
        "button",
        {
          type: "button",
          class: "fx-compare-cell",
          "data-figure": name,
          disabled: !cell[sign],
          "aria-pressed": String(chosen === name),
          title: `${cell.attribute}: ${words}; show these regions`,
          onclick: () => this.acts.list(cell, sign),
        },
        cell[sign].toLocaleString(),
      ),
    );
  }
}

/**
 * @param {number} count
 * @param {number} all
 */
const share = (count, all) => `${((100 * count) / all).toFixed(1)} %`;

/**
 * How much more often B is fooled than A, and how that is marked where it is not by chance.
 *
 * @param {Pick<FooledCell, "first"|"second"|"regions"|"chance">} cell
 */
export function differenceOf({ first, second, regions, chance }) {
  const points = (100 * (second - first)) / regions;
  const sign = points > 0 ? "+" : points < 0 ? "−" : "";
  const sure = points < 0 ? "fx-better" : "fx-warn";
  return { text: `${sign}${Math.abs(points).toFixed(1)}`, mark: chance < SURE ? sure : "fx-quiet" };
}

/**
 * The table of all routes, for a file.
 *
 * @param {FooledCell[]} cells
 * @param {string[]} names of the models
 */
export function fooledLines(cells, names) {
  const fooled = names.map((name) => `fooled ${name}`);
  const signs = SIGNS.map(([, words]) => words);
  return [
    ["attribute", "route", "regions", ...fooled, ...signs, "neither", "chance"],
    ...cells.map(({ attribute, route, regions, first, second, both, neither, chance }) => [
      ...[attribute, route, regions],
      ...[first + both, second + both],
      ...[first, second, both],
      ...[neither, exact(chance)],
    ]),
  ];
}

/**
 * Shares of regions that fool only A, both, only B.
 *
 * @param {FooledCell} cell
 */
function stacked({ first, both, second, regions }) {
  const parts = Object.entries({ a: first, both, b: second }).map(([name, count]) => {
    const piece = make("i", { class: `fx-part-${name}` });
    piece.style.width = `${(100 * count) / regions}%`;
    return piece;
  });
  return make("span", { class: "fx-compare-stack" }, ...parts);
}
