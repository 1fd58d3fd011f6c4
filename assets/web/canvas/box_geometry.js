// Geometry of boxes: pure functions. Corners are x0 y0 x1 y1 as fractions of the picture.

/** @import {Corners} from "../core/corners.js" */

import { roundedTo } from "../core/corners.js";

/**
 * A box on a picture; with a `hue` it has the colour of the box of that number.
 *
 * @typedef {{id: number, number: number, corners: Corners, hue?: number}} Box
 * @typedef {{x: number, y: number}} Point
 * @typedef {"nw" | "n" | "ne" | "e" | "se" | "s" | "sw" | "w"} Handle
 */

/**
 * The eight handles: which edges they move (−1 first, 1 last, 0 none), along x and y.
 *
 * @type {Record<Handle, [number, number]>}
 */
export const HANDLES = {
  nw: [-1, -1],
  n: [0, -1],
  ne: [1, -1],
  e: [1, 0],
  se: [1, 1],
  s: [0, 1],
  sw: [-1, 1],
  w: [-1, 0],
};

export const HANDLE_NAMES = /** @type {Handle[]} */ (Object.keys(HANDLES));

/** @param {number} value @param {number} low @param {number} high */
const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

/** Box between two points, inside the picture. @param {Point} a @param {Point} b @returns {Corners} */
export function between(a, b) {
  const xs = [clamp(a.x, 0, 1), clamp(b.x, 0, 1)].sort((p, q) => p - q);
  const ys = [clamp(a.y, 0, 1), clamp(b.y, 0, 1)].sort((p, q) => p - q);
  return [xs[0], ys[0], xs[1], ys[1]];
}

/**
 * Box moved, stopped by the picture's edges.
 *
 * @param {Corners} corners
 * @param {number} dx
 * @param {number} dy
 * @returns {Corners}
 */
export function moved([x0, y0, x1, y1], dx, dy) {
  const stepX = clamp(dx, -x0, 1 - x1);
  const stepY = clamp(dy, -y0, 1 - y1);
  return [x0 + stepX, y0 + stepY, x1 + stepX, y1 + stepY];
}

/** A copy of a box that does not hide it: a step beside it. @param {Corners} corners @param {Point} step */
export function beside(corners, step) {
  const copy = moved(corners, step.x, step.y);
  return same(copy, corners) ? moved(corners, -step.x, -step.y) : copy;
}

/**
 * Box with the edges of one handle moved; an edge dragged past its opposite swaps with it.
 *
 * @param {Corners} corners
 * @param {Handle} handle
 * @param {number} dx
 * @param {number} dy
 * @returns {Corners}
 */
export function resized([x0, y0, x1, y1], handle, dx, dy) {
  const [alongX, alongY] = HANDLES[handle];
  const a = { x: alongX < 0 ? x0 + dx : x0, y: alongY < 0 ? y0 + dy : y0 };
  const b = { x: alongX > 0 ? x1 + dx : x1, y: alongY > 0 ? y1 + dy : y1 };
  return between(a, b);
}

/**
 * Box grown by moving its last corner, never below `least` (fractions along x and y).
 *
 * @param {Corners} corners
 * @param {number} dx
 * @param {number} dy
 * @param {Point} least
 * @returns {Corners}
 */
export function grown([x0, y0, x1, y1], dx, dy, least) {
  return [x0, y0, clamp(x1 + dx, Math.min(x0 + least.x, 1), 1), clamp(y1 + dy, Math.min(y0 + least.y, 1), 1)];
}

/** Corners as an address writes them: what is shown is what a link restores. @param {Corners} corners */
export const rounded = (corners) => /** @type {Corners} */ (corners.map((edge) => roundedTo(edge, 6)));

/** @param {Corners} corners */
export const area = ([x0, y0, x1, y1]) => (x1 - x0) * (y1 - y0);

/** Share of two boxes together that both have. @param {Corners} a @param {Corners} b */
export function overlap(a, b) {
  const across = Math.max(0, Math.min(a[2], b[2]) - Math.max(a[0], b[0]));
  const down = Math.max(0, Math.min(a[3], b[3]) - Math.max(a[1], b[1]));
  return (across * down) / (area(a) + area(b) - across * down);
}

/** @param {Corners} a @param {Corners} b */
export const same = (a, b) => a.every((value, i) => value === b[i]);

/**
 * Handle of a box under a point, or null; `reach` in fractions along x and y.
 *
 * @param {Corners} corners
 * @param {Point} point
 * @param {Point} reach
 */
export function handleAt([x0, y0, x1, y1], point, reach) {
  for (const name of HANDLE_NAMES) {
    const [alongX, alongY] = HANDLES[name];
    const x = [x0, (x0 + x1) / 2, x1][alongX + 1];
    const y = [y0, (y0 + y1) / 2, y1][alongY + 1];
    if (Math.abs(point.x - x) <= reach.x && Math.abs(point.y - y) <= reach.y) return name;
  }
  return null;
}

/** @param {Corners} corners @param {Point} point */
export function inside([x0, y0, x1, y1], { x, y }) {
  return x >= x0 && x <= x1 && y >= y0 && y <= y1;
}

/** Whether a point lies on a box's outline. @param {Corners} corners @param {Point} point @param {Point} reach */
export function onEdge([x0, y0, x1, y1], point, reach) {
  const outer = inside([x0 - reach.x, y0 - reach.y, x1 + reach.x, y1 + reach.y], point);
  const inner = inside([x0 + reach.x, y0 + reach.y, x1 - reach.x, y1 - reach.y], point);
  return outer && !inner;
}

/**
 * Boxes that hold a point, smallest first.
 *
 * @template {{corners: Corners}} Cornered
 * @param {Cornered[]} boxes
 * @param {Point} point
 */
export function boxesAt(boxes, point) {
  const holding = boxes.filter((box) => inside(box.corners, point));
  return holding.sort((a, b) => area(a.corners) - area(b.corners));
}

/** Lowest number that no box has. @param {{number: number}[]} boxes */
export function freeNumber(boxes) {
  const taken = new Set(boxes.map((box) => box.number));
  let number = 1;
  while (taken.has(number)) number++;
  return number;
}
