// What the Probe tab saves: its table and its view.

import { cosineText, countText, scaleText, shareText } from "../../core/format.js";
import { tableCsv } from "../../export/csv.js";
import { download } from "../../export/download.js";
import { fileName, modelName, pictureName } from "../../export/names.js";
import { viewPng } from "../../export/view_png.js";
import { leaderOf, standing } from "../../scoring/standing.js";

/**
 * @import {HeatControls} from "../../canvas/heat_controls.js"
 * @import {Label} from "../../canvas/box_layer.js"
 * @import {PictureCanvas} from "../../canvas/picture_canvas.js"
 * @import {ModelCard} from "../../core/start.js"
 * @import {PromptList} from "../../prompts/prompt_list.js"
 * @import {Prompt} from "../../scoring/prompts.js"
 * @import {RegionScores} from "../../scoring/region_scores.js"
 * @import {Source} from "../../scoring/session.js"
 * @import {ScoreTable, TableBox, TableState} from "./table.js"
 */

/**
 * What is saved of the tab.
 *
 * @typedef {object} SavedParts
 * @property {PictureCanvas} canvas
 * @property {PromptList} list
 * @property {RegionScores} scores
 * @property {HeatControls} heat
 * @property {ScoreTable} table
 * @property {Source | null} source
 * @property {{card: ModelCard}} start
 * @property {string | null} beyond why the numbers on this picture mean little
 */

const MOST_ROWS = 24; // of the table in a picture

/** @param {Pick<SavedParts, "canvas" | "list" | "scores" | "source" | "start">} parts */
export function saveCsv({ canvas, list, scores, source, start }) {
  const { prompts } = list;
  const { card } = start;
  const text = tableCsv({
    prompts,
    boxes: canvas.boxes,
    scores: scores.of,
    picture: pictureName(source),
    model: modelName(card),
    doubtfulBelow: card.doubtful_below,
    shares: (box) => standing({ prompts, box, scores: scores.of }, card.scale).shares,
  });
  download(new Blob([text], { type: "text/csv" }), fileName(source, "csv"));
}

/** @param {Omit<SavedParts, "scores">} parts */
export async function savePng({ canvas, list, heat, table, source, start, beyond }) {
  if (!canvas.picture) return;
  const { width, height } = canvas.picture;
  const { card } = start;
  const blob = await viewPng({
    family: getComputedStyle(canvas.stage).fontFamily,
    image: canvas.image,
    picture: canvas.picture,
    boxes: canvas.boxes.map((each) => ({ ...each, words: labelText(canvas.labels.get(each.id)) })),
    heat: heat.map && canvas.heat,
    opacity: heat.opacity,
    scale: heat.map && { ...heat.scale, text: heat.map.text },
    dark: document.body.classList.contains("dark"),
    table: {
      facts: [
        `${pictureName(source)}, ${width} × ${height} pixels`,
        modelName(card) + (table.state.all ? "" : `, softmax at scale ${scaleText(card.scale)}`),
        ...doubts(card, beyond),
      ],
      ...shownTable(list.prompts, table, card.scale),
    },
  });
  download(blob, fileName(source, "png"));
}

/**
 * Title, columns and rows as the page shows them, as far as they fit.
 *
 * @param {Prompt[]} prompts
 * @param {ScoreTable} table
 * @param {number} scale
 */
function shownTable(prompts, { state, promptOrder }, scale) {
  const byId = new Map(prompts.map((prompt) => [prompt.id, prompt]));
  const shown = promptOrder.slice(0, MOST_ROWS).flatMap((id) => byId.get(id) ?? []);
  const rest = prompts.length > shown.length ? `${shown.length} of ${countText(prompts.length)} prompts` : "";
  return { rest, ...(state.all ? allRegions(shown, state) : oneRegion(shown, state, scale)) };
}

/** @param {Prompt[]} shown @param {TableState} state */
function allRegions(shown, state) {
  const { boxes, scores } = state;
  const best = new Map(boxes.map((box) => [box.id, leaderOf(box, state)]));
  /** @param {TableBox} box @param {Prompt} prompt */
  const cell = (box, prompt) => {
    const { region } = scores(box, prompt);
    return { text: cosineText(region), best: prompt.id === best.get(box.id) };
  };
  return {
    title: "All regions",
    columns: boxes.map(({ number }) => ({ number })),
    rows: shown.map((prompt) => ({ text: prompt.text, cells: boxes.map((box) => cell(box, prompt)) })),
  };
}

/** @param {Prompt[]} shown @param {TableState} state @param {number} scale */
function oneRegion(shown, state, scale) {
  const { box, scores } = state;
  const { best, shares } = standing(state, scale);
  /** @param {Prompt} prompt */
  const numbers = (prompt) => {
    const { region, crop } = box ? scores(box, prompt) : {};
    return [...(box ? [region, crop] : []), prompt.facts?.picture].map(cosineText);
  };
  return {
    title: box ? `Region ${box.number}` : "Whole picture",
    columns: [...(box ? ["region", "crop"] : []), "picture", "softmax"].map((name) => ({ name })),
    rows: shown.map((prompt) => ({
      text: prompt.text,
      cells: [...numbers(prompt), shareText(shares.get(prompt.id))].map((text, i) => ({
        text,
        best: i === 0 && prompt.id === best,
      })),
    })),
  };
}

/** @param {Label | undefined} label */
const labelText = (label) => (label ? `${label.text}  ${label.score}`.trim() : "");

/**
 * What a reader of the picture must know to trust its numbers.
 *
 * @param {ModelCard} card
 * @param {string | null} beyond
 */
function doubts({ doubtful_below: below }, beyond) {
  if (beyond) return [beyond];
  return below !== null ? [`a region’s best prompt below ${cosineText(below)} is doubtful`] : [];
}
