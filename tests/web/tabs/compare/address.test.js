import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { ADDRESS } from "../../../../assets/web/tabs/compare/address.js";

const HOME = "http://localhost:7860/";
/** As versions before wrote them. */
const PICTURE =
  "?tab=compare&cmppicture=scene-0&cmptexts=a+cat%0Aa+dog&cmproutes=auto,box" +
  "&cmpboxes=0.1,0.2,0.5,0.7;0.55,0.5,0.95,0.9&cmpbox=2&cmpheat=1";
const DATA = "?tab=compare&cmpview=data&cmplist=colour,first&cmproute=short";
const MAPS = "?tab=compare&cmpview=maps&cmpkind=image&cmpcolour=drift&cmppoint=17";

const SAID = {
  source: { sample: "scene-0" },
  texts: [
    { text: "a cat", route: "auto" },
    { text: "a dog", route: "box" },
  ],
  boxes: [
    [0.1, 0.2, 0.5, 0.7],
    [0.55, 0.5, 0.95, 0.9],
  ],
  box: 2,
  heat: 1,
};

beforeEach(() => {
  globalThis.location = new URL(HOME);
  globalThis.history = {
    state: null,
    replaceState: (_state, _title, address) => (globalThis.location = new URL(address, HOME)),
  };
});

test("links of the version before say what they said", () => {
  assert.deepEqual(ADDRESS.read(PICTURE).values, SAID);
  assert.deepEqual(ADDRESS.read(DATA).values, { view: "data", chosen: "colour,first", route: "short" });
  assert.deepEqual(ADDRESS.read(MAPS).values, { view: "maps", kind: "image", colour: "drift", point: 17 });
  assert.deepEqual(ADDRESS.read("?cmppicture=%2312").values, { source: { image: 12 } });
  assert.deepEqual(ADDRESS.read("?cmppicture=@0a1b,my,own.png").values, {
    source: { digest: "0a1b", name: "my,own.png" },
  });
});

test("what is written is read again; that no box is chosen, too", () => {
  ADDRESS.write(SAID);
  assert.deepEqual(ADDRESS.read().values, SAID);
  ADDRESS.write({ ...SAID, texts: [], boxes: [], box: 0, heat: null });
  assert.deepEqual(ADDRESS.read().values, { source: SAID.source, box: 0 });
});

test("nonsense is left out, and boxes that make sense stay", () => {
  assert.deepEqual(ADDRESS.read("?cmpview=film&cmpheat=0&cmppoint=x").values, {});
  assert.deepEqual(ADDRESS.read("?cmpboxes=1,2;0.1,0.1,0.4,0.4").values, { boxes: [[0.1, 0.1, 0.4, 0.4]] });
});
