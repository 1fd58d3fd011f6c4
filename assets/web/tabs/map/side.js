// Beside the map: what was found or circled, and all about one point.

import { make } from "../../core/dom.js";
import { cosineText } from "../../core/format.js";
import { thumb } from "../../plot/thumbnails.js";
import { detailParts } from "./detail.js";

/** @import {CaptionedPoint, PointFacts} from "../../core/wire.js" */
/** @import {DetailActs} from "./detail.js" */

/** @typedef {CaptionedPoint & {score?: number}} Item */

/**
 * What the side asks for.
 *
 * @typedef {DetailActs & {csv: () => void, clear: () => void, route: () => void}} SideActs
 */

const ROUTE_TITLE = "How the model reads the words: as a caption (short, long) or as a phrase for a region (box)";

/**
 * @param {string} label
 * @param {string} title
 * @param {() => void} onclick
 */
const hiddenButton = (label, title, onclick) =>
  make("button", { type: "button", class: "fx-button", hidden: true, title, onclick }, label);

/** @param {string} name */
const key = (name) => make("kbd", {}, name);

export class MapSide {
  #title = make("h2", {});
  #grid = make("div", { class: "fx-grid", role: "listbox", "aria-label": "Found or selected" });
  #detail = make("section", { class: "fx-detail", "aria-label": "One point", hidden: true });
  #hint = make(
    "div",
    { class: "fx-side-hint" },
    make("p", {}, "Point at a dot to see what it is; click it to see where it comes from."),
    make("p", {}, "Search with words, or circle dots with the lasso."),
  );
  #keys = make(
    "p",
    { class: "fx-side-keys" },
    ...[key("n"), " next · ", key("p"), " previous · ", key("a"), " alike · ", key("Enter"), " in Probe"],
  );

  /**
   * @param {HTMLElement} root
   * @param {string[]} routes that training gave the model
   * @param {SideActs} acts
   */
  constructor(root, routes, acts) {
    this.acts = acts;
    this.auto = make("option", { value: "" }, "auto");
    this.route = make(
      "select",
      { class: "fx-route", "aria-label": "Text route", title: ROUTE_TITLE, hidden: true },
      this.auto,
      ...routes.map((route) => make("option", { value: route }, route)),
    );
    this.route.addEventListener("change", () => {
      this.route.blur();
      acts.route();
    });
    this.csv = hiddenButton("CSV", "All of the selection as a table (c)", () => acts.csv());
    this.clear = hiddenButton("Clear", "Let go of it all (Esc)", () => acts.clear());
    root.append(
      make("div", { class: "fx-bar" }, this.#title, this.route, this.csv, this.clear),
      this.#hint,
      this.#keys,
      this.#grid,
      this.#detail,
    );
    this.#grid.addEventListener("click", ({ target }) => {
      const button = target instanceof Element && target.closest(".fx-item");
      if (button instanceof HTMLElement) acts.choose(Number(button.dataset.owner));
    });
    this.showItems(null);
  }

  /**
   * As an address has it; a route that was never trained is none.
   *
   * @param {string} route
   */
  setRoute(route) {
    this.route.value = route;
    if (this.route.selectedIndex < 0) this.route.value = "";
  }

  /**
   * @param {Item[]|null} items null for none
   * @param {object} words
   * @param {string} [words.kind] of the items
   * @param {string} [words.title] says what they are
   * @param {boolean} [words.table] whether there is a table of them
   * @param {string|null} [words.route] by which the words were read
   */
  showItems(items, { kind = "region", title = "", table = false, route = null } = {}) {
    this.#title.textContent = items ? title : "Everything, by likeness";
    this.csv.hidden = !table;
    this.#showRoute(route);
    this.clear.hidden = !items;
    this.#grid.replaceChildren(...(items ?? []).map((item) => itemButton(kind, item)));
    this.#grid.hidden = this.#keys.hidden = !items?.length;
    this.#grid.scrollTop = 0;
    this.#showHint();
  }

  /** @param {string|null} route that words were read by; null where there are none */
  #showRoute(route) {
    this.route.hidden = !route;
    this.auto.textContent = route && !this.route.value ? `auto: ${route}` : "auto";
  }

  /**
   * All about one point, or null.
   *
   * @param {PointFacts|null} about
   */
  showPoint(about) {
    this.#detail.hidden = !about;
    if (about) this.#detail.replaceChildren(...detailParts(about, this.acts));
    for (const button of this.#buttons) {
      button.setAttribute("aria-selected", String(Number(button.dataset.owner) === about?.owner));
    }
    this.#showHint();
  }

  /**
   * The owner beside this one in the grid.
   *
   * @param {number|undefined} owner
   * @param {number} by
   */
  neighbour(owner, by) {
    const owners = this.#buttons.map(({ dataset }) => Number(dataset.owner));
    if (!owners.length) return null;
    const at = owner === undefined ? -1 : owners.indexOf(owner);
    return at < 0 ? owners[0] : owners[(at + by + owners.length) % owners.length];
  }

  get #buttons() {
    return [...this.#grid.querySelectorAll("button")];
  }

  #showHint() {
    this.#hint.hidden = !this.#grid.hidden || !this.#detail.hidden;
  }
}

/**
 * @param {string} kind
 * @param {Item} item
 */
const itemButton = (kind, { owner, caption, score }) =>
  make(
    "button",
    { type: "button", class: "fx-item", role: "option", "data-owner": owner, title: caption || `${kind} ${owner}` },
    thumb(kind, owner, caption),
    score === undefined ? null : make("b", {}, cosineText(score)),
  );
