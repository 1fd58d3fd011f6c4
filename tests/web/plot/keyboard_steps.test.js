import assert from "node:assert/strict";
import test from "node:test";

import { DIRECTIONS, nextDot } from "../../../assets/web/plot/keyboard_steps.js";

const DOTS = [
  [0, 0],
  [1, 0],
  [3, 0.5],
  [0, 2],
];
const step = (from, key) => nextDot(from, key && DIRECTIONS[key], DOTS.length, (dot) => DOTS[dot]);

test("an arrow goes to the nearest dot that lies its way", () => {
  assert.equal(step(DOTS[0], "ArrowRight"), 1);
  assert.equal(step(DOTS[1], "ArrowRight"), 2);
  assert.equal(step(DOTS[0], "ArrowUp"), 3);
});

test("where nothing lies that way there is no next dot", () => {
  assert.equal(step(DOTS[0], "ArrowLeft"), -1);
});

test("without a direction the nearest dot is next", () => {
  assert.equal(step([2.9, 0.4], null), 2);
});
