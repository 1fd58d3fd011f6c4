import assert from "node:assert/strict";
import test from "node:test";

import { duration, wordsOf } from "../../../assets/web/core/jobs.js";

const PROGRESS = { stage: "reading", done: 12, total: 40, unit: "pictures", rate: 2.5, seconds_left: 11 };
const JOB = { title: "Import", outcome: "running", words: "", progress: PROGRESS };

test("work that is under way says its stage, count, speed and rest", () => {
  assert.equal(wordsOf(JOB), "Import: reading · 12 of 40 pictures · 2.5 a second · 11 s left");
});

test("what is not known yet is not said", () => {
  assert.equal(wordsOf({ ...JOB, progress: null }), "Import …");
  const progress = { ...PROGRESS, done: 0, total: null, rate: null, seconds_left: null };
  assert.equal(wordsOf({ ...JOB, progress }), "Import: reading");
  assert.equal(wordsOf({ ...JOB, progress: { ...progress, done: 3 } }), "Import: reading · 3 pictures");
});

test("work that is over says how it ended, and an app that is away that it is", () => {
  assert.equal(wordsOf({ ...JOB, outcome: "done", words: "40 pictures" }), "Import: 40 pictures");
  assert.match(wordsOf({ ...JOB, silent: true }), /does not answer/);
});

test("a time is in the unit that a person would use", () => {
  assert.deepEqual([60, 600, 7200].map(duration), ["60 s", "10 min", "2.0 h"]);
});
