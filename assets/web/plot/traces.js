// What a scatter plot draws, as plotly takes it.

import { rgb } from "../core/colours.js";
import { OTHER, scaleOf, themeColour, VIRIDIS_SCALE } from "./colour_scale.js";

/** @import {Coding} from "./colour_scale.js" */
/** @import {Density} from "./decode_view.js" */
/** @import {Place} from "./frames.js" */
/** @import {Trace} from "./plotly.js" */

const SMALL = 4000; // dots; more are drawn smaller
const CLEAR = "rgba(0,0,0,0)";

/** @param {number} count of dots in all */
export const dotSize = (count) => (count > SMALL ? 3.5 : 6);

/**
 * Dots that can be clicked, pointed at and circled.
 *
 * @param {string} name
 * @param {Place[]} places
 * @param {number[]} ids of the dots, as hooks tell them
 * @param {{marker: object, selected?: number, unselected?: number}} look opacities beside what is circled
 * @returns {Trace}
 */
export const dots = (name, places, ids, { marker, selected = 1, unselected = 1 }) => ({
  name,
  type: "scattergl",
  mode: "markers",
  hoverinfo: "none",
  ...columns(places),
  customdata: ids,
  marker,
  selected: { marker: { opacity: selected } },
  unselected: { marker: { opacity: unselected } },
});

/**
 * Rings around places.
 *
 * @param {string} name
 * @param {Place[]} places
 * @param {{size: number, width: number, colour: string|string[]}} look in pixels
 * @returns {Trace}
 */
export const rings = (name, places, { size, width, colour }) => ({
  name,
  type: "scatter",
  mode: "markers",
  hoverinfo: "skip",
  ...columns(places),
  marker: { size, color: CLEAR, line: { width, color: colour } },
});

/**
 * Stars where something belongs that is no dot, at the edge, too.
 *
 * @param {string} name
 * @param {Place[]} places
 * @returns {Trace}
 */
export const stars = (name, places) => ({
  name,
  type: "scatter",
  mode: "markers",
  hoverinfo: "skip",
  cliponaxis: false,
  ...columns(places),
  marker: {
    symbol: "star",
    size: 14,
    color: themeColour("--fx-said"),
    line: { width: 1.5, color: themeColour("--fx-paper") },
  },
});

/**
 * Colours of dots by the codes of a legend.
 *
 * @param {number[]} codes
 * @param {Coding|null} coding
 */
export const coded = (codes, coding) => ({
  color: codes.map((code) => Math.min(code, OTHER)),
  colorscale: scaleOf(coding),
  cmin: -0.5,
  cmax: OTHER + 0.5,
  showscale: false,
});

/**
 * Colours of dots by numbers, on viridis.
 *
 * @param {number[]} values
 * @param {[number, number]} ends of the scale
 */
export const valued = (values, [low, high]) => ({
  color: values,
  colorscale: VIRIDIS_SCALE,
  cmin: low,
  cmax: high,
  showscale: false,
});

/**
 * How many lie where: the more, the darker.
 *
 * @param {Density|null} density
 * @returns {Trace}
 */
export function cloud(density) {
  const shown = { name: "density", type: "heatmap" };
  if (!density) return { ...shown, z: [[0]], x: [0], y: [0], visible: false };
  const [x0, y0, x1, y1] = density.frame;
  const { cells, width, height } = density;
  const ink = rgb(hexOf(themeColour("--fx-quiet"))).join(",");
  return {
    ...shown,
    z: Array.from({ length: height }, (_, row) => Array.from(cells.subarray(row * width, (row + 1) * width))),
    x0: x0 + (x1 - x0) / width / 2,
    dx: (x1 - x0) / width,
    y0: y0 + (y1 - y0) / height / 2,
    dy: (y1 - y0) / height,
    zmin: 0,
    zmax: 255,
    showscale: false,
    hoverinfo: "skip",
    zsmooth: "fast",
    colorscale: [
      [0, `rgba(${ink},0)`],
      [1, `rgba(${ink},0.5)`],
    ],
  };
}

/** @param {Place[]} places */
const columns = (places) => ({ x: places.map(([x]) => x), y: places.map(([, y]) => y) });

/** @param {string} colour */
const hexOf = (colour) => (/^#[0-9a-f]{6}$/i.test(colour) ? colour : "#888888");
