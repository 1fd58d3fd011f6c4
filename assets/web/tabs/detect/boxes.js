// Boxes of the Detect tab: found by the model, or made by hand, each for a phrase.

import { overlap, same } from "../../canvas/box_geometry.js";

/**
 * @import {Corners} from "../../core/corners.js"
 * @import {FoundBox, MeasuredBox, Phrase} from "../../core/wire.js"
 * @import {How} from "./controls.js"
 */

/** What a box is worth. @typedef {Omit<MeasuredBox, "box">} BoxFacts */

/** A box for a phrase. @typedef {{corners: Corners, prompt: Phrase}} PlacedBox */

/**
 * A box on the canvas. It has no phrase while a first one is drawn, and is not worth anything known while it is new;
 * `own`: drawn or moved by hand; `found`: where it was found, until somebody moves it.
 *
 * @typedef {{id: number, number: number, corners: Corners, hue?: number, prompt?: Phrase, own?: boolean,
 *   found?: Corners | null} & Partial<BoxFacts>} DetectBox
 */

/** @typedef {DetectBox & {prompt: Phrase}} PhraseBox */

/** What is left on a picture. @typedef {{own: PlacedBox[], aside: PlacedBox[]}} Remains */

/**
 * What an undo step remembers.
 *
 * @typedef {{boxes: DetectBox[], prompts: Phrase[], how: How, aside: PlacedBox[]}} Snapshot
 */

const ASIDE = 0.5; // overlap with a box that was removed or replaced, from which on one is not found again
const EQUAL = 1e-5; // between edges of a box that is found once more

/** Text and route, which make a phrase. @param {Phrase} phrase */
export const phraseKey = ({ text, route }) => `${route}\n${text}`;

/** @param {DetectBox} box @returns {box is PhraseBox} */
export const hasPhrase = (box) => box.prompt !== undefined;

/** @param {Phrase} one @param {Phrase | undefined} other */
export const isSamePhrase = (one, other) => !!other && phraseKey(one) === phraseKey(other);

/** Whether two boxes are for one phrase, at about the same place. @param {PlacedBox} one @param {PlacedBox} other */
const isSamePlace = (one, other) =>
  isSamePhrase(one.prompt, other.prompt) && overlap(one.corners, other.corners) > ASIDE;

/** Whether one by hand lies where a found box was put aside. @param {PlacedBox} aside @param {DetectBox[]} boxes */
export const isReplaced = (aside, boxes) => boxes.some((box) => box.own && hasPhrase(box) && isSamePlace(box, aside));

/**
 * What was found, as boxes: those found before keep their ids, and those that are there by hand or were put aside are
 * left out.
 *
 * @param {FoundBox[]} found
 * @param {{before: DetectBox[], own: PhraseBox[], aside: PlacedBox[]}} there
 * @returns {(Omit<PhraseBox, "id" | "number"> & {id?: number})[]}
 */
export function foundBoxes(found, { before, own, aside }) {
  const earlier = before.filter((box) => !box.own).filter(hasPhrase);
  return found
    .map(({ box, ...facts }) => ({ ...facts, corners: box }))
    .filter((box) => !own.some((each) => isSamePhrase(each.prompt, box.prompt) && same(each.corners, box.corners)))
    .filter((box) => !aside.some((each) => isSamePlace(each, box)))
    .map((box) => ({ ...box, id: earlier.find((each) => isFoundAgain(each, box))?.id, found: box.corners }));
}

/** @param {PlacedBox} one @param {PlacedBox} other */
const isFoundAgain = (one, other) =>
  isSamePhrase(one.prompt, other.prompt) && one.corners.every((edge, i) => Math.abs(edge - other.corners[i]) < EQUAL);
