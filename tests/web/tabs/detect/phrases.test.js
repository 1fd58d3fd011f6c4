import assert from "node:assert/strict";
import { test } from "node:test";

import { Phrases } from "../../../../assets/web/tabs/detect/phrases.js";
import { tableLines } from "../../../../assets/web/tabs/detect/saving.js";

const cat = { text: "the cat", route: "auto" };
const dog = { text: "the dog", route: "auto" };
const corners = [0, 0, 0.5, 0.5];
const facts = (phrase, best) => ({ ...phrase, best, box: corners, baseline: 0.2, elsewhere: [0.1, 0.2, 0.3] });

function phrases(prompts, boxes = []) {
  const state = { how: { share: 0.9, crops: false, detector: false } };
  const known = new Phrases({ prompts: () => prompts, boxes: () => boxes, how: () => state.how });
  return { known, state };
}

test("a phrase without a box is missing once something is known of it", () => {
  const { known } = phrases([cat, dog], [{ id: 1, number: 1, prompt: cat, corners }]);
  assert.deepEqual(known.missing, []);
  known.learn([facts(cat, 0.4), facts(dog, 0.1)]);
  assert.deepEqual(known.missing, [{ prompt: dog, facts: facts(dog, 0.1) }]);
  assert.deepEqual([known.countOf(cat), known.countOf(dog)], [1, 0]);
});

test("of equal phrases the later ones point at the first", () => {
  const { known } = phrases([cat, dog, { ...cat }]);
  assert.deepEqual(known.missing, [{ prompt: cat, twin: 1 }]);
});

test("what is known holds for one way of looking alone", () => {
  const { known, state } = phrases([cat]);
  known.learn([facts(cat, 0.4)]);
  state.how = { ...state.how, share: 0.5 };
  assert.equal(known.of(cat), undefined);
});

test("the summary says how few pictures thresholds come from", () => {
  const { known } = phrases([cat, dog], [{ id: 1, number: 1, prompt: cat, corners }]);
  assert.equal(known.summary, "");
  known.learn([facts(cat, 0.4)]);
  assert.equal(
    known.summary,
    "1 box for 1 of 2 phrases, measured against 3 other pictures: few, so take thresholds as a guess",
  );
});

test("the table tells boxes, then phrases without one; one that repeats another is left out", () => {
  const box = { id: 1, number: 1, prompt: cat, corners, score: 0.3, baseline: 0.2, percentile: 0.9, contrast: 0.1 };
  const missing = [
    { prompt: dog, facts: facts(dog, 0.15) },
    { prompt: cat, twin: 1 },
  ];
  const [head, first, second, ...more] = tableLines([box], missing, [0.9, "scene", "mini"]);
  assert.equal(head.length, first.length);
  assert.equal(head.length, second.length);
  assert.deepEqual(first.slice(7, 13), ["0.300000", "0.200000", "0.900000", "0.100000", true, false]);
  assert.deepEqual(second.slice(7, 13), ["0.150000", "0.200000", "0.333333", "", false, false]);
  assert.deepEqual(more, []);
});
