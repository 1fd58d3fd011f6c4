// The Negatives tab's part of the address: picture, box, caption, rewrites, route.

import { cornersFrom } from "../../canvas/box_geometry.js";
import { named, pictureFrom, pictureText } from "../../pictures/source.js";

const SEPARATOR = "\n";
const USUAL = "10,1,0"; // rewrites, wrong attributes, seed

/** What the address shows of the tab. */
export function addressOf({ source, canvas, texts, route, controls }) {
  const box = canvas.selected;
  const how = Object.values(controls.wanted).join(",");
  return {
    labpicture: pictureText(named(source)),
    labbox: box && box.corners.map((edge) => Number(edge.toFixed(4))).join(","),
    true: texts.caption,
    wrong: texts.negatives.map(({ text }) => text).join(SEPARATOR),
    labroute: route,
    labhow: how === USUAL ? null : how,
    labby: controls.byModel ? "model" : null,
  };
}

/** @returns {{source, box, caption: string|null, wrong: string[]|null, route}} null for what is not said */
export function linkFrom(search) {
  const query = new URLSearchParams(search);
  const route = query.get("labroute");
  const how = (query.get("labhow") ?? "").split(",").map(Number);
  return {
    how:
      how.length === 3 && how.every((each) => Number.isInteger(each) && each >= 0) && how[1] >= 1 && how[1] <= 3
        ? how
        : null,
    by: query.get("labby") === "model" ? "model" : null,
    source: pictureFrom(query.get("labpicture")),
    box: cornersFrom(query.get("labbox")),
    caption: query.get("true"),
    wrong: query.has("wrong") ? query.get("wrong").split(SEPARATOR).filter(Boolean) : query.has("true") ? [] : null,
    route: ["short", "long", "box"].includes(route) ? route : null,
  };
}
