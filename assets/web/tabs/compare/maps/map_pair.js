// Two plots of the same points: what is done on one shows on the other.

import { make } from "../../../core/dom.js";
import { themeColour } from "../../../plot/colour_scale.js";
import { centredAt, holds, middleOf } from "../../../plot/frames.js";
import { Hover } from "../../../plot/hover.js";
import { nextDot } from "../../../plot/keyboard_steps.js";
import { ScatterPlot } from "../../../plot/scatter_plot.js";
import { dots, dotSize, rings, valued } from "../../../plot/traces.js";
import { badge } from "../badge.js";
import { BY } from "./neighbours.js";

/** @import {Place} from "../../../plot/frames.js" */
/** @import {PlotTool} from "../../../plot/scatter_plot.js" */
/** @import {Trace} from "../../../plot/plotly.js" */
/** @import {AlignedMaps, Measure} from "./aligned.js" */
/** @import {Whose} from "./neighbours.js" */

/**
 * What is drawn: rows are those of the aligned maps.
 *
 * @typedef {object} PairParts
 * @property {AlignedMaps|null} laid
 * @property {Measure} colour
 * @property {number[]} circled rows
 * @property {number|null} chosen row
 * @property {Map<number, Whose>} near rows of the chosen one's neighbours
 */

/**
 * @typedef {object} PairHooks
 * @property {(owner: number) => Promise<string>} caption words for a dot
 * @property {() => string} kind of what dots stand for
 * @property {(row: number) => void} clicked
 * @property {(rows: number[]) => void} circled
 * @property {() => boolean} isListed whether the pointer is on a point that stands beside the maps
 */

export class MapPair {
  /** @type {PairParts} */
  #parts = { laid: null, colour: "overlap", circled: [], chosen: null, near: new Map() };
  /** @type {PlotTool} */
  tool = "pan";

  /**
   * @param {string[]} names of the models
   * @param {PairHooks} hooks
   */
  constructor(names, hooks) {
    this.hooks = hooks;
    const stages = names.map((name) =>
      make("div", { class: "fx-compare-map", role: "img", "aria-label": `Map by ${name}` }),
    );
    this.frames = stages.map((stage, i) =>
      make("div", { class: "fx-stage-frame" }, stage, make("span", { class: "fx-compare-tag" }, badge(i), names[i])),
    );
    this.hovers = this.frames.map((frame) => new Hover(frame, hooks.caption));
    this.plots = stages.map((stage, model) => this.#plot(stage, model));
    new MutationObserver(() => this.#draw()).observe(document.body, { attributes: true, attributeFilter: ["class"] });
  }

  /**
   * Draw both from the beginning.
   *
   * @param {Partial<PairParts>} parts
   */
  async open(parts) {
    Object.assign(this.#parts, parts);
    const { laid } = this.#parts;
    if (!laid) return;
    for (const plot of this.plots) await plot.open(laid.frame);
  }

  /**
   * Change parts of what is drawn.
   *
   * @param {Partial<PairParts>} parts
   */
  show(parts) {
    Object.assign(this.#parts, parts);
    this.#draw();
  }

  /**
   * A ring around one point on both maps, none for null, before all else is drawn.
   *
   * @param {number|null} row
   */
  ring(row) {
    this.#parts.chosen = row;
    this.#place("chosen", row);
  }

  /**
   * The same for what is pointed at.
   *
   * @param {number|null} row
   */
  point(row) {
    this.#place("pointed", row);
  }

  /** Show both whole. */
  fit() {
    const { laid } = this.#parts;
    if (laid) for (const plot of this.plots) plot.look(laid.frame);
  }

  /** @param {PlotTool} tool */
  setTool(tool) {
    this.tool = tool;
    for (const plot of this.plots) plot.setTool(tool);
  }

  /** What was circled is drawn, not its outline. */
  clearSelection() {
    for (const plot of this.plots) plot.clearSelection();
  }

  /**
   * The nearest dot of A's map in a direction, at first the one in the middle of what is seen; both maps move to it.
   *
   * @param {Place} direction
   * @returns {number|null} its row; null where there is none
   */
  step(direction) {
    const { laid, chosen } = this.#parts;
    const { frame } = this.plots[0];
    if (!laid || !frame) return null;
    const [start, way] = chosen === null ? [middleOf(frame), null] : [laid.place(0, chosen), direction];
    const row = nextDot(start, way, laid.owners.length, (each) => laid.place(0, each));
    if (row < 0) return null;
    const place = laid.place(0, row);
    if (!holds(frame, place)) for (const plot of this.plots) plot.look(centredAt(frame, place));
    return row;
  }

  // --- inside ---

  /**
   * @param {HTMLElement} stage
   * @param {number} model
   */
  #plot(stage, model) {
    const { hooks } = this;
    return new ScatterPlot(stage, {
      traces: () => tracesOf(this.#parts, model),
      moved: () => {},
      framed: (gesture) => gesture && this.#follow(model),
      clicked: hooks.clicked,
      hovered: (dot) => this.#hover(model, dot),
      circled: (_, rows) => hooks.circled(rows),
    });
  }

  /** @param {number} model whose map the reader has moved */
  #follow(model) {
    const { frame } = this.plots[model];
    if (frame) this.plots[1 - model].look(frame);
  }

  /**
   * @param {number} model
   * @param {{id: number, x: number, y: number}|null} dot
   */
  #hover(model, dot) {
    const { laid } = this.#parts;
    if (!laid) return;
    this.hovers[model].show(this.hooks.kind(), dot && { ...dot, owner: laid.owners[dot.id] });
    if (dot) this.point(dot.id);
    else if (!this.hooks.isListed()) this.point(null); // plotly tells late
  }

  #draw() {
    if (this.#parts.laid) for (const plot of this.plots) plot.draw();
  }

  /**
   * @param {string} trace
   * @param {number|null} row
   */
  #place(trace, row) {
    const { laid } = this.#parts;
    if (!laid) return;
    this.plots.forEach((plot, model) => plot.place(trace, row === null ? [] : [laid.place(model, row)]));
  }
}

/**
 * @param {PairParts} parts
 * @param {number} model
 * @returns {Trace[]}
 */
function tracesOf({ laid, colour, circled, chosen, near }, model) {
  if (!laid) return [];
  const size = dotSize(laid.owners.length);
  const ends = laid.ends(colour);
  /** @param {number[]} rows */
  const at = (rows) => rows.map((row) => laid.place(model, row));
  /** @param {number[]} rows */
  const coloured = (rows) =>
    valued(
      rows.map((row) => laid[colour][row]),
      ends,
    );
  const opacity = circled.length ? 0.3 : 0.9;
  const quiet = { size, color: themeColour("--fx-quiet"), opacity };
  const all = circled.length ? quiet : { size, ...coloured(laid.rows), opacity };
  const large = { size: 10, ...coloured(circled), line: { width: 1, color: themeColour("--fx-ink") } };
  const accent = themeColour("--fx-accent");
  return [
    dots("all", at(laid.rows), laid.rows, { marker: all, unselected: opacity }),
    dots("circled", at(circled), circled, { marker: large }),
    rings("chosen", at(chosen === null ? [] : [chosen]), { size: 20, width: 3, colour: accent }),
    rings("pointed", [], { size: 16, width: 2, colour: themeColour("--fx-ink") }),
    rings("near", at([...near.keys()]), {
      size: 12,
      width: 2,
      colour: [...near.values()].map((whose) => themeColour(BY[whose].colour)),
    }),
  ];
}
