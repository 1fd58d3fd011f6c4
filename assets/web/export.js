// The table as CSV and the view as PNG.

import { cosineText } from "./numbers.js";
import { VIRIDIS, hueOf, inkOn } from "./palette.js";

const PAD = 24;
const TABLE = 520; // pixels of the table beside the picture
const LINE = 30;

let fontFamily = "sans-serif";

/** One line for every region and prompt, or for the whole picture alone. */
export function tableCsv({ prompts, boxes, scores, shares }) {
  const header = ["region", "x0", "y0", "x1", "y1", "prompt", "route", "tokens", "truncated", "region_cosine", "crop_cosine", "picture_cosine", "softmax"];
  const lines = [header];
  for (const box of boxes.length ? boxes : [null]) {
    for (const prompt of prompts) {
      const { region, crop } = box ? scores(box, prompt) : {};
      const { facts } = prompt;
      lines.push([
        box?.number ?? "", ...(box?.corners.map(exact) ?? ["", "", "", ""]), prompt.text, facts?.route ?? prompt.route,
        facts?.tokens ?? "", facts?.truncated ?? "", exact(region), exact(crop), exact(facts?.picture), exact(shares(box).get(prompt.id)),
      ]);
    }
  }
  return `\ufeff${lines.map((line) => line.map(quoted).join(",")).join("\r\n")}\r\n`;
}

const exact = (value) => (Number.isFinite(value) ? value.toFixed(6) : "");

/** Quoted where CSV needs it; a leading = + - @ is defused, since spreadsheets would run it. */
function quoted(value) {
  let text = String(value);
  if (typeof value === "string" && /^[=+@\t]|^-(?![\d.])/.test(text)) text = `'${text}`;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * The picture with its heat map and boxes, and the table beside it.
 *
 * @returns {Promise<Blob>} PNG, at most 1600 pixels high
 */
export async function viewPng({ family, image, picture, heat, opacity, scale, boxes, rows, title, dark }) {
  const ratio = Math.min(1600 / picture.width, 1200 / picture.height);
  const size = { width: Math.round(picture.width * ratio), height: Math.round(picture.height * ratio) };
  const height = Math.max(size.height, 150 + rows.length * LINE) + 2 * PAD;
  const canvas = document.createElement("canvas");
  canvas.width = size.width + TABLE + 3 * PAD;
  canvas.height = height;
  const context = canvas.getContext("2d");
  fontFamily = family;
  const ink = dark ? "#f4f4f5" : "#18181b";
  context.fillStyle = dark ? "#18181b" : "#ffffff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.translate(PAD, PAD);
  context.drawImage(image, 0, 0, size.width, size.height);
  if (heat) {
    context.globalAlpha = opacity;
    context.drawImage(heat, 0, 0, size.width, size.height);
    context.globalAlpha = 1;
  }
  for (const box of boxes) drawBox(context, box, size);
  context.translate(size.width + PAD, 0);
  drawTable(context, rows, title, ink);
  if (heat) drawScale(context, scale, rows.length * LINE + 90, ink);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}

function drawBox(context, { corners, number, words }, { width, height }) {
  const [x, y] = [corners[0] * width, corners[1] * height];
  const sides = [(corners[2] - corners[0]) * width, (corners[3] - corners[1]) * height];
  const hue = hueOf(number);
  context.lineWidth = 6;
  context.strokeStyle = "rgb(0 0 0 / 0.55)";
  context.strokeRect(x, y, ...sides);
  context.lineWidth = 3.5;
  context.strokeStyle = hue;
  context.strokeRect(x, y, ...sides);
  context.fillStyle = hue;
  context.fillRect(x - 2, y - 2, 30, 28);
  context.fillStyle = inkOn(hue);
  context.font = font(18, 600);
  context.textAlign = "center";
  context.fillText(String(number), x + 13, y + 19);
  if (words) drawWords(context, words, x + 28, y, width);
}

function drawWords(context, words, x, y, width) {
  context.textAlign = "left";
  context.font = font(17);
  const text = fitted(context, words, Math.min(width - x - 16, 420));
  context.fillStyle = "rgb(0 0 0 / 0.8)";
  context.fillRect(x, y - 2, context.measureText(text).width + 16, 28);
  context.fillStyle = "#ffffff";
  context.fillText(text, x + 8, y + 18);
}

function drawTable(context, rows, title, ink) {
  context.fillStyle = ink;
  context.textAlign = "left";
  context.font = font(22, 600);
  context.fillText(title, 0, 20);
  context.font = font(15);
  context.textAlign = "right";
  ["region", "crop", "picture"].forEach((name, i) => context.fillText(name, TABLE - 160 + i * 80, 52));
  rows.forEach((row, i) => {
    const y = 82 + i * LINE;
    context.font = font(17, i === 0 ? 700 : 400);
    context.textAlign = "left";
    context.fillText(fitted(context, row.text, TABLE - 240), 0, y);
    context.textAlign = "right";
    [row.region, row.crop, row.picture].forEach((value, k) => context.fillText(cosineText(value), TABLE - 160 + k * 80, y));
  });
}

function drawScale(context, { low, high, text }, y, ink) {
  const gradient = context.createLinearGradient(0, 0, 240, 0);
  VIRIDIS.forEach((colour, i) => gradient.addColorStop(i / (VIRIDIS.length - 1), colour));
  context.fillStyle = gradient;
  context.fillRect(0, y, 240, 12);
  context.fillStyle = ink;
  context.font = font(14);
  context.textAlign = "left";
  context.fillText(cosineText(low), 0, y + 30);
  context.fillText(`heat map: ${fitted(context, text, TABLE - 340)}`, 260, y + 12);
  context.textAlign = "right";
  context.fillText(cosineText(high), 240, y + 30);
}

function font(size, weight = 400) {
  return `${weight} ${size}px ${fontFamily}`;
}

function fitted(context, text, width) {
  if (context.measureText(text).width <= width) return text;
  let length = text.length;
  while (length && context.measureText(`${text.slice(0, length)}…`).width > width) length--;
  return `${text.slice(0, length)}…`;
}

/** Offer a blob as a file. */
export function download(blob, name) {
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  Object.assign(link, { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
