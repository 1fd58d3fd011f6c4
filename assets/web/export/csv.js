// Tables as CSV.

/**
 * @import {Corners} from "../core/corners.js"
 * @import {Prompt, ScoresOf} from "../scoring/prompts.js"
 */

/** @typedef {string | number | boolean} Cell */

const HEADER = [
  ...["region", "x0", "y0", "x1", "y1", "prompt", "route", "tokens", "truncated"],
  ...["region_cosine", "crop_cosine", "picture_cosine", "softmax", "picture", "model", "doubtful_below"],
];

/**
 * What a table of scores holds.
 *
 * @typedef {object} ScoreTableFacts
 * @property {Prompt[]} prompts
 * @property {{id: number, number: number, corners: Corners}[]} boxes
 * @property {ScoresOf} scores
 * @property {(box: {id: number} | null) => Map<number, number>} shares softmax by prompt id
 * @property {string} picture its name
 * @property {string} model its name
 * @property {number | null} doubtfulBelow
 */

/**
 * One line for every region and prompt, or for the whole picture alone.
 *
 * @param {ScoreTableFacts} table
 */
export function tableCsv(table) {
  /** @type {Cell[][]} */
  const lines = [HEADER];
  for (const box of table.boxes.length ? table.boxes : [null]) {
    const shares = table.shares(box);
    for (const prompt of table.prompts) lines.push(scoreLine(table, box, prompt, shares));
  }
  return csvText(lines);
}

/**
 * @param {ScoreTableFacts} table
 * @param {ScoreTableFacts["boxes"][number] | null} box
 * @param {Prompt} prompt
 * @param {Map<number, number>} shares
 * @returns {Cell[]}
 */
function scoreLine({ scores, picture, model, doubtfulBelow }, box, prompt, shares) {
  const { region, crop } = box ? scores(box, prompt) : {};
  const { facts } = prompt;
  const read = facts ? [facts.route, facts.tokens, facts.truncated] : [prompt.route, "", ""];
  return [
    box?.number ?? "",
    ...(box?.corners.map(exact) ?? ["", "", "", ""]),
    prompt.text,
    ...read,
    exact(region),
    exact(crop),
    exact(facts?.picture),
    exact(shares.get(prompt.id)),
    picture,
    model,
    exact(doubtfulBelow),
  ];
}

/**
 * Lines of cells as a CSV file that spreadsheets read.
 *
 * @param {Cell[][]} lines
 */
export const csvText = (lines) => `\ufeff${lines.map((line) => line.map(quoted).join(",")).join("\r\n")}\r\n`;

/** Six decimals; nothing of what is not known. @param {number | null | undefined} value */
export const exact = (value) => (value != null && Number.isFinite(value) ? value.toFixed(6) : "");

/** Quoted where CSV needs it; a leading = + - @ is defused, since spreadsheets would run it. @param {Cell} value */
function quoted(value) {
  let text = String(value);
  if (typeof value === "string" && /^[=+@\t]|^-(?![\d.])/.test(text)) text = `'${text}`;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
