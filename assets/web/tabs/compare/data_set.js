// Two models on the data set: whose regions find their own phrase, who is fooled by what, and which regions those are.

import { ask, telling } from "../../core/api.js";
import { badge, MARKS } from "./rows.js";
import { make } from "../../core/dom.js";
import { csvText, download, exact } from "../../export/export.js";
import { progressLine, watchJob } from "../../core/jobs.js";
import { fault } from "../../core/notices.js";
import { thumb } from "../../plot/thumbnails.js";
import { cosineText, countText } from "../../core/format.js";

const SURE = 0.05; // chance below which a difference is marked
const FEW = 10; // regions; shares of fewer are dimmed
const SIGNS = [
  ["first", "only A is fooled"],
  ["second", "only B is fooled"],
  ["both", "both are fooled"],
];

export class CompareData {
  /**
   * @param {string[]} routes that training gave both models
   * @param {{open: Function, changed: Function}} acts open({kind, owner}, against) shows a region in the picture view
   */
  constructor(server, names, routes, acts) {
    this.usual = routes.includes("box") ? "box" : routes[0];
    Object.assign(this, { server, names, acts, route: this.usual, cells: [], chosen: null, turn: 0, ranks: null });
    this.note = fault();
    this.told = telling(this.note);
    this.line = progressLine(() => ask(server, "stop"));
    this.line.element.hidden = true;
    this.button = make("button", { type: "button", class: "fx-button", onclick: () => this.#compare() }, "Compare");
    this.state = make("p", { class: "fx-quiet" });
    this.own = make("section", { class: "fx-compare-own", "aria-label": "Own phrases" });
    this.routes = make(
      "select",
      {
        "aria-label": "Text route",
        title: "How the models read the texts",
        onchange: () => {
          this.route = this.routes.value;
          this.#restoreList();
        },
      },
      ...routes.map((route) => make("option", { value: route, selected: route === this.usual }, route)),
    );
    this.table = make("section", { class: "fx-compare-wrong", "aria-label": "Fooled by hard negatives" });
    this.title = make("h2", {});
    this.grid = make("div", { class: "fx-compare-grid" });
    this.element = make(
      "div",
      { class: "fx-compare-data", hidden: true },
      make(
        "div",
        { class: "fx-compare-figures" },
        make("div", { class: "fx-compare-do" }, this.button, this.state),
        this.line.element,
        this.note.element,
        this.own,
        this.table,
      ),
      make("aside", { "aria-label": "Regions" }, this.title, this.grid),
    );
  }

  /** Its part of the address. */
  get address() {
    return {
      cmplist: this.chosen === "fallen" ? null : this.chosen,
      cmproute: this.route === this.usual ? null : this.route,
    };
  }

  restore({ chosen, route }) {
    this.chosen = chosen;
    if ([...this.routes.options].some(({ value }) => value === route)) this.route = this.routes.value = route;
  }

  show() {
    return this.told(() => this.#refresh());
  }

  async #compare() {
    this.button.disabled = true;
    const well = await this.told(async () => {
      await ask(this.server, "start", { work: "compare", kind: "region" });
      this.line.element.hidden = false;
      const job = await watchJob(this.server, (each) => this.line.show(each));
      this.line.element.hidden = job?.outcome === "done"; // the figures say so
      await this.#refresh();
    });
    if (!well) this.button.disabled = false;
  }

  async #refresh() {
    const state = await ask(this.server, "compared");
    const [first, second] = state.models;
    const ready = Math.min(first.indexed.region, second.indexed.region);
    this.button.disabled = !state.images;
    this.faced = Math.min(first.asked, second.asked);
    this.hard = state.hard;
    this.button.textContent = ready && this.faced === this.hard ? "Compare again" : "Compare";
    this.state.textContent = !state.images
      ? "The workspace is empty: import a data set in the Data tab first."
      : ready
        ? `${countText(ready)} of ${countText(state.regions)} regions are indexed by both models; ${countText(this.faced)} of ${countText(state.hard)} with hard negatives faced them.`
        : `Both models go through the workspace once: ${countText(state.images)} pictures, ${countText(state.regions)} regions, ${countText(state.negatives)} hard negatives.`;
    this.own.hidden = !ready;
    this.table.hidden = !ready;
    if (!ready) return this.#list("", null);
    this.cells = (await ask(this.server, "wrong")).cells;
    this.#table();
    this.ranks = await ask(this.server, "ranks");
    this.#standing(this.ranks);
    return this.#restoreList();
  }

  /** The list that was looked at, or that a link names; else what B makes worse. */
  #restoreList() {
    const [attribute, name] = (this.chosen ?? "").split(",");
    const cell = this.cells.find((each) => each.attribute === attribute && each.route === this.route);
    const sign = SIGNS.find(([each]) => each === name);
    if (cell?.[name] && sign) return this.#fooled(cell, sign);
    if (this.ranks) return this.#moved(this.chosen === "risen" ? "risen" : "fallen");
    return this.#table(); // without ranks, which is told
  }

