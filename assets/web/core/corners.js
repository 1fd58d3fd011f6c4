// Corners of boxes as text: what addresses and stores write, and everything that draws boxes reads.

/** @typedef {[x0: number, y0: number, x1: number, y1: number]} Corners fractions of the picture */

/** @param {number} value @param {number} digits after the point */
export const roundedTo = (value, digits) => Math.round(value * 10 ** digits) / 10 ** digits;

/**
 * Numbers between two ends; undefined where one is none, or beyond them.
 *
 * @param {string[]} texts
 * @param {{least?: number, most?: number}} [ends]
 */
export function numbersFrom(texts, { least = -Infinity, most = Infinity } = {}) {
  const values = texts.map((text) => (text.trim() ? Number(text) : NaN));
  return values.every((value) => Number.isFinite(value) && value >= least && value <= most) ? values : undefined;
}

/**
 * @param {string} text x0,y0,x1,y1
 * @returns {Corners | undefined} undefined where they are none of a box in the picture
 */
export function cornersFrom(text) {
  const [x0, y0, x1, y1, ...more] = numbersFrom(text.split(","), { least: 0, most: 1 }) ?? [];
  if (y1 === undefined || more.length || x0 >= x1 || y0 >= y1) return undefined;
  return [x0, y0, x1, y1];
}

/** @param {Readonly<Corners>} corners @param {number} digits */
export const cornersText = (corners, digits) => corners.map((edge) => roundedTo(edge, digits)).join(",");
