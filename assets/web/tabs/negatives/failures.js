// Where the model is fooled in the workspace: attribute × route, each figure a way to its regions.

import { ask, telling } from "../../core/api.js";
import { make } from "../../core/dom.js";
import { progressLine, watchJob } from "../../core/jobs.js";
import { fault } from "../../core/notices.js";
import { showTab, tell } from "../../core/navigation.js";

/**
 * @import {Route} from "../../core/routes.js"
 * @import {FailureCell, FailureRow, Failures, NegativesTab} from "../../core/wire.js"
 */

/** @typedef {Pick<NegativesTab, "start" | "stop" | "job" | "failures">} FailureServer */

const MANY = 20; // regions from which on a share counts in full

export class FailureTable {
  #note = fault();
  #reported = telling(this.#note);

  /**
   * @param {FailureServer} server
   * @param {Route[]} routes that training gave the model
   */
  constructor(server, routes) {
    this.server = server;
    this.routes = routes;
    this.line = progressLine(() => ask(server, "stop", {}));
    this.line.element.hidden = true;
    this.body = make("div", { class: "fx-neg-table" });
    this.button = make("button", { type: "button", class: "fx-button", onclick: () => this.#look() }, "Look");
    this.element = make(
      "details",
      { class: "fx-neg-failures" },
      make("summary", {}, "Where the model is fooled in the workspace"),
      this.#note.element,
      this.line.element,
      this.body,
      this.button,
    );
    this.element.addEventListener("toggle", () => this.element.open && this.#reported(() => this.#refresh()));
  }

  async #look() {
    await this.#reported(async () => {
      await ask(this.server, "start", { work: "failures" });
      this.line.element.hidden = false;
      await watchJob(this.server, (job) => this.line.show(job));
      await this.#refresh();
    });
  }

  async #refresh() {
    const failures = await ask(this.server, "failures", {});
    this.button.textContent = failures.rows.length ? "Look again" : "Look";
    this.button.disabled = !failures.regions;
    this.body.replaceChildren(...(failures.rows.length ? this.#table(failures) : [quiet(emptyWords(failures))]));
  }

  /** @param {Failures} failures */
  #table({ rows, asked, regions }) {
    const heads = this.routes.map((route) => make("th", { class: "fx-figure" }, route));
    const head = make("tr", {}, make("th", {}, "attribute"), make("th", { class: "fx-figure" }, "regions"), ...heads);
    const table = make(
      "table",
      {},
      make("thead", {}, head),
      make("tbody", {}, ...rows.map((row) => tableRow(row, this.routes))),
    );
    if (asked >= regions) return [table];
    const [some, all] = [asked.toLocaleString(), regions.toLocaleString()];
    return [quiet(`${some} of ${all} regions with negatives were looked at; look again for all.`), table];
  }
}

/** @param {string} words */
const quiet = (words) => make("p", { class: "fx-quiet" }, words);

/** What is said where nothing is known. @param {Failures} failures */
function emptyWords({ regions, negatives }) {
  const many = negatives.toLocaleString();
  if (regions) return `The workspace has ${many} negatives: hold all regions against theirs, by each route.`;
  return negatives
    ? "The negatives of the workspace belong to regions without a phrase: there is nothing true to hold them against."
    : "The workspace has no negatives yet: import FineHARD or FG-OVD in the Data tab.";
}

/** @param {FailureRow} row @param {string[]} routes */
function tableRow({ attribute, cells }, routes) {
  const most = Math.max(...Object.values(cells).map((cell) => cell?.asked ?? 0));
  const figures = routes.map((route) => {
    const cell = cells[route];
    return make("td", {}, cell ? figure(cell, `${attribute} by ${route}`) : "–");
  });
  return make(
    "tr",
    {},
    make("th", { scope: "row" }, attribute),
    make("td", { class: "fx-figure" }, most.toLocaleString()),
    ...figures,
  );
}

/** @param {FailureCell} cell @param {string} name */
function figure({ asked, fooled, where }, name) {
  return make(
    "button",
    {
      type: "button",
      class: "fx-neg-cell",
      style: `--share: ${(fooled / asked) * Math.min(1, asked / MANY)}`,
      disabled: !fooled,
      title: fooled ? `${fooled} of ${asked} regions; see them on the map` : `none of ${asked}`,
      onclick: () => showOnMap(`/* fooled on ${name.replaceAll("*/", "")} */ ${where}`),
    },
    `${((100 * fooled) / asked).toFixed(0)} %`,
    make("small", {}, fooled.toLocaleString()),
  );
}

/** @param {string} where a filter */
function showOnMap(where) {
  showTab("map", { leaving: true });
  tell("fx-filter", { where, kind: "region" });
}
