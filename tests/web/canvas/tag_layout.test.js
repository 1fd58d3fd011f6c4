import assert from "node:assert/strict";
import test from "node:test";

import { tagPlaces } from "../../../assets/web/canvas/tag_layout.js";

const HEIGHT = 22;
const STAGE = { width: 640, height: 480 };

/** Numbers that are the same in every run: a linear congruential generator. */
function numbers(seed) {
  let state = seed;
  return (low, high) => {
    state = (1664525 * state + 1013904223) % 2 ** 32;
    return low + (state / 2 ** 32) * (high - low);
  };
}

test("tags lie on the stage, and none over another", () => {
  const random = numbers(1);
  for (let round = 0; round < 200; round++) {
    const tags = Array.from({ length: Math.ceil(random(0, 9)) }, () => ({
      left: random(4, 400),
      top: random(0, 1) < 0.3 ? -5 : random(0, 440),
      width: random(24, 230),
    }));
    const places = tagPlaces(tags, HEIGHT, STAGE);
    places.forEach(({ x, y }, i) => {
      assert.ok(x >= 0 && x <= STAGE.width - tags[i].width && y >= 0 && y <= STAGE.height - HEIGHT);
      places.slice(0, i).forEach((other, j) => {
        const beside = x + tags[i].width <= other.x || other.x + tags[j].width <= x;
        assert.ok(beside || Math.abs(y - other.y) >= HEIGHT, `tags ${j} and ${i} of round ${round}`);
      });
    });
  }
});

test("a lone tag stands above its box or inside it, and leaves the stage with it", () => {
  const placed = (top) => tagPlaces([{ left: 10, top, width: 50 }], HEIGHT, STAGE);
  assert.deepEqual(placed(100), [{ x: 10, y: 100 - 7 - HEIGHT }]);
  assert.deepEqual(placed(5), [{ x: 17, y: 12 }]);
  assert.ok(placed(600)[0].y > STAGE.height);
});
