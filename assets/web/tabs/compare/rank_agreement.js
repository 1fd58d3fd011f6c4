// How two models order the same texts: pure functions.

import { isTie, ranksOf } from "../../scoring/ranking.js";

/**
 * Ranks from 1 among what is known, NaN of what is not; those that tie share the worse one.
 *
 * @param {number[]} values
 * @returns {number[]}
 */
export function ranksOfKnown(values) {
  const ranks = ranksOf(values.filter(Number.isFinite));
  let next = 0;
  return values.map((value) => (Number.isFinite(value) ? ranks[next++] : NaN));
}

/**
 * Spearman's rank correlation.
 *
 * @param {number[]} one
 * @param {number[]} other of the same length
 */
export function spearman(one, other) {
  const [a, b] = [midRanks(one), midRanks(other)];
  const middle = (a.length - 1) / 2;
  /** @param {number[]} x @param {number[]} y */
  const products = (x, y) => x.reduce((sum, value, i) => sum + (value - middle) * (y[i] - middle), 0);
  return products(a, b) / Math.sqrt(products(a, a) * products(b, b));
}

/**
 * Ranks from 0; those that tie share the mean one.
 *
 * @param {number[]} values
 */
const midRanks = (values) =>
  values.map(
    (value) =>
      values.filter((other) => other > value && !isTie(other, value)).length +
      (values.filter((other) => isTie(other, value)).length - 1) / 2,
  );

/** @typedef {"list"|"A"|"B"|"gain"} Order as written, by rank with a model, or by the largest change between them */

/**
 * Rows in an order; those that tie stay as written.
 *
 * @param {Order} by
 * @param {number[][]} ranks of each model
 */
export function ordered(by, [a, b]) {
  /** @type {Record<Order, (row: number) => number>} */
  const keys = { list: (i) => i, A: (i) => a[i], B: (i) => b[i], gain: (i) => -Math.abs(a[i] - b[i]) };
  const key = keys[by];
  return a.map((_, i) => i).sort((i, j) => key(i) - key(j) || i - j);
}

/**
 * Places that a text gains with B: 3 is ▲ 3.
 *
 * @param {number} gain NaN while it is not known
 */
export function gainText(gain) {
  if (!Number.isFinite(gain)) return "";
  if (!gain) return "=";
  return `${gain > 0 ? "▲" : "▼"} ${Math.abs(gain)}`;
}
