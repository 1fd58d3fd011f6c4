import assert from "node:assert/strict";
import test from "node:test";

import { extent } from "../../../assets/web/canvas/heat_painter.js";
import { HUES, hueOf, inkOn, viridisAt } from "../../../assets/web/core/colours.js";

test("the ends of a scale are the smallest and the largest value", () => {
  assert.deepEqual(extent(Float32Array.of(0.5, -0.25, 0.125)), { low: -0.25, high: 0.5 });
});

test("viridis begins dark, ends bright, and keeps to its ends", () => {
  assert.equal(viridisAt(0), "rgb(68 1 84)");
  assert.equal(viridisAt(1), "rgb(253 231 37)");
  assert.equal(viridisAt(7), viridisAt(1));
});

test("hues go round, and ink on them can be read", () => {
  assert.equal(hueOf(1), hueOf(1 + HUES.length));
  assert.equal(inkOn("#f0e442"), "#000000");
  assert.equal(inkOn("#882255"), "#ffffff");
});
