import assert from "node:assert/strict";
import test from "node:test";

import { History } from "../../../assets/web/core/history.js";

test("undo and redo travel over what was pushed, and equal states are not kept twice", () => {
  const history = new History({ boxes: 0 });
  history.push({ boxes: 1 });
  history.push({ boxes: 1 });
  history.push({ boxes: 2 });
  assert.deepEqual(history.undo(), { boxes: 1 });
  assert.deepEqual(history.undo(), { boxes: 0 });
  assert.equal(history.undo(), null);
  assert.deepEqual(history.redo(), { boxes: 1 });
  history.push({ boxes: 3 });
  assert.equal(history.redo(), null);
});

test("the oldest of more than two hundred states is forgotten", () => {
  const history = new History(0);
  for (let state = 1; state <= 300; state++) history.push(state);
  let oldest = history.present;
  for (let state = history.undo(); state !== null; state = history.undo()) oldest = state;
  assert.equal(oldest, 100);
});

test("a reset leaves nothing to go back to", () => {
  const history = new History("old");
  history.push("newer");
  history.reset("fresh");
  assert.equal(history.undo(), null);
  assert.equal(history.present, "fresh");
});
