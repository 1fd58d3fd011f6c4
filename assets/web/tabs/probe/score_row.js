// One row of the table: a prompt, and its cosines with one region and the picture, or with every region.

import { make } from "../../core/dom.js";
import { shareText } from "../../core/format.js";
import { COLUMNS, cell, setText, write, writeTinted } from "./cells.js";

/**
 * @import {PairScores, Prompt} from "../../scoring/prompts.js"
 * @import {Cell, Range} from "./cells.js"
 */

/** @typedef {{best: boolean, doubtful: boolean}} Marks */

export class ScoreRow {
  /** @type {Map<string | number, Cell>} by the name of a column, or the id of a box */
  #cells;

  /**
   * @param {Prompt} prompt
   * @param {number[] | null} boxes ids of all regions; null for the columns of one
   * @param {() => unknown} heat
   */
  constructor(prompt, boxes, heat) {
    this.#cells = boxes
      ? new Map(boxes.map((id) => [id, cell("one")]))
      : new Map(Object.keys(COLUMNS).map((name) => [name, cell(name)]));
    const words = make(
      "span",
      {
        class: "fx-cell-words",
        role: "rowheader",
        title: `${prompt.text}\n(click: its heat map)`,
        dir: "auto",
        onclick: heat,
      },
      prompt.text,
    );
    const cells = [...this.#cells.values()].map(({ element }) => element);
    this.element = make("div", { class: "fx-row", role: "row" }, words, ...cells);
  }

  /** Whether the prompt's heat map is on the picture. @param {boolean} painted */
  mark(painted) {
    this.element.classList.toggle("fx-painted", painted);
  }

  /**
   * Cosines with one region, or with the whole picture alone.
   *
   * @param {Prompt} prompt
   * @param {PairScores & {share?: number}} scores
   * @param {Range} range
   * @param {Marks} marks
   */
  fill({ facts }, { region, crop, share }, range, { best, doubtful }) {
    /** @type {Record<string, number | undefined>} */
    const values = { region, crop, picture: facts?.picture };
    for (const [name, part] of this.#cells) {
      if (name === "share") setText(part.number, share === undefined ? "–" : shareText(share));
      else write(part, values[name], range);
    }
    this.element.classList.toggle("fx-best", best);
    this.element.classList.toggle("fx-doubtful", doubtful);
    this.element.classList.toggle("fx-waiting", !facts);
  }

  /**
   * The cosine with one of all regions.
   *
   * @param {number} boxId
   * @param {number | undefined} region
   * @param {Range} range
   * @param {Marks} marks
   */
  fillRegion(boxId, region, range, marks) {
    const part = this.#cells.get(boxId);
    if (part) writeTinted(part, region, range, marks);
  }
}