  /** Whose regions find their own phrase among all. */
  #standing(ranks) {
    const percent = (share) => `${(100 * share).toFixed(1)} %`;
    const line = (name, pick, meaning, better) => {
      const [one, other] = [pick(ranks.first), pick(ranks.second)];
      return make(
        "tr",
        {},
        make("th", { scope: "row", title: meaning }, name),
        ...[one, other].map((value, i) =>
          make(
            "td",
            { class: better(value, [other, one][i]) ? "fx-better" : "" },
            name === "median rank" ? value.toLocaleString() : percent(value),
          ),
        ),
      );
    };
    const more = (a, b) => a > b;
    const link = (which, words, meaning) =>
      make(
        "button",
        { type: "button", class: "fx-link", "data-list": which, title: meaning, onclick: () => this.#moved(which) },
        words,
      );
    this.own.replaceChildren(
      make("h2", {}, `Each region among the ${countText(ranks.phrases)} phrases of all ${countText(ranks.regions)}`),
      make(
        "table",
        { class: "fx-compare-table" },
        make(
          "thead",
          {},
          make("tr", {}, make("th", {}), ...this.names.map((name, i) => make("th", {}, badge(i), name))),
        ),
        make(
          "tbody",
          {},
          line("recall at 1", ({ recall_1: share }) => share, "Regions whose own phrase is first", more),
          line("recall at 5", ({ recall_5: share }) => share, "… is among the first five", more),
          line(
            "median rank",
            ({ median }) => median,
            "Half of the regions have their own phrase at this rank or above",
            (a, b) => a < b,
          ),
        ),
      ),
      make(
        "p",
        {},
        `The same phrase is first for ${percent(ranks.agree)} of the regions. With B, the own phrase `,
        link("risen", `rises for ${countText(ranks.better)}`, "Regions that gain most by B"),
        " and ",
        link("fallen", `falls for ${countText(ranks.worse)}`, "Regions that lose most by B"),
        ".",
      ),
    );
  }

  /** Who is fooled, by attribute, on one route. */
  #table() {
    const cells = this.cells.filter(({ route }) => route === this.route);
    if (!this.cells.length) {
      this.table.replaceChildren(
        make("h2", {}, "Fooled by hard negatives"),
        make(
          "p",
          { class: "fx-quiet" },
          this.hard
            ? `${countText(this.hard)} regions have hard negatives, which the models have not faced yet: press Compare above.`
            : "No region has a phrase and hard negatives of it: import FineHARD or FG-OVD in the Data tab.",
        ),
      );
      return;
    }
    const share = (count, all) => `${((100 * count) / all).toFixed(1)} %`;
    const figure = (cell, [sign, words]) =>
      make(
        "td",
        {},
        make(
          "button",
          {
            type: "button",
            class: "fx-compare-cell",
            "data-figure": `${cell.attribute},${sign}`,
            disabled: !cell[sign],
            "aria-pressed": String(this.chosen === `${cell.attribute},${sign}`),
            title: `${cell.attribute}: ${words}; show these regions`,
            onclick: () => this.#fooled(cell, [sign, words]),
          },
          cell[sign].toLocaleString(),
        ),
      );
    const rows = cells.map((cell) => {
      const { regions, first, second, both, neither, chance, attribute } = cell;
      const points = (100 * (second - first)) / regions;
      return make(
        "tr",
        { class: regions < FEW ? "fx-few" : "", title: regions < FEW ? "Few regions: take the shares as a guess" : "" },
        make("th", { scope: "row" }, attribute),
        make("td", {}, regions.toLocaleString()),
        make("td", {}, stacked(cell)),
        make("td", {}, share(first + both, regions)),
        make("td", {}, share(second + both, regions)),
        make(
          "td",
          {
            class: chance < SURE ? (points < 0 ? "fx-better" : "fx-warn") : "fx-quiet",
            title: `${neither.toLocaleString()} fool neither`,
          },
          `${points > 0 ? "+" : points < 0 ? "−" : ""}${Math.abs(points).toFixed(1)}`,
        ),
        make("td", { class: "fx-quiet" }, chance < 0.001 ? "<.001" : cosineText(chance)),
        ...SIGNS.map((sign) => figure(cell, sign)),
      );
    });
    const head = (words, title = "") => make("th", { title }, words);
    const focused = this.table.contains(document.activeElement)
      ? (document.activeElement.dataset.figure ?? "route")
      : null;
    this.table.replaceChildren(
      make(
        "div",
        { class: "fx-bar" },
        make("h2", {}, "Fooled by hard negatives"),
        make("label", {}, "texts by ", this.routes),
        make(
          "button",
          { type: "button", class: "fx-button", title: "This table, all routes, as CSV", onclick: () => this.#save() },
          "CSV",
        ),
      ),
      make(
        "table",
        { class: "fx-compare-table" },
        make(
          "thead",
          {},
          make(
            "tr",
            {},
            head("attribute"),
            head("regions"),
            make(
              "th",
              { class: "fx-compare-key", title: "Of all regions: fooled only A, both, only B" },
              make("i", { class: "fx-part-a" }),
              "A ",
              make("i", { class: "fx-part-both" }),
              "both ",
              make("i", { class: "fx-part-b" }),
              "B",
            ),
            head(badge(0), `Fooled: ${this.names[0]}`),
            head(badge(1), `Fooled: ${this.names[1]}`),
            head(
              "B − A, pp",
              "Percentage points; bold where chance would give so large a difference in less than 1 of 20 cases",
            ),
            head("chance", "How likely so large a difference is where both err equally often (McNemar’s exact test)"),
            head("only A"),
            head("only B"),
            head("both"),
          ),
        ),
        make("tbody", {}, ...rows),
      ),
    );
    if (focused === "route") this.routes.focus();
    else if (focused) this.table.querySelector(`[data-figure="${CSS.escape(focused)}"]`)?.focus();
  }

