import assert from "node:assert/strict";
import test from "node:test";

import { bytesText, cosineText, countText, scaleText, shareText } from "../../../assets/web/core/format.js";

const written = (write, pairs) => {
  for (const [value, text] of pairs) assert.equal(write(value), text);
};

test("a cosine has three decimals, no leading zero, and a true minus", () => {
  written(cosineText, [
    [0.4123, ".412"],
    [-0.029, "−.029"],
    [1, "1.000"],
    [-0.0001, ".000"],
    [NaN, "–"],
    [undefined, "–"],
    [null, "–"],
  ]);
});

test("a share never rounds to nothing, nor to all", () => {
  written(shareText, [
    [0.912, ".91"],
    [0.001, "<.01"],
    [0.999, ">.99"],
    [0, ".00"],
    [1, "1.00"],
    [NaN, "–"],
  ]);
});

test("a scale, bytes and counts are written as a person would", () => {
  written(scaleText, [
    [100, "100"],
    [14.285, "14.3"],
  ]);
  written(bytesText, [
    [12_300, "12 kB"],
    [1_230_000, "1.2 MB"],
    [1_230_000_000, "1.23 GB"],
  ]);
  written(countText, [[12_345, "12\u2009345"]]);
});
