// Where labels stand: pure rectangles, no page.

/** @typedef {{left: number, right: number, top: number, bottom: number}} Rectangle in pixels, from the top left */
/** @typedef {[number, number]} Pixels */

const GAP = 6; // pixels between labels
const STAR = 12; // half of the star that marks what was asked for, its words beside it
const DOT = 6; // half of a dot that was found
const FEW = 30; // dots; a name stands above them, for it would cover them
/** Half widths to the right and half heights down from a cluster's middle, once, twice and three times as far. */
const AROUND = /** @type {Pixels[]} */ ([
  [0, -1],
  [0, 1],
  [-1, -1],
  [1, -1],
  [-1, 1],
  [1, 1],
]);

/**
 * A rectangle about a middle.
 *
 * @param {Pixels} middle
 * @param {number} w half of its width
 * @param {number} h half of its height
 * @returns {Rectangle}
 */
export const around = ([x, y], w, h) => ({ left: x - w, right: x + w, top: y - h, bottom: y + h });

/**
 * What is taken by a dot that was found.
 *
 * @param {Pixels} place
 */
export const dotRoom = (place) => around(place, DOT, DOT);

/**
 * What is taken by a star.
 *
 * @param {Pixels} place
 */
export const starRoom = (place) => around(place, STAR, STAR);

/**
 * A place for words about a star: above, below or beside it, where they cover nothing that was found.
 *
 * @param {Pixels} star
 * @param {Pixels} half of the words' width and height
 * @param {number} width of the stage: words stay readable at its edge
 * @param {Rectangle[]} found
 */
export function besideStar([x, y], [w, h], width, found) {
  const middle = Math.max(w, Math.min(width - w, x));
  const spots = /** @type {Pixels[]} */ ([
    [middle, y - STAR - h],
    [middle, y + STAR + h],
    [x + STAR + w, y],
    [x - STAR - w, y],
  ]).map((spot) => around(spot, w, h));
  return spots.find((spot) => !found.some((dot) => overlap(spot, dot))) ?? spots[0];
}

/**
 * A place for the name of a cluster on the stage where nothing else is; none where there is no room.
 *
 * @param {Pixels} middle of the cluster
 * @param {Pixels} half of the name's width and height
 * @param {number} count of its dots: a few are not covered
 * @param {{width: number, height: number}} stage
 * @param {Rectangle[]} taken
 * @returns {Rectangle|undefined}
 */
export function nameRoom([x, y], [w, h], count, stage, taken) {
  const spots = [1, 2, 3].flatMap((far) =>
    AROUND.map(([right, down]) => /** @type {Pixels} */ ([x + right * w, y + far * down * 2 * h])),
  );
  if (count >= FEW) spots.unshift([x, y]);
  return spots
    .map((spot) => around(spot, w, h))
    .find((each) => isWithin(each, stage) && !taken.some((other) => overlap(each, other)));
}

/**
 * @param {Rectangle} box
 * @param {{width: number, height: number}} stage
 */
const isWithin = (box, { width, height }) =>
  box.left >= 0 && box.top >= 0 && box.right <= width && box.bottom <= height;

/**
 * Whether two come closer than labels may.
 *
 * @param {Rectangle} one
 * @param {Rectangle} other
 */
export const overlap = (one, other) =>
  one.left < other.right + GAP &&
  other.left < one.right + GAP &&
  one.top < other.bottom + GAP &&
  other.top < one.bottom + GAP;
