import assert from "node:assert/strict";
import test from "node:test";

import { Fault } from "../../../assets/web/core/api.js";
import { Reader } from "../../../assets/web/scoring/prompt_reader.js";
import { RegionScores } from "../../../assets/web/scoring/region_scores.js";

function reading(read, waiting) {
  const told = [];
  const note = (name) => (text) => told.push([name, text]);
  const parts = {
    progress: { start: note("start"), update: note("update"), end: note("end") },
    promptFault: { clear: () => {}, show: note("fault") },
  };
  const reader = new Reader({ token: "t", read }, parts, {
    waiting: () => waiting,
    arrived: () => told.push(["arrived"]),
    settle: () => told.push(["settle"]),
  });
  return { reader, told: (name) => told.filter(([each]) => each === name).length };
}

test("prompts that are read are settled, and the bar goes", async () => {
  const read = async (prompts, { progress }) => progress(prompts.length, prompts);
  const { reader, told } = reading(read, [{ id: 1 }]);
  await reader.read();
  assert.deepEqual(["start", "arrived", "settle", "end", "fault"].map(told), [1, 1, 2, 1, 0]);
});

test("a newer reading ends the older one, which is not told any more", async () => {
  const signals = [];
  let fail;
  const read = (_prompts, { signal }) => {
    signals.push(signal);
    return signals.length > 1 ? Promise.resolve() : new Promise((_, reject) => (fail = reject));
  };
  const { reader, told } = reading(read, [{ id: 1 }]);
  const older = reader.read();
  await reader.read();
  fail(new Fault("late", "away"));
  await older;
  assert.equal(signals[0].aborted, true);
  assert.deepEqual([told("end"), told("fault")], [1, 0]);
});

test("a fault is said, with a way to go on", async () => {
  const { reader, told } = reading(() => Promise.reject(new Fault("away", "away")), [{ id: 1 }]);
  await reader.read();
  assert.deepEqual([told("fault"), told("end"), told("settle")], [1, 1, 1]);
});

test("the server's values replace the page's own, unless the box has moved meanwhile", async () => {
  const box = { id: 1, corners: [0, 0, 0.5, 0.5] };
  const prompt = { id: 7, facts: { product: Float32Array.of(1) } };
  const apart = [];
  const session = {
    scorer: { score: () => Float64Array.of(0.25) },
    score: async () => ({ region: [[0.2505]], crop: [[0.125]] }),
  };
  const scores = new RegionScores(session, {
    boxes: () => [box],
    prompts: () => [prompt],
    arrived: () => {},
    failed: assert.fail,
    apart: (difference) => apart.push(difference.toFixed(4)),
  });
  scores.estimate(box);
  assert.deepEqual(scores.of(box, prompt), { region: 0.25, crop: undefined });
  await scores.settle([box]);
  assert.deepEqual(scores.of(box, prompt), { region: 0.2505, crop: 0.125 });
  assert.deepEqual(scores.best(box), { prompt, region: 0.2505 });
  scores.estimate(box); // it has not moved: what the server gave stays
  assert.deepEqual(scores.of(box, prompt), { region: 0.2505, crop: 0.125 });
  box.corners = [0, 0, 0.6, 0.6];
  scores.estimate(box);
  assert.deepEqual(scores.of(box, prompt), { region: 0.25, crop: undefined });
  assert.deepEqual(apart, ["0.0005"]);
});
