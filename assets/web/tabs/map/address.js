// The map's part of the address: what is read from it is checked, what is written is short.
//
//   map=2  view=x0,y0,x1,y1  colour=phrase  only=…  where=…    which map, and what is seen of it
//   find=…  route=box  alike=17  lasso=x,y;x,y;…  point=17      what was found, circled and looked at

import { numbersFrom } from "../../core/corners.js";
import { Address } from "../../core/url.js";
import { number, text } from "../../core/url_parts.js";

/** @import {Part} from "../../core/url.js" */
/** @import {Frame, Place} from "../../plot/frames.js" */

/**
 * What a link says of the map.
 *
 * @typedef {object} MapLink
 * @property {string} map its number
 * @property {Frame} view what is seen of it
 * @property {string} colour
 * @property {string[]} only values of the legend, if not all are shown
 * @property {string} where a condition in SQL
 * @property {string} find words that were searched
 * @property {string} route by which they were read
 * @property {number} alike owner whose like was searched
 * @property {Place[]} lasso what was circled
 * @property {number} point owner that is looked at
 */

/** Four edges. @param {string} key @returns {Part<Frame>} */
const frame = (key) => ({
  keys: [key],
  wanted: "x0,y0,x1,y1 with places of the map",
  read([given]) {
    const [x0, y0, x1, y1, ...more] = numbersFrom(given.split(",")) ?? [];
    return y1 !== undefined && !more.length && x0 < x1 && y0 < y1 ? [x0, y0, x1, y1] : undefined;
  },
  write: (edges) => [edges.map((edge) => Number(edge.toPrecision(7))).join(",")],
});

/** Corners of a polygon. @param {string} key @returns {Part<Place[]>} */
const outline = (key) => ({
  keys: [key],
  wanted: "x,y;x,y;… with places of the map, three at least",
  read([given]) {
    const corners = given.split(";").map((corner) => numbersFrom(corner.split(",")) ?? []);
    const places = corners.flatMap(([x, y, ...more]) =>
      y === undefined || more.length ? [] : [/** @type {Place} */ ([x, y])],
    );
    return places.length > 2 && places.length === corners.length ? places : undefined;
  },
  write: (corners) => [corners.map((corner) => corner.map((at) => Number(at.toPrecision(5))).join(",")).join(";")],
});

/** @type {Record<string, string>} */
const ESCAPES = { "\\": "\\\\", "\n": "\\n" };

/**
 * Values of a legend, a line each; the empty one alone is a line break.
 *
 * @param {string} key
 * @returns {Part<string[]>}
 */
const values = (key) => ({
  keys: [key],
  wanted: "values of the legend, one a line",
  read([given]) {
    const lines = given.split("\n");
    return [...new Set(lines.map((line) => line.replace(/\\([\\n])/g, (_, sign) => (sign === "n" ? "\n" : sign))))];
  },
  write(list) {
    const lines = list.map((value) => value.replace(/[\\\n]/g, (sign) => ESCAPES[sign]));
    return [(lines.length === 1 && !lines[0] ? "\n" : lines.join("\n")) || null];
  },
});

/** @type {Address<MapLink>} */
export const ADDRESS = new Address({
  map: text("map"),
  view: frame("view"),
  colour: text("colour"),
  only: values("only"),
  where: text("where"),
  find: text("find"),
  route: text("route"),
  alike: number("alike", { whole: true }),
  lasso: outline("lasso"),
  point: number("point", { whole: true }),
});
