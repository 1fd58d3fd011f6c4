import assert from "node:assert/strict";
import test from "node:test";

import { keyName } from "../../../assets/web/core/shortcuts.js";

const NONE = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };
const named = (key, held = {}) => keyName({ key, ...NONE, ...held });

test("a key has one name whatever the platform", () => {
  assert.equal(named("z", { ctrlKey: true }), "ctrl+z");
  assert.equal(named("Z", { metaKey: true, shiftKey: true }), "ctrl+shift+z");
});

test("shift names a key only where the letter does not say it", () => {
  assert.equal(named("M", { shiftKey: true }), "M");
  assert.equal(named("?", { shiftKey: true }), "?");
  assert.equal(named("ArrowLeft", { shiftKey: true, altKey: true }), "alt+shift+ArrowLeft");
});
