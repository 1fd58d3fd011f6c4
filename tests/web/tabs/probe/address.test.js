import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { readAddress, writeAddress } from "../../../../assets/web/tabs/probe/address.js";

const HOME = "http://localhost:7860/";

let page;
const kept = new Map();
globalThis.sessionStorage = {
  getItem: (key) => kept.get(key) ?? null,
  setItem: (key, value) => kept.set(key, value),
  removeItem: (key) => kept.delete(key),
};
globalThis.history = { state: null, replaceState: (_state, _title, address) => go(new URL(address, page)) };

function go(address) {
  page = globalThis.location = new URL(address);
}

beforeEach(() => {
  kept.clear();
  go(HOME);
});

const VIEW = {
  sample: "scene-1",
  boxes: [
    { corners: [0.1, 0.2, 0.5, 0.7], number: 2 },
    { corners: [0.123457, 0, 1, 1], number: 3 },
  ],
  box: { all: true, number: 3 },
  prompts: [
    { text: "the cat, a red one", route: "auto" },
    { text: "the dog", route: "box" },
  ],
  heat: 1,
  opacity: 70,
  range: [0, 0.3],
  zoom: [2.5, 0.12345678, 0.5],
};

test("a view comes back to the last digit", () => {
  assert.equal(writeAddress(VIEW), true);
  assert.deepEqual(readAddress(), { ...VIEW, faults: [] });
});

test("an address of before opens as it did", () => {
  const search =
    "?sample=scene-1&boxes=0.1,0.1,0.4,0.4;7:0.5,0.5,0.9,0.9&box=none&prompts=the+cat%0Athe+dog&routes=box,auto" +
    "&heat=2&opacity=40&range=all&zoom=2,0.5,0.5";
  assert.deepEqual(readAddress(search), {
    sample: "scene-1",
    boxes: [
      { corners: [0.1, 0.1, 0.4, 0.4], number: 1 },
      { corners: [0.5, 0.5, 0.9, 0.9], number: 7 },
    ],
    box: { all: false, number: null },
    prompts: [
      { text: "the cat", route: "box" },
      { text: "the dog", route: "auto" },
    ],
    heat: 1,
    opacity: 40,
    range: "all",
    zoom: [2, 0.5, 0.5],
    faults: [],
  });
});

test("one's own picture is named, with commas in its name", () => {
  const upload = { digest: "0123456789ab", name: "my owl, 1.png" };
  writeAddress({ upload });
  assert.deepEqual(readAddress().upload, upload);
});

test("what is senseless is named, and the rest is read", () => {
  const { faults, ...view } = readAddress(
    "?image=x&boxes=1,2;0.1,0.1,0.4,0.4;2:0,0,1,1&box=some&heat=0&opacity=101&range=2,1&zoom=0,1&upload=owl.png",
  );
  assert.deepEqual(view, { boxes: [{ corners: [0.1, 0.1, 0.4, 0.4], number: 2 }] });
  assert.deepEqual(faults, [
    "image “x”, which should be the number of a picture of the workspace",
    "upload “owl.png”, which should be DIGEST,NAME",
    "boxes “1,2”, “2:0,0,1,1”, which should be x0,y0,x1,y1 with fractions of the picture",
    "box “some”, which should be a number, none, all or all,NUMBER",
    "heat “0”, which should be the place of a prompt, from 1",
    "opacity “101”, which should be 0 to 100",
    "range “2,1”, which should be own, all or low,high",
    "zoom “0,1”, which should be scale,x,y",
  ]);
});

test("no prompts and no boxes are told, too", () => {
  writeAddress({ sample: "scene-1", boxes: [], prompts: [], heat: -1, box: { all: false } });
  assert.equal(page.search, "?sample=scene-1&boxes=&prompts=");
  assert.deepEqual(readAddress(), { sample: "scene-1", boxes: [], prompts: [], faults: [] });
});

test("prompts that are too long for an address are kept for a reload", () => {
  const prompts = Array.from({ length: 300 }, (_, i) => ({ text: `the cat number ${i} of many`, route: "auto" }));
  assert.equal(writeAddress({ sample: "scene-1", prompts }), false);
  assert.equal(page.search, "?sample=scene-1");
  assert.deepEqual(readAddress().prompts, prompts);
  assert.equal(readAddress("?sample=scene-2").prompts, undefined);
});

test("parts of other tabs stay", () => {
  go(`${HOME}?tab=map&point=4`);
  writeAddress({ sample: "scene-1" });
  assert.equal(page.search, "?tab=map&point=4&sample=scene-1");
});
