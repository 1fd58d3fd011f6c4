// The kinds of parts that an address has: how each is read, and written.

import { cornersFrom, cornersText, numbersFrom, roundedTo } from "./corners.js";
import { routeFrom } from "./routes.js";

/**
 * @import {Corners} from "./corners.js"
 * @import {RouteChoice} from "./routes.js"
 * @import {Part} from "./url.js"
 */

/** @typedef {{text: string, route: RouteChoice}} WrittenPrompt a prompt as an address has it */

/** Any text. @param {string} key @returns {Part<string>} */
export const text = (key) => ({ keys: [key], wanted: "a text", read: ([given]) => given, write: (value) => [value] });

/**
 * One of some names.
 *
 * @template {string} Name
 * @param {string} key
 * @param {readonly Name[]} names
 * @returns {Part<Name>}
 */
export const choice = (key, names) => ({
  keys: [key],
  wanted: names.join(" or "),
  read: ([given]) => names.find((name) => name === given),
  write: (value) => [value],
});

/**
 * A number.
 *
 * @param {string} key
 * @param {{least?: number, most?: number, whole?: boolean, digits?: number, wanted?: string}} [limits]
 *   digits: after the point, as written
 * @returns {Part<number>}
 */
export const number = (key, { whole = false, digits, wanted, ...ends } = {}) => ({
  keys: [key],
  wanted: wanted ?? spoken(ends, whole),
  read([given]) {
    const value = numbersFrom([given], ends)?.[0];
    return value !== undefined && whole && !Number.isInteger(value) ? undefined : value;
  },
  write: (value) => [String(digits === undefined ? value : roundedTo(value, digits))],
});

/** @param {{least?: number, most?: number}} ends @param {boolean} whole */
function spoken({ least, most }, whole) {
  const noun = whole ? "a whole number" : "a number";
  if (least !== undefined && most !== undefined) return `${least} to ${most}`;
  return least === undefined ? noun : `${noun} from ${least}`;
}

/**
 * Several numbers, with commas.
 *
 * @param {string} key
 * @param {{count: number, least?: number, most?: number, whole?: boolean, digits?: number, wanted: string}} limits
 * @returns {Part<number[]>}
 */
export const numbers = (key, { count, whole = false, digits, wanted, ...ends }) => ({
  keys: [key],
  wanted,
  read([given]) {
    const values = numbersFrom(given.split(","), ends);
    return values?.length === count && !(whole && !values.every(Number.isInteger)) ? values : undefined;
  },
  write: (values) => [values.map((value) => (digits === undefined ? value : roundedTo(value, digits))).join(",")],
});

/** Texts, one a line; none of them is left out of the address. @param {string} key @returns {Part<string[]>} */
export const lines = (key) => ({
  keys: [key],
  wanted: "texts, one a line",
  read: ([given]) => given.split("\n").filter(Boolean),
  write: (texts) => [texts.join("\n") || null],
});

/**
 * Prompts, one a line, and their routes, which are left out where all are "auto".
 *
 * @param {string} key
 * @param {string} routesKey
 * @param {{empty?: "kept" | "out"}} [options] whether an address says that there is no prompt, or says nothing
 * @returns {Part<WrittenPrompt[]>}
 */
export const prompts = (key, routesKey, { empty = "out" } = {}) => ({
  keys: [key, routesKey],
  wanted: "texts, one a line",
  read([given, routes]) {
    const names = (routes ?? "").split(",");
    const texts = given.split("\n").filter((line) => line.trim());
    return texts.map((line, i) => ({ text: line, route: routeFrom(names[i]) ?? "auto" }));
  },
  write(list) {
    const texts = list.map((prompt) => prompt.text).join("\n");
    const routes = list.map(({ route }) => route);
    return [
      texts || (empty === "kept" ? "" : null),
      routes.some((route) => route !== "auto") ? routes.join(",") : null,
    ];
  },
});

const CORNERS = "x0,y0,x1,y1 with fractions of the picture";

/** Corners of a box. @param {string} key @param {{digits: number}} precision @returns {Part<Corners>} */
export const corners = (key, { digits }) => ({
  keys: [key],
  wanted: CORNERS,
  read: ([given]) => cornersFrom(given),
  write: (value) => [cornersText(value, digits)],
});

/**
 * Corners of boxes, with semicolons; those that make no sense are left out.
 *
 * @param {string} key
 * @param {{digits: number}} precision
 * @returns {Part<Corners[]>}
 */
export const cornersList = (key, { digits }) => ({
  keys: [key],
  wanted: CORNERS,
  read([given], fault) {
    const parts = given.split(";").filter(Boolean);
    const senseless = parts.filter((part) => !cornersFrom(part)).map((part) => `“${part}”`);
    if (senseless.length) fault(`${key} ${senseless.join(", ")}, which should be ${CORNERS}`);
    return parts.flatMap((part) => [cornersFrom(part) ?? []].filter((box) => box.length === 4));
  },
  write: (boxes) => [boxes.map((box) => cornersText(box, digits)).join(";") || null],
});
