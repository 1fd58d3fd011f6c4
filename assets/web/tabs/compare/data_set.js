// Two models on the data set: whose regions find their own phrase, who is fooled by what, and which regions those are.

import { ask, telling } from "../../core/api.js";
import { make } from "../../core/dom.js";
import { cosineText, countText } from "../../core/format.js";
import { progressLine, watchJob } from "../../core/jobs.js";
import { Latest } from "../../core/latest.js";
import { fault } from "../../core/notices.js";
import { csvText } from "../../export/csv.js";
import { download } from "../../export/download.js";
import { MARKS } from "./badge.js";
import { figureName, fooledLines, FooledTable, SIGNS } from "./fooled_table.js";
import { OwnPhrases } from "./own_phrases.js";
import { RegionList } from "./region_list.js";

/** @import {Compared, ComparedRanks, CompareTab, FooledCell} from "../../core/wire.js" */
/** @import {CompareLink} from "./address.js" */
/** @import {Sign} from "./fooled_table.js" */
/** @import {Move} from "./own_phrases.js" */
/** @import {OpenPoint} from "./texts.js" */

export class CompareData {
  /** @type {FooledCell[]} */
  #cells = [];
  /** @type {ComparedRanks|null} */
  #ranks = null;
  /** @type {string|null} what is listed: a move, or the name of a figure */
  #chosen = null;
  #hard = 0; // regions with hard negatives
  #listing = new Latest();
  #note = fault();
  #told = telling(this.#note);
  #state = make("p", { class: "fx-quiet" });
  #button = make("button", { type: "button", class: "fx-button" }, "Compare");

  /**
   * @param {CompareTab} server
   * @param {string[]} names of the models
   * @param {string[]} routes that training gave both models
   * @param {{open: OpenPoint, changed: () => void}} acts
   */
  constructor(server, names, routes, acts) {
    this.server = server;
    this.names = names;
    this.acts = acts;
    this.usual = routes.includes("box") ? "box" : routes[0];
    this.line = progressLine(() => ask(server, "stop", {}));
    this.line.element.hidden = true;
    this.#button.addEventListener("click", () => this.#compare());
    this.own = new OwnPhrases(names, (which) => this.#moved(which));
    this.table = new FooledTable(names, routes, this.usual, {
      list: (cell, sign) => this.#fooled(cell, sign),
      route: () => this.#restoreList(),
      save: () => this.#save(),
    });
    this.regions = new RegionList(acts.open);
    this.element = make(
      "div",
      { class: "fx-compare-data", hidden: true },
      make(
        "div",
        { class: "fx-compare-figures" },
        make("div", { class: "fx-compare-do" }, this.#button, this.#state),
        ...[this.line.element, this.#note.element, this.own.element, this.table.element],
      ),
      this.regions.element,
    );
  }

  /** Its part of the address. */
  get link() {
    const { route } = this.table;
    return {
      chosen: this.#chosen === "fallen" ? null : this.#chosen,
      route: route === this.usual ? null : route,
    };
  }

  /** @param {Pick<Partial<CompareLink>, "chosen"|"route">} link */
  restore({ chosen, route }) {
    this.#chosen = chosen ?? null;
    if (route !== undefined) this.table.route = route;
  }

  show() {
    return this.#told(() => this.#refresh());
  }

  async #compare() {
    this.#button.disabled = true;
    const well = await this.#told(async () => {
      await ask(this.server, "start", { work: "compare", kind: "region" });
      this.line.element.hidden = false;
      const job = await watchJob(this.server, (each) => this.line.show(each));
      this.line.element.hidden = job?.outcome === "done"; // the figures say so
      await this.#refresh();
    });
    if (!well) this.#button.disabled = false;
  }

