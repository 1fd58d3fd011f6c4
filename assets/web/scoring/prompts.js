// What the page knows of prompts and boxes while it scores them. Types only.

/** @import {Corners} from "../core/corners.js" */
/** @import {RouteChoice} from "../core/routes.js" */
/** @import {TokenCount} from "../core/wire.js" */

/**
 * `picture` is the cosine with the whole picture, `product` the S of `roi_scores.js`.
 *
 * @typedef {TokenCount & {picture: number, product: Float32Array}} PromptFacts
 */

/** @typedef {{text: string, route: RouteChoice}} PromptText what is remembered of a prompt */

/**
 * Facts are null until the server has read it.
 *
 * @typedef {{id: number, text: string, route: RouteChoice, facts: PromptFacts | null}} Prompt
 */

/** @typedef {{id: number, corners: Corners}} ScoredBox */

/** @typedef {{region?: number, crop?: number}} PairScores of a box and a prompt, as far as known */

/** @typedef {(box: {id: number}, prompt: {id: number}) => PairScores} ScoresOf */

export {};
