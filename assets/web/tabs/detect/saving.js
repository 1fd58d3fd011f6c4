// Boxes as a file: the table by the page, everything else by the app.

import { csvText, exact } from "../../export/csv.js";
import { download } from "../../export/download.js";
import { fileName, modelName, pictureName } from "../../export/names.js";
import { base64Bytes } from "../../scoring/roi_scores.js";
import { below } from "./found_row.js";

/**
 * @import {ModelCard} from "../../core/start.js"
 * @import {Source} from "../../scoring/session.js"
 * @import {Kept, SaveQuestion, SavedBox} from "../../core/wire.js"
 * @import {PhraseBox} from "./boxes.js"
 * @import {DetectSession} from "./finding.js"
 * @import {Missing} from "./phrases.js"
 */

/** A table by the page, or a file by the app. @typedef {"csv" | SaveQuestion["format"]} SavedFormat */

/** @type {Record<SaveQuestion["format"], string>} */
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

/** A box as the app keeps and saves it. @param {PhraseBox} box @returns {SavedBox} */
export const savedBox = ({ number, corners, prompt, score, hue, own }) => ({
  number,
  box: corners,
  phrase: prompt.text,
  score,
  hue,
  own: !!own,
});

/**
 * Lines of the table, its head first; phrases without a box are told, too, with their best ones.
 *
 * @param {PhraseBox[]} boxes
 * @param {Missing[]} missing
 * @param {(string | number)[]} end of every line
 * @returns {(string | number | boolean)[][]}
 */
export function tableLines(boxes, missing, end) {
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
  const lacking = missing.flatMap(({ prompt, facts }) => {
    if (!facts) return []; // it says the same as another
    const { box, best, baseline } = facts;
    const corners = box?.map(exact) ?? ["", "", "", ""];
    const figures = box ? [exact(best), exact(baseline), exact(below(facts))] : ["", exact(baseline), ""];
    return [["", prompt.text, prompt.route, ...corners, ...figures, "", false, false, ...end]];
  });
  return [HEADER, ...lines, ...lacking];
}

/**
 * @typedef {object} SaverHooks
 * @property {(act: () => unknown) => Promise<boolean>} told does something, and says what goes wrong
 * @property {() => Source | null} source of the open picture
 * @property {() => PhraseBox[]} boxes
 * @property {() => Missing[]} missing
 * @property {() => number} share how strictly was looked
 * @property {(done: Kept) => unknown} kept
 */

export class BoxSaver {
  /**
   * @param {DetectSession} session
   * @param {ModelCard} card
   * @param {SaverHooks} hooks
   */
  constructor(session, card, hooks) {
    this.session = session;
    this.card = card;
    this.hooks = hooks;
  }

  /** Make the boxes regions of the workspace. */
  async keep() {
    const boxes = this.hooks.boxes();
    if (!boxes.length) return;
    await this.hooks.told(async () => {
      const reply = await this.session.inquire("keep", { found: boxes.map(savedBox) });
      if (reply) this.hooks.kept(reply);
    });
  }

  /** @param {SavedFormat} format */
  save(format) {
    return this.hooks.told(() => {
      const source = this.hooks.source();
      if (!source) return null;
      return format === "csv" ? this.#saveTable(source) : this.#saveFile(format, source);
    });
  }

  /** @param {Source} source */
  #saveTable(source) {
    const end = [this.hooks.share(), pictureName(source), modelName(this.card)];
    const lines = tableLines(this.hooks.boxes(), this.hooks.missing(), end);
    if (lines.length > 1) download(new Blob([csvText(lines)], { type: "text/csv" }), fileName(source, "boxes.csv"));
  }

  /** A file of boxes that the app makes. @param {SaveQuestion["format"]} format @param {Source} source */
  async #saveFile(format, source) {
    const boxes = this.hooks.boxes();
    if (!boxes.length) return;
    const reply = await this.session.inquire("save", { format, found: boxes.map(savedBox) });
    if (!reply) return;
    const name = format === "png" ? "boxes.png" : `${format}.${reply.suffix}`;
    download(new Blob([base64Bytes(reply.content)], { type: TYPES[format] }), fileName(source, name));
  }
}
