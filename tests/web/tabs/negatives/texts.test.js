import assert from "node:assert/strict";
import { test } from "node:test";

import { NegativesTexts } from "../../../../assets/web/tabs/negatives/texts.js";

const negative = (text) => ({ text, kinds: ["object"], spans: [[4, 7]] });

/** Reads a text as its length, and notes what it was asked. */
function reader() {
  const asked = [];
  return {
    asked,
    async read(texts, { progress, signal }) {
      asked.push(...texts.map(({ text, route }) => `${route}: ${text}`));
      await Promise.resolve();
      if (signal.aborted) return;
      for (const each of texts) each.facts = { picture: each.text.length, product: new Float32Array([1]) };
      progress(texts.length, texts);
    },
  };
}

test("a text is read once by each route", async () => {
  const model = reader();
  const texts = new NegativesTexts(model, () => {});
  texts.set("the cat", [negative("the dog")]);
  await Promise.all([texts.read(["box"]), texts.read(["box", "long"])]);
  assert.deepEqual(model.asked, ["box: the cat", "box: the dog", "long: the cat", "long: the dog"]);
  texts.set("the cat", [negative("the dog"), negative("the cup")]);
  model.asked.length = 0;
  await texts.read(["box"]);
  assert.deepEqual(model.asked, ["box: the cup"]);
});

test("cosines are those of the picture without a box, and unknown until a text is read", async () => {
  const texts = new NegativesTexts(reader(), () => {});
  texts.set("the cat", [negative("the parrot")]);
  assert.deepEqual(texts.values("box", null, null), [NaN, NaN]);
  await texts.read(["box"]);
  assert.deepEqual(texts.values("box", null, null), ["the cat".length, "the parrot".length]);
});

test("cosines with a box come from the scorer, in the order of the rows", async () => {
  const texts = new NegativesTexts(reader(), () => {});
  texts.set("the cat", [negative("the dog")]);
  await texts.read(["box"]);
  texts.append({ ...negative("the cup"), read: {} });
  const scorer = { score: (_corners, products) => products.map((_, i) => i / 10) };
  assert.deepEqual(texts.values("box", [0, 0, 1, 1], scorer), [0, 0.1, NaN]);
});

test("what was read against another picture comes for nothing", async () => {
  const texts = new NegativesTexts(reader(), () => assert.fail("told of another picture's texts"));
  texts.set("the cat", []);
  const reading = texts.read(["box"]);
  await Promise.resolve(); // it is on its way
  texts.forget();
  await reading;
  assert.deepEqual(texts.values("box", null, null), [NaN]);
});

test("an undo step brings texts back, without what was read", () => {
  const texts = new NegativesTexts(reader(), () => {});
  texts.set("the cat", [negative("the dog")]);
  const { snapshot } = texts;
  texts.remove(texts.rows[1]);
  texts.restore(snapshot);
  assert.deepEqual(texts.snapshot, snapshot);
  texts.restore([]);
  assert.deepEqual(texts.rows, []);
});
