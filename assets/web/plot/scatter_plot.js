// Dots on a plane of equal units: plotly.js draws what it is given, and this tells what the reader does with it.

import { Latest } from "../core/latest.js";
import { themeColour } from "./colour_scale.js";
import { centredAt, holds, isWellInside, middleOf, moved, pixelsIn, thinned, zoomed } from "./frames.js";
import { plotly } from "./plotly.js";

/** @import {Frame, Place, Size} from "./frames.js" */
/** @import {Layout, PlotElement, Plotly, PlotlyPoint, Trace} from "./plotly.js" */

/**
 * What a plot asks of its owner, and tells it. A dot is known by the `customdata` of its trace.
 *
 * @typedef {object} PlotHooks
 * @property {() => Trace[]} traces what is drawn now
 * @property {() => void} moved marks over the plot may lie elsewhere now
 * @property {(gesture: boolean) => void} framed another frame is seen; whether by the reader's own hand
 * @property {(id: number) => void} clicked
 * @property {(dot: {id: number, x: number, y: number}|null) => void} hovered with the pointer's place in the window
 * @property {(corners: Place[], ids: number[]) => void} circled an outline, and the dots in it
 */

/** @typedef {"pan"|"lasso"} PlotTool */

const CONFIG = { displayModeBar: false, scrollZoom: true, doubleClick: false };
const UNSEEN = { width: 700, height: 450 }; // pixels of a plot that is made where nobody sees it

export class ScatterPlot {
  /** @type {Frame|null} what is seen, or about to be; null before anything is drawn */
  frame = null;
  /** @type {PlotTool} */
  tool = "pan";
  /** @type {Size} of what is drawn; its margins are zero */
  #size = UNSEEN;
  /** @type {{plotly: Plotly, element: PlotElement}|null} */
  #drawn = null;
  #reported = ""; // the frame that the owner knows of
  #openings = new Latest();
  #dragging = false;
  #isLate = false; // something is to be drawn, once the plot is there and nothing is dragged
  #selections = 0; // that were let go

