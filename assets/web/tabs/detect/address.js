// The Detect tab's part of the address: picture, phrases, strictness, boxes that somebody drew.
//
//   detpicture=…               as `pictureText` has it
//   detphrases=…  detroutes=auto,box,…   one phrase a line
//   detstrict=0.9  dethow=crops,detector
//   detown=x0,y0,x1,y1,phrase;…          drawn or moved boxes; the phrase is a place in the list, from 1
//   detaside=…                           found boxes that were removed or replaced
//   detbox=2                             the chosen one

import { cornersFrom, cornersText } from "../../core/corners.js";
import { Address } from "../../core/url.js";
import { number, prompts, text } from "../../core/url_parts.js";
import { picture } from "../../pictures/source.js";
import { isSamePhrase } from "./boxes.js";

/**
 * @import {Corners} from "../../core/corners.js"
 * @import {Part} from "../../core/url.js"
 * @import {NamedPicture} from "../../pictures/source.js"
 * @import {Phrase} from "../../core/wire.js"
 * @import {PlacedBox} from "./boxes.js"
 * @import {How} from "./controls.js"
 */

/**
 * What a link says; what it does not say, or what makes no sense, is absent.
 *
 * @typedef {object} DetectLink
 * @property {NamedPicture} [source]
 * @property {Phrase[]} [phrases]
 * @property {Omit<How, "share"> & {share?: number}} how
 * @property {PlacedBox[]} own
 * @property {PlacedBox[]} aside
 * @property {number} [box] number of the chosen one
 */

/**
 * What the tab shows; a strictness that is the usual one is null.
 *
 * @typedef {object} DetectView
 * @property {NamedPicture} source
 * @property {Phrase[]} phrases
 * @property {Omit<How, "share"> & {share: number | null}} how
 * @property {PlacedBox[]} own
 * @property {PlacedBox[]} aside
 * @property {number | null} box
 */

/** @typedef {{corners: Corners, place: number}} ListedBox a box, and the place of its phrase from 1 */

/** @param {string} key @returns {Part<ListedBox[]>} */
const boxes = (key) => ({
  keys: [key],
  wanted: "x0,y0,x1,y1,phrase",
  read: ([given]) => given.split(";").flatMap(listed),
  write: (list) => [list.map(({ corners, place }) => `${cornersText(corners, 6)},${place}`).join(";") || null],
});

/** @param {string} given @returns {ListedBox[]} */
function listed(given) {
  const parts = given.split(",");
  const corners = cornersFrom(parts.slice(0, 4).join(","));
  return corners ? [{ corners, place: Number(parts[4]) }] : [];
}

const address = new Address({
  source: picture("detpicture"),
  phrases: prompts("detphrases", "detroutes"),
  share: number("detstrict", { least: 0, most: 1 }),
  how: text("dethow"),
  own: boxes("detown"),
  aside: boxes("detaside"),
  box: number("detbox", { least: 1, whole: true }),
});

/**
 * @param {string} [search]
 * @returns {DetectLink}
 */
export function readLink(search = location.search) {
  const { source, phrases, share, how = "", own = [], aside = [], box } = address.read(search).values;
  /** @param {ListedBox[]} list */
  const placed = (list) =>
    list.flatMap(({ corners, place }) => {
      const prompt = phrases?.[place - 1];
      return prompt ? [{ corners, prompt }] : [];
    });
  const names = how.split(",");
  return {
    ...(source && { source }),
    ...(phrases && { phrases }),
    how: {
      ...(share !== undefined && { share }),
      crops: names.includes("crops"),
      detector: names.includes("detector"),
    },
    own: placed(own),
    aside: placed(aside),
    ...(box !== undefined && { box }),
  };
}

/** Put what the tab shows into the address. @param {DetectView} view */
export function writeLink({ source, phrases, how: { share, crops, detector }, own, aside, box }) {
  /** @param {PlacedBox[]} list */
  const listedBoxes = (list) =>
    list.flatMap(({ corners, prompt }) => {
      const place = 1 + phrases.findIndex((each) => isSamePhrase(each, prompt));
      return place ? [{ corners, place }] : [];
    });
  address.write({
    source,
    phrases,
    share,
    how: [crops && "crops", detector && "detector"].filter(Boolean).join(",") || null,
    own: listedBoxes(own),
    aside: listedBoxes(aside),
    box,
  });
}
