// What two models say of the same texts, in a sentence: who is first by either, and how the painted text fares.

import { make } from "../../core/dom.js";
import { cosineText, shareText } from "../../core/format.js";
import { isFooled, leadOf, marginOf } from "../../scoring/ranking.js";
import { softmax } from "../../scoring/roi_scores.js";
import { badge } from "./badge.js";
import { spearman } from "./rank_agreement.js";

const LONG = 60; // characters of a text that are quoted
const CORRELATION = "Spearman’s: 1 where both models put the texts in the same order, −1 where in the opposite one";

/**
 * @param {string[]} texts two at least
 * @param {number[][]} values cosines of each model, all known
 * @param {number} claimed place of the painted text; −1 for none
 * @param {number[]} scales of each model's softmax
 * @returns {(string|HTMLElement)[]}
 */
export function verdictOf(texts, values, claimed, scales) {
  const parts = firstOf(texts, values);
  if (texts.length > 2) {
    const [one, other] = values;
    const words = ` Rank correlation ${cosineText(spearman(one, other))}.`;
    parts.push(make("span", { title: CORRELATION }, words));
  }
  if (claimed < 0) return parts;
  return [
    ...parts,
    make("br"),
    make("span", { class: "fx-quiet" }, "Painted: "),
    quoted(texts[claimed]),
    ...values.flatMap((own, model) => [" ", badge(model), painted(own, claimed, scales[model], model)]),
  ];
}

/**
 * Which text either model puts first.
 *
 * @param {string[]} texts
 * @param {number[][]} values
 * @returns {(string|HTMLElement)[]}
 */
function firstOf(texts, values) {
  const leads = values.map(leadOf);
  const [one, other] = leads.map(({ place, margin }) => (isFooled(margin) ? null : place));
  const by = leads.map(({ margin }) => cosineText(margin ?? NaN));
  if (one === other && one !== null) {
    const words = ` is first, by ${by[0]} with `;
    return [make("b", {}, "They agree: "), quoted(texts[one]), words, badge(0), ` and ${by[1]} with `, badge(1), "."];
  }
  /** @param {number} model @param {number|null} first */
  const says = (model, first) => [
    badge(model),
    ...(first === null ? [" puts several first, which tie"] : [" says ", quoted(texts[first]), ` by ${by[model]}`]),
  ];
  const title = one === null || other === null ? "A tie: " : "They disagree: ";
  return [make("b", { class: "fx-warn" }, title), ...says(0, one), ", ", ...says(1, other), "."];
}

/**
 * How the painted text fares with a model.
 *
 * @param {number[]} own cosines
 * @param {number} claimed
 * @param {number} scale
 * @param {number} model
 */
function painted(own, claimed, scale, model) {
  const others = own.filter((_, i) => i !== claimed);
  const margin = marginOf(own[claimed], others);
  const share = softmax(own, scale)[claimed];
  return make(
    "span",
    {
      class: isFooled(margin) ? "fx-warn" : "",
      title: `Margin over the best other text; softmax share at its own scale of ${scale.toFixed(0)}`,
    },
    ` margin ${cosineText(margin ?? NaN)}, softmax ${shareText(share)}${model ? "" : ";"}`,
  );
}

/** @param {string} text */
const quoted = (text) => make("q", { title: text }, text.length > LONG ? `${text.slice(0, LONG)}…` : text);
