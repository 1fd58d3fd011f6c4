import assert from "node:assert/strict";
import test from "node:test";

import { Fault } from "../../../assets/web/core/api.js";
import { Session } from "../../../assets/web/scoring/session.js";

const OPENED = { token: "t1", width: 2, height: 1, grid: [1, 1], gram: "ADw=" }; // one patch of length 1
const FACTS = { tokens: 3, limit: 77, route: "short", truncated: false, kept: "", picture: 0.2, products: "ADw=" };

function served(answers = {}) {
  const asked = [];
  const functions = {
    open: () => OPENED,
    read: ({ prompts }) => ({ prompts: prompts.map(() => FACTS) }),
    score: ({ boxes, prompts }) => ({ region: boxes.map(() => prompts.map(() => 0.5)), crop: [] }),
    ...answers,
  };
  const server = Object.fromEntries(
    Object.entries(functions).map(([name, answer]) => [
      name,
      async (question) => {
        asked.push([name, question]);
        return answer(question);
      },
    ]),
  );
  const upload = async (file) => ({ path: `/tmp/0123456789abcdef/${file.name}` });
  return { asked, session: new Session(server, upload, ["short", "long"]) };
}

async function shown(answers) {
  const { asked, session } = served(answers);
  const source = { sample: "owl" };
  session.accept(source, await session.open(source));
  return { asked, session };
}

const written = (count) => Array.from({ length: count }, (_, id) => ({ id, text: `${id}`, route: "box", facts: null }));

test("a file is sent first and gets the digest that it lies under", async () => {
  const { asked, session } = served();
  const source = { file: { name: "owl.png" } };
  await session.open(source);
  assert.equal(source.digest, "0123456789ab");
  assert.deepEqual(asked, [["open", { upload: "/tmp/0123456789abcdef/owl.png" }]]);
});

test("prompts are read a few at first, copied routes as auto", async () => {
  const { asked, session } = await shown();
  const prompts = written(20);
  const done = [];
  const { signal } = new AbortController();
  await session.read(prompts, { signal, progress: (count) => done.push(count) });
  assert.deepEqual(done, [16, 20]);
  assert.deepEqual([...prompts[19].facts.product], [1]);
  assert.deepEqual(asked[1][1].prompts[0], { text: "0", route: "auto" });
});

test("an answer about another picture is dropped", async () => {
  const { session } = await shown();
  const cat = await session.open({ sample: "cat" });
  const late = session.score([{ corners: [0, 0, 1, 1] }], written(1));
  session.accept({ sample: "cat" }, cat);
  assert.equal(await late, null);
  assert.deepEqual((await session.score([{ corners: [0, 0, 1, 1] }], written(1))).region, [[0.5]]);
});

test("where the server has let go of the picture it is opened again", async () => {
  let gone = true;
  const { asked, session } = await shown({
    detect: ({ token }) => {
      if (!gone) return { token };
      gone = false;
      return { error: "The picture is not open any more.", kind: "gone" };
    },
  });
  assert.deepEqual(await session.inquire("detect", { phrases: [] }), { token: "t1" });
  assert.deepEqual(
    asked.map(([name]) => name),
    ["open", "detect", "open", "detect"],
  );
});

test("whoever waits for the app hears that it answers, be it with a refusal, and not that it is away", async () => {
  const { session } = await shown({ score: () => ({ error: "No.", kind: "input" }), weigh: () => null });
  let heard = 0;
  session.answered = () => heard++;
  await assert.rejects(session.score([], []), { kind: "input" });
  assert.equal(heard, 1);
  await assert.rejects(session.inquire("weigh", {}), (error) => error instanceof Fault && error.kind === "away");
  assert.equal(heard, 1);
});
