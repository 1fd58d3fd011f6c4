// All about one point of the map: its picture with the regions on it, and what is nearest.

import { make } from "../../core/dom.js";
import { cosineText } from "../../core/format.js";
import { icon } from "../../core/icons.js";
import { thumb } from "../../plot/thumbnails.js";

/** @import {Place} from "../../plot/frames.js" */

/** @typedef {[number, number, number, number]} Corners x0, y0, x1, y1 as fractions of the picture */
/** @typedef {{id: number, box: Corners, phrase: string, category: string}} Region */

/**
 * @typedef {object} PictureFacts
 * @property {number} id
 * @property {string} name
 * @property {string} path
 * @property {string} source
 * @property {string} split
 * @property {string} short_caption
 * @property {number} width
 * @property {number} height
 */

/**
 * All that is known of a point.
 *
 * @typedef {object} About
 * @property {number} owner
 * @property {string} kind
 * @property {string} said
 * @property {Place|null} place
 * @property {PictureFacts} picture
 * @property {Region[]} regions of the picture
 * @property {{owner: number, said: string, score: number}[]} neighbours
 */

/**
 * @typedef {object} DetailActs
 * @property {(owner: number) => void} choose
 * @property {() => void} alike
 * @property {() => void} negatives
 * @property {() => void} probe
 */

/**
 * @param {About} about
 * @param {DetailActs} acts
 */
export function detailParts(about, acts) {
  const { picture, said, kind } = about;
  const places = [picture.source, picture.split, picture.name].filter(Boolean).join(" · ");
  const where = `${places} · ${picture.width} × ${picture.height}`;
  return [
    make("h2", { title: said }, said || picture.name),
    pictureOf(about, acts),
    make("p", { class: "fx-quiet fx-where", title: picture.path }, where),
    make(
      "div",
      { class: "fx-detail-acts" },
      button("What is most like it (a)", acts.alike, icon("search"), "Alike"),
      button("Hold what is said of it against rewrites", acts.negatives, "Negatives"),
      button("Draw boxes and ask about this picture (Enter)", acts.probe, icon("box"), "Open in Probe"),
    ),
    make("h3", {}, "Nearest"),
    make("div", { class: "fx-nearest" }, ...about.neighbours.map((each) => neighbour(kind, each, acts))),
  ];
}

/**
 * @param {string} title
 * @param {() => void} act
 * @param {...(string|HTMLElement)} words
 */
const button = (title, act, ...words) =>
  make("button", { type: "button", class: "fx-button", title, onclick: () => act() }, ...words);

/**
 * @param {string} kind
 * @param {{owner: number, said: string, score: number}} each
 * @param {DetailActs} acts
 */
const neighbour = (kind, { owner, said, score }, acts) =>
  make(
    "button",
    {
      type: "button",
      class: "fx-item",
      title: `${said} · cosine ${cosineText(score)}`,
      onclick: () => acts.choose(owner),
    },
    thumb(kind, owner, said),
    make("b", {}, cosineText(score)),
  );

/**
 * The picture with its regions: a click on one goes to its point.
 *
 * @param {About} about
 * @param {DetailActs} acts
 */
function pictureOf({ picture, regions, owner, kind }, acts) {
  const { width, height } = picture;
  const image = { src: `media/picture/${picture.id}`, alt: picture.short_caption, draggable: "false" };
  return make(
    "div",
    { class: "fx-shown", style: `aspect-ratio: ${width} / ${height}; --ratio: ${width / height}` },
    make("img", image),
    ...regions.map((region) => {
      const name = region.phrase || region.category;
      return make("button", {
        type: "button",
        class: "fx-region-box",
        style: styleOf(region.box),
        "data-region": region.id,
        title: name,
        "aria-pressed": String(kind === "region" && region.id === owner),
        disabled: kind !== "region",
        "aria-label": name || `region ${region.id}`,
        onclick: () => acts.choose(region.id),
      });
    }),
  );
}

/**
 * Smaller ones above larger ones.
 *
 * @param {Corners} box
 */
function styleOf([x0, y0, x1, y1]) {
  const [width, height] = [x1 - x0, y1 - y0];
  const edges = { left: x0, top: y0, width, height };
  const places = Object.entries(edges).map(([name, share]) => `${name}:${100 * share}%`);
  return [...places, `z-index:${Math.round(1000 * (1 - width * height))}`].join("; ");
}
