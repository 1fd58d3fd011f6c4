// Who wins by which route: a button each, and a warning where the chosen one is not what training used.

import { make } from "../../core/dom.js";
import { cosineText } from "../../core/format.js";
import { isFooled, isTie, marginOf, rankOf } from "../../scoring/ranking.js";

/**
 * Cosine of each text by route, the true caption first; NaN while unknown.
 *
 * @typedef {Record<string, number[] | undefined>} Values
 */

/** @type {Record<string, number>} */
const STEPS = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };

export class RouteButtons {
  /**
   * @param {string[]} routes
   * @param {(route: string) => unknown} choose
   */
  constructor(routes, choose) {
    this.choose = choose;
    this.warning = make("p", { class: "fx-neg-warning fx-warn", hidden: true });
    this.buttons = routes.map((route) => ({
      route,
      element: make("button", {
        type: "button",
        class: "fx-neg-route",
        role: "radio",
        "data-route": route,
        onclick: () => choose(route),
      }),
    }));
    this.element = make(
      "div",
      {
        class: "fx-neg-routes",
        role: "radiogroup",
        "aria-label": "Text route",
        onkeydown: (event) => this.#step(event),
      },
      ...this.buttons.map(({ element }) => element),
      this.warning,
    );
  }

  /** Arrows go from route to route, as in any group of choices. @param {KeyboardEvent} event */
  #step(event) {
    const by = STEPS[event.key];
    if (!by || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    event.stopPropagation(); // or they would move the chosen box
    const at = this.buttons.findIndex(({ element }) => element === document.activeElement);
    const next = this.buttons.at((at + by) % this.buttons.length);
    next?.element.focus();
    next?.element.click();
  }

  /**
   * @param {Values} values
   * @param {string} chosen
   * @param {boolean} ofBox whether the cosines are with a box, and not with the whole picture
   */
  show(values, chosen, ofBox) {
    for (const { route, element } of this.buttons) showRoute(element, route, values[route] ?? [], route === chosen);
    const words = warningOf(values, chosen, ofBox);
    this.warning.hidden = !words;
    this.warning.textContent = words;
    this.warning.classList.toggle("fx-warn", !readAlike(values));
  }
}

/**
 * @param {HTMLElement} button
 * @param {string} route
 * @param {number[]} cosines
 * @param {boolean} chosen
 */
function showRoute(button, route, [truth, ...others], chosen) {
  const known = others.length > 0 && [truth, ...others].every(Number.isFinite);
  const margin = known ? marginOf(truth, others) : null;
  const rank = rankOf(truth, others);
  button.setAttribute("aria-checked", String(chosen));
  button.classList.toggle("fx-fooled", isFooled(margin));
  button.replaceChildren(make("b", {}, route), make("span", {}, verdictOf(margin, rank, others.length)));
  const as = route === "box" ? "a phrase for a region" : `a ${route} caption`;
  button.title = known ? `Read as ${as}: the true one is number ${rank} of ${others.length + 1}` : "";
}

/** @param {number | null} margin null while unknown @param {number} rank @param {number} others */
function verdictOf(margin, rank, others) {
  if (margin === null) return others ? "reading …" : "no rewrites";
  return isFooled(margin) ? `fooled: rank ${rank}, ${cosineText(margin)}` : `right by ${cosineText(margin)}`;
}

/** Whether the short route and that of boxes give the same cosines. @param {Values} values */
const readAlike = ({ short = [], box = [] }) =>
  short.length > 0 && short.length === box.length && short.every((value, i) => isTie(value, box[i]));

/** @param {Values} values @param {string} chosen @param {boolean} ofBox */
function warningOf(values, chosen, ofBox) {
  if (!values.box) return ""; // a model with no route for boxes
  if (readAlike(values)) return "This model reads short and box alike.";
  if (ofBox && chosen !== "box") return "Regions were trained with phrases read by the box route.";
  return !ofBox && chosen === "box" ? "Whole pictures were trained with captions: short, or long." : "";
}
