// The view as PNG: the picture with its heat map and boxes, and the table beside it.

/** @import {Corners} from "../core/corners.js" */

import { VIRIDIS, hueOf, inkOn } from "../core/colours.js";
import { cosineText } from "../core/format.js";

const PAD = 24;
const WORDS = 290; // pixels of the prompts beside the picture
const COLUMN = 76; // of each column of numbers
const LEAST = 520; // of the table
const LINE = 30;
const TAG = 28; // height of a box's number

/** @typedef {{width: number, height: number}} Size */
/** @typedef {{corners: Corners, number: number, words: string}} DrawnBox */

/**
 * @typedef {object} DrawnTable
 * @property {string} title
 * @property {string[]} facts lines below the title
 * @property {{name?: string, number?: number}[]} columns with the number of a box, or a name
 * @property {{text: string, cells: {text: string, best: boolean}[]}[]} rows
 * @property {string} rest what was left out
 */

/**
 * @typedef {object} View
 * @property {string} family of the font
 * @property {CanvasImageSource} image
 * @property {Size} picture pixels
 * @property {CanvasImageSource | null} heat the painted map
 * @property {number} opacity of the map
 * @property {{low: number, high: number, text: string} | null} scale of the map
 * @property {DrawnBox[]} boxes
 * @property {DrawnTable} table
 * @property {boolean} dark
 */

/** @typedef {{weight?: number, align?: CanvasTextAlign, room?: number}} Lettering */
/** @typedef {(text: string, x: number, y: number, size: number, how?: Lettering) => void} Write */

let fontFamily = "sans-serif";

/**
 * The picture with its heat map and boxes, and the table beside it.
 *
 * @param {View} view
 * @returns {Promise<Blob>} PNG, its picture at most 1600 pixels wide and 1200 high
 */
export async function viewPng({ family, image, picture, heat, opacity, scale, boxes, table, dark }) {
  const ratio = Math.min(1600 / picture.width, 1200 / picture.height);
  const size = { width: Math.round(picture.width * ratio), height: Math.round(picture.height * ratio) };
  const lines = table.facts.length + table.rows.length + 2;
  const width = Math.max(WORDS + COLUMN * table.columns.length, LEAST);
  const canvas = document.createElement("canvas");
  canvas.width = size.width + width + 3 * PAD;
  canvas.height = Math.max(size.height, (lines + 3) * LINE) + 2 * PAD;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
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
  for (const box of boxes) drawOutline(context, box, size);
  for (const box of boxes) drawTag(context, box, size);
  context.translate(size.width + PAD, 0);
  const end = drawTable(context, table, width, ink);
  if (heat && scale) drawScale(context, scale, end + 12, width, ink);
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new RangeError("The picture is too large"))), "image/png"),
  );
}

/** @param {CanvasRenderingContext2D} context @param {DrawnBox} box @param {Size} size */
function drawOutline(context, { corners, number }, { width, height }) {
  const [x, y] = [corners[0] * width, corners[1] * height];
  const [across, down] = [(corners[2] - corners[0]) * width, (corners[3] - corners[1]) * height];
  context.lineWidth = 6;
  context.strokeStyle = "rgb(0 0 0 / 0.55)";
  context.strokeRect(x, y, across, down);
  context.lineWidth = 3.5;
  context.strokeStyle = hueOf(number);
  context.strokeRect(x, y, across, down);
}

/**
 * Number and words above a box, or inside it where there is no room.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {DrawnBox} box
 * @param {Size} size
 */
function drawTag(context, { corners, number, words }, { width, height }) {
  const [x, y] = [corners[0] * width, corners[1] * height];
  const top = y < TAG ? y : y - TAG - 3;
  drawNumber(context, number, x - 2, top, 30);
  if (words) drawWords(context, words, x + 28, top, width);
}

/**
 * The number of a box on its colour.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {number} number
 * @param {number} x
 * @param {number} y
 * @param {number} width
 */
function drawNumber(context, number, x, y, width) {
  context.fillStyle = hueOf(number);
  context.fillRect(x, y, width, TAG);
  context.fillStyle = inkOn(hueOf(number));
  context.font = font(18, 600);
  context.textAlign = "center";
  context.fillText(String(number), x + width / 2, y + 21);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {string} words
 * @param {number} x
 * @param {number} y
 * @param {number} width of the picture
 */
function drawWords(context, words, x, y, width) {
  context.textAlign = "left";
  context.font = font(17);
  const text = fitted(context, words, Math.min(width - x - 16, 420));
  context.fillStyle = "rgb(0 0 0 / 0.8)";
  context.fillRect(x, y, context.measureText(text).width + 16, TAG);
  context.fillStyle = "#ffffff";
  context.fillText(text, x + 8, y + 20);
}

/**
 * Draws downwards and gives the height where it ended.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {DrawnTable} table
 * @param {number} width
 * @param {string} ink
 */
function drawTable(context, { title, facts, columns, rows, rest }, width, ink) {
  /** @type {Write} */
  const write = (text, x, y, size, { weight = 400, align = "left", room = width } = {}) => {
    context.font = font(size, weight);
    context.textAlign = align;
    context.fillText(fitted(context, text, room), x, y);
  };
  const right = (/** @type {number} */ i) => width - (columns.length - 1 - i) * COLUMN;
  context.fillStyle = ink;
  write(title, 0, 20, 22, { weight: 600 });
  let y = 20;
  for (const fact of facts) write(fact, 0, (y += 24), 15);
  y += LINE + 8;
  columns.forEach(({ name, number }, i) => {
    if (number) drawNumber(context, number, right(i) - COLUMN + 8, y - 20, COLUMN - 8);
    context.fillStyle = ink;
    if (!number) write(name ?? "", right(i), y, 15, { align: "right" });
  });
  for (const { text, cells } of rows) {
    y += LINE;
    const leads = cells[0].best && !columns[0].number;
    write(text, 0, y, 17, { weight: leads ? 700 : 400, room: width - columns.length * COLUMN });
    cells.forEach((cell, i) => write(cell.text, right(i), y, 17, { align: "right", weight: cell.best ? 700 : 400 }));
  }
  if (rest) write(rest, 0, (y += LINE), 15);
  return y + LINE;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {{low: number, high: number, text: string}} scale
 * @param {number} y
 * @param {number} width
 * @param {string} ink
 */
function drawScale(context, { low, high, text }, y, width, ink) {
  const gradient = context.createLinearGradient(0, 0, 240, 0);
  VIRIDIS.forEach((colour, i) => gradient.addColorStop(i / (VIRIDIS.length - 1), colour));
  context.fillStyle = gradient;
  context.fillRect(0, y, 240, 12);
  context.fillStyle = ink;
  context.font = font(14);
  context.textAlign = "left";
  context.fillText(cosineText(low), 0, y + 30);
  context.fillText(fitted(context, `heat map: ${text}`, width - 260), 260, y + 12);
  context.textAlign = "right";
  context.fillText(cosineText(high), 240, y + 30);
}

/** @param {number} size pixels @param {number} weight */
function font(size, weight = 400) {
  return `${weight} ${size}px ${fontFamily}`;
}

/**
 * A text, cut where it exceeds a width.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {string} text
 * @param {number} width
 */
function fitted(context, text, width) {
  if (context.measureText(text).width <= width) return text;
  let length = text.length;
  while (length && context.measureText(`${text.slice(0, length)}…`).width > width) length--;
  return `${text.slice(0, length)}…`;
}
