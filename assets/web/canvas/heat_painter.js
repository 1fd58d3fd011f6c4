// Heat maps: cosines of patches → colours on a canvas.

import { viridisTable } from "../core/colours.js";

const TABLE = viridisTable();
const SIDE = 320; // pixels of the painted map's longer side; the browser stretches it smoothly

/**
 * Paint a patch map, interpolated between patch centres before it is coloured.
 *
 * @param {HTMLCanvasElement} canvas resized as needed
 * @param {Float32Array} values (H × W) row by row
 * @param {{height: number, width: number, low: number, high: number}} options low and high take
 *   the ends of the colour scale
 */
export function paintHeat(canvas, values, { height, width, low, high }) {
  const step = Math.max(1, Math.round(SIDE / Math.max(height, width)));
  canvas.width = width * step;
  canvas.height = height * step;
  const context = canvas.getContext("2d");
  if (!context) return; // so many canvases that the browser gives no more
  const image = context.createImageData(canvas.width, canvas.height);
  const across = neighbours(width, step);
  const down = neighbours(height, step);
  const gain = 255 / Math.max(high - low, 1e-9);
  let next = 0;
  for (const row of down) {
    const top = row.low * width;
    const bottom = row.high * width;
    for (const column of across) {
      const above = mix(values[top + column.low], values[top + column.high], column.share);
      const below = mix(values[bottom + column.low], values[bottom + column.high], column.share);
      const value = (mix(above, below, row.share) - low) * gain;
      const level = 3 * Math.round(Math.min(Math.max(value, 0), 255));
      image.data[next++] = TABLE[level];
      image.data[next++] = TABLE[level + 1];
      image.data[next++] = TABLE[level + 2];
      image.data[next++] = 255;
    }
  }
  context.putImageData(image, 0, 0);
}

/** Smallest and largest value. @param {Iterable<number>} values */
export function extent(values) {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return { low, high };
}

/** @param {number} a @param {number} b @param {number} share */
const mix = (a, b, share) => a + (b - a) * share;

/**
 * For every pixel along an axis, the two cells around it and the second one's share.
 *
 * @param {number} cells
 * @param {number} step pixels a cell
 */
function neighbours(cells, step) {
  return Array.from({ length: cells * step }, (_, pixel) => {
    const place = Math.min(Math.max((pixel + 0.5) / step - 0.5, 0), cells - 1);
    const low = Math.min(Math.floor(place), cells - 1);
    return { low, high: Math.min(low + 1, cells - 1), share: place - low };
  });
}
