// What a view's answer says, as arrays.

import { base64Bytes } from "../scoring/roi_scores.js";

/** @import {DensityCells, Viewed} from "../core/wire.js" */

/** @typedef {Omit<DensityCells, "cells"> & {cells: Uint8Array}} Density */

/**
 * @typedef {Omit<Viewed, "owners"|"codes"|"x"|"y"|"placed"|"density"> & {owners: Uint32Array, codes: Uint8Array,
 *   x: Float32Array, y: Float32Array, placed: Uint8Array, density: Density|null}} MapView
 */

/**
 * Owners, places, codes and density of what is drawn.
 *
 * @param {Viewed} reply
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
