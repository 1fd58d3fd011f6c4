// Regions that a picture is known to have, with their phrases and negatives.

/**
 * @import {Corners} from "../../core/corners.js"
 * @import {KnownRegion} from "../../core/wire.js"
 * @import {Wrong} from "./rewriting.js"
 */

const EQUAL = 1e-4; // between edges of the same box, of which an address writes four decimals
const SHOWN = 6; // boxes of a picture at first

/** @param {Corners} one @param {Corners} other */
const isSame = (one, other) => one.every((edge, i) => Math.abs(edge - other[i]) < EQUAL);

/**
 * The region that a box is of, if any.
 *
 * @param {KnownRegion[]} regions
 * @param {Corners | undefined} box
 */
export const regionOf = (regions, box) => (box ? regions.find((region) => isSame(region.box, box)) : undefined);

/** @param {KnownRegion} region @returns {Wrong[]} */
export const negativesOf = ({ negatives }) =>
  negatives.map(({ text, attribute }) => ({ text, kinds: attribute ? [attribute] : null }));

/**
 * A text as a link has it, and what it gets wrong where it is the region's own negative.
 *
 * @param {KnownRegion | undefined} region
 * @param {string} text
 * @returns {Wrong}
 */
export function negativeOf(region, text) {
  const known = region?.negatives.find((each) => each.text === text);
  return { text, kinds: known?.attribute ? [known.attribute] : null };
}

/**
 * Boxes of a picture at first; that of a link comes first, unless it is a region's.
 *
 * @param {KnownRegion[]} regions
 * @param {Corners} [linked]
 */
export function firstBoxes(regions, linked) {
  const boxes = regions.slice(0, SHOWN).map(({ box }, i) => ({ corners: box, number: i + 1 }));
  if (linked && !regionOf(regions, linked)) boxes.unshift({ corners: linked, number: boxes.length + 1 });
  return boxes;
}

/**
 * The box that a link is about.
 *
 * @template {{corners: Corners}} Box
 * @param {Box[]} boxes
 * @param {Corners | undefined} linked
 */
export const linkedBox = (boxes, linked) => linked && boxes.find(({ corners }) => isSame(corners, linked));
