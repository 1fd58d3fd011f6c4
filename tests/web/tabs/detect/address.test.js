import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { readLink, writeLink } from "../../../../assets/web/tabs/detect/address.js";

let page;
globalThis.history = { state: null, replaceState: (_state, _title, address) => go(new URL(address, page)) };

function go(address) {
  page = globalThis.location = new URL(address);
}

beforeEach(() => go("http://localhost:7860/"));

const cat = { text: "the cat", route: "auto" };
const dog = { text: "the dog", route: "box" };
const VIEW = {
  source: { sample: "scene-1" },
  phrases: [cat, dog],
  how: { share: 0.95, crops: true, detector: false },
  own: [{ corners: [0.1, 0.2, 0.5, 0.7], prompt: dog }],
  aside: [{ corners: [0.123457, 0, 1, 1], prompt: cat }],
  box: 2,
};

test("a view comes back from its own address", () => {
  writeLink(VIEW);
  assert.deepEqual(readLink(), VIEW);
});

test("a link of before opens as it did", () => {
  const search =
    "?tab=detect&detpicture=%237&detphrases=the+cat%0Athe+dog&detroutes=auto,box&detstrict=0.5&dethow=detector" +
    "&detown=0.1,0.2,0.5,0.7,2;0,0,1,1,9&detaside=nonsense&detbox=1";
  assert.deepEqual(readLink(search), {
    source: { image: 7 },
    phrases: [cat, dog],
    how: { share: 0.5, crops: false, detector: true },
    own: [{ corners: [0.1, 0.2, 0.5, 0.7], prompt: dog }],
    aside: [],
    box: 1,
  });
});

test("boxes of phrases that are gone are not written", () => {
  writeLink({ ...VIEW, phrases: [cat] });
  assert.equal(new URLSearchParams(page.search).get("detown"), null);
});

test("what is as usual, and nothing, are left out", () => {
  writeLink({ ...VIEW, how: { share: null, crops: false, detector: false }, own: [], aside: [], box: null });
  assert.equal(page.search, "?detpicture=scene-1&detphrases=the+cat%0Athe+dog&detroutes=auto,box");
});
