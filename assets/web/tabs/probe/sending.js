// What the tab sends to the Map, and what opens on a picture.

import { showTab, tell } from "../../core/navigation.js";

/**
 * @import {Box} from "../../canvas/box_geometry.js"
 * @import {Sample} from "../../core/start.js"
 * @import {NumberedBox} from "./address.js"
 */

/**
 * What in the data set looks like the chosen box, or like the whole picture.
 *
 * @param {string | null} token of the open picture
 * @param {Box | null} box
 */
export function findOnMap(token, box) {
  if (!token) return;
  showTab("map", { leaving: true });
  tell("fx-find", box ? { token, box: box.corners, name: `box ${box.number}` } : { token, name: "the picture" });
}

/**
 * Boxes of a picture: those that an address asks for, or that were left on it, or the gallery's own.
 *
 * @param {NumberedBox[] | undefined} asked
 * @param {NumberedBox[] | undefined} left
 * @param {Sample | undefined} sample
 * @returns {NumberedBox[]}
 */
export function boxesToShow(asked, left, sample) {
  const own = sample?.boxes.map((corners, i) => ({ corners, number: i + 1 }));
  return (asked ?? left ?? own ?? []).map(({ corners, number }) => ({ corners, number }));
}
