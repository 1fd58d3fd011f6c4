import assert from "node:assert/strict";
import { test } from "node:test";

import { boxesToShow } from "../../../../assets/web/tabs/probe/sending.js";
import { doubtOf, summaryOf } from "../../../../assets/web/tabs/probe/summary.js";

const standing = { best: 1, top: 0.4, margin: 0.085, share: 0.91, shares: new Map() };

test("the summary tells margin and share, at which scale", () => {
  assert.equal(
    summaryOf(standing, 3, { doubt: "", hint: "draw a box", scale: 100 }),
    "margin over next .085 · softmax .91 at scale 100 · draw a box",
  );
});

test("one prompt has no margin, but may be doubtful", () => {
  const doubt = doubtOf({ name: "mini", doubtful_below: 0.2 }, false);
  assert.equal(doubt, "doubtful: below .200");
  assert.equal(summaryOf(standing, 1, { doubt, hint: "", scale: 100 }), doubt);
  assert.equal(summaryOf({ ...standing, margin: null }, 3, { doubt: "", hint: "x", scale: 100 }), "");
});

test("a picture unlike those the model knows makes every best prompt doubtful", () => {
  assert.equal(doubtOf({ name: "mini", doubtful_below: 0.2 }, true), "doubtful: mini does not know such pictures");
});

test("boxes are those of the address, or left on the picture, or the gallery's", () => {
  const corners = [0, 0, 0.5, 0.5];
  const sample = { boxes: [corners, corners] };
  assert.deepEqual(boxesToShow([{ corners, number: 4 }], [], sample), [{ corners, number: 4 }]);
  assert.deepEqual(boxesToShow(undefined, [{ id: 9, corners, number: 2 }], sample), [{ corners, number: 2 }]);
  assert.deepEqual(
    boxesToShow(undefined, undefined, sample).map(({ number }) => number),
    [1, 2],
  );
  assert.deepEqual(boxesToShow(undefined, undefined, undefined), []);
});
