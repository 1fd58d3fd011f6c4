import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Address, putInAddress, textInAddress } from "../../../assets/web/core/url.js";
import {
  choice,
  corners,
  cornersList,
  lines,
  number,
  numbers,
  prompts,
  text,
} from "../../../assets/web/core/url_parts.js";

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

const view = () =>
  new Address({
    caption: { ...text("n.true"), aliases: { "n.true": ["true"] } },
    wrong: { ...lines("n.wrong"), aliases: { "n.wrong": ["wrong"] } },
    route: choice("route", ["short", "long", "box"]),
    box: number("box", { least: 1, whole: true }),
    zoom: numbers("zoom", { count: 3, digits: 4, wanted: "scale,x,y" }),
    region: corners("region", { digits: 4 }),
    regions: cornersList("regions", { digits: 6 }),
    list: prompts("prompts", "routes"),
  });

const WHOLE = {
  caption: "a red boat, striped; 50 % new & old",
  wrong: ["a blue boat", "ein rotes Boot – größer"],
  route: "long",
  box: 2,
  zoom: [2, 0.5, 0.25],
  region: [0.1, 0.2, 0.3, 0.4],
  regions: [
    [0, 0, 1, 1],
    [0.123456, 0.2, 0.3, 0.4],
  ],
  list: [
    { text: "a cat", route: "auto" },
    { text: "a dog", route: "box" },
  ],
};

test("what is written is read again", () => {
  assert.equal(view().write(WHOLE), true);
  assert.deepEqual(view().read(), { values: WHOLE, faults: [] });
});

test("commas, colons and semicolons stay readable", () => {
  view().write({ regions: WHOLE.regions, caption: "a:b" });
  assert.equal(page.search, "?n.true=a:b&regions=0,0,1,1;0.123456,0.2,0.3,0.4");
});

test("null and what is absent are taken out, and parts of others stay", () => {
  go(`${HOME}?tab=map&route=box&box=1#there`);
  view().write({ route: null });
  assert.equal(page.href, `${HOME}?tab=map#there`);
});

test("an older name of a key is read, and replaced when the address is written", () => {
  go(`${HOME}?true=a+boat&wrong=a+ship%0Aa+raft`);
  const { values } = view().read();
  assert.deepEqual(values, { caption: "a boat", wrong: ["a ship", "a raft"] });
  view().write(values);
  assert.equal(page.search, "?n.true=a+boat&n.wrong=a+ship%0Aa+raft");
});

test("the newer name of a key goes before the older one", () => {
  assert.equal(view().read("?true=old&n.true=new").values.caption, "new");
});

test("nonsense is left out and told in words", () => {
  const { values, faults } = view().read(
    "?route=region&box=0&zoom=1,x,2&region=0.5,0,0.1,1&regions=1,2;0.1,0.1,0.4,0.4;0,,1,1",
  );
  assert.deepEqual(values, { regions: [[0.1, 0.1, 0.4, 0.4]] });
  assert.deepEqual(faults, [
    "route “region”, which should be short or long or box",
    "box “0”, which should be a whole number from 1",
    "zoom “1,x,2”, which should be scale,x,y",
    "region “0.5,0,0.1,1”, which should be x0,y0,x1,y1 with fractions of the picture",
    "regions “1,2”, “0,,1,1”, which should be x0,y0,x1,y1 with fractions of the picture",
  ]);
});

test("numbers keep to their ends, and are whole where they must be", () => {
  const address = new Address({ share: number("share", { least: 0, most: 1 }), rank: number("rank", { whole: true }) });
  assert.deepEqual(address.read("?share=0.9&rank=-3").values, { share: 0.9, rank: -3 });
  assert.deepEqual(address.read("?share=1.1&rank=1.5").faults, [
    "share “1.1”, which should be 0 to 1",
    "rank “1.5”, which should be a whole number",
  ]);
  assert.deepEqual(address.read("?share=&rank=1e999").values, {});
});

test("routes are named where one is not auto, and missing or unknown ones are auto", () => {
  const address = new Address({ list: prompts("prompts", "routes") });
  address.write({ list: [{ text: "a cat", route: "auto" }] });
  assert.equal(page.search, "?prompts=a+cat");
  assert.deepEqual(address.read("?prompts=a+cat%0A%0Aa+dog%0Aan+owl&routes=long,,box2").values.list, [
    { text: "a cat", route: "long" },
    { text: "a dog", route: "auto" },
    { text: "an owl", route: "auto" },
  ]);
});

test("that there is no prompt is said only where the tab wants it said", () => {
  new Address({ list: prompts("prompts", "routes") }).write({ list: [] });
  assert.equal(page.search, "");
  const address = new Address({ list: prompts("prompts", "routes", { empty: "kept" }) });
  address.write({ list: [] });
  assert.deepEqual(address.read().values, { list: [] });
});

test("what is too long for an address is kept by this browser tab, for that address alone", () => {
  const parts = { list: prompts("prompts", "routes"), box: number("box") };
  const address = new Address(parts, { longest: 100, spare: ["list"], store: "kept" });
  const list = Array.from({ length: 20 }, (_, i) => ({ text: `the cat number ${i}`, route: "box" }));
  assert.equal(address.write({ list, box: 2 }), false);
  assert.equal(page.search, "?box=2");
  assert.deepEqual(address.read().values, { list, box: 2 });
  assert.deepEqual(address.read("?box=3").values, { box: 3 });
  assert.equal(address.write({ list: list.slice(0, 1), box: 2 }), true);
  assert.equal(kept.size, 0);
});

test("a single value goes into the address and out of it", () => {
  putInAddress({ tab: "map", point: 17 });
  assert.equal(textInAddress("tab"), "map");
  putInAddress({ tab: null, point: "" });
  assert.equal(page.href, HOME);
});
