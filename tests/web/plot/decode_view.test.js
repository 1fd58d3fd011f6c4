import assert from "node:assert/strict";
import test from "node:test";

import { viewFrom } from "../../../assets/web/plot/decode_view.js";

const base64 = (array) => Buffer.from(array.buffer).toString("base64");
const FACTS = { inside: 2, left: 2, total: 9, legend: [], others: 0, ordered: false, several: false, clusters: null };
const REPLY = {
  ...FACTS,
  owners: base64(new Uint32Array([7, 4_000_000_000])),
  codes: base64(new Uint8Array([0, 11])),
  x: base64(new Float32Array([0.5, -2])),
  y: base64(new Float32Array([1, 3.25])),
  placed: base64(new Uint8Array([0, 1])),
  density: null,
};

test("arrays come back as they were sent", () => {
  const { owners, codes, x, y, placed, density, ...facts } = viewFrom(REPLY);
  assert.deepEqual(Array.from(owners), [7, 4_000_000_000]);
  assert.deepEqual(Array.from(codes), [0, 11]);
  assert.deepEqual(Array.from(x), [0.5, -2]);
  assert.deepEqual(Array.from(y), [1, 3.25]);
  assert.deepEqual(Array.from(placed), [0, 1]);
  assert.equal(density, null);
  assert.deepEqual(facts, FACTS);
});

test("the cells of a density come as bytes", () => {
  const frame = [0, 0, 1, 1];
  const sent = { frame, width: 2, height: 1, cells: base64(new Uint8Array([0, 255])) };
  const { density } = viewFrom({ ...REPLY, density: sent });
  assert.deepEqual(Array.from(density.cells), [0, 255]);
  assert.deepEqual(density.frame, frame);
});
