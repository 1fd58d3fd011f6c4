import assert from "node:assert/strict";
import { test } from "node:test";

import {
  firstBoxes,
  linkedBox,
  negativeOf,
  negativesOf,
  regionOf,
} from "../../../../assets/web/tabs/negatives/regions.js";

const cat = {
  box: [0.12345678, 0.2, 0.5, 0.7],
  phrase: "the cat",
  negatives: [
    { text: "the dog", attribute: "object" },
    { text: "the cup", attribute: "" },
  ],
};
const dog = { box: [0.6, 0.1, 0.9, 0.4], phrase: "the dog", negatives: [] };

test("a box is of the region whose edges it has, to the four decimals of an address", () => {
  assert.equal(regionOf([dog, cat], [0.1235, 0.2, 0.5, 0.7]), cat);
  assert.equal(regionOf([dog, cat], [0.1245, 0.2, 0.5, 0.7]), undefined);
  assert.equal(regionOf([dog, cat], undefined), undefined);
});

test("negatives say what they get wrong where the data set does", () => {
  assert.deepEqual(negativesOf(cat), [
    { text: "the dog", kinds: ["object"] },
    { text: "the cup", kinds: null },
  ]);
  assert.deepEqual(negativeOf(cat, "the dog"), { text: "the dog", kinds: ["object"] });
  assert.deepEqual(negativeOf(undefined, "the dog"), { text: "the dog", kinds: null });
});

test("at most six boxes are shown at first, numbered from one", () => {
  const many = Array.from({ length: 9 }, (_, i) => ({ ...dog, box: [i / 10, 0, 1, 1] }));
  assert.deepEqual(
    firstBoxes(many).map(({ number }) => number),
    [1, 2, 3, 4, 5, 6],
  );
});

test("the box of a link comes first, unless it is a region's", () => {
  const linked = [0, 0, 0.5, 0.5];
  assert.deepEqual(firstBoxes([cat, dog], linked)[0], { corners: linked, number: 3 });
  assert.equal(firstBoxes([cat, dog], cat.box).length, 2);
  assert.equal(linkedBox([{ corners: linked, id: 4 }], linked).id, 4);
});
