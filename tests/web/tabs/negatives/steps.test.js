import assert from "node:assert/strict";
import { test } from "node:test";

import { recorded } from "../../../../assets/web/tabs/negatives/steps.js";

const boxes = [
  { id: 1, number: 1, corners: [0, 0, 0.5, 0.5] },
  { id: 2, number: 2, corners: [0.5, 0.5, 1, 1] },
];
const rows = [{ text: "the cat", kinds: [], spans: [] }];

test("the first state begins a history", () => {
  const history = recorded(null, { boxes, id: 1, rows });
  assert.equal(history.undo(), null);
});

test("another text is a step", () => {
  const history = recorded(recorded(null, { boxes, id: 1, rows }), { boxes, id: 1, rows: [] });
  assert.deepEqual(history.undo().rows, rows);
});

test("to look at another box is no step", () => {
  const history = recorded(recorded(null, { boxes, id: 1, rows }), { boxes, id: 2, rows: [] });
  assert.equal(history.present.id, 2);
  assert.equal(history.undo(), null);
});

test("a box that goes is a step, though another one is chosen then", () => {
  const history = recorded(recorded(null, { boxes, id: 1, rows }), { boxes: boxes.slice(1), id: 2, rows });
  assert.equal(history.undo().boxes.length, 2);
});
