// The caption with what each of its words is worth: what the cosine loses when it is left out.

import { make } from "../../core/dom.js";
import { cosineText } from "../../core/format.js";

/** @import {WordWeight} from "../../core/wire.js" */

/**
 * @param {HTMLElement} place
 * @param {string} caption
 * @param {WordWeight[]} words none: nothing is shown
 */
export function showWeights(place, caption, words) {
  place.hidden = !words.length;
  const most = Math.max(1e-6, ...words.map(({ delta }) => Math.abs(delta)));
  const title = "What the cosine loses when the word is left out";
  /** @type {(string | Node)[]} */
  const parts = [make("span", { class: "fx-quiet", title }, "without each word: ")];
  let at = 0;
  for (const { start, end, delta } of words) {
    parts.push(caption.slice(at, start), weighed(caption.slice(start, end), delta, Math.abs(delta) / most));
    at = end;
  }
  place.replaceChildren(...parts, caption.slice(at));
}

/** @param {string} word @param {number} delta @param {number} share of the greatest */
function weighed(word, delta, share) {
  const hue = delta < 0 ? "var(--fx-warn)" : "var(--fx-said)";
  const size = cosineText(Math.abs(delta));
  return make(
    "span",
    {
      class: "fx-neg-word",
      style: `background: color-mix(in srgb, ${hue} ${Math.round(70 * share)}%, transparent)`,
      title: `without it ${delta < 0 ? "+" : "−"}${size}`,
    },
    word,
    make("sub", {}, `${delta < 0 ? "−" : ""}${size}`),
  );
}
