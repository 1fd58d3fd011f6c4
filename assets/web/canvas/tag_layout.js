// Where the tags of boxes go: by their boxes, on the stage, and none over another.

/**
 * @import {Point} from "./box_geometry.js"
 * @import {Size} from "./viewport.js"
 */

/** @typedef {{left: number, top: number, width: number}} Tag */

/** @typedef {Point & {width: number}} TagPlace */

const GAP = 7; // CSS pixels between a tag and the edge of its box
const APART = 3; // … and between tags

/**
 * @param {Tag[]} tags where each would begin, the upper edge of its box, and its own width, in CSS pixels of the
 *   stage; earlier ones have the better place
 * @param {number} height of a tag
 * @param {Size} stage
 * @returns {Point[]} upper left corners
 */
export function tagPlaces(tags, height, stage) {
  /** @type {TagPlace[]} */
  const taken = [];
  /** @param {TagPlace} one @param {TagPlace} other */
  const covers = (one, other) =>
    one.x < other.x + other.width + APART &&
    other.x < one.x + one.width + APART &&
    Math.abs(one.y - other.y) < height + APART;
  for (const tag of tags) {
    const places = candidates(tag, height, stage, taken.length);
    taken.push(places.find((place) => !taken.some((other) => covers(place, other))) ?? places[0]);
  }
  return taken.map(({ x, y }) => ({ x, y }));
}

/**
 * Above the box, inside it where there is no room above; then ever farther up and down, as long as that is on the
 * stage.
 *
 * @param {Tag} tag
 * @param {number} height
 * @param {Size} stage
 * @param {number} others
 * @returns {TagPlace[]}
 */
function candidates({ left, top, width }, height, stage, others) {
  /** @param {number} y @param {number} [aside] */
  const place = (y, aside = 0) => ({ x: Math.min(left + aside, Math.max(0, stage.width - width)), y, width });
  const above = top - GAP - height;
  if (above > stage.height - height) return [place(above)]; // its box is not seen
  const inside = Math.max(top, 0) + GAP;
  const found = [...(above >= 0 ? [place(above)] : []), place(inside, GAP)];
  for (let step = 1; step <= 2 * others; step++) {
    // each of the others may stand in the way of two
    const far = step * (height + APART);
    if (above - far >= 0) found.push(place(above - far));
    if (inside + far <= stage.height - height) found.push(place(inside + far, GAP));
  }
  return found;
}
