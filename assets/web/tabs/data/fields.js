// Fields of forms, and tables.

import { make } from "../../core/dom.js";

/**
 * @import {Attributes, Child} from "../../core/dom.js"
 */

/**
 * @param {string} label
 * @param {Attributes} attributes
 */
export function field(label, attributes) {
  return make(
    "label",
    {},
    label,
    make("input", { type: "text", autocomplete: "off", spellcheck: "false", ...attributes }),
  );
}

/**
 * @param {string} label
 * @param {string} name
 * @param {[value: string, words: string][]} options
 */
export function choice(label, name, options) {
  return make(
    "label",
    {},
    label,
    make("select", { name }, ...options.map(([value, words]) => make("option", { value }, words))),
  );
}

/**
 * Columns that begin with # hold figures.
 *
 * @param {string[]} columns
 * @param {(Child | number)[][]} rows
 */
export function table(columns, rows) {
  const figure = columns.map((name) => name.startsWith("#"));
  /** @param {Child | number} value @param {number} i */
  const cell = (value, i) =>
    make(
      "td",
      { class: figure[i] ? "fx-figure" : "fx-path" },
      typeof value === "number" ? value.toLocaleString() : value,
    );
  const heads = columns.map((name, i) => make("th", { class: figure[i] ? "fx-figure" : "" }, name.replace("#", "")));
  return make(
    "table",
    {},
    make("thead", {}, make("tr", {}, ...heads)),
    make("tbody", {}, ...rows.map((row) => make("tr", {}, ...row.map(cell)))),
  );
}