  /**
   * @param {HTMLElement} stage
   * @param {PlotHooks} hooks
   */
  constructor(stage, hooks) {
    this.stage = stage;
    this.hooks = hooks;
    stage.addEventListener("pointerdown", () => this.#press(), true);
    for (const end of ["pointerup", "pointercancel"]) window.addEventListener(end, () => this.#release(), true);
    new ResizeObserver(() => this.#fit()).observe(stage);
  }

  /** Whether something is drawn. */
  get isOpen() {
    return this.#drawn !== null;
  }

  /**
   * Draw from the beginning.
   *
   * @param {Frame} frame
   */
  async open(frame) {
    const signal = this.#openings.begin();
    this.#drawn = null;
    const library = await plotly();
    if (signal.aborted) return;
    this.frame = frame;
    this.#measure();
    this.#isLate = false;
    const element = await library.newPlot(this.stage, this.hooks.traces(), this.#layout(frame), CONFIG);
    if (signal.aborted) return;
    this.#drawn = { plotly: library, element };
    this.frame = frameOf(element.layout);
    this.#reported = String(this.frame);
    this.#listen(element);
    this.#fit(); // the stage may have grown meanwhile
    if (this.#isLate) this.draw();
  }

  /** Draw what there is now. Not while something is dragged: a drawing would put an end to it. */
  draw() {
    this.#isLate = this.#dragging || !this.#drawn;
    if (!this.#drawn || !this.frame || this.#dragging) return;
    this.#drawn.plotly.react(this.stage, this.hooks.traces(), this.#layout(this.frame), CONFIG);
    this.hooks.moved(); // other marks may be where labels were
  }

  /**
   * Move the dots of one trace and leave the others alone.
   *
   * @param {string} name
   * @param {Place[]} places
   */
  place(name, places) {
    if (!this.#drawn) return;
    const trace = this.#drawn.element.data.findIndex((each) => each.name === name);
    this.#drawn.plotly.restyle(this.stage, { x: [places.map(([x]) => x)], y: [places.map(([, y]) => y)] }, [trace]);
  }

  /** @param {PlotTool} tool */
  setTool(tool) {
    this.tool = tool;
    return this.#drawn?.plotly.relayout(this.stage, { dragmode: tool });
  }

  /** The next drawing has no selection. */
  clearSelection() {
    this.#selections += 1; // or plotly keeps what was selected when it draws anew
    this.#drawn?.plotly.relayout(this.stage, { selections: [] });
  }

  // --- what is seen ---

  /** @param {Frame} frame to look at; as much more is seen as the stage has room for */
  async look(frame) {
    const [x0, y0, x1, y1] = (this.frame = frame);
    await this.#drawn?.plotly.relayout(this.stage, { "xaxis.range": [x0, x1], "yaxis.range": [y0, y1] });
  }

  /**
   * Zoom about a place that is seen, else about the middle.
   *
   * @param {number} factor below 1 to come closer
   * @param {Place|null} about
   */
  async zoom(factor, about) {
    const { frame } = this;
    if (frame) await this.look(zoomed(frame, factor, about && holds(frame, about) ? about : middleOf(frame)));
  }

  /** @param {Place} shares of the view to move by, to the right and up */
  async move(shares) {
    if (this.frame) await this.look(moved(this.frame, shares));
  }

  /**
   * Bring a place well into view, without zooming.
   *
   * @param {Place} place
   */
  async reveal(place) {
    if (this.frame && !isWellInside(this.frame, place)) await this.look(centredAt(this.frame, place));
  }

  /**
   * Pixels of a place within the stage.
   *
   * @param {Place} place
   * @returns {[number, number]}
   */
  pixels(place) {
    return this.frame ? pixelsIn(this.frame, this.#size, place) : [NaN, NaN];
  }

  // --- inside ---

  /** Plotly keeps the focus where it was, on a button or in a field: keys would be meant for that. */
  #press() {
    this.#dragging = true;
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  }

  #release() {
    this.#dragging = false;
    if (this.#isLate) setTimeout(() => this.draw()); // once plotly has told what was dragged
  }

  /** @returns {boolean} whether the stage has another size than what is drawn */
  #measure() {
    const { clientWidth: width, clientHeight: height } = this.stage;
    if (!width || !height || (width === this.#size.width && height === this.#size.height)) return false;
    this.#size = { width, height };
    return true;
  }

  #fit() {
    if (this.#drawn && this.#measure()) this.#drawn.plotly.relayout(this.stage, { ...this.#size });
  }

  /** @param {PlotElement} element of which plotly let all listeners go that were there before */
  #listen(element) {
    const { hooks } = this;
    element.on("plotly_relayout", (changes) => {
      this.frame = frameOf(element.layout);
      hooks.moved();
      if (String(this.frame) === this.#reported) return;
      this.#reported = String(this.frame);
      hooks.framed("xaxis.range[0]" in changes); // as plotly tells it of wheels and drags
    });
    element.on("plotly_click", ({ points }) => {
      const id = idOf(points);
      if (id !== undefined) hooks.clicked(id);
    });
    element.on("plotly_hover", ({ points, event }) => {
      const id = idOf(points);
      if (id !== undefined) hooks.hovered({ id, x: event.clientX, y: event.clientY });
    });
    element.on("plotly_unhover", () => hooks.hovered(null));
    element.on("plotly_selected", (event) => {
      const { x = [], y = [] } = event?.lassoPoints ?? {};
      if (!event || x.length < 3) return;
      const ids = new Set(event.points.flatMap(({ customdata }) => customdata ?? []));
      const corners = x.map((value, i) => /** @type {Place} */ ([value, y[i]]));
      setTimeout(() => hooks.circled(thinned(corners), [...ids])); // once plotly is done
    });
  }

  /**
   * @param {Frame} frame
   * @returns {Layout}
   */
  #layout([x0, y0, x1, y1]) {
    const axis = { visible: false, showgrid: false, zeroline: false, fixedrange: false };
    const clear = "rgba(0,0,0,0)";
    return {
      ...this.#size,
      xaxis: { ...axis, range: [x0, x1] },
      yaxis: { ...axis, range: [y0, y1], scaleanchor: "x", scaleratio: 1 },
      margin: { l: 0, r: 0, t: 0, b: 0, pad: 0, autoexpand: false }, // a place's pixels follow from the ranges alone
      paper_bgcolor: clear,
      plot_bgcolor: clear,
      dragmode: this.tool,
      hovermode: "closest",
      hoverdistance: 12,
      showlegend: false,
      newselection: { line: { color: themeColour("--fx-accent"), width: 2, dash: "solid" } },
      activeselection: { fillcolor: themeColour("--fx-accent"), opacity: 0.08 },
      uirevision: "plot",
      selectionrevision: `selection ${this.#selections}`,
    };
  }
}

/**
 * What is seen, as plotly has it once it has made the units equal.
 *
 * @param {Layout} layout
 * @returns {Frame}
 */
const frameOf = ({ xaxis, yaxis }) => [xaxis.range[0], yaxis.range[0], xaxis.range[1], yaxis.range[1]];

/** @param {PlotlyPoint[]} points */
function idOf(points) {
  const id = points.find(({ customdata }) => customdata !== undefined)?.customdata;
  return id === undefined ? undefined : Number(id);
}
