import assert from "node:assert/strict";
import test from "node:test";

import {
  Features,
  Gram,
  Scorer,
  base64Bytes,
  decodeHalf,
  samplingWeights,
  softmax,
  unpackTriangle,
} from "../../../assets/web/scoring/roi_scores.js";

test("half floats are decoded as IEEE says", () => {
  const bytes = Uint8Array.of(0x00, 0x3c, 0x00, 0xc0, 0x01, 0x00, 0x00, 0x7c, 0x00, 0x7e, 0x00, 0x80);
  assert.deepEqual([...decodeHalf(bytes)], [1, -2, 2 ** -24, Infinity, NaN, -0]);
  assert.deepEqual([...decodeHalf(base64Bytes("ADwAwA=="))], [1, -2]);
});

test("a triangle becomes the whole symmetric matrix, and nothing else does", () => {
  assert.deepEqual([...unpackTriangle(Float32Array.of(1, 2, 3), 2)], [1, 2, 2, 3]);
  assert.throws(() => unpackTriangle(Float32Array.of(1, 2), 2), RangeError);
});

test("the weights of an interval add up to one, and an empty one has none", () => {
  const { weights } = samplingWeights(0.2, 0.7, 14);
  assert.ok(Math.abs(weights.reduce((sum, value) => sum + value, 0) - 1) < 1e-6);
  assert.equal(samplingWeights(0.5, 0.5, 14).weights.length, 0);
});

test("a box over one patch has that patch's cosine, by the Gram matrix and by the features", () => {
  const features = Float32Array.of(3, 4, 0, 2); // two patches of two dimensions
  const gram = Float32Array.of(25, 8, 4);
  const products = [Float32Array.of(3, 0)]; // with the text (1, 0)
  for (const patches of [new Features(features, 2), new Gram(gram, 2)]) {
    const scorer = new Scorer(1, 2, patches);
    assert.ok(Math.abs(scorer.score([0, 0, 0.5, 1], products)[0] - 0.6) < 1e-6);
    assert.deepEqual([...scorer.patchCosines(products[0])], [Math.fround(0.6), 0]);
    assert.ok(Number.isNaN(scorer.score([0.5, 0, 0.5, 1], products)[0]));
  }
});

test("a softmax adds up to one, and its scale sharpens it", () => {
  const shares = softmax([0.3, 0.2], 100);
  assert.ok(Math.abs(shares[0] + shares[1] - 1) < 1e-12);
  assert.ok(shares[0] > softmax([0.3, 0.2], 10)[0]);
});
