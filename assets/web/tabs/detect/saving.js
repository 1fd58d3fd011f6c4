// Boxes as a file: the table by the page, everything else by the app.

import { below } from "./rows.js";
import { csvText, exact } from "../../export/csv.js";
import { download } from "../../export/download.js";
import { fileName, modelName, pictureName } from "../../export/names.js";
import { base64Bytes } from "../../scoring/roi_scores.js";

const TYPES = { coco: "application/json", yolo: "application/zip", png: "image/png" };
const HEADER = [
  "box",
  "phrase",
  "route",
  "x0",
  "y0",
  "x1",
  "y1",
  "cosine",
  "threshold",
  "others_below",
  "contrast",
  "boxed",
  "by_hand",
  "strictness",
  "picture",
  "model",
];

/** A box as the app is told of it. */
export const asFound = ({ number, corners, prompt, score, hue, own }) => ({
  number,
  box: corners,
  phrase: prompt.text,
  score,
  hue,
  own: !!own,
});

/** The table tells phrases without a box, too, with their best ones. */
export async function saveBoxes({ canvas, session, source, start, controls, phrases }, format) {
  const { boxes } = canvas;
  if (format === "csv") {
    const end = [controls.strictness, pictureName(source), modelName(start.card)];
    const lines = boxes.map(({ number, corners, prompt, score, baseline, percentile, contrast, own }) => [
      number,
      prompt.text,
      prompt.route,
      ...corners.map(exact),
      ...[score, baseline, percentile, contrast].map(exact),
      true,
      !!own,
      ...end,
    ]);
    for (const { prompt, facts } of phrases.missing) {
      if (!facts) continue; // it says the same as another
      const { box, best, baseline } = facts;
      const figures = box ? [best, baseline, below(facts)].map(exact) : ["", exact(baseline), ""];
      lines.push([
        "",
        prompt.text,
        prompt.route,
        ...(box?.map(exact) ?? ["", "", "", ""]),
        ...figures,
        "",
        false,
        false,
        ...end,
      ]);
    }
    if (lines.length)
      download(new Blob([csvText([HEADER, ...lines])], { type: "text/csv" }), fileName(source, "boxes.csv"));
    return;
  }
  if (!boxes.length) return;
  const reply = await session.inquire("save", { format, found: boxes.map(asFound) });
  if (reply)
    download(
      new Blob([base64Bytes(reply.content)], { type: TYPES[format] }),
      fileName(source, format === "png" ? "boxes.png" : `${format}.${reply.suffix}`),
    );
}
