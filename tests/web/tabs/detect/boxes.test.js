import assert from "node:assert/strict";
import { test } from "node:test";

import { foundBoxes, isReplaced } from "../../../../assets/web/tabs/detect/boxes.js";

const cat = { text: "the cat", route: "auto" };
const dog = { text: "the dog", route: "auto" };
const corners = [0.1, 0.1, 0.5, 0.5];
const found = { prompt: cat, box: corners, score: 0.3, contrast: 0.1, baseline: 0.2, percentile: 0.9 };
const nothing = { before: [], own: [], aside: [] };

test("a found box keeps where it was found, and what it is worth", () => {
  const [box] = foundBoxes([found], nothing);
  assert.deepEqual(box.corners, corners);
  assert.deepEqual(box.found, corners);
  assert.equal(box.score, 0.3);
  assert.equal(box.id, undefined);
});

test("a box that is found once more keeps its id", () => {
  const before = [{ id: 7, number: 1, prompt: cat, corners: corners.map((edge) => edge + 1e-6) }];
  assert.equal(foundBoxes([found], { ...nothing, before })[0].id, 7);
  assert.equal(foundBoxes([found], { ...nothing, before: [{ ...before[0], own: true }] })[0].id, undefined);
  assert.equal(foundBoxes([found], { ...nothing, before: [{ ...before[0], prompt: dog }] })[0].id, undefined);
});

test("a box that is there by hand is not found again", () => {
  assert.deepEqual(
    foundBoxes([found], { ...nothing, own: [{ id: 1, number: 1, own: true, prompt: cat, corners }] }),
    [],
  );
});

test("what was put aside is not found again where it overlaps by more than half", () => {
  const near = [0.1, 0.1, 0.5, 0.45];
  assert.deepEqual(foundBoxes([found], { ...nothing, aside: [{ prompt: cat, corners: near }] }), []);
  assert.equal(foundBoxes([found], { ...nothing, aside: [{ prompt: dog, corners: near }] }).length, 1);
  assert.equal(foundBoxes([found], { ...nothing, aside: [{ prompt: cat, corners: [0.4, 0.4, 0.9, 0.9] }] }).length, 1);
});

test("a box by hand in the place of one that was put aside replaces it", () => {
  const aside = { prompt: cat, corners };
  assert.equal(isReplaced(aside, [{ id: 1, number: 1, own: true, prompt: cat, corners }]), true);
  assert.equal(isReplaced(aside, [{ id: 1, number: 1, prompt: cat, corners }]), false);
});
