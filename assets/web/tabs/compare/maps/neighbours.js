// By whom neighbours are put near a point.

/** @import {Neighbours} from "../../../core/wire.js" */

/** @typedef {"both"|"a"|"b"} Whose */

/** Colour of the rings and frames of each, and words for it. */
export const BY = /** @type {Record<Whose, {colour: string, words: string}>} */ ({
  both: { colour: "--fx-accent", words: "near by both" },
  a: { colour: "--fx-ink", words: "by A alone" },
  b: { colour: "--fx-said", words: "by B alone" },
});

/**
 * Neighbours of a point, each once.
 *
 * @param {Neighbours} near
 * @returns {Map<number, Whose>} by owner
 */
export function whoseOf({ first, second }) {
  const [a, b] = [first, second].map((list) => new Set(list.map(({ owner }) => owner)));
  /** @param {number} owner */
  const whose = (owner) => (a.has(owner) && b.has(owner) ? "both" : a.has(owner) ? "a" : "b");
  return new Map([...a, ...b].map((owner) => [owner, whose(owner)]));
}
