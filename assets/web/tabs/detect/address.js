// The Detect tab's part of the address: picture, phrases, strictness, boxes that somebody drew.
//
//   detpicture=…               as `pictureText` has it
//   detphrases=…  detroutes=auto,box,…   one phrase a line
//   detstrict=0.9  dethow=crops,detector
//   detown=x0,y0,x1,y1,phrase;…          drawn or moved boxes; the phrase is a place in the list, from 1
//   detaside=…                           found boxes that were removed or replaced
//   detbox=2                             the chosen one

import { cornersFrom } from "../../canvas/box_geometry.js";
import { named, pictureFrom, pictureText } from "../../pictures/source.js";

const SEPARATOR = "\n";

export function addressOf({ source, canvas, list, controls, start, aside }) {
  const { share, crops, detector } = controls.how;
  const phrases = list.snapshot;
  const place = ({ prompt }) =>
    1 + phrases.findIndex(({ text, route }) => text === prompt.text && route === prompt.route);
  const own = canvas.boxes.filter((box) => box.own);
  const told = (box) => [...box.corners.map((edge) => Number(edge.toFixed(6))), place(box)].join(",");
  return {
    detpicture: pictureText(named(source)),
    detphrases: phrases.map(({ text }) => text).join(SEPARATOR),
    detroutes: phrases.some(({ route }) => route !== "auto") ? phrases.map(({ route }) => route).join(",") : null,
    detstrict: share === start.share ? null : share,
    dethow: [crops && "crops", detector && "detector"].filter(Boolean).join(","),
    detown: own.map(told).join(";"),
    detaside: aside
      .filter((box) => place(box))
      .map(told)
      .join(";"),
    detbox: canvas.selected?.number ?? null,
  };
}

/** @returns {{source, phrases, how, own, aside, box}} null for what is not said, or makes no sense */
export function linkFrom(search) {
  const query = new URLSearchParams(search);
  const routes = (query.get("detroutes") ?? "").split(",");
  const phrases = (query.get("detphrases") ?? "")
    .split(SEPARATOR)
    .filter((text) => text.trim())
    .map((text, i) => ({ text, route: routes[i] || "auto" }));
  const how = (query.get("dethow") ?? "").split(",");
  const strictness = Number(query.get("detstrict") ?? NaN);
  return {
    source: pictureFrom(query.get("detpicture")),
    phrases: query.has("detphrases") ? phrases : null,
    how: {
      share: strictness >= 0 && strictness <= 1 ? strictness : null,
      crops: how.includes("crops"),
      detector: how.includes("detector"),
    },
    own: boxesFrom(query.get("detown"), phrases),
    aside: boxesFrom(query.get("detaside"), phrases),
    box: Number(query.get("detbox")) || null,
  };
}

const boxesFrom = (text, phrases) => (text ?? "").split(";").flatMap((part) => boxFrom(part, phrases));

function boxFrom(text, phrases) {
  const parts = text.split(",");
  const corners = cornersFrom(parts.slice(0, 4).join(","));
  const prompt = phrases[Number(parts[4]) - 1];
  return corners && prompt ? [{ corners, prompt }] : [];
}
