// The line below the table: who leads, by how much, and whether that can be trusted.

import { cosineText, scaleText, shareText } from "../../core/format.js";

/**
 * @import {ModelCard} from "../../core/start.js"
 * @import {Standing} from "../../scoring/standing.js"
 */

export const ALL_REGIONS =
  "Cosine of every prompt with every region; each region’s best in bold, with “?” where doubtful.";

/**
 * @param {Standing} standing of the prompts
 * @param {number} prompts how many
 * @param {{doubt: string, hint: string, scale: number}} more words before and after, or none; the model's scale
 */
export function summaryOf({ margin, share }, prompts, { doubt, hint, scale }) {
  if (prompts < 2 || margin === null) return doubt;
  const line = `margin over next ${cosineText(margin)} · softmax ${shareText(share)} at scale ${scaleText(scale)}`;
  return [doubt, line, hint].filter(Boolean).join(" · ");
}

/** What the line means. @param {number} scale */
export const summaryTitle = (scale) =>
  "The best prompt’s cosine less the next one’s; its softmax share when cosines are multiplied by " +
  `${scaleText(scale)}, the scale this model learned (τ = ${(1 / scale).toPrecision(2)}).`;

/**
 * Why a region's best prompt is doubtful.
 *
 * @param {Pick<ModelCard, "name" | "doubtful_below">} card
 * @param {boolean} beyond whether the model does not know such pictures
 */
export const doubtOf = ({ name, doubtful_below: below }, beyond) =>
  beyond ? `doubtful: ${name} does not know such pictures` : `doubtful: below ${cosineText(below)}`;
