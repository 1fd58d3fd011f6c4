// Beside the two maps: the chosen point with its neighbours by either model, and what is circled.

import { make } from "../../../core/dom.js";
import { cosineText, countText } from "../../../core/format.js";
import { thumb } from "../../../plot/thumbnails.js";
import { badge } from "../badge.js";
import { BY, whoseOf } from "./neighbours.js";

/** @import {Neighbours, PointLocation} from "../../../core/wire.js" */
/** @import {AlignedMaps} from "./aligned.js" */
/** @import {Kind} from "./map_controls.js" */
/** @import {Whose} from "./neighbours.js" */
/** @import {OpenPoint} from "../texts.js" */

/** @typedef {{owner: number, row: number, facts: PointLocation, near: Neighbours}} Point one that is looked at */

/**
 * @typedef {object} SideActs
 * @property {(owner: number) => void} choose
 * @property {(owner: number|null) => void} point rings one, or none
 * @property {() => void} letGo of what is circled
 * @property {OpenPoint} open
 */

/** How much of what is circled. */
export const SHOWN = 60;
const HINT =
  "Point at a dot: a ring shows where the other model puts it. Click it to see what it is, " +
  "and what either model puts near it; circle dots with the lasso to see where they go.";

export class CompareSide {
  element = make("aside", { "aria-label": "Chosen points" });
  /** @type {Kind} */
  #kind = "region";

  /**
   * @param {string[]} names of the models
   * @param {SideActs} acts
   */
  constructor(names, acts) {
    this.names = names;
    this.acts = acts;
  }

  /**
   * @param {object} maps what they show
   * @param {Kind} maps.kind
   * @param {AlignedMaps} maps.laid
   * @param {Point|null} maps.point
   * @param {number[]} maps.circled rows
   * @param {Map<number, string>} maps.captions by owner
   */
  show({ kind, laid, point, circled, captions }) {
    this.#kind = kind;
    const parts = [
      ...(circled.length ? this.#circled(circled, laid, captions) : []),
      ...(point ? this.#point(point, laid) : []),
    ];
    this.element.classList.toggle("fx-both", point !== null && circled.length > 0);
    if (!parts.length) parts.push(make("p", { class: "fx-quiet" }, HINT));
    this.#replace(parts);
  }

  /**
   * The keyboard goes on from where it was.
   *
   * @param {HTMLElement[]} parts
   */
  #replace(parts) {
    const active = document.activeElement;
    const focused = active instanceof HTMLElement && this.element.contains(active) ? active : null;
    this.element.replaceChildren(...parts);
    if (!focused) return;
    const { owner } = focused.dataset;
    const same = owner ? this.element.querySelector(`[data-owner="${owner}"]`) : null;
    const next = same ?? this.element.querySelector("h2");
    if (next instanceof HTMLElement) next.focus();
  }

  /**
   * @param {Point} point
   * @param {AlignedMaps} laid
   */
  #point({ facts, row, owner, near }, laid) {
    const kind = this.#kind;
    const whose = whoseOf(near);
    const shared = [...whose.values()].filter((each) => each === "both").length;
    const open = {
      type: "button",
      class: "fx-button",
      title: "Both models on this picture",
      onclick: () => this.acts.open({ kind, owner }),
    };
    /** @type {HTMLElement[]} */
    const parts = [make("h2", { title: facts.caption, tabindex: "-1" }, facts.caption || `${kind} ${owner}`)];
    if (kind !== "text") parts.push(thumb(kind, owner, facts.caption, { class: "fx-compare-large" }));
    parts.push(
      make("p", {}, `${shared} of ${laid.neighbours} neighbours kept, drift ${laid.drift[row].toFixed(2)} radii`),
    );
    if (facts.picture) parts.push(make("button", open, "Compare on its picture"));
    parts.push(
      ringsKey(),
      make(
        "div",
        { class: "fx-compare-near" },
        ...[near.first, near.second].map((list, model) => this.#nearest(list, model, whose)),
      ),
    );
    return parts;
  }

  /**
   * @param {Neighbours["first"]} list
   * @param {number} model
   * @param {Map<number, Whose>} whose
   */
  #nearest(list, model, whose) {
    const name = this.names[model];
    return make(
      "section",
      { "aria-label": `Nearest by ${name}` },
      make("h3", { title: `Its nearest neighbours by ${name}, with their cosines` }, badge(model), "nearest"),
      ...list.map(({ owner, caption, score }) =>
        this.#item(owner, caption, ["cosine", cosineText(score)], inColourOf(whose.get(owner) ?? "both")),
      ),
    );
  }

  /**
   * @param {number[]} circled
   * @param {AlignedMaps} laid
   * @param {Map<number, string>} captions by owner
   */
  #circled(circled, laid, captions) {
    const kept = (100 * laid.mean("overlap", circled)).toFixed(0);
    const some = circled.length > SHOWN ? `; ${SHOWN} of them, those that drift most` : "";
    return [
      make(
        "div",
        { class: "fx-bar" },
        make("h2", { tabindex: "-1" }, `${countText(circled.length)} circled`),
        make("button", { type: "button", class: "fx-link", onclick: () => this.acts.letGo() }, "let go"),
      ),
      make(
        "p",
        { class: "fx-quiet" },
        `${kept} % of neighbours kept, drift ${laid.mean("drift", circled).toFixed(2)} radii on average. ` +
          `Each with its drift${some}:`,
      ),
      make(
        "div",
        { class: this.#kind === "text" ? "fx-compare-near fx-circled" : "fx-grid fx-circled" },
        ...circled.slice(0, SHOWN).map((row) => {
          const owner = laid.owners[row];
          return this.#item(owner, captions.get(owner), ["drift", laid.drift[row].toFixed(2)]);
        }),
      ),
    ];
  }

  /**
   * @param {number} owner
   * @param {string|undefined} caption
   * @param {[string, string]} figure its name, and the figure
   * @param {string|null} style
   */
  #item(owner, caption, [name, figure], style = null) {
    const { acts } = this;
    const title = [caption, `${name} ${figure}`].filter(Boolean).join(" · ");
    const picture = this.#kind === "text" ? null : thumb(this.#kind, owner, "");
    const words = caption ? make("span", {}, caption) : null;
    const [point, leave] = [() => acts.point(owner), () => acts.point(null)];
    return make(
      "button",
      {
        type: "button",
        class: "fx-item",
        "data-owner": owner,
        title,
        "aria-label": title,
        style,
        onclick: () => acts.choose(owner),
        onpointerenter: point,
        onfocus: point,
        onpointerleave: leave,
        onblur: leave,
      },
      picture,
      words,
      make("b", {}, figure),
    );
  }
}

/** What the colours of rings mean. */
const ringsKey = () =>
  make(
    "p",
    { class: "fx-compare-rings" },
    ...Object.values(BY).map(({ colour, words }) => make("span", {}, make("i", { style: inColour(colour) }), words)),
  );

/** @param {string} colour name of a CSS property */
const inColour = (colour) => `--by: var(${colour})`;

/** @param {Whose} whose */
const inColourOf = (whose) => inColour(BY[whose].colour);
