// What the Probe tab saves: its table and its view.

import { tableCsv } from "../../export/csv.js";
import { download } from "../../export/download.js";
import { fileName, modelName, pictureName } from "../../export/names.js";
import { viewPng } from "../../export/view_png.js";
import { cosineText, countText, scaleText, shareText } from "../../core/format.js";
import { leaderOf, standing } from "../../scoring/standing.js";

const MOST_ROWS = 24; // of the table in a picture

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

export async function savePng({ canvas, list, heat, table, source, start, beyond }) {
  if (!canvas.picture || !table.state) return;
  const { width, height } = canvas.picture;
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
        modelName(start.card) + (table.state.all ? "" : `, softmax at scale ${scaleText(start.card.scale)}`),
        ...doubts(start.card, beyond),
      ],
      ...shownTable(list.prompts, table, start.card.scale),
    },
  });
  download(blob, fileName(source, "png"));
}

/** Title, columns and rows as the page shows them, as far as they fit. */
function shownTable(prompts, table, scale) {
  const { state } = table;
  const byId = new Map(prompts.map((prompt) => [prompt.id, prompt]));
  const shown = table.promptOrder.slice(0, MOST_ROWS).map((id) => byId.get(id));
  const rest = prompts.length > shown.length ? `${shown.length} of ${countText(prompts.length)} prompts` : "";
  return { rest, ...(state.all ? allRegions(shown, state) : oneRegion(shown, state, scale)) };
}

function allRegions(shown, state) {
  const { boxes, scores } = state;
  const best = new Map(boxes.map((box) => [box.id, leaderOf(box, state)]));
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

function oneRegion(shown, state, scale) {
  const { box, scores } = state;
  const { best, shares } = standing(state, scale);
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

const labelText = (label) => (label ? `${label.text}  ${label.score}`.trim() : "");

/** What a reader of the picture must know to trust its numbers. */
function doubts(card, beyond) {
  if (beyond) return [beyond];
  const { doubtful_below: below } = card;
  return below !== null ? [`a region’s best prompt below ${cosineText(below)} is doubtful`] : [];
}
