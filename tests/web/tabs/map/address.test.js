import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { ADDRESS } from "../../../../assets/web/tabs/map/address.js";

const HOME = "http://localhost:7860/";
/** As versions before wrote it. */
const OLD =
  "?tab=map&map=2&view=-1.25,0.5,3,4.75&colour=phrase&only=cat%0Adog&where=id+%3E+2&find=the+cat&route=box" +
  "&lasso=0,0;1.5,0;1,2e-3&point=17";
const SAID = {
  map: "2",
  view: [-1.25, 0.5, 3, 4.75],
  colour: "phrase",
  only: ["cat", "dog"],
  where: "id > 2",
  find: "the cat",
  route: "box",
  lasso: [
    [0, 0],
    [1.5, 0],
    [1, 0.002],
  ],
  point: 17,
};

beforeEach(() => {
  globalThis.location = new URL(HOME);
  globalThis.history = {
    state: null,
    replaceState: (_state, _title, address) => (globalThis.location = new URL(address, HOME)),
  };
});

test("a link of the version before says what it said", () => {
  assert.deepEqual(ADDRESS.read(OLD).values, SAID);
  assert.deepEqual(ADDRESS.read("?tab=map&alike=4").values, { alike: 4 });
});

test("what is written is read again, and read by eye", () => {
  ADDRESS.write(SAID);
  assert.deepEqual(ADDRESS.read().values, SAID);
  assert.match(globalThis.location.search, /view=-1\.25,0\.5,3,4\.75/);
  assert.match(globalThis.location.search, /lasso=0,0;1\.5,0;1,0\.002/);
  ADDRESS.write({});
  assert.equal(globalThis.location.search, "");
});

test("frames are written with seven digits, outlines with five", () => {
  ADDRESS.write({ view: [1 / 3, 0, 2 / 3, 1], lasso: SAID.lasso.map(([x, y]) => [x / 3, y / 3]) });
  assert.match(globalThis.location.search, /view=0\.3333333,0,0\.6666667,1/);
  assert.match(globalThis.location.search, /lasso=0,0;0\.5,0;0\.33333,0\.00066667/);
});

test("values of a legend come back, whatever is in them", () => {
  const cases = [
    [""],
    ["cat"],
    ["cat", "dog"],
    ["", "cat"],
    ["two\nlines"],
    ["back\\slash", "\\n"],
    ["\\", "\n", "\\\n"],
    ["≥ 0.6", "a=b&c"],
  ];
  for (const only of cases) {
    ADDRESS.write({ only });
    assert.deepEqual(ADDRESS.read().values.only, only);
  }
  ADDRESS.write({ only: [] });
  assert.equal(ADDRESS.read().values.only, undefined);
});

test("nonsense is left out", () => {
  for (const search of [
    "?view=0,0,0,1",
    "?view=1,2,3",
    "?view=a,b,c,d",
    "?lasso=0,0;1,1",
    "?lasso=0,0;1,1;2",
    "?point=x",
  ]) {
    assert.deepEqual(ADDRESS.read(search).values, {});
  }
});
