// The three views of the tab, and the names of the models.

import { make } from "../../core/dom.js";
import { badge } from "./badge.js";
import { sourceOf } from "./names.js";

/** @import {View} from "./address.js" */
/** @import {Card} from "./names.js" */

/** @type {[View, string, string][]} */
const VIEWS = [
  ["picture", "Picture", "One picture through both models (1)"],
  ["data", "Data set", "Who is fooled where in the workspace (2)"],
  ["maps", "Maps", "Both maps, laid over each other (3)"],
];

export class ViewTabs {
  /** @type {View|null} */
  view = null;

  /**
   * @param {Record<View, HTMLElement>} panes
   * @param {string[]} names of the models
   * @param {Card[]} cards of the models
   * @param {(view: View) => void} choose
   */
  constructor(panes, names, cards, choose) {
    this.panes = panes;
    this.tabs = VIEWS.map(([view, label, title]) => {
      const act = () => choose(view);
      const attributes = { type: "button", role: "tab", class: "fx-compare-tab", title, onclick: act };
      return { view, button: make("button", attributes, label) };
    });
    this.element = make(
      "header",
      { class: "fx-compare-bar-top" },
      make(
        "div",
        { role: "tablist", class: "fx-compare-tabs", "aria-label": "What is compared" },
        ...this.tabs.map(({ button }) => button),
      ),
      ...names.map((name, i) => make("span", { class: "fx-compare-name", title: sourceOf(cards[i]) }, badge(i), name)),
    );
  }

  /** @param {View} view to show */
  look(view) {
    this.view = view;
    for (const each of this.tabs) {
      this.panes[each.view].hidden = each.view !== view;
      each.button.setAttribute("aria-selected", String(each.view === view));
    }
  }
}
