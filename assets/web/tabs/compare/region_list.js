// Regions with a figure of each model, each a way to its picture.

import { make } from "../../core/dom.js";
import { thumb } from "../../plot/thumbnails.js";
import { badge } from "./badge.js";

/** @import {ComparedRegion} from "../../core/wire.js" */
/** @import {Against, OpenPoint} from "./texts.js" */

/** @typedef {{name: string, text: (value: number) => string}} Figure what is told of each region */

export class RegionList {
  #title = make("h2", {});
  #grid = make("div", { class: "fx-compare-grid" });
  element = make("aside", { "aria-label": "Regions" }, this.#title, this.#grid);

  /** @param {OpenPoint} open */
  constructor(open) {
    this.open = open;
  }

  /** Nothing is listed. */
  clear() {
    this.#title.textContent = "";
    this.#grid.replaceChildren();
  }

  /**
   * @param {string} title
   * @param {ComparedRegion[]} items
   * @param {Figure} figure
   * @param {Against} against what a region is held to when it is opened
   */
  show(title, items, figure, against) {
    this.#title.textContent = title;
    this.#grid.replaceChildren(...items.map((item) => this.#region(item, figure, against)));
    if (!items.length) this.#grid.append(make("p", { class: "fx-quiet" }, "None."));
    this.#grid.scrollTop = 0;
  }

  /**
   * @param {ComparedRegion} item
   * @param {Figure} figure
   * @param {Against} against
   */
  #region({ owner, caption, first, second }, { name, text }, against) {
    const [one, other] = [text(first), text(second)];
    return make(
      "button",
      {
        type: "button",
        class: "fx-compare-region",
        title: `${caption}\n${name} ${one} with A, ${other} with B. Click: see it by both models`,
        onclick: () => this.open({ kind: "region", owner }, against),
      },
      thumb("region", owner, caption),
      make("span", { class: "fx-compare-caption" }, caption),
      make("span", { class: "fx-compare-two" }, `${name} `, badge(0), one, " ", badge(1), other),
    );
  }
}
