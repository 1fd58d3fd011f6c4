// Colours and what they mean; a click shows one value alone.

import { make } from "../core/dom.js";
import { huesOf, OTHER } from "./colour_scale.js";

/** @import {Viewed} from "../core/wire.js" */

/** @typedef {Pick<Viewed, "legend"|"ordered"|"others"|"several">} LegendFacts */

const NOTES = {
  several: "Several hold for a dot at once, and it counts for each",
  approximate: "UMAP laid out a sample; these lie among their nearest neighbours in it",
};

export class Legend {
  /**
   * @param {HTMLElement} root
   * @param {(value: string, more: boolean) => void} choose that value alone, or with `more` beside the others
   */
  constructor(root, choose) {
    this.root = root;
    this.choose = choose;
  }

  /**
   * Counts are those of what a filter leaves; values without any are left out.
   *
   * @param {LegendFacts} facts
   * @param {string[]} only what is shown, if not all values are
   * @param {{approximate: boolean}} how whether some dots were placed by their neighbours
   */
  show(facts, only, { approximate }) {
    const hues = huesOf(facts);
    const values = facts.legend
      .map((entry, code) => ({ ...entry, hue: hues[code] }))
      .filter(({ value, count }) => count || only.includes(value))
      .map(({ value, count, hue }) => this.#row(value, count, hue, only));
    const rows = [...values, ...notes(facts, hues, approximate)];
    if (only.length) rows.push(quiet({}, make("span", {}, "Shift-click: several at once")));
    const active = document.activeElement;
    const focused = active instanceof HTMLElement && this.root.contains(active) ? active.dataset.value : undefined;
    this.root.replaceChildren(...rows);
    if (focused !== undefined) focusOn(this.root, focused);
    this.root.hidden = !rows.length;
  }

  /**
   * @param {string} value
   * @param {number} count
   * @param {string} hue
   * @param {string[]} only
   */
  #row(value, count, hue, only) {
    const shown = only.includes(value);
    const alone = shown && only.length === 1;
    const more = only.length && !alone ? `; with Shift, ${shown ? "without it" : "beside the others"}` : "";
    const name = value || "(none)";
    return make(
      "button",
      {
        type: "button",
        class: "fx-legend-row",
        "aria-pressed": String(shown),
        title: alone ? "Show all again" : `Show “${name}” alone${more}`,
        "data-value": value,
        /** @param {MouseEvent} event */
        onclick: ({ shiftKey, ctrlKey, metaKey }) => this.choose(value, shiftKey || ctrlKey || metaKey),
      },
      swatch(hue),
      make("span", {}, name),
      make("i", {}, count.toLocaleString()),
    );
  }
}

/**
 * Rows that say something and cannot be chosen.
 *
 * @param {LegendFacts} facts
 * @param {string[]} hues
 * @param {boolean} approximate
 */
function notes({ others, ordered, several }, hues, approximate) {
  const rows = [];
  if (others) {
    const name = make("span", {}, ordered ? "(none)" : "others");
    rows.push(
      make("div", { class: "fx-legend-row" }, swatch(hues[OTHER]), name, make("i", {}, others.toLocaleString())),
    );
  }
  if (several) rows.push(quiet({ title: NOTES.several }, make("span", {}, "a dot has the colour of its rarest")));
  if (approximate) {
    const words = make("span", {}, "placed by neighbours, approximate");
    rows.push(quiet({ title: NOTES.approximate }, make("em", { class: "fx-ring" }), words));
  }
  return rows;
}

/**
 * @param {{title?: string}} attributes
 * @param {...HTMLElement} parts
 */
const quiet = (attributes, ...parts) => make("div", { class: "fx-legend-row fx-quiet", ...attributes }, ...parts);

/** @param {string} hue */
const swatch = (hue) => make("em", { style: `background: ${hue}` });

/**
 * @param {HTMLElement} root
 * @param {string} value
 */
function focusOn(root, value) {
  const row = root.querySelector(`[data-value="${CSS.escape(value)}"]`);
  if (row instanceof HTMLElement) row.focus();
}
