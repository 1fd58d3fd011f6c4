import assert from "node:assert/strict";
import test from "node:test";

import { Viewport } from "../../../assets/web/canvas/viewport.js";

function shown() {
  const view = new Viewport();
  view.setStage(400, 300);
  view.setPicture(800, 300);
  return view;
}

test("a picture is fitted to the stage, in its middle", () => {
  const view = shown();
  assert.deepEqual([view.scale, view.x, view.y, view.place], [0.5, 0, 75, null]);
  assert.deepEqual(view.toStage([0, 0, 1, 1]), { left: 0, top: 75, width: 400, height: 150 });
});

test("what lies under the pointer stays there while one zooms", () => {
  const view = shown();
  const point = { x: 100, y: 150 };
  const before = view.toFraction(point);
  view.zoomAt(point, 4);
  const after = view.toFraction(point);
  assert.ok(Math.abs(before.x - after.x) < 1e-9 && Math.abs(before.y - after.y) < 1e-9);
  view.zoomAt(point, 0.01);
  assert.equal(view.fitted, true);
});

test("a place comes back on a stage of another size", () => {
  const view = shown();
  view.goTo([2, 0.5, 0.5]);
  view.setStage(800, 300);
  assert.deepEqual(view.place, [2, 0.5, 0.5]);
});

test("some of the picture always stays on the stage", () => {
  const view = shown();
  view.panBy(10_000, 10_000);
  assert.deepEqual([view.x, view.y], [400 - 48, 300 - 48]);
});
