// What the page says of a view, and where its choices lead: no page, no server.

/** @import {MapCluster} from "../../core/wire.js" */
/** @import {Frame} from "../../plot/frames.js" */

/**
 * How many of how many are shown.
 *
 * @param {number} drawn
 * @param {{inside: number, left: number, total: number}} counts
 * @param {boolean} narrowed whether a filter or a legend leaves some out
 */
export function countWords(drawn, { inside, left, total }, narrowed) {
  const shown =
    drawn < inside
      ? `showing ${drawn.toLocaleString()} of ${inside.toLocaleString()} here`
      : `showing all ${inside.toLocaleString()} here`;
  const all = total.toLocaleString();
  return `${shown} · ${narrowed ? `${left.toLocaleString()} of ${all} fit` : `${all} in all`}`;
}

/**
 * Values of the legend that are shown once one was chosen: alone, or with `more` beside or without the others.
 *
 * @param {string} value
 * @param {boolean} more
 * @param {string[]} only none for all
 */
export function chosenWith(value, more, only) {
  if (only.includes(value)) return more || only.length === 1 ? only.filter((each) => each !== value) : [value];
  return more ? [...only, value] : [value];
}

/**
 * A frame about a cluster, the wider the larger it is.
 *
 * @param {Pick<MapCluster, "x"|"y"|"size">} cluster
 * @param {{frame: Frame, points: number}} map
 * @returns {Frame}
 */
export function closeTo({ x, y, size }, { frame: [x0, y0, x1, y1], points }) {
  const share = Math.max(0.08, Math.min(0.4, 1.5 * Math.sqrt(size / points)));
  const [right, up] = [((x1 - x0) * share) / 2, ((y1 - y0) * share) / 2];
  return [x - right, y - up, x + right, y + up];
}
