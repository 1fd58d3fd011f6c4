// What the page knows of prompts and boxes while it scores them. Types only.

/** @import {Corners} from "../core/corners.js" */

/**
 * What the server found of a text: its tokens, and the route that "auto" took.
 *
 * @typedef {object} TokenFacts
 * @property {number} tokens
 * @property {number} limit tokens that the route reads
 * @property {string} route
 * @property {boolean} truncated
 * @property {string} kept what is read of a truncated text
 */

/**
 * `picture` is the cosine with the whole picture, `product` the S of `roi_scores.js`.
 *
 * @typedef {TokenFacts & {picture: number, product: Float32Array}} PromptFacts
 */

/** @typedef {{text: string, route: string}} PromptText what is asked of the server, and remembered */

/**
 * Facts are null until the server has read it.
 *
 * @typedef {{id: number, text: string, route: string, facts: PromptFacts | null}} Prompt
 */

/** @typedef {{id: number, corners: Corners}} ScoredBox */

/** @typedef {{region?: number, crop?: number}} PairScores of a box and a prompt, as far as known */

/** @typedef {(box: {id: number}, prompt: {id: number}) => PairScores} ScoresOf */

export {};
