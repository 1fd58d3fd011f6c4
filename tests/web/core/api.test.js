import assert from "node:assert/strict";
import test from "node:test";

import { Fault, ask, telling } from "../../../assets/web/core/api.js";

const server = {
  read: async (question) => ({ question }),
  refused: async () => ({ error: "Too many prompts.", kind: "input" }),
  gone: async () => ({ error: "The picture is not open any more.", kind: "gone" }),
  silent: async () => null,
  lost: async () => ({ detail: "Not Found" }),
  broken: async () => ({ error: "Internal" }),
  rejects: () => Promise.reject(new Error("no network")),
};

test("an answer is given as it is, and a question may be left out", async () => {
  assert.deepEqual(await ask(server, "read", { prompts: [] }), { question: { prompts: [] } });
  assert.deepEqual(await ask(server, "read"), { question: {} });
});

test("a refusal is a fault of its kind, in the app's words", async () => {
  await assert.rejects(ask(server, "refused"), { message: "Too many prompts.", kind: "input" });
  await assert.rejects(ask(server, "gone"), { kind: "gone" });
});

for (const name of ["silent", "lost", "broken", "rejects"]) {
  test(`nobody answers: ${name}`, () => assert.rejects(ask(server, name), { kind: "away" }));
}

test("what goes wrong is said by the note, which can try again where nobody answered", async () => {
  const said = [];
  const note = { clear: () => said.push("cleared"), show: (sentence, again) => said.push([sentence, typeof again]) };
  const told = telling(note);
  assert.equal(await told(() => "well"), true);
  const fail = (kind) => () => Promise.reject(new Fault("words", kind));
  assert.equal(await told(fail("input")), false);
  assert.equal(await told(fail("away"), { keep: true }), false);
  assert.deepEqual(said, ["cleared", "cleared", ["words", "object"], ["words", "function"]]);
});
