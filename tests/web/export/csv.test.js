import assert from "node:assert/strict";
import test from "node:test";

import { csvText, tableCsv } from "../../../assets/web/export/csv.js";
import { fileName } from "../../../assets/web/export/names.js";

const PROMPT = {
  id: 1,
  text: "=a cat",
  route: "auto",
  facts: { route: "short", tokens: 4, truncated: false, picture: 0.25 },
};
const TABLE = {
  prompts: [PROMPT],
  boxes: [],
  scores: () => ({ region: 0.5 }),
  shares: () => new Map([[1, 1]]),
  picture: "scene-1",
  model: "mini 0123",
  doubtfulBelow: null,
};

test("cells are quoted where they must be, and formulas are defused", () => {
  assert.equal(
    csvText([["a,b", 'say "c"', "=1+1", "-x", "-0.5", 2]]),
    '\ufeff"a,b","say ""c""",\'=1+1,\'-x,-0.5,2\r\n',
  );
});

test("without a box a table has one line for the whole picture", () => {
  const [, line] = tableCsv(TABLE).split("\r\n");
  assert.equal(line, ",,,,,'=a cat,short,4,false,,,0.250000,1.000000,scene-1,mini 0123,");
});

test("with boxes it has one for every box and prompt", () => {
  const box = { id: 7, number: 3, corners: [0, 0.1, 0.5, 1] };
  const [, line] = tableCsv({ ...TABLE, boxes: [box] }).split("\r\n");
  assert.match(line, /^3,0\.000000,0\.100000,0\.500000,1\.000000,/);
  assert.match(line, /,0\.500000,,0\.250000,/);
});

test("a file's name is the picture's, without what file systems dislike", () => {
  assert.equal(fileName({ file: { name: "my: holiday/snap.jpeg" } }, "csv"), "fgclip-my-holiday-snap.csv");
  assert.equal(fileName({ sample: "scene-1" }, "png"), "fgclip-scene-1.png");
  assert.equal(fileName({ file: { name: "....jpg" } }, "png"), "fgclip-picture.png");
});
