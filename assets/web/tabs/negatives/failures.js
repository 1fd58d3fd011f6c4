// Where the model is fooled in the workspace: attribute × route, each figure a way to its regions.

import { ask, telling } from "../../core/api.js";
import { make } from "../../core/dom.js";
import { progressLine, watchJob } from "../../core/jobs.js";
import { fault } from "../../core/notices.js";
import { showTab, tell } from "../../core/navigation.js";

const MANY = 20; // regions from which on a share counts in full

export class FailureTable {
  /** @param {string[]} routes that training gave the model */
  constructor(server, routes) {
    Object.assign(this, { server, routes });
    this.note = fault();
    this.told = telling(this.note);
    this.line = progressLine(() => ask(server, "stop"));
    this.line.element.hidden = true;
    this.body = make("div", { class: "fx-neg-table" });
    this.button = make("button", { type: "button", class: "fx-button", onclick: () => this.#look() }, "Look");
    this.element = make(
      "details",
      { class: "fx-neg-failures" },
      make("summary", {}, "Where the model is fooled in the workspace"),
      this.note.element,
      this.line.element,
      this.body,
      this.button,
    );
    this.element.addEventListener("toggle", () => this.element.open && this.told(() => this.#refresh()));
  }

  async #look() {
    await this.told(async () => {
      await ask(this.server, "start", { work: "failures" });
      this.line.element.hidden = false;
      await watchJob(this.server, (job) => this.line.show(job));
      await this.#refresh();
    });
  }

  async #refresh() {
    const { rows, negatives, asked, regions } = await ask(this.server, "failures");
    this.button.textContent = rows.length ? "Look again" : "Look";
    this.button.disabled = !regions;
    if (!rows.length) {
      this.body.replaceChildren(
        make(
          "p",
          { class: "fx-quiet" },
          regions
            ? `The workspace has ${negatives.toLocaleString()} negatives: hold all regions against theirs, by each route.`
            : negatives
              ? "The negatives of the workspace belong to regions without a phrase: there is nothing true to hold them against."
              : "The workspace has no negatives yet: import FineHARD or FG-OVD in the Data tab.",
        ),
      );
      return;
    }
    const figure = ({ asked, fooled, where }, name) =>
      make(
        "td",
        {},
        make(
          "button",
          {
            type: "button",
            class: "fx-neg-cell",
            style: `--share: ${(fooled / asked) * Math.min(1, asked / MANY)}`,
            disabled: !fooled,
            title: fooled ? `${fooled} of ${asked} regions; see them on the map` : `none of ${asked}`,
            onclick: () => this.#onMap(`/* fooled on ${name} */ ${where}`),
          },
          `${((100 * fooled) / asked).toFixed(0)} %`,
          make("small", {}, fooled.toLocaleString()),
        ),
      );
    const less =
      asked < regions
        ? make(
            "p",
            { class: "fx-quiet" },
            `${asked.toLocaleString()} of ${regions.toLocaleString()} regions with negatives were looked at; look again for all.`,
          )
        : "";
    this.body.replaceChildren(
      less,
      make(
        "table",
        {},
        make(
          "thead",
          {},
          make(
            "tr",
            {},
            make("th", {}, "attribute"),
            make("th", { class: "fx-figure" }, "regions"),
            ...this.routes.map((route) => make("th", { class: "fx-figure" }, route)),
          ),
        ),
        make(
          "tbody",
          {},
          ...rows.map(({ attribute, cells }) =>
            make(
              "tr",
              {},
              make("th", { scope: "row" }, attribute),
              make(
                "td",
                { class: "fx-figure" },
                Math.max(...Object.values(cells).map(({ asked }) => asked)).toLocaleString(),
              ),
              ...this.routes.map((route) =>
                cells[route] ? figure(cells[route], `${attribute} by ${route}`) : make("td", {}, "–"),
              ),
            ),
          ),
        ),
      ),
    );
  }

  #onMap(where) {
    showTab("map", { leaving: true });
    tell("fx-filter", { where, kind: "region" });
  }
}
