import assert from "node:assert/strict";
import test from "node:test";

import { TIE, isFooled, isTie, leadOf, marginOf, rankOf, ranksOf } from "../../../assets/web/scoring/ranking.js";
import { isDoubtful, leaderOf, scoreRange, standing } from "../../../assets/web/scoring/standing.js";

test("a score that leads by a tie does not lead", () => {
  assert.equal(isFooled(marginOf(0.3, [0.2, 0.25])), false);
  assert.equal(isFooled(marginOf(0.3, [0.3])), true);
  assert.equal(isFooled(TIE / 2), true);
  assert.equal(isFooled(NaN), true);
  assert.equal(isFooled(marginOf(0.3, [])), false);
  assert.equal(isTie(0.3, 0.3 + TIE / 2), true);
});

test("those that tie are before a score, and all of a collapsed model are last", () => {
  assert.equal(rankOf(0.3, [0.4, 0.3, 0.2]), 3);
  assert.deepEqual(ranksOf([0.2, 0.2, 0.2]), [3, 3, 3]);
  assert.deepEqual(ranksOf([0.1, 0.3, 0.2]), [3, 1, 2]);
});

test("the lead is over the next, and nobody leads nobody", () => {
  assert.deepEqual(leadOf([0.25, 0.5]), { place: 1, margin: 0.25 });
  assert.deepEqual(leadOf([]), { place: -1, margin: null });
});

const prompt = (id, picture, route = "short") => ({ id, facts: picture === null ? null : { picture, route } });
const regions = new Map([
  [1, 0.5],
  [2, 0.25],
]);
const state = {
  prompts: [prompt(1, 0.1), prompt(2, 0.2), prompt(3, null)],
  scores: (_box, { id }) => ({ region: regions.get(id) }),
};

test("prompts stand by the box, or without one by the picture; what is not known is left out", () => {
  assert.equal(leaderOf({ id: 7 }, state), 1);
  assert.equal(leaderOf(null, state), 2);
  const { best, top, margin, shares } = standing({ ...state, box: { id: 7 } }, 1);
  assert.deepEqual([best, top, margin, [...shares.keys()]], [1, 0.5, 0.25, [1, 2]]);
});

test("of prompts that tie none leads, and without any nothing is known", () => {
  const tied = { ...state, scores: () => ({ region: 0.5 }) };
  assert.equal(leaderOf({ id: 7 }, tied), undefined);
  const nothing = standing({ prompts: [], scores: state.scores, box: null }, 1);
  assert.deepEqual(nothing, { best: undefined, top: undefined, margin: null, share: null, shares: new Map() });
});

test("bars hold all scores and zero, in tenths", () => {
  assert.deepEqual(scoreRange({ ...state, boxes: [{ id: 7 }] }), { low: 0, high: 0.5 });
});

test("a low cosine is doubtful, but not by the long route or without the card's number", () => {
  assert.equal(isDoubtful(prompt(1, 0.1), 0.2, { doubtful_below: 0.3 }), true);
  assert.equal(isDoubtful(prompt(1, 0.1, "long"), 0.2, { doubtful_below: 0.3 }), false);
  assert.equal(isDoubtful(prompt(1, 0.1), 0.2, { doubtful_below: null }), false);
});
