// Shows what is there: labels on the picture, rows, how many boxes each phrase has, and what can be done.

import { hueOf } from "../../core/colours.js";
import { cosineText } from "../../core/format.js";
import { hasPhrase } from "./boxes.js";

/**
 * @import {PictureCanvas} from "../../canvas/picture_canvas.js"
 * @import {PromptList} from "../../prompts/prompt_list.js"
 * @import {Prompt} from "../../scoring/prompts.js"
 * @import {DetectBox} from "./boxes.js"
 * @import {HandBoxes} from "./by_hand.js"
 * @import {DetectControls} from "./controls.js"
 * @import {BoxFinder} from "./finding.js"
 * @import {Outcome} from "./outcome.js"
 * @import {Phrases} from "./phrases.js"
 * @import {DetectRows} from "./rows.js"
 */

/**
 * @typedef {object} ShownParts
 * @property {PictureCanvas<DetectBox>} canvas
 * @property {PromptList} list
 * @property {Phrases} phrases
 * @property {DetectRows} rows
 * @property {HandBoxes} hand
 * @property {BoxFinder} finder
 * @property {DetectControls} controls
 * @property {Outcome} outcome
 */

const LABELLED = 8; // boxes; more than these carry words only on the chosen one

/** @param {ShownParts} parts */
export function showAll(parts) {
  const { canvas, list, phrases, rows, hand, finder, controls, outcome } = parts;
  const { boxes } = hand;
  const { missing } = phrases;
  for (const box of boxes) labelBox(canvas, box);
  rows.show({
    boxes: boxes.filter(hasPhrase),
    missing,
    factsOf: (phrase) => phrases.of(phrase),
    selectedId: canvas.selectedId,
    chosenPhrase: hand.nextPhrase,
    summary: phrases.summary,
  });
  list.tally(tallies(list.prompts, phrases));
  controls.show(hand.countAside);
  outcome.show({
    boxes: boxes.length,
    told: boxes.length > 0 || missing.some(({ facts }) => facts),
    pictures: finder.pictures,
    phrases: list.prompts.length,
  });
}

/**
 * The phrase beside a box's number, and its cosine.
 *
 * @param {PictureCanvas<DetectBox>} canvas
 * @param {DetectBox} box
 */
export function labelBox(canvas, { id, prompt, score = NaN, baseline = NaN }) {
  const quiet = !prompt || (canvas.boxes.length > LABELLED && id !== canvas.selectedId);
  canvas.setLabel(id, {
    text: quiet ? "" : prompt.text,
    score: quiet ? "" : cosineText(score),
    doubtful: score < baseline,
  });
}

/**
 * How many boxes each phrase has, for the end of its row.
 *
 * @param {Prompt[]} prompts
 * @param {Phrases} phrases
 */
const tallies = (prompts, phrases) =>
  new Map(
    prompts.map((prompt, i) => {
      const count = phrases.countOf(prompt);
      const words = phrases.of(prompt) || count ? String(count) : "";
      const title = `${count} ${count === 1 ? "box" : "boxes"}`;
      return [prompt.id, { words, hue: count ? hueOf(1 + i) : null, title }];
    }),
  );
