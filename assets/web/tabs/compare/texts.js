// Texts that come from the app: those that a point of the data set is held to, and rewrites of one's own.

import { ask, Fault } from "../../core/api.js";

/** @import {Route} from "../../core/routes.js" */
/** @import {CompareTab, OwnerQuestion} from "../../core/wire.js" */
/** @import {PromptList} from "../../prompts/prompt_list.js" */

/**
 * What a region is held to when it is shown on its picture: phrases that either model puts near it, or its hard
 * negatives, of one attribute or all.
 *
 * @typedef {{rivals?: boolean, attribute?: string, route?: Route}} Against
 */

/** @typedef {(point: OwnerQuestion, against?: Against) => unknown} OpenPoint shows one on its picture */

const REWRITES = 10; // at once

/**
 * What is said of a point, first, and what it is held to.
 *
 * @param {CompareTab} server
 * @param {OwnerQuestion} point
 * @param {Against} against
 */
export async function regionTexts(server, point, { rivals, attribute, route = "box" }) {
  const { picture, box, caption, negatives } = await ask(server, "location", point);
  if (!picture) throw new Fault(`${point.kind} ${point.owner} is on no picture; choose a region or a picture.`);
  const wrong = rivals
    ? (await ask(server, "rivals", { owner: point.owner })).texts
    : negatives.filter((each) => !attribute || each.attribute === attribute).map(({ text }) => text);
  const texts = [...new Set([caption, ...wrong])].filter(Boolean).map((text) => ({ text, route }));
  return { picture, box, texts };
}

/**
 * Add hard negatives of the painted text, or of the first one: each gets one attribute wrong.
 *
 * @param {PromptList} list
 * @param {CompareTab} server
 * @throws {Fault} there are none
 */
export async function addRewrites(list, server) {
  const { prompts, heatId } = list;
  const prompt = prompts.find(({ id }) => id === heatId) ?? prompts[0];
  if (!prompt) throw new Fault("Write a text first: its rewrites get one attribute wrong each.");
  const { text, route } = prompt;
  const { negatives } = await ask(server, "rewrite", { caption: text, count: REWRITES });
  if (!negatives.length) {
    throw new Fault(`“${text}” names nothing that could be rewritten: try one with a colour, a size or a number.`);
  }
  if (heatId === null) list.chooseHeat(prompt.id);
  list.add(
    negatives.map((each) => each.text),
    route,
  );
}
