// How prompts stand against each other: who leads, by how much, and everybody's share.

/**
 * @import {ModelCard} from "../core/start.js"
 * @import {Prompt, ScoresOf} from "./prompts.js"
 */

import { isFooled, leadOf } from "./ranking.js";
import { softmax } from "./roi_scores.js";

/**
 * What prompts are held against: a box, or with null the whole picture.
 *
 * @typedef {{id: number} | null} Held
 * @typedef {Pick<Prompt, "id" | "facts">} RankedPrompt
 * @typedef {{prompts: RankedPrompt[], scores: ScoresOf}} ScoreState
 */

/**
 * Cosine of a prompt with a box, or with the whole picture where there is none; undefined until known.
 *
 * @param {Held} box
 * @param {RankedPrompt} prompt
 * @param {ScoresOf} scores
 */
export function cosineOf(box, prompt, scores) {
  return box ? scores(box, prompt).region : prompt.facts?.picture;
}

/**
 * Whether a region's best prompt is doubtful; nothing is known of the long route, or of a card without the number.
 *
 * @param {Pick<Prompt, "facts">} prompt
 * @param {number} cosine
 * @param {Pick<ModelCard, "doubtful_below">} card
 */
export const isDoubtful = (prompt, cosine, { doubtful_below: below }) =>
  below !== null && prompt.facts?.route !== "long" && cosine < below;

/**
 * Why the numbers on a picture mean little, in words, or null; without a sample it is the reader's own.
 *
 * @param {Pick<ModelCard, "name" | "notes">} card
 * @param {{photograph: boolean}} [sample]
 */
export function beyond({ name, notes }, sample) {
  if (!notes.does_not_know || (sample && !sample.photograph)) return null;
  return `${name} does not know ${notes.does_not_know}: take what it says here as a guess.`;
}

/**
 * The id of the prompt that fits a box best; undefined while none is known, and where several tie.
 *
 * @param {Held} box
 * @param {ScoreState} state
 */
export const leaderOf = (box, state) => leading(known(box, state)).best;

/**
 * Ends of the bars, in tenths: they hold all scores, and zero.
 *
 * @param {ScoreState & {boxes: {id: number}[]}} state
 */
export function scoreRange({ prompts, boxes, scores }) {
  const values = prompts
    .flatMap((prompt) => [prompt.facts?.picture, ...boxes.flatMap((box) => Object.values(scores(box, prompt)))])
    .filter(isKnown);
  const high = values.reduce((most, value) => Math.max(most, value), 0.1);
  const low = values.reduce((least, value) => Math.min(least, value), 0);
  return { low: Math.floor(low * 10) / 10, high: Math.ceil(high * 10) / 10 };
}

/**
 * How prompts stand: the leader's id, undefined of a tie; the highest cosine, its lead over the next and its share;
 * shares by prompt id.
 *
 * @typedef {object} Standing
 * @property {number} [best]
 * @property {number} [top]
 * @property {number | null} margin
 * @property {number | null} share
 * @property {Map<number, number>} shares
 */

/**
 * @param {ScoreState & {box: Held}} state
 * @param {number} scale multiplies a cosine before the softmax
 * @returns {Standing}
 */
export function standing({ prompts, box, scores }, scale) {
  const entries = known(box, { prompts, scores });
  const cosines = entries.map(({ value }) => value);
  const parts = cosines.length ? softmax(cosines, scale) : [];
  const shares = new Map(entries.map(({ id }, i) => [id, parts[i]]));
  const { place, ...lead } = leading(entries);
  return { ...lead, share: parts[place] ?? null, shares };
}

/** The cosines that are known, by prompt. @param {Held} box @param {ScoreState} state */
const known = (box, { prompts, scores }) =>
  prompts.flatMap((prompt) => {
    const value = cosineOf(box, prompt, scores);
    return isKnown(value) ? [{ id: prompt.id, value }] : [];
  });

/** @param {number | undefined} value @returns {value is number} */
const isKnown = (value) => value !== undefined && Number.isFinite(value);

/** @param {{id: number, value: number}[]} entries */
function leading(entries) {
  const { place, margin } = leadOf(entries.map(({ value }) => value));
  if (place < 0) return { place, best: undefined, top: undefined, margin };
  const { id, value } = entries[place];
  return { place, best: isFooled(margin) ? undefined : id, top: value, margin };
}
