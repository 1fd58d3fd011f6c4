// Texts that come from the app: those that a point of the data set is held to, and rewrites of one's own.

import { ask, Fault } from "../../core/api.js";

/** @import {Against, CompareServer, OnePoint} from "./questions.js" */

const REWRITES = 10; // at once

/**
 * What is said of a point, first, and what it is held to.
 *
 * @param {CompareServer} server
 * @param {OnePoint} point
 * @param {Against} against
 */
export async function regionTexts(server, point, { rivals, attribute, route = "box" }) {
  const { picture, box, said, negatives } = await ask(server, "seat", point);
  const wrong = rivals
    ? (await ask(server, "rivals", { owner: point.owner })).texts
    : negatives.filter((each) => !attribute || each.attribute === attribute).map(({ text }) => text);
  const texts = [...new Set([said, ...wrong])].filter(Boolean).map((text) => ({ text, route }));
  return { picture, box, texts };
}

/**
 * Hard negatives of a text: each gets one attribute wrong.
 *
 * @param {CompareServer} server
 * @param {string} text
 * @throws {Fault} there are none
 */
export async function rewritesOf(server, text) {
  const { negatives } = await ask(server, "rewrite", { caption: text, count: REWRITES });
  if (negatives.length) return negatives.map((each) => each.text);
  throw new Fault(`“${text}” names nothing that could be rewritten: try one with a colour, a size or a number.`);
}
