import assert from "node:assert/strict";
import test from "node:test";

import {
  centredAt,
  encloses,
  holds,
  isWellInside,
  middleOf,
  moved,
  pixelsIn,
  thinned,
  zoomed,
} from "../../../assets/web/plot/frames.js";

const FRAME = [0, 10, 8, 14];

test("corners of a frame lie at the corners of the stage, y upward", () => {
  const size = { width: 400, height: 200 };
  assert.deepEqual(pixelsIn(FRAME, size, [0, 14]), [0, 0]);
  assert.deepEqual(pixelsIn(FRAME, size, [8, 10]), [400, 200]);
  assert.deepEqual(pixelsIn(FRAME, size, [2, 13]), [100, 50]);
  assert.deepEqual(pixelsIn(FRAME, size, [-4, 10]), [-200, 200]);
});

test("a zoom leaves its place where it is on the screen", () => {
  const size = { width: 400, height: 200 };
  const place = [2, 13];
  const closer = zoomed(FRAME, 0.5, place);
  assert.deepEqual(closer, [1, 11.5, 5, 13.5]);
  assert.deepEqual(pixelsIn(closer, size, place), pixelsIn(FRAME, size, place));
  assert.deepEqual(zoomed(closer, 2, place), FRAME);
});

test("a frame moves by shares of itself and keeps its size about another middle", () => {
  assert.deepEqual(moved(FRAME, [0.5, -0.25]), [4, 9, 12, 13]);
  assert.deepEqual(middleOf(FRAME), [4, 12]);
  assert.deepEqual(centredAt(FRAME, [0, 0]), [-4, -2, 4, 2]);
});

test("what a frame holds, encloses, and has well inside", () => {
  assert.ok(holds(FRAME, [8, 14]));
  assert.ok(!holds(FRAME, [8.1, 12]));
  assert.ok(encloses(FRAME, FRAME));
  assert.ok(!encloses(FRAME, [0, 9, 8, 14]));
  assert.ok(isWellInside(FRAME, [4, 12]));
  assert.ok(!isWellInside(FRAME, [0.3, 12])); // 4 % from the left
  assert.ok(!isWellInside(FRAME, [20, 12]));
});

test("a long outline is thinned to 150 corners, a short one is left", () => {
  const corners = Array.from({ length: 1000 }, (_, i) => [i, i]);
  const few = thinned(corners);
  assert.equal(few.length, 150);
  assert.deepEqual(few[0], [0, 0]);
  assert.ok(few.every(([x], i) => i === 0 || x > few[i - 1][0]));
  assert.deepEqual(thinned(corners.slice(0, 3)), corners.slice(0, 3));
});
