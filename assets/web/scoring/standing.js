// How prompts stand against each other: who leads, by how much, and everybody's share.

import { isFooled, leadOf } from "./ranking.js";
import { softmax } from "./roi_scores.js";

/** Cosine of a prompt with a box, or with the whole picture where there is none; undefined until known. */
export function cosineOf(box, prompt, scores) {
  return box ? scores(box, prompt).region : prompt.facts?.picture;
}

/** Whether a region's best prompt is doubtful; nothing is known of the long route, or of a card without the number. */
export const isDoubtful = (prompt, cosine, { doubtful_below: below }) =>
  below !== null && prompt.facts?.route !== "long" && cosine < below;

/** Why the numbers on a picture mean little, in words, or null; without a sample it is the reader's own. */
export function beyond({ name, notes }, sample) {
  if (!notes.does_not_know || (sample && !sample.photograph)) return null;
  return `${name} does not know ${notes.does_not_know}: take what it says here as a guess.`;
}

/** The id of the prompt that fits a box best; undefined while none is known, and where several tie. */
export const leaderOf = (box, state) => leading(known(box, state)).best;

/** Ends of the bars, in tenths: they hold all scores, and zero. */
export function scoreRange({ prompts, boxes, scores }) {
  const values = prompts
    .flatMap((prompt) => [prompt.facts?.picture, ...boxes.flatMap((box) => Object.values(scores(box, prompt)))])
    .filter(Number.isFinite);
  const high = values.reduce((most, value) => Math.max(most, value), 0.1);
  const low = values.reduce((least, value) => Math.min(least, value), 0);
  return { low: Math.floor(low * 10) / 10, high: Math.ceil(high * 10) / 10 };
}

/**
 * @param {{prompts: object[], box: object|null, scores: Function}} state scores(box, prompt) gives {region}
 * @param {number} scale multiplies a cosine before the softmax
 * @returns {{best: number|undefined, top: number, margin: number|null, share: number|null, shares: Map<number, number>}}
 *   the leader's id, undefined of a tie; the highest cosine, its lead over the next and its share; shares by prompt id
 */
export function standing({ prompts, box, scores }, scale) {
  const entries = known(box, { prompts, scores });
  const parts = entries.length
    ? softmax(
        entries.map(({ value }) => value),
        scale,
      )
    : [];
  const shares = new Map(entries.map(({ id }, i) => [id, parts[i]]));
  const { place, ...lead } = leading(entries);
  return { ...lead, share: parts[place] ?? null, shares };
}

/** The cosines that are known, by prompt. */
const known = (box, { prompts, scores }) =>
  prompts
    .map((prompt) => ({ id: prompt.id, value: cosineOf(box, prompt, scores) }))
    .filter(({ value }) => Number.isFinite(value));

function leading(entries) {
  const { place, margin } = leadOf(entries.map(({ value }) => value));
  const { id, value } = entries[place] ?? {};
  return { place, best: isFooled(margin) ? undefined : id, top: value, margin };
}
