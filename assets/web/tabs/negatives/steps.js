// What an undo step remembers, and what is left on a picture.

import { History } from "../../core/history.js";

/**
 * @import {Corners} from "../../core/corners.js"
 * @import {Negative, TextRow} from "./texts.js"
 */

/** @typedef {{id: number, number: number, corners: Corners}} Box */

/** Boxes, the chosen one, and its texts. @typedef {{boxes: Box[], id: number | null, rows: Negative[]}} Snapshot */

/**
 * Boxes, the chosen one, and the texts of each.
 *
 * @typedef {{boxes: Box[], id: number | null, kept: Map<number | null, TextRow[]>}} Remains
 */

/**
 * Remember a state; to look at another box is no step.
 *
 * @param {History<Snapshot> | null} history
 * @param {Snapshot} now
 */
export function recorded(history, now) {
  if (!history) return new History(now);
  const { id, boxes } = history.present;
  if (id !== now.id && JSON.stringify(boxes) === JSON.stringify(now.boxes)) history.present = now;
  else history.push(now);
  return history;
}
