// All about one point of the map: its picture with the regions on it, and what is nearest.

import { make } from "../../core/dom.js";
import { cosineText } from "../../core/format.js";
import { icon } from "../../core/icons.js";
import { thumb } from "../../plot/thumbnails.js";

/** @import {Corners} from "../../core/corners.js" */
/** @import {NearPoint, PointFacts} from "../../core/wire.js" */

/**
 * @typedef {object} DetailActs
 * @property {(owner: number) => void} choose
 * @property {() => void} alike
 * @property {() => void} negatives
 * @property {() => void} probe
 */

/**
 * @param {PointFacts} about
 * @param {DetailActs} acts
 */
export function detailParts(about, acts) {
  const { picture, caption, kind } = about;
  const places = [picture.source, picture.split, picture.name].filter(Boolean).join(" · ");
  const where = `${places} · ${picture.width} × ${picture.height}`;
  return [
    make("h2", { title: caption }, caption || picture.name),
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
 * @param {NearPoint} each
 * @param {DetailActs} acts
 */
const neighbour = (kind, { owner, caption, score }, acts) =>
  make(
    "button",
    {
      type: "button",
      class: "fx-item",
      title: `${caption} · cosine ${cosineText(score)}`,
      onclick: () => acts.choose(owner),
    },
    thumb(kind, owner, caption),
    make("b", {}, cosineText(score)),
  );

/**
 * The picture with its regions: a click on one goes to its point.
 *
 * @param {PointFacts} about
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
