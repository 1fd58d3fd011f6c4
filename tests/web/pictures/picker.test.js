import assert from "node:assert/strict";
import test from "node:test";

import { placeAfter } from "../../../assets/web/pictures/picker.js";

test("arrows go along the gallery strip and stop at its ends", () => {
  assert.equal(placeAfter("ArrowRight", 1, 4), 2);
  assert.equal(placeAfter("ArrowDown", 4, 4), 4);
  assert.equal(placeAfter("ArrowLeft", 0, 4), 0);
  assert.deepEqual([placeAfter("Home", 2, 4), placeAfter("End", 2, 4)], [0, 4]);
  assert.equal(placeAfter("Enter", 2, 4), undefined);
});