  async #refresh() {
    const state = await ask(this.server, "compared", {});
    const [first, second] = state.models;
    const ready = Math.min(first.indexed.region, second.indexed.region);
    const faced = Math.min(first.asked, second.asked);
    this.#hard = state.hard;
    this.#button.disabled = !state.images;
    this.#button.textContent = ready && faced === state.hard ? "Compare again" : "Compare";
    this.#state.textContent = stateWords(state, ready, faced);
    this.own.element.hidden = this.table.element.hidden = !ready;
    if (!ready) {
      this.regions.clear();
      return;
    }
    this.#cells = (await ask(this.server, "wrong", {})).cells;
    this.#showTable();
    const ranks = await ask(this.server, "ranks", {});
    this.#ranks = ranks;
    this.own.show(ranks);
    await this.#restoreList();
  }

  /** The list that was looked at, or that a link names; else what B makes worse. */
  #restoreList() {
    const chosen = this.#chosen;
    for (const cell of this.#cells.filter(({ route }) => route === this.table.route)) {
      const sign = SIGNS.find(([each]) => figureName(cell, each) === chosen);
      if (sign && cell[sign[0]]) return this.#fooled(cell, sign[0]);
    }
    if (this.#ranks) return this.#moved(chosen === "risen" ? "risen" : "fallen");
    return this.#showTable(); // without ranks, which is told
  }

  #showTable() {
    if (this.#cells.length) this.table.show(this.#cells, this.#chosen);
    else this.table.teach(this.#hard);
  }

  /**
   * List the regions of a figure.
   *
   * @param {FooledCell} cell
   * @param {Sign} sign
   */
  #fooled(cell, sign) {
    const { attribute, route } = cell;
    const signal = this.#choose(figureName(cell, sign));
    return this.#told(async () => {
      const { items } = await ask(this.server, "fooled", { attribute, route, sign });
      if (signal.aborted) return; // another list is looked at by now
      const count = countText(cell[sign]);
      const some = items.length < cell[sign] ? `${items.length} of ${count}, those that differ most` : count;
      const words = SIGNS.find(([each]) => each === sign)?.[1];
      const figure = { name: "margin", text: cosineText };
      this.regions.show(`${attribute}, ${words}: ${some}`, items, figure, { attribute, route });
    });
  }

  /**
   * List the regions whose own phrase moved most.
   *
   * @param {Move} which
   */
  #moved(which) {
    const ranks = this.#ranks;
    if (!ranks) return;
    this.#choose(which);
    const items = ranks[which];
    const count = which === "risen" ? ranks.better : ranks.worse;
    const some =
      items.length < count
        ? `the ${items.length} of ${countText(count)} whose ranks change by the largest factor`
        : `${countText(count)}, by the factor of the change`;
    const title = `Own phrase ${which === "risen" ? "rises" : "falls"} with B: ${some}`;
    this.regions.show(title, items, { name: "rank", text: countText }, { rivals: true });
  }

  /**
   * Mark what is listed from now on.
   *
   * @param {string} chosen
   */
  #choose(chosen) {
    const signal = this.#listing.begin();
    this.#chosen = chosen;
    this.own.mark(chosen);
    this.#showTable();
    this.acts.changed();
    return signal;
  }

  #save() {
    const text = csvText(fooledLines(this.#cells, this.names));
    download(new Blob([text], { type: "text/csv" }), `fooled-${MARKS.join("-")}.csv`);
  }
}

/**
 * How far both models have been through the workspace, in words.
 *
 * @param {Pick<Compared, "images"|"regions"|"hard"|"negatives">} state
 * @param {number} ready regions that both have indexed
 * @param {number} faced regions whose hard negatives both have faced
 */
export function stateWords({ images, regions, hard, negatives }, ready, faced) {
  if (!images) return "The workspace is empty: import a data set in the Data tab first.";
  if (!ready) {
    return (
      `Both models go through the workspace once: ${countText(images)} pictures, ${countText(regions)} regions, ` +
      `${countText(negatives)} hard negatives.`
    );
  }
  return (
    `${countText(ready)} of ${countText(regions)} regions are indexed by both models; ` +
    `${countText(faced)} of ${countText(hard)} with hard negatives faced them.`
  );
}
