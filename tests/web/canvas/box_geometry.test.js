import assert from "node:assert/strict";
import test from "node:test";

import * as geometry from "../../../assets/web/canvas/box_geometry.js";

const BOX = [0.25, 0.25, 0.75, 0.5];
const near = (found, wanted) =>
  found.forEach((edge, i) => assert.ok(Math.abs(edge - wanted[i]) < 1e-9, `${found} is not ${wanted}`));

test("a box between two points is sound whichever comes first, and inside the picture", () => {
  assert.deepEqual(geometry.between({ x: 0.75, y: -1 }, { x: 0.25, y: 0.5 }), [0.25, 0, 0.75, 0.5]);
});

test("a box that is moved keeps its size and stops at the edge", () => {
  near(geometry.moved(BOX, 0.5, -0.5), [0.5, 0, 1, 0.25]);
});

test("an edge that is dragged past its opposite swaps with it", () => {
  near(geometry.resized(BOX, "w", 0.75, 9), [0.75, 0.25, 1, 0.5]);
  near(geometry.resized(BOX, "se", -0.125, 0.25), [0.25, 0.25, 0.625, 0.75]);
});

test("a box never grows beyond the picture, nor shrinks below the least", () => {
  near(geometry.grown(BOX, 1, -1, { x: 0.01, y: 0.01 }), [0.25, 0.25, 1, 0.26]);
});

test("a copy lies beside its box, on the other side where there is no room", () => {
  near(geometry.beside(BOX, { x: 0.1, y: 0.1 }), [0.35, 0.35, 0.85, 0.6]);
  near(geometry.beside([0.5, 0.5, 1, 1], { x: 0.1, y: 0.1 }), [0.4, 0.4, 0.9, 0.9]);
});

test("the overlap of two boxes is their common share", () => {
  assert.equal(geometry.overlap(BOX, BOX), 1);
  assert.equal(geometry.overlap([0, 0, 0.5, 1], [0.5, 0, 1, 1]), 0);
  near([geometry.overlap([0, 0, 0.5, 1], [0.25, 0, 0.75, 1])], [1 / 3]);
});

test("handles lie on corners and edges", () => {
  const reach = { x: 0.02, y: 0.02 };
  assert.equal(geometry.handleAt(BOX, { x: 0.25, y: 0.25 }, reach), "nw");
  assert.equal(geometry.handleAt(BOX, { x: 0.5, y: 0.51 }, reach), "s");
  assert.equal(geometry.handleAt(BOX, { x: 0.4, y: 0.4 }, reach), null);
  assert.equal(geometry.onEdge(BOX, { x: 0.4, y: 0.25 }, reach), true);
  assert.equal(geometry.onEdge(BOX, { x: 0.4, y: 0.4 }, reach), false);
});

test("of boxes at a point the smallest is first, and numbers that are free are used again", () => {
  const [large, small] = [
    { number: 1, corners: [0, 0, 1, 1] },
    { number: 3, corners: BOX },
  ];
  assert.deepEqual(geometry.boxesAt([large, small], { x: 0.5, y: 0.3 }), [small, large]);
  assert.deepEqual(geometry.boxesAt([large, small], { x: 0.1, y: 0.1 }), [large]);
  assert.equal(geometry.freeNumber([large, small]), 2);
});
