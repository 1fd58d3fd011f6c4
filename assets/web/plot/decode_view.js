// What a view's answer says, as arrays.

import { base64Bytes } from "../scoring/roi_scores.js";

/** @import {LegendEntry} from "./colour_scale.js" */
/** @import {Frame} from "./frames.js" */

/**
 * @typedef {{id: number, label: string, x: number, y: number, size: number, representative: number}} Cluster
 */

/**
 * Points that lie in a frame, and how they are coloured.
 *
 * @typedef {object} ViewFacts
 * @property {number} inside points that lie there
 * @property {number} left points that a filter leaves of the whole map
 * @property {number} total
 * @property {LegendEntry[]} legend
 * @property {number} others points without a colour of their own
 * @property {boolean} ordered whether the legend's values have an order
 * @property {boolean} several whether a point may have several values
 * @property {Cluster[]|null} clusters as far as they are seen; null for all
 */

/**
 * A view as it comes: arrays in base64.
 *
 * @typedef {ViewFacts & {owners: string, codes: string, x: string, y: string, placed: string,
 *   density: {frame: Frame, width: number, height: number, cells: string}|null}} ViewReply
 */

/**
 * How many lie where there are too many to be drawn each.
 *
 * @typedef {{frame: Frame, width: number, height: number, cells: Uint8Array}} Density
 */

/**
 * @typedef {ViewFacts & {owners: Uint32Array, codes: Uint8Array, x: Float32Array, y: Float32Array, placed: Uint8Array,
 *   density: Density|null}} MapView `placed`: not 0 where a point lies among its neighbours, approximately
 */

/**
 * Owners, places, codes and density of what is drawn.
 *
 * @param {ViewReply} reply
 * @returns {MapView}
 */
export function viewFrom({ owners, codes, x, y, placed, density, ...facts }) {
  return {
    ...facts,
    owners: new Uint32Array(buffer(owners)),
    codes: base64Bytes(codes),
    x: new Float32Array(buffer(x)),
    y: new Float32Array(buffer(y)),
    placed: base64Bytes(placed),
    density: density && { ...density, cells: base64Bytes(density.cells) },
  };
}

/** @param {string} text */
const buffer = (text) => base64Bytes(text).slice().buffer;
