import assert from "node:assert/strict";
import test from "node:test";

import { AlignedMaps } from "../../../../assets/web/tabs/compare/maps/aligned.js";
import { whoseOf } from "../../../../assets/web/tabs/compare/maps/neighbours.js";

const HALVES = { "-2": 0xc000, 0: 0, 0.25: 0x3400, 0.5: 0x3800, 1: 0x3c00, 2: 0x4000, 4: 0x4400 };
const halves = (...values) =>
  Buffer.from(new Uint16Array(values.map((value) => HALVES[value])).buffer).toString("base64");
const LAID = new AlignedMaps({
  owners: [3, 7, 9],
  neighbours: 5,
  first: halves(0, 0, 1, 2, -2, 0.5),
  second: halves(0, 1, 1, 4, 0, 0),
  drift: halves(0.5, 2, 1),
  overlap: halves(1, 0.25, 0.25),
});

test("a point lies somewhere on either map", () => {
  assert.deepEqual(LAID.place(0, 1), [1, 2]);
  assert.deepEqual(LAID.place(1, 1), [1, 4]);
  assert.equal(LAID.rowOf.get(9), 2);
});

test("the frame holds every point of both, with a margin", () => {
  assert.deepEqual(LAID.frame, [-4.2, -4.2, 4.2, 4.2]);
});

test("means are over all points, or some", () => {
  assert.equal(LAID.mean("overlap"), 0.5);
  assert.equal(LAID.mean("drift", [1, 2]), 1.5);
});

test("those that drift most come first", () => {
  const rows = [0, 1, 2];
  assert.deepEqual(LAID.byDrift(rows), [1, 2, 0]);
  assert.deepEqual(rows, [0, 1, 2]);
});

test("colours end at 1 for shares, at the largest drift for drift", () => {
  assert.deepEqual(LAID.ends("overlap"), [0, 1]);
  assert.deepEqual(LAID.ends("drift"), [0, 2]);
});

test("each neighbour is told once, with who puts it near", () => {
  const near = (...owners) => owners.map((owner) => ({ owner, caption: "", score: 1 }));
  assert.deepEqual(
    [...whoseOf({ first: near(1, 2), second: near(2, 3) })],
    [
      [1, "a"],
      [2, "both"],
      [3, "b"],
    ],
  );
});
