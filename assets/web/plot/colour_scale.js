// What colours on a plot mean: hues for names, viridis for numbers, on either theme.

import { VIRIDIS, viridisAt } from "../core/colours.js";

/** @import {Viewed} from "../core/wire.js" */

/** @typedef {Pick<Viewed, "legend"|"ordered">} Coding values of a legend by code; whether they have an order */

export const OTHER = 11; // code of all values without a colour of their own
const GREY = "#9a9aa4";
/** Eleven hues that stay apart, each to be seen on its page. */
const ON_LIGHT = [
  "#0072b2",
  "#e69f00",
  "#009e73",
  "#cc79a7",
  "#d55e00",
  "#56b4e9",
  "#d4c21c",
  "#882255",
  "#999933",
  "#aa4499",
  "#44aa99",
  GREY,
];
const ON_DARK = [
  "#3b94dd",
  "#e69f00",
  "#1fb58a",
  "#cc79a7",
  "#e0702a",
  "#7cc8f2",
  "#f0e442",
  "#c4568c",
  "#a8a845",
  "#c268b4",
  "#5fc4b4",
  GREY,
];
const ENDS = { light: [0.05, 0.93], dark: [0.22, 1] }; // of viridis: what lies outside is lost on the page

/** Viridis as plotly's scale of colours. */
export const VIRIDIS_SCALE = VIRIDIS.map((colour, i) => [i / (VIRIDIS.length - 1), colour]);

const isDark = () => document.body.classList.contains("dark");

/**
 * Colour of each code, the last for all others.
 *
 * @param {Coding} coding
 */
export function huesOf({ legend, ordered }) {
  const hues = isDark() ? ON_DARK : ON_LIGHT;
  if (!ordered) return hues;
  const [low, high] = isDark() ? ENDS.dark : ENDS.light;
  const steps = Math.max(1, legend.length - 1);
  return hues.map((_, code) => (code < legend.length ? viridisAt(low + ((high - low) * code) / steps) : GREY));
}

/**
 * The same as plotly's scale of colours, to be used from −½ to OTHER + ½.
 *
 * @param {Coding|null} coding
 */
export function scaleOf(coding) {
  const hues = huesOf(coding ?? { legend: [], ordered: false });
  return hues.flatMap((hue, i) => [
    [i / hues.length, hue],
    [(i + 1) / hues.length, hue],
  ]);
}

/**
 * A colour of the page's theme, for what plotly draws.
 *
 * @param {string} name of a CSS property
 */
export const themeColour = (name) => getComputedStyle(document.body).getPropertyValue(name).trim() || "#888888";