  #fooled(cell, [sign, words]) {
    const { attribute, route } = cell;
    this.#choose(`${attribute},${sign}`);
    const turn = this.turn;
    return this.told(async () => {
      const { items } = await ask(this.server, "fooled", { attribute, route, sign });
      if (turn !== this.turn) return; // another list is looked at by now
      const count = cell[sign];
      this.#list(
        `${attribute}, ${words}: ${items.length < count ? `${items.length} of ${countText(count)}, those that differ most` : countText(count)}`,
        items,
        (value) => cosineText(value),
        "margin",
        { attribute, route },
      );
    });
  }

  /** Mark what is listed from now on. */
  #choose(chosen) {
    this.turn += 1;
    this.chosen = chosen;
    for (const link of this.own.querySelectorAll("[data-list]"))
      link.setAttribute("aria-pressed", String(link.dataset.list === chosen));
    this.#table();
    this.acts.changed();
  }

  #moved(which) {
    this.#choose(which);
    const count = which === "risen" ? this.ranks.better : this.ranks.worse;
    const items = this.ranks[which];
    this.#list(
      `Own phrase ${which === "risen" ? "rises" : "falls"} with B: ${items.length < count ? `the ${items.length} of ${countText(count)} whose ranks change by the largest factor` : `${countText(count)}, by the factor of the change`}`,
      items,
      (value) => countText(value),
      "rank",
      { rivals: true },
    );
  }

  /** Regions with a figure of each model; `against` says what one is held to when it is opened. */
  #list(title, items, text, what, against) {
    this.title.textContent = title;
    this.grid.replaceChildren(
      ...(items ?? []).map(({ owner, said, first, second }) =>
        make(
          "button",
          {
            type: "button",
            class: "fx-compare-region",
            title: `${said}\n${what} ${text(first)} with A, ${text(second)} with B. Click: see it by both models`,
            onclick: () => this.acts.open({ kind: "region", owner }, against),
          },
          thumb("region", owner, said),
          make("span", { class: "fx-compare-said" }, said),
          make("span", { class: "fx-compare-two" }, `${what} `, badge(0), text(first), " ", badge(1), text(second)),
        ),
      ),
    );
    if (items && !items.length) this.grid.append(make("p", { class: "fx-quiet" }, "None."));
    this.grid.scrollTop = 0;
  }

  #save() {
    const header = [
      "attribute",
      "route",
      "regions",
      ...this.names.map((name) => `fooled ${name}`),
      ...SIGNS.map(([, words]) => words),
      "neither",
      "chance",
    ];
    const lines = this.cells.map(({ attribute, route, regions, first, second, both, neither, chance }) => [
      attribute,
      route,
      regions,
      first + both,
      second + both,
      first,
      second,
      both,
      neither,
      exact(chance),
    ]);
    download(new Blob([csvText([header, ...lines])], { type: "text/csv" }), `fooled-${MARKS.join("-")}.csv`);
  }
}

/** Shares of regions that fool only A, both, only B. */
function stacked({ first, both, second, regions }) {
  const part = (count, name) => {
    const piece = make("i", { class: `fx-part-${name}` });
    piece.style.width = `${(100 * count) / regions}%`;
    return piece;
  };
  return make("span", { class: "fx-compare-stack" }, part(first, "a"), part(both, "both"), part(second, "b"));
}
