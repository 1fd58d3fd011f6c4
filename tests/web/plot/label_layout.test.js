import assert from "node:assert/strict";
import test from "node:test";

import { around, besideStar, dotRoom, nameRoom, overlap, starRoom } from "../../../assets/web/plot/label_layout.js";

const STAGE = { width: 400, height: 300 };
const HALF = [30, 10];
const middle = ({ left, right, top, bottom }) => [(left + right) / 2, (top + bottom) / 2];

test("the name of many dots stands in their middle, that of a few above them", () => {
  assert.deepEqual(middle(nameRoom([200, 150], HALF, 500, STAGE, [])), [200, 150]);
  assert.deepEqual(middle(nameRoom([200, 150], HALF, 3, STAGE, [])), [200, 130]);
});

test("names give way to what is taken and stay on the stage", () => {
  const taken = [around([200, 150], 20, 8)];
  const room = nameRoom([200, 150], HALF, 500, STAGE, taken);
  assert.ok(!overlap(room, taken[0]));
  const atTop = nameRoom([200, 5], HALF, 3, STAGE, []);
  assert.ok(atTop.top >= 0);
  assert.equal(nameRoom([200, 150], HALF, 500, STAGE, [around([200, 150], 400, 400)]), undefined);
});

test("words stand above their star, below it where dots were found above, and readable at the edge", () => {
  const above = besideStar([200, 150], HALF, STAGE.width, []);
  assert.deepEqual(middle(above), [200, 150 - 12 - 10]);
  const below = besideStar([200, 150], HALF, STAGE.width, [dotRoom([200, 130])]);
  assert.deepEqual(middle(below), [200, 150 + 12 + 10]);
  assert.equal(besideStar([2, 150], HALF, STAGE.width, []).left, 0);
  assert.ok(!overlap(below, dotRoom([200, 130])));
  assert.deepEqual(starRoom([200, 150]), around([200, 150], 12, 12));
});

test("labels keep six pixels between them", () => {
  const one = around([0, 0], 10, 10);
  assert.ok(overlap(one, around([25, 0], 10, 10)));
  assert.ok(!overlap(one, around([26, 0], 10, 10)));
});
