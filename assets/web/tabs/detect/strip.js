// A strip that shows where a score lies among the best of other pictures.

import { make } from "../../core/dom.js";
import { cosineText } from "../../core/format.js";

/** @import {PhraseFacts} from "../../core/wire.js" */

const WIDTH = 132; // CSS pixels
const HEIGHT = 18;
const MARGIN = 6;

/**
 * @param {PhraseFacts | undefined} facts without them, the strip is empty
 * @param {number} score
 * @param {{low: number, high: number}} range
 * @param {string} [hue] of the box; none where the score is that of a phrase's best box, which is not one of them
 */
export function strip(facts, score, { low, high }, hue) {
  if (!facts) return make("span", {});
  /** @param {number} value */
  const x = (value) => (MARGIN + ((WIDTH - 2 * MARGIN) * (value - low)) / Math.max(1e-6, high - low)).toFixed(1);
  const { elsewhere, baseline } = facts;
  const others = `${cosineText(elsewhere[0])} to ${cosineText(elsewhere.at(-1))}`;
  const holder = make("span", {
    class: `fx-strip-plot${hue ? "" : " fx-only-best"}`,
    title:
      `${hue ? "Scores" : "The best box scores"} ${cosineText(score)}, needs ${cosineText(baseline)}; ` +
      `the other pictures’ best boxes: ${others}`,
  });
  holder.innerHTML =
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" aria-hidden="true">` +
    `<path class="fx-others" d="${elsewhere.map((value) => `M${x(value)} 5v8`).join("")}"/>` +
    `<path class="fx-least" d="M${x(baseline)} 0v${HEIGHT}"/>` +
    `<circle cx="${x(score)}" cy="9" r="4.5" fill="${hue ?? "none"}"/></svg>`;
  return holder;
}
