// Two maps of the same things, the second laid over the first: where each point lies on both, and how far they agree.

import { base64Bytes, decodeHalf } from "../../../scoring/roi_scores.js";

/** @import {AlignedPoints} from "../../../core/wire.js" */
/** @import {Frame, Place} from "../../../plot/frames.js" */

/** @typedef {"overlap"|"drift"} Measure share of the neighbours kept; distance between the two places, in radii */

const MARGIN = 1.05; // of the frame beyond the outermost dot

export class AlignedMaps {
  /** @param {Omit<AlignedPoints, "kind">} reply */
  constructor({ owners, neighbours, first, second, drift, overlap }) {
    this.owners = owners;
    this.neighbours = neighbours;
    this.coordinates = [halves(first), halves(second)];
    this.drift = halves(drift);
    this.overlap = halves(overlap);
    this.rows = owners.map((_, row) => row);
    this.rowOf = new Map(owners.map((owner, row) => [owner, row]));
  }

  /**
   * Where a point lies by a model.
   *
   * @param {number} model 0 or 1
   * @param {number} row
   * @returns {Place}
   */
  place(model, row) {
    const list = this.coordinates[model];
    return [list[2 * row], list[2 * row + 1]];
  }

  /**
   * A square about the middle that holds every point of both.
   *
   * @returns {Frame}
   */
  get frame() {
    let most = 0;
    for (const list of this.coordinates) for (const value of list) most = Math.max(most, Math.abs(value));
    const reach = MARGIN * most;
    return [-reach, -reach, reach, reach];
  }

  /**
   * Ends of a measure's colours.
   *
   * @param {Measure} measure
   * @returns {[number, number]}
   */
  ends(measure) {
    return measure === "overlap" ? [0, 1] : [0, Math.max(...this.drift) || 1];
  }

  /**
   * Mean of a measure over some points.
   *
   * @param {Measure} measure
   * @param {number[]} rows
   */
  mean(measure, rows = this.rows) {
    return rows.reduce((sum, row) => sum + this[measure][row], 0) / rows.length;
  }

  /**
   * Those that drift most come first.
   *
   * @param {number[]} rows
   */
  byDrift(rows) {
    return [...rows].sort((a, b) => this.drift[b] - this.drift[a]);
  }
}

/** @param {string} text */
const halves = (text) => decodeHalf(base64Bytes(text));
