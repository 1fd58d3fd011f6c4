import assert from "node:assert/strict";
import test from "node:test";

import { Latest } from "../../../assets/web/core/latest.js";

test("of several questions only the latest one's answer counts", async () => {
  const latest = new Latest();
  const shown = [];
  const ask = async (text, answer) => {
    const signal = latest.begin();
    await answer;
    if (!signal.aborted) shown.push(text);
  };
  const slow = deferred();
  const first = ask("first", slow.promise);
  await ask("second", Promise.resolve());
  slow.resolve();
  await first;
  assert.deepEqual(shown, ["second"]);
});

test("what is not wanted any more comes too late, and the next question counts again", () => {
  const latest = new Latest();
  const unwanted = latest.begin();
  latest.cancel();
  assert.equal(unwanted.aborted, true);
  assert.equal(latest.signal.aborted, false);
  assert.equal(latest.begin().aborted, false);
});

test("the signal is that of what is asked for now", () => {
  const latest = new Latest();
  const asked = latest.begin();
  assert.equal(latest.signal, asked);
});

function deferred() {
  let resolve;
  const promise = new Promise((done) => (resolve = done));
  return { promise, resolve };
}
