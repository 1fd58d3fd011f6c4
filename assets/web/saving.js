// What the Probe tab saves: its table and its view.

import { download, tableCsv, viewPng } from "./export.js";
import { softmax } from "./scoring.js";

const MOST_ROWS = 24; // of the table in a picture

export function saveCsv({ canvas, list, scores, start, sampleId }) {
  const { prompts } = list;
  const shares = (box) => {
    const known = prompts
      .map((prompt) => ({ id: prompt.id, value: box ? scores.of(box, prompt).region : prompt.facts?.picture }))
      .filter(({ value }) => Number.isFinite(value));
    const parts = known.length ? softmax(known.map(({ value }) => value), start.card.scale) : [];
    return new Map(known.map(({ id }, i) => [id, parts[i]]));
  };
  const text = tableCsv({ prompts, boxes: canvas.boxes, scores: scores.of, shares });
  download(new Blob([text], { type: "text/csv" }), fileName(sampleId, "csv"));
}

export async function savePng({ canvas, list, heat, scores, table, sampleId }) {
  if (!canvas.picture) return;
  const box = canvas.selected;
  const byId = new Map(list.prompts.map((prompt) => [prompt.id, prompt]));
  const shown = table.promptOrder.slice(0, MOST_ROWS).map((id) => byId.get(id));
  const rows = shown.map((prompt) => ({
    text: prompt.text, picture: prompt.facts?.picture, ...(box ? scores.of(box, prompt) : {}),
  }));
  const blob = await viewPng({
    family: getComputedStyle(canvas.stage).fontFamily, image: canvas.image, picture: canvas.picture, rows,
    boxes: canvas.boxes.map((each) => ({ ...each, words: canvas.labels.get(each.id) })),
    heat: heat.map && canvas.heat, opacity: heat.opacity, scale: heat.map && { ...heat.scale, text: heat.map.text },
    title: box ? `Region ${box.number}` : "Whole picture", dark: document.body.classList.contains("dark"),
  });
  download(blob, fileName(sampleId, "png"));
}

const fileName = (sampleId, ending) => `fgclip-${sampleId ?? "picture"}.${ending}`;
