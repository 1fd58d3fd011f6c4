// The Negatives tab's part of the address: picture, box, caption, rewrites, route. Links of before, with
// `true`, `wrong` and `labpicture`, still open.

import { Address } from "../../core/url.js";
import { choice, corners, lines, numbers, text } from "../../core/url_parts.js";
import { picture } from "../../pictures/source.js";

/**
 * @import {Corners} from "../../core/corners.js"
 * @import {Part} from "../../core/url.js"
 * @import {NamedPicture} from "../../pictures/source.js"
 * @import {Wanted} from "./controls.js"
 */

/**
 * What a link says; what it does not say is absent.
 *
 * @typedef {object} NegativesLink
 * @property {NamedPicture} [source]
 * @property {Corners} [box]
 * @property {string} [caption]
 * @property {string[]} [negatives] none, where a link with a caption has none
 * @property {string} [route]
 * @property {Wanted} [wanted]
 * @property {boolean} byModel
 */

/** What the tab shows. @typedef {Required<Omit<NegativesLink, "box">> & {box: Corners | null}} NegativesView */

/** @type {string[]} */
const ROUTES = ["short", "long", "box"];
const USUAL = "10,1,0"; // rewrites, wrong attributes, seed
const MOST_CHANGES = 3;

/**
 * A part that was under another key before.
 *
 * @template T
 * @param {Part<T>} part
 * @param {string} old
 * @returns {Part<T>}
 */
const renamed = (part, old) => ({ ...part, aliases: { [part.keys[0]]: [old] } });

const how = numbers("n.how", { count: 3, least: 0, whole: true, wanted: "rewrites, wrong attributes, seed" });

const address = new Address({
  source: renamed(picture("n.picture"), "labpicture"),
  box: renamed(corners("n.box", { digits: 4 }), "labbox"),
  caption: renamed(text("n.true"), "true"),
  negatives: renamed(lines("n.wrong"), "wrong"),
  route: renamed(choice("n.route", ROUTES), "labroute"),
  how: renamed(how, "labhow"),
  by: renamed(choice("n.by", /** @type {const} */ (["model"])), "labby"),
});

/**
 * @param {string} [search]
 * @returns {NegativesLink}
 */
export function readLink(search = location.search) {
  const { how: given, by, ...link } = address.read(search).values;
  const [count, changes, seed] = given ?? [];
  return {
    ...link,
    ...(link.caption !== undefined && { negatives: link.negatives ?? [] }),
    ...(changes >= 1 && changes <= MOST_CHANGES && { wanted: { count, changes, seed } }),
    byModel: by === "model",
  };
}

/** Put what the tab shows into the address. @param {NegativesView} view */
export function writeLink({ wanted: { count, changes, seed }, byModel, ...view }) {
  const given = [count, changes, seed];
  address.write({
    ...view,
    caption: view.caption || null,
    how: given.join(",") === USUAL ? null : given,
    by: byModel ? "model" : null,
  });
}
