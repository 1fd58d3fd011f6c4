// What two models are called, so that they can be told apart.

/** @import {ModelCard, PictureStart} from "../../core/start.js" */

/**
 * As much of a model's card as tells it from another.
 *
 * @typedef {object} Card
 * @property {string} name
 * @property {string} source
 * @property {string} family
 * @property {string} sha256
 * @property {string} reading how it reads pictures, where that is not its own way
 * @property {number} image_size pixels
 */

/**
 * What the tab knows from the beginning: both models.
 *
 * @typedef {PictureStart & {card: ModelCard & Card, other: ModelCard & Card}} CompareStart
 */

/**
 * Their names; where these are the same, where they lie.
 *
 * @param {Card} one
 * @param {Card} other
 */
export function namesOf(one, other) {
  const isSame = one.sha256 === other.sha256; // and read in two ways
  const key = one.name === other.name && !isSame ? "source" : "name";
  return [one, other].map((card) =>
    [card[key], card.reading || (isSame ? `its own ${card.image_size} pixels` : "")].filter(Boolean).join(", "),
  );
}

/** @param {Card} card */
export const sourceOf = ({ family, source, sha256 }) => `${family}, ${source}, sha256 ${sha256.slice(0, 12)}…`;
