import assert from "node:assert/strict";
import test from "node:test";

import { gainText, ordered, ranksOfKnown, spearman } from "../../../../assets/web/tabs/compare/rank_agreement.js";
import { scoreLines } from "../../../../assets/web/tabs/compare/scores.js";

test("what is not known has no rank, and takes none", () => {
  assert.deepEqual(ranksOfKnown([0.1, NaN, 0.3]), [2, NaN, 1]);
  assert.deepEqual(ranksOfKnown([0.2, 0.2]), [2, 2]); // a tie counts against both
});

test("the same order correlates with 1, the opposite one with −1, ties in between", () => {
  assert.equal(spearman([1, 2, 3], [10, 20, 30]), 1);
  assert.equal(spearman([1, 2, 3], [3, 2, 1]), -1);
  assert.ok(Math.abs(spearman([1, 2, 3], [1, 1, 3]) - Math.sqrt(3) / 2) < 1e-12);
});

test("rows are sorted by either model's ranks or by the largest change", () => {
  const ranks = [
    [3, 1, 2],
    [1, 2, 3],
  ];
  assert.deepEqual(ordered("list", ranks), [0, 1, 2]);
  assert.deepEqual(ordered("A", ranks), [1, 2, 0]);
  assert.deepEqual(ordered("B", ranks), [0, 1, 2]);
  assert.deepEqual(ordered("gain", ranks), [0, 1, 2]);
});

test("a gain is an arrow and places", () => {
  assert.deepEqual([2, -1, 0, NaN].map(gainText), ["▲ 2", "▼ 1", "=", ""]);
});

test("the table has a line for each text, with both models' cosines and ranks", () => {
  const [header, line] = scoreLines([{ text: "a cat", route: "box" }], {
    picture: "scene-0",
    corners: null,
    names: ["one", "two"],
    values: [[0.25], [0.5]],
    ranks: [[1], [1]],
  });
  assert.equal(header.join(), "picture,x0,y0,x1,y1,text,route,cosine one,rank one,cosine two,rank two");
  assert.equal(line.length, header.length);
  assert.deepEqual(line.slice(0, 7), ["scene-0", "", "", "", "", "a cat", "box"]);
});
