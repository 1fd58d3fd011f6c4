// Shows what is known: the table of scores, and the best prompt beside each box's number.

import { cosineText } from "../../core/format.js";
import { isDoubtful } from "../../scoring/standing.js";

/**
 * @import {Box} from "../../canvas/box_geometry.js"
 * @import {PictureCanvas} from "../../canvas/picture_canvas.js"
 * @import {ModelCard} from "../../core/start.js"
 * @import {PromptList} from "../../prompts/prompt_list.js"
 * @import {RegionScores} from "../../scoring/region_scores.js"
 * @import {ScoreTable} from "./table.js"
 */

/**
 * @typedef {object} ShownParts
 * @property {PictureCanvas} canvas
 * @property {PromptList} list
 * @property {RegionScores} scores
 * @property {ScoreTable} table
 * @property {boolean} allRegions whether the scores of all regions are shown side by side
 * @property {string | null} beyond why the numbers on this picture mean little
 */

const LABELLED = 6; // boxes; more than these carry words only on the chosen one

/** @param {ShownParts} parts @param {ModelCard} card */
export function showAll({ canvas, list, scores, table, allRegions, beyond }, card) {
  for (const box of canvas.boxes) labelBox({ canvas, scores, beyond }, box, card);
  table.show({
    prompts: list.prompts,
    boxes: canvas.boxes,
    box: canvas.selected,
    all: allRegions,
    beyond: !!beyond,
    scores: scores.of,
  });
}

/**
 * The best prompt beside the box's number.
 *
 * @param {Pick<ShownParts, "canvas" | "scores" | "beyond">} parts
 * @param {Box} box
 * @param {ModelCard} card
 */
export function labelBox({ canvas, scores, beyond }, box, card) {
  const quiet = canvas.boxes.length > LABELLED && box.id !== canvas.selectedId;
  const best = quiet ? null : scores.best(box);
  const doubtful = !!best && (!!beyond || isDoubtful(best.prompt, best.region, card));
  canvas.setLabel(box.id, {
    text: best ? best.prompt.text + (doubtful ? "?" : "") : "",
    score: best ? cosineText(best.region) : "",
    doubtful,
  });
}
