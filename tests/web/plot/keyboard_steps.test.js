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

test("of all dots the one that costs least is next, those more aside than ahead after all others", () => {
  let state = 1;
  const random = () => (state = (state * 16807) % 2147483647) / 2147483647 - 0.5;
  for (let turn = 0; turn < 200; turn++) {
    const key = [...Object.keys(DIRECTIONS), null][turn % 5];
    const from = [random(), random()];
    const dots = Array.from({ length: turn % 30 }, () => [random(), random()]);
    const costs = dots.map(([x, y]) => costOf([x - from[0], y - from[1]], key && DIRECTIONS[key]));
    const least = Math.min(Infinity, ...costs);
    const next = nextDot(from, key && DIRECTIONS[key], dots.length, (dot) => dots[dot]);
    assert.equal(next, least < Infinity ? costs.indexOf(least) : -1);
  }
});

function costOf([right, up], direction) {
  if (!direction) return Math.hypot(right, up);
  const [x, y] = direction;
  const [ahead, aside] = [right * x + up * y, Math.abs(right * y - up * x)];
  if (ahead <= 0) return Infinity;
  return Math.hypot(ahead, 2 * aside) * (aside <= ahead ? 1 : 1e6);
}
