import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { readLink, writeLink } from "../../../../assets/web/tabs/negatives/address.js";

const HOME = "http://localhost:7860/";

let page;
globalThis.history = { state: null, replaceState: (_state, _title, address) => go(new URL(address, page)) };

function go(address) {
  page = globalThis.location = new URL(address);
}

beforeEach(() => go(HOME));

const VIEW = {
  source: { sample: "scene-1" },
  box: [0.1, 0.2, 0.5, 0.7],
  caption: "the cat",
  negatives: ["the dog", "a, b; c"],
  route: "long",
  wanted: { count: 4, changes: 2, seed: 7 },
  byModel: true,
};

test("a view comes back from its own address", () => {
  writeLink(VIEW);
  assert.deepEqual(readLink(), VIEW);
});

test("caption and negatives are written under keys of the tab's own", () => {
  go(`${HOME}?tab=negatives&true=old&wrong=older&labpicture=scene-9&labroute=box&labhow=1,1,1&labby=model`);
  writeLink(VIEW);
  const query = new URLSearchParams(page.search);
  assert.equal(query.get("n.true"), "the cat");
  assert.equal(query.get("n.wrong"), "the dog\na, b; c");
  assert.equal(query.get("n.picture"), "scene-1");
  assert.deepEqual(
    [...query.keys()].filter((key) => !key.startsWith("n.")),
    ["tab"],
  );
});

test("a link of before opens as it did", () => {
  const search =
    "?tab=negatives&labpicture=scene-0&labbox=0.1,0.2,0.5,0.7&true=the+cat&wrong=the+dog%0Athe+cup&labroute=long" +
    "&labhow=4,2,7&labby=model";
  assert.deepEqual(readLink(search), {
    source: { sample: "scene-0" },
    box: [0.1, 0.2, 0.5, 0.7],
    caption: "the cat",
    negatives: ["the dog", "the cup"],
    route: "long",
    wanted: { count: 4, changes: 2, seed: 7 },
    byModel: true,
  });
});

test("a link with a caption and no negatives has none", () => {
  assert.deepEqual(readLink("?n.true=the+cat").negatives, []);
  assert.equal(readLink("?n.picture=scene-0").negatives, undefined);
});

test("how rewrites are made is written only where it is not as usual", () => {
  writeLink({ ...VIEW, wanted: { count: 10, changes: 1, seed: 0 }, byModel: false });
  const query = new URLSearchParams(page.search);
  assert.deepEqual([query.has("n.how"), query.has("n.by")], [false, false]);
});

test("nonsense is left out", () => {
  const link = readLink("?n.how=3,9,0&n.route=fast&n.box=1,1,0,0&n.picture=%23x&n.by=me");
  assert.deepEqual(link, { byModel: false });
});
