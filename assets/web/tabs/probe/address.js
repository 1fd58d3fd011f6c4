// The view in the address bar: it restores the view anywhere, to the last digit.
//
//   sample=ID, image=NUMBER, or upload=DIGEST,NAME
//                                      the picture: of the gallery, of the workspace, or one of the
//                                      reader's own, which is only named
//   boxes=x0,y0,x1,y1;…                fractions; "3:" leads where a box has not its place's number
//   box=2, none, all or all,2          whose scores are shown, and the box that is chosen; else the first
//   prompts=…  routes=auto,box,…       one prompt a line
//   heat=1  opacity=80  range=all or low,high
//   zoom=scale,x,y                     times the fitted size; the point in the stage's middle

import { cornersFrom, cornersText, numbersFrom, roundedTo } from "../../core/corners.js";
import { Address } from "../../core/url.js";
import { number, prompts, text } from "../../core/url_parts.js";

/**
 * @import {Corners} from "../../core/corners.js"
 * @import {Part} from "../../core/url.js"
 * @import {WrittenPrompt} from "../../core/url_parts.js"
 */

/** @typedef {{corners: Corners, number: number}} NumberedBox */

/**
 * Which box is chosen: null for none, absent for the first; `all` where the scores of all are shown.
 *
 * @typedef {{all: boolean, number?: number | null}} BoxChoice
 */

/** @typedef {"own" | "all" | [low: number, high: number]} Range what the colours of the heat map run over */

/** @typedef {[times: number, x: number, y: number]} Zoom */

/**
 * @typedef {object} ProbeView
 * @property {string} sample
 * @property {number} image
 * @property {{digest: string, name: string}} upload
 * @property {NumberedBox[]} boxes
 * @property {BoxChoice} box
 * @property {WrittenPrompt[]} prompts
 * @property {number} heat place of the painted prompt, from 0
 * @property {number} opacity per cent
 * @property {Range} range
 * @property {Zoom} zoom
 */

const LONGEST = 6000; // characters; beyond it the prompts stay in this browser tab only

/** @type {Part<NumberedBox[]>} */
const boxes = {
  keys: ["boxes"],
  wanted: "x0,y0,x1,y1 with fractions of the picture",
  read([given], fault) {
    const { found, senseless } = boxesFrom(given);
    if (senseless.length) {
      fault(`boxes ${senseless.join(", ")}, which should be x0,y0,x1,y1 with fractions of the picture`);
    }
    return found;
  },
  write: (list) => [list.map(boxText).join(";")],
};

/** @type {Part<BoxChoice>} */
const box = {
  keys: ["box"],
  wanted: "a number, none, all or all,NUMBER",
  read([given]) {
    const [, all, chosen] = given.match(/^(all)?(?:(?:^|,)(none|[1-9]\d{0,3}))?$/) ?? [];
    if (!all && !chosen) return undefined;
    return { all: !!all, ...(chosen && { number: chosen === "none" ? null : Number(chosen) }) };
  },
  write: ({ all, number: chosen }) => [
    [all && "all", chosen === null ? "none" : chosen].filter(Boolean).join(",") || null,
  ],
};

/** @type {Part<{digest: string, name: string}>} */
const upload = {
  keys: ["upload"],
  wanted: "DIGEST,NAME",
  read([given]) {
    const [, digest, name] = given.match(/^([0-9a-f]{12}),(.+)$/s) ?? [];
    return digest ? { digest, name } : undefined;
  },
  write: ({ digest, name }) => [`${digest},${name}`],
};

/** @type {Part<Range>} */
const range = {
  keys: ["range"],
  wanted: "own, all or low,high",
  read([given]) {
    if (given === "own" || given === "all") return given;
    const [low, high, ...more] = numbersFrom(given.split(","), { least: -1, most: 1 }) ?? [];
    return low < high && !more.length ? [low, high] : undefined;
  },
  write: (value) => [Array.isArray(value) ? value.join(",") : value],
};

/** @type {Part<Zoom>} */
const zoom = {
  keys: ["zoom"],
  wanted: "scale,x,y",
  read([given]) {
    const [times, x, y, ...more] = numbersFrom(given.split(","), { least: -1e6, most: 1e6 }) ?? [];
    return times > 0 && y !== undefined && !more.length ? [times, x, y] : undefined;
  },
  write: (place) => [place.map((value) => roundedTo(value, 8)).join(",")],
};

/** @type {Part<number>} */
const image = {
  keys: ["image"],
  wanted: "the number of a picture of the workspace",
  read: ([given]) => (/^[1-9]\d{0,14}$/.test(given) ? Number(given) : undefined),
  write: (id) => [String(id)],
};

/** @type {Part<number>} */
const heat = {
  keys: ["heat"],
  wanted: "the place of a prompt, from 1",
  read: ([given]) => (/^\d+$/.test(given) && Number(given) > 0 ? Number(given) - 1 : undefined),
  write: (place) => [place < 0 ? null : String(place + 1)],
};

/** @type {Address<ProbeView>} */
const address = new Address(
  {
    sample: text("sample"),
    image,
    upload,
    boxes,
    box,
    prompts: prompts("prompts", "routes", { empty: "kept" }),
    heat,
    opacity: number("opacity", { least: 0, most: 100 }),
    range,
    zoom,
  },
  { longest: LONGEST, spare: ["prompts"], store: "fgclip-probe" },
);

/**
 * What an address asks for; parts that it does not name, or that make no sense, are absent.
 *
 * @param {string} [search]
 * @returns {Partial<ProbeView> & {faults: string[]}} `faults`: what was left out, in words
 */
export function readAddress(search = location.search) {
  const { values, faults } = address.read(search);
  return { ...values, faults };
}

/**
 * Put the view into the address, without a new entry in the history; what is null or absent is left out.
 *
 * @param {{[Name in keyof ProbeView]?: ProbeView[Name] | null}} view
 * @returns {boolean} whether all of it went in; if not, this tab alone remembers the prompts
 */
export const writeAddress = (view) => address.write(view);

/** @param {NumberedBox} box @param {number} i */
const boxText = ({ corners, number: name }, i) => (name === i + 1 ? "" : `${name}:`) + cornersText(corners, 6);

/** @param {string} given */
function boxesFrom(given) {
  /** @type {NumberedBox[]} */
  const found = [];
  const senseless = [];
  const taken = new Set();
  for (const [i, part] of given.split(";").filter(Boolean).entries()) {
    const [, named, edges] = part.match(/^(?:(\d{1,4}):)?(.*)$/s) ?? [];
    const corners = cornersFrom(edges);
    const name = Number(named ?? i + 1);
    if (corners && name > 0 && !taken.has(name)) found.push({ corners, number: name });
    else senseless.push(`“${part}”`);
    taken.add(name);
  }
  return { found, senseless };
}
