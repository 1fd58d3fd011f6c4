import assert from "node:assert/strict";
import test from "node:test";

import { stateWords } from "../../../../assets/web/tabs/compare/data_set.js";
import { differenceOf, figureName, fooledLines } from "../../../../assets/web/tabs/compare/fooled_table.js";
import { namesOf } from "../../../../assets/web/tabs/compare/names.js";

const CELL = {
  attribute: "colour",
  route: "box",
  regions: 40,
  first: 6,
  second: 2,
  both: 3,
  neither: 29,
  chance: 0.03,
};

test("a difference is in percentage points, and marked where it is not by chance", () => {
  assert.deepEqual(differenceOf(CELL), { text: "−10.0", mark: "fx-better" });
  assert.deepEqual(differenceOf({ ...CELL, first: 2, second: 6 }), { text: "+10.0", mark: "fx-warn" });
  assert.deepEqual(differenceOf({ ...CELL, second: 6, chance: 1 }), { text: "0.0", mark: "fx-quiet" });
});

test("the file has the fooled of each model, alone and together", () => {
  const [header, line] = fooledLines([CELL], ["one", "two"]);
  assert.equal(
    header.join(),
    "attribute,route,regions,fooled one,fooled two,only A is fooled,only B is fooled,both are fooled,neither,chance",
  );
  assert.deepEqual(line.slice(0, 9), ["colour", "box", 40, 9, 5, 6, 2, 3, 29]);
  assert.equal(figureName(CELL, "first"), "colour,first");
});

test("models of one name are called by where they lie, and one model by how it reads", () => {
  const card = { name: "mini", source: "runs/one", family: "fgclip", sha256: "a", reading: "", image_size: 224 };
  assert.deepEqual(namesOf(card, { ...card, name: "base", sha256: "b" }), ["mini", "base"]);
  assert.deepEqual(namesOf(card, { ...card, source: "runs/two", sha256: "b" }), ["runs/one", "runs/two"]);
  assert.deepEqual(namesOf(card, { ...card, reading: "at 288 pixels" }), [
    "mini, its own 224 pixels",
    "mini, at 288 pixels",
  ]);
});

test("what both models have still to do is told", () => {
  const state = { images: 3, regions: 6, hard: 4, negatives: 12, models: [], maps: [] };
  assert.match(stateWords({ ...state, images: 0 }, 0, 0), /empty/);
  assert.match(stateWords(state, 0, 0), /once: 3 pictures, 6 regions, 12 hard negatives/);
  assert.match(stateWords(state, 6, 4), /^6 of 6 regions are indexed by both models; 4 of 4/);
});
