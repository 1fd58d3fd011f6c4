// The Compare tab's part of the address: view, picture, texts, boxes, and what is looked at on the data set.
//
//   cmpview=data               picture (left out), data or maps
//   cmppicture=…               as `pictureText` has it
//   cmptexts=…  cmproutes=auto,box,…    one text a line
//   cmpboxes=x0,y0,x1,y1;…  cmpbox=2    the chosen one, 0 for none
//   cmpheat=1                  the painted text, from 1
//   cmplist=risen              of the data set: fallen, risen, or ATTRIBUTE,SIGN of a figure; by cmproute
//   cmpkind=region  cmpcolour=drift  cmppoint=17   of the maps

import { Address } from "../../core/url.js";
import { choice, cornersList, number, prompts, text } from "../../core/url_parts.js";
import { picture } from "../../pictures/source.js";

/** @import {Corners} from "../../core/corners.js" */
/** @import {WrittenPrompt} from "../../core/url_parts.js" */
/** @import {NamedPicture} from "../../pictures/source.js" */

/** @typedef {"picture"|"data"|"maps"} View */

/**
 * What a link says.
 *
 * @typedef {object} CompareLink
 * @property {View} view
 * @property {NamedPicture} source
 * @property {WrittenPrompt[]} texts
 * @property {Corners[]} boxes
 * @property {number} box the chosen one, from 1; 0 for none
 * @property {number} heat the painted text, from 1
 * @property {string} chosen what is listed of the data set
 * @property {string} route by which its texts are read
 * @property {string} kind of the maps
 * @property {string} colour of their dots
 * @property {number} point that is chosen on them, by owner
 */

/** @type {Address<CompareLink>} */
export const ADDRESS = new Address({
  view: choice("cmpview", /** @type {View[]} */ (["picture", "data", "maps"])),
  source: picture("cmppicture"),
  texts: prompts("cmptexts", "cmproutes"),
  boxes: cornersList("cmpboxes", { digits: 4 }),
  box: number("cmpbox", { least: 0, whole: true }),
  heat: number("cmpheat", { least: 1, whole: true }),
  chosen: text("cmplist"),
  route: text("cmproute"),
  kind: text("cmpkind"),
  colour: text("cmpcolour"),
  point: number("cmppoint", { least: 1, whole: true }),
});
