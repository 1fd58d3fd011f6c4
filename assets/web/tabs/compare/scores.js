// What both models say of the texts on one picture: by the page while a box is dragged, by themselves at rest.

import { Latest } from "../../core/latest.js";
import { csvText, exact } from "../../export/csv.js";
import { download } from "../../export/download.js";
import { MARKS } from "./badge.js";

/** @import {Corners} from "../../core/corners.js" */
/** @import {HeatControls} from "../../canvas/heat_controls.js" */
/** @import {PromptList} from "../../prompts/prompt_list.js" */
/** @import {CanvasPair} from "./canvas_pair.js" */
/** @import {Told} from "../../core/api.js" */
/** @import {CompareRows} from "./rows.js" */
/** @import {SessionPair} from "./session_pair.js" */

/**
 * What scores are made of and shown on.
 *
 * @typedef {object} ScoreParts
 * @property {SessionPair} session
 * @property {CanvasPair} canvas
 * @property {PromptList} list
 * @property {CompareRows} rows
 * @property {HeatControls[]} heats of either canvas
 * @property {Told} told does something, and says what goes wrong
 */

export class PairScores {
  /** @type {number[][]|null} cosines of each model from the models themselves; null while they are not known */
  #exact = null;
  #latest = new Latest();

  /** @param {ScoreParts} parts */
  constructor(parts) {
    this.parts = parts;
  }

  /** Something has changed: what the models said, or are about to, is of something else. */
  forget() {
    this.#latest.cancel();
    this.#exact = null;
  }

  /** Everything rests: what is shown is taken from the models themselves. */
  settle() {
    const { session, canvas, list, told } = this.parts;
    const { selected } = canvas;
    const { prompts } = list;
    if (!selected || !prompts.length || !prompts.every((prompt) => session.hasRead(prompt))) return;
    const signal = this.#latest.begin();
    told(async () => {
      const scores = await session.score(selected, prompts);
      if (signal.aborted || !scores) return;
      this.#exact = scores;
      this.show();
    });
  }

  /** @param {{live?: boolean}} how while a box is dragged: rows keep their places */
  show({ live = false } = {}) {
    const { session, canvas, list, rows } = this.parts;
    const { selected } = canvas;
    const against = selected ? `box ${selected.number}` : "the whole picture";
    rows.show(list.prompts, (!live && this.#exact) || this.#values(), {
      claimed: list.heatId,
      live,
      against: session.token ? against : "",
    });
  }

  /** The heat maps of the claimed text, by either model. */
  paint() {
    const { session, list, heats } = this.parts;
    const { prompts, heatId } = list;
    heats.forEach((heat, model) => {
      const read = prompts.map((prompt) => ({ ...prompt, facts: session.factsOf(prompt, model) }));
      heat.paint({ prompts: read, heatId }, session.both[model].scorer);
    });
  }

  /**
   * The table, as a file.
   *
   * @param {string} picture its name
   */
  save(picture) {
    const { session, canvas, list, rows } = this.parts;
    const prompts = list.prompts.map((prompt) => ({
      text: prompt.text,
      route: session.factsOf(prompt, 0)?.route ?? "",
    }));
    const corners = canvas.selected?.corners ?? null;
    const { names, values, ranks } = rows;
    const lines = scoreLines(prompts, { picture, corners, names, values, ranks });
    download(new Blob([csvText(lines)], { type: "text/csv" }), `compare-${picture}.csv`);
  }

  /** Cosines of both models with the chosen box, or the whole picture. */
  #values() {
    const { session, canvas, list } = this.parts;
    const box = canvas.selected;
    return session.both.map(({ scorer }, model) =>
      list.prompts.map((prompt) => {
        const facts = session.factsOf(prompt, model);
        if (!box) return facts?.picture ?? NaN;
        return facts && scorer ? scorer.score(box.corners, [facts.product])[0] : NaN;
      }),
    );
  }
}

/**
 * The table, for a file.
 *
 * @param {{text: string, route: string}[]} prompts with the routes by which they were read
 * @param {{picture: string, corners: Corners|null, names: string[], values: number[][], ranks: number[][]}} scores
 */
export function scoreLines(prompts, { picture, corners, names, values, ranks }) {
  const edges = corners?.map(exact) ?? ["", "", "", ""];
  const figures = names.flatMap((name) => [`cosine ${name}`, `rank ${name}`]);
  return [
    ["picture", "x0", "y0", "x1", "y1", "text", "route", ...figures],
    ...prompts.map(({ text, route }, i) => [
      picture,
      ...edges,
      ...[text, route],
      ...MARKS.flatMap((_, model) => [exact(values[model][i]), ranks[model][i]]),
    ]),
  ];
}
