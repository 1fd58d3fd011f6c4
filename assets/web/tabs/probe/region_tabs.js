// Above the table: of which region it is. All of them, or one by its number.

import { make } from "../../core/dom.js";
import { dye } from "./cells.js";

/** @typedef {{id: number, number: number}} NamedBox */

export class RegionTabs {
  #shape = ""; // of what is drawn

  /**
   * @param {HTMLElement} root
   * @param {(id: number | "all") => unknown} select
   */
  constructor(root, select) {
    this.select = select;
    this.heading = make("h2", { class: "fx-of" });
    this.tabs = make("div", { class: "fx-regions", role: "tablist", "aria-label": "Regions" });
    root.append(make("header", { class: "fx-bar" }, this.heading, this.tabs));
  }

  /** @param {{boxes: NamedBox[], box: NamedBox | null, all: boolean}} state */
  show({ boxes, box, all }) {
    this.heading.textContent = all || box ? "Region" : "Whole picture";
    this.tabs.hidden = !boxes.length;
    const shape = boxes.map(({ id, number }) => `${id}:${number}`).join();
    if (shape !== this.#shape) this.#draw(boxes);
    this.#shape = shape;
    const chosen = all ? "all" : String(box?.id);
    for (const tab of this.tabs.children) {
      tab.setAttribute("aria-selected", String(tab.getAttribute("data-region") === chosen));
    }
  }

  /** @param {NamedBox[]} boxes */
  #draw(boxes) {
    const every = boxes.length > 1 ? [this.#tab("all", "all", "All regions side by side (a)")] : [];
    const each = boxes.map(({ id, number }) => {
      const tab = this.#tab(id, String(number), `Region ${number} (${number < 10 ? number : "n, p"})`);
      dye(tab, number);
      return tab;
    });
    this.tabs.replaceChildren(...every, ...each);
  }

  /** @param {number | "all"} id @param {string} words @param {string} title */
  #tab(id, words, title) {
    return make(
      "button",
      {
        type: "button",
        role: "tab",
        class: "fx-region",
        "data-region": id,
        title,
        onclick: () => this.select(id),
      },
      words,
    );
  }
}
