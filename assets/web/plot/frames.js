// Parts of a plane as they are looked at: where a place lies in one, and what to look at next.

/**
 * @typedef {[number, number]} Place x and y in the plane's own units, y upward
 * @typedef {[number, number, number, number]} Frame x0, y0, x1, y1 in the same units, x0 < x1 and y0 < y1
 * @typedef {{width: number, height: number}} Size in pixels
 */

const EDGE = 0.05; // share of a frame that counts as its edge
const CORNERS = 150; // the server takes no more than 200

/**
 * @param {Frame} outer
 * @param {Frame} inner
 */
export const encloses = ([x0, y0, x1, y1], [left, bottom, right, top]) =>
  x0 <= left && y0 <= bottom && x1 >= right && y1 >= top;

/**
 * @param {Frame} frame
 * @param {Place} place
 */
export const holds = ([x0, y0, x1, y1], [x, y]) => x >= x0 && x <= x1 && y >= y0 && y <= y1;

/**
 * @param {Frame} frame
 * @returns {Place}
 */
export const middleOf = ([x0, y0, x1, y1]) => [(x0 + x1) / 2, (y0 + y1) / 2];

/**
 * The same view about another middle.
 *
 * @param {Frame} frame
 * @param {Place} place
 * @returns {Frame}
 */
export function centredAt([x0, y0, x1, y1], [x, y]) {
  const [right, up] = [(x1 - x0) / 2, (y1 - y0) / 2];
  return [x - right, y - up, x + right, y + up];
}

/**
 * Closer to a place, or farther from it; it stays where it is on the screen.
 *
 * @param {Frame} frame
 * @param {number} factor below 1 to come closer
 * @param {Place} place
 * @returns {Frame}
 */
export const zoomed = ([x0, y0, x1, y1], factor, [x, y]) => [
  x + (x0 - x) * factor,
  y + (y0 - y) * factor,
  x + (x1 - x) * factor,
  y + (y1 - y) * factor,
];

/**
 * @param {Frame} frame
 * @param {Place} shares of its width and height to move by
 * @returns {Frame}
 */
export function moved([x0, y0, x1, y1], [right, up]) {
  const [dx, dy] = [right * (x1 - x0), up * (y1 - y0)];
  return [x0 + dx, y0 + dy, x1 + dx, y1 + dy];
}

/**
 * Whether a place lies inside of a frame and not at its edge.
 *
 * @param {Frame} frame
 * @param {Place} place
 */
export function isWellInside([x0, y0, x1, y1], [x, y]) {
  const [right, up] = [(x - x0) / (x1 - x0), (y - y0) / (y1 - y0)];
  return Math.min(right, up, 1 - right, 1 - up) > EDGE;
}

/**
 * Where a place is seen, from the top left.
 *
 * @param {Frame} frame that fills the size
 * @param {Size} size
 * @param {Place} place
 * @returns {[number, number]} pixels
 */
export const pixelsIn = ([x0, y0, x1, y1], { width, height }, [x, y]) => [
  ((x - x0) / (x1 - x0)) * width,
  ((y1 - y) / (y1 - y0)) * height,
];

/**
 * The same outline with no more corners than are of use, evenly chosen.
 *
 * @param {Place[]} corners
 */
export function thinned(corners) {
  const step = Math.max(1, corners.length / CORNERS);
  return Array.from({ length: Math.min(CORNERS, corners.length) }, (_, i) => corners[Math.floor(i * step)]);
}
