// The Compare tab's part of the address: view, picture, texts, boxes, and what is looked at on the data set.
//
//   cmpview=data               picture (left out), data or maps
//   cmppicture=…               as `pictureText` has it
//   cmptexts=…  cmproutes=auto,box,…    one text a line
//   cmpboxes=x0,y0,x1,y1;…  cmpbox=2    the chosen one, 0 for none
//   cmpheat=1                  the painted text, from 1
//   cmplist=risen              of the data set: fallen, risen, or ATTRIBUTE,SIGN of a figure; by cmproute
//   cmpkind=region  cmpcolour=drift  cmppoint=17   of the maps

import { cornersFrom } from "../../canvas/box_geometry.js";
import { named, pictureFrom, pictureText } from "../../pictures/source.js";

const SEPARATOR = "\n";

export function addressOf({ view, source, canvas, list, data, maps }) {
  const texts = list.snapshot;
  const painted = list.prompts.findIndex(({ id }) => id === list.heatId);
  return {
    cmpview: view === "picture" ? null : view,
    cmppicture: source && pictureText(named(source)),
    cmptexts: texts.map(({ text }) => text).join(SEPARATOR),
    cmproutes: texts.some(({ route }) => route !== "auto") ? texts.map(({ route }) => route).join(",") : null,
    cmpboxes: canvas.boxes.map(({ corners }) => corners.map((edge) => Number(edge.toFixed(4))).join(",")).join(";"),
    cmpbox: canvas.boxes.indexOf(canvas.selected) + 1,
    cmpheat: painted < 0 ? null : painted + 1,
    ...data.address,
    ...maps.address,
  };
}

/** @returns what the address says; null for what it does not */
export function linkFrom(search) {
  const query = new URLSearchParams(search);
  const routes = (query.get("cmproutes") ?? "").split(",");
  const texts = (query.get("cmptexts") ?? "")
    .split(SEPARATOR)
    .filter((text) => text.trim())
    .map((text, i) => ({ text, route: routes[i] || "auto" }));
  return {
    view: ["data", "maps"].find((name) => name === query.get("cmpview")) ?? "picture",
    source: pictureFrom(query.get("cmppicture")),
    texts: query.has("cmptexts") ? texts : null,
    boxes: query.has("cmpboxes") ? query.get("cmpboxes").split(";").map(cornersFrom).filter(Boolean) : null,
    box: query.has("cmpbox") ? Number(query.get("cmpbox")) : null,
    heat: Number(query.get("cmpheat")) || null,
    chosen: query.get("cmplist"),
    route: query.get("cmproute"),
    kind: query.get("cmpkind"),
    colour: query.get("cmpcolour"),
    point: Number(query.get("cmppoint")) || null,
  };
}
