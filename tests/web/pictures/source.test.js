import assert from "node:assert/strict";
import test from "node:test";

import { keyOf, named, pictureFrom, pictureText } from "../../../assets/web/pictures/source.js";

const PICTURES = [
  [{ sample: "scene-1" }, "scene-1"],
  [{ image: 17 }, "#17"],
  [{ digest: "0123456789ab", name: "my owl, 1.png" }, "@0123456789ab,my owl, 1.png"],
];

for (const [picture, text] of PICTURES) {
  test(`an address names a picture as ${text}`, () => {
    assert.equal(pictureText(picture), text);
    assert.deepEqual(pictureFrom(text), picture);
  });
}

test("an address without a picture, or with a number that is none, names none", () => {
  for (const text of [null, "", "#", "#0", "#x"]) assert.equal(pictureFrom(text), null);
});

test("one's own picture is named by its digest and its file", () => {
  const source = { digest: "0123456789ab", file: { name: "owl.png" } };
  assert.deepEqual(named(source), { digest: "0123456789ab", name: "owl.png" });
  assert.equal(keyOf(source), keyOf(named(source)));
});
