import assert from "node:assert/strict";
import test from "node:test";

import { routesOf } from "../../../assets/web/prompts/prompt_row.js";

const CARD = {
  family: "FG-CLIP 2",
  routes: ["short", "long", "box"],
  trained_routes: ["short", "long", "box"],
  short_context: 64,
  long_context: 196,
};

test("each route that training gave the model says what it is for", () => {
  assert.deepEqual(routesOf(CARD), {
    auto: "short if it fits, else long",
    short: "captions of up to 64 tokens",
    long: "captions of up to 196 tokens",
    box: "phrases held against regions",
  });
});

test("copies of short are not offered", () => {
  assert.deepEqual(routesOf({ ...CARD, trained_routes: ["short"] }), {
    auto: "the one route that training gave this model: up to 64 tokens",
  });
  assert.match(routesOf({ ...CARD, routes: ["short"], trained_routes: ["short"] }).auto, /this model has/);
});

test("FG-CLIP's first version says that its box route reads as short", () => {
  assert.match(routesOf({ ...CARD, family: "FG-CLIP" }).box, /exactly as short/);
});
