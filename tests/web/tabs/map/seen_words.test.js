import assert from "node:assert/strict";
import test from "node:test";

import { chosenWith, closeTo, countWords } from "../../../../assets/web/tabs/map/seen_words.js";

test("how many are shown, here and in all", () => {
  assert.equal(countWords(6, { inside: 6, left: 6, total: 6 }, false), "showing all 6 here · 6 in all");
  assert.equal(countWords(6, { inside: 8, left: 8, total: 9 }, true), "showing 6 of 8 here · 8 of 9 fit");
});

test("a value of the legend is shown alone, and all again at its second click", () => {
  assert.deepEqual(chosenWith("cat", false, []), ["cat"]);
  assert.deepEqual(chosenWith("cat", false, ["cat"]), []);
  assert.deepEqual(chosenWith("cat", false, ["cat", "dog"]), ["cat"]);
});

test("with more it joins the others, or leaves them", () => {
  assert.deepEqual(chosenWith("dog", true, ["cat"]), ["cat", "dog"]);
  assert.deepEqual(chosenWith("dog", true, ["cat", "dog"]), ["cat"]);
});

test("the view comes closer to small clusters than to large ones", () => {
  const map = { frame: [0, 0, 10, 10], points: 10_000 };
  assert.deepEqual(closeTo({ x: 5, y: 5, size: 1 }, map), [4.6, 4.6, 5.4, 5.4]);
  assert.deepEqual(closeTo({ x: 5, y: 5, size: 10_000 }, map), [3, 3, 7, 7]);
});
