// The map itself: dots, what was found among them, the chosen one, and where words belong.

import { themeColour } from "../../plot/colour_scale.js";
import { ScatterPlot } from "../../plot/scatter_plot.js";
import { cloud, coded, dots, dotSize, rings, stars } from "../../plot/traces.js";

/** @import {FoundPoint} from "../../core/wire.js" */
/** @import {MapView} from "../../plot/decode_view.js" */
/** @import {Place} from "../../plot/frames.js" */
/** @import {Star} from "../../plot/labels.js" */
/** @import {Trace} from "../../plot/plotly.js" */
/** @import {PlotHooks} from "../../plot/scatter_plot.js" */

/**
 * @typedef {Pick<FoundPoint, "owner"|"place"|"code">} Hit something that was found, and its dot, if it has one
 * @typedef {{view: MapView|null, hits: Hit[], chosen: Place|null, places: Star[]}} MapParts
 */

/** @returns {MapParts} */
const nothing = () => ({ view: null, hits: [], chosen: null, places: [] });

export class MapPlot extends ScatterPlot {
  parts = nothing();

  /**
   * @param {HTMLElement} stage
   * @param {Omit<PlotHooks, "traces">} hooks
   */
  constructor(stage, hooks) {
    super(stage, { ...hooks, traces: () => tracesOf(this.parts) });
  }

  /** Dots that were found and have a place on the map. */
  get found() {
    return placed(this.parts.hits).map(({ place }) => place);
  }

  /** Of another map, nothing is known yet. */
  clear() {
    this.parts = nothing();
  }

  /**
   * Change parts of what is drawn.
   *
   * @param {Partial<MapParts>} parts
   */
  show(parts) {
    Object.assign(this.parts, parts);
    this.draw();
  }

  /**
   * About the chosen dot, where it is seen.
   *
   * @override
   * @param {number} factor
   */
  zoom(factor) {
    return super.zoom(factor, this.parts.chosen);
  }
}

/** @param {Hit[]} hits */
const placed = (hits) => hits.flatMap(({ place, ...hit }) => (place ? [{ ...hit, place }] : []));

/**
 * @param {MapParts} parts
 * @returns {Trace[]}
 */
function tracesOf({ view, hits, chosen, places }) {
  const lit = placed(hits);
  const codes = lit.map(({ code }) => code);
  const owners = lit.map(({ owner }) => owner);
  const marker = { size: 11, ...coded(codes, view), line: { width: 1.5, color: themeColour("--fx-ink") } };
  const ring = { size: 20, width: 3, colour: themeColour("--fx-accent") };
  return [
    cloud(view?.density ?? null),
    points("fitted", view, { isPlaced: false, dimmed: hits.length > 0 }),
    points("placed", view, { isPlaced: true, dimmed: hits.length > 0 }),
    dots(
      "found",
      lit.map(({ place }) => place),
      owners,
      { marker },
    ),
    rings("chosen", chosen ? [chosen] : [], ring),
    stars(
      "asked",
      places.map(({ at }) => at),
    ),
  ];
}

const NO_POINTS = {
  owners: new Uint32Array(),
  codes: new Uint8Array(),
  x: new Float32Array(),
  y: new Float32Array(),
  placed: new Uint8Array(),
};

/**
 * Points that UMAP laid out are filled; those placed by their neighbours are rings.
 *
 * @param {string} name
 * @param {MapView|null} view
 * @param {{isPlaced: boolean, dimmed: boolean}} which
 */
function points(name, view, { isPlaced, dimmed }) {
  const { owners, codes, x, y, placed: approximate } = view ?? NO_POINTS;
  const rows = [...owners.keys()].filter((row) => !!approximate[row] === isPlaced);
  const colours = () =>
    coded(
      rows.map((row) => codes[row]),
      view,
    );
  const marker = {
    size: dotSize(owners.length),
    symbol: isPlaced ? "circle-open" : "circle",
    opacity: dimmed ? 0.35 : 0.85,
    ...(dimmed ? { color: themeColour("--fx-quiet") } : colours()),
  };
  return dots(
    name,
    rows.map((row) => [x[row], y[row]]),
    rows.map((row) => owners[row]),
    { marker, unselected: 0.35 },
  );
}
