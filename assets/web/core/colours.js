// Colours with a meaning: hues of boxes, and viridis for what the model says.

/** Eight hues that stay apart for colour-blind eyes (Okabe and Ito's seven, and wine). */
export const HUES = ["#e69f00", "#56b4e9", "#009e73", "#f0e442", "#0072b2", "#d55e00", "#cc79a7", "#882255"];

/** Viridis at nine equal steps; colours between are mixed linearly. */
export const VIRIDIS = [
  "#440154",
  "#472d7b",
  "#3b528b",
  "#2c728e",
  "#21918c",
  "#28ae80",
  "#5ec962",
  "#addc30",
  "#fde725",
];

/** Hue of the box with this number (from 1). @param {number} number */
export const hueOf = (number) => HUES[(number - 1) % HUES.length];

/** Black or white, whichever reads better on a colour (WCAG contrast). @param {string} colour as #rrggbb */
export function inkOn(colour) {
  const luminance = relativeLuminance(rgb(colour));
  return (luminance + 0.05) / 0.05 > 1.05 / (luminance + 0.05) ? "#000000" : "#ffffff";
}

/** 256 × RGB of viridis. */
export function viridisTable() {
  const stops = VIRIDIS.map(rgb);
  const table = new Uint8ClampedArray(256 * 3);
  for (let i = 0; i < 256; i++) {
    const place = (i / 255) * (stops.length - 1);
    const low = Math.min(Math.floor(place), stops.length - 2);
    for (let c = 0; c < 3; c++) {
      table[3 * i + c] = stops[low][c] + (place - low) * (stops[low + 1][c] - stops[low][c]);
    }
  }
  return table;
}

/** CSS colour of a value in 0…1. @param {number} value */
export function viridisAt(value) {
  const i = Math.round(255 * Math.min(Math.max(value, 0), 1));
  return `rgb(${TABLE[3 * i]} ${TABLE[3 * i + 1]} ${TABLE[3 * i + 2]})`;
}

/** @param {string} hex as #rrggbb @returns {[number, number, number]} red, green and blue, 0 to 255 */
export function rgb(hex) {
  const part = (/** @type {number} */ start) => parseInt(hex.slice(start, start + 2), 16);
  return [part(1), part(3), part(5)];
}

/** @param {[number, number, number]} colour red, green and blue, 0 to 255 */
function relativeLuminance([red, green, blue]) {
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

/** @param {number} value 0 to 255, as a screen has it */
function linear(value) {
  const share = value / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}

const TABLE = viridisTable();
