// From dot to dot with the keyboard.

/** @import {Place} from "./frames.js" */

/** Keys and the directions they stand for, with y upward. */
export const DIRECTIONS = /** @type {Record<string, Place>} */ ({
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
});

const ASIDE = 2; // how much farther a step aside counts than one straight ahead
const SLANTED = 1e6; // … and what lies more aside than ahead comes after all that does not

/**
 * The nearest dot that lies in a direction; −1 where there is none.
 *
 * @param {Place} from
 * @param {Place|null} direction one of `DIRECTIONS`; null: any
 * @param {number} count of dots
 * @param {(dot: number) => Place} placeOf
 */
export function nextDot(from, direction, count, placeOf) {
  let [best, least] = [-1, Infinity];
  for (let dot = 0; dot < count; dot++) {
    const [x, y] = placeOf(dot);
    const cost = distance([x - from[0], y - from[1]], direction);
    if (cost < least) [best, least] = [dot, cost];
  }
  return best;
}

/**
 * @param {Place} step
 * @param {Place|null} direction
 */
function distance([right, up], direction) {
  if (!direction) return Math.hypot(right, up);
  const ahead = right * direction[0] + up * direction[1];
  const aside = Math.abs(right * direction[1] - up * direction[0]);
  return ahead > 0 ? Math.hypot(ahead, ASIDE * aside) * (aside <= ahead ? 1 : SLANTED) : Infinity;
}
