// The three views of the tab: one picture, the data set, the maps; and the names of the models above them.

import { make } from "../../core/dom.js";
import { badge } from "./badge.js";
import { CompareData } from "./data_set.js";
import { CompareMaps } from "./maps/index.js";
import { sourceOf } from "./names.js";

/** @import {ModelCard} from "../../core/start.js" */
/** @import {CompareTab} from "../../core/wire.js" */
/** @import {CompareLink, View} from "./address.js" */
/** @import {Card} from "./names.js" */
/** @import {OpenPoint} from "./texts.js" */

/**
 * @typedef {object} ViewActs
 * @property {(view: View) => void} look at a view that was chosen
 * @property {OpenPoint} open
 * @property {() => void} changed what the address says of a view is other
 */

/** @type {[View, string, string][]} */
const VIEWS = [
  ["picture", "Picture", "One picture through both models (1)"],
  ["data", "Data set", "Who is fooled where in the workspace (2)"],
  ["maps", "Maps", "Both maps, laid over each other (3)"],
];

export class CompareViews {
  /** @type {View} */
  view = "picture";

  /**
   * @param {HTMLElement} root
   * @param {HTMLElement} picture the view of one picture
   * @param {{names: string[], cards: (ModelCard & Card)[], server: CompareTab}} models
   * @param {ViewActs} acts
   */
  constructor(root, picture, { names, cards, server }, acts) {
    this.data = new CompareData(server, names, sharedRoutes(cards), acts);
    this.maps = new CompareMaps(server, names, acts);
    this.panes = { picture, data: this.data.element, maps: this.maps.element };
    this.tabs = VIEWS.map(([view, label, title]) => {
      const onclick = () => acts.look(view);
      return {
        view,
        button: make("button", { type: "button", role: "tab", class: "fx-compare-tab", title, onclick }, label),
      };
    });
    const bar = make(
      "header",
      { class: "fx-compare-bar-top" },
      make(
        "div",
        { role: "tablist", class: "fx-compare-tabs", "aria-label": "What is compared" },
        ...this.tabs.map(({ button }) => button),
      ),
      ...names.map((name, i) => make("span", { class: "fx-compare-name", title: sourceOf(cards[i]) }, badge(i), name)),
    );
    root.classList.add("fx-compare");
    root.replaceChildren(bar, ...Object.values(this.panes));
  }

  /** Their part of the address. */
  get link() {
    return { view: this.view === "picture" ? null : this.view, ...this.data.link, ...this.maps.link };
  }

  /** @param {Partial<CompareLink>} link */
  restore(link) {
    this.data.restore(link);
    this.maps.restore(link);
  }

  /** @param {View} view to show */
  look(view) {
    this.view = view;
    for (const each of this.tabs) {
      this.panes[each.view].hidden = each.view !== view;
      each.button.setAttribute("aria-selected", String(each.view === view));
    }
    if (view !== "picture") this[view].show();
  }
}

/** Routes that training gave both models. @param {ModelCard[]} cards */
const sharedRoutes = ([one, other]) => one.trained_routes.filter((route) => other.trained_routes.includes(route));
