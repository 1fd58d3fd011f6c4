// The map itself: plotly.js draws, this says what, and tells what the reader does.

import { Fault } from "../core/api.js";
import { OTHER, scaleOf } from "./colour_scale.js";
import { rgb } from "../core/colours.js";

const SMALL = 4000; // points; more are drawn smaller
const EDGE = 0.05; // share of the view that counts as its edge
const CONFIG = { displayModeBar: false, scrollZoom: true, responsive: true, doubleClick: false };

let library = null;

/** plotly.js, fetched when a map is first looked at: it is 4.8 MB. */
export function plotly() {
  library ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = new URL("plotly/plotly.min.js", document.baseURI);
    script.onload = () => resolve(window.Plotly);
    script.onerror = () => {
      library = null; // so that it can be tried again
      reject(new Fault("The part of the page that draws maps could not be loaded; is the app still running?", "away"));
    };
    document.head.append(script);
  });
  return library;
}

export class MapPlot extends EventTarget {
  /** Events: `frame`, `point` {owner}, `hover` {owner, x, y} or null, `lasso` {corners}. */
  constructor(stage) {
    super();
    this.stage = stage;
    this.parts = { view: null, hits: [], chosen: null, places: [] };
    this.tool = "pan";
    this.selections = 0; // that were let go
    this.frame = null;
    this.dragging = false;
    stage.addEventListener("pointerdown", () => (this.dragging = true), true);
    const release = () => {
      this.dragging = false;
      if (this.late) setTimeout(() => this.#draw()); // once plotly has told what was dragged
    };
    for (const end of ["pointerup", "pointercancel"]) window.addEventListener(end, release, true);
  }

  /** Draw a map from the beginning. */
  async open(frame) {
    this.plotly = await plotly();
    this.whole = frame;
    this.frame = frame;
    await this.plotly.newPlot(this.stage, this.#traces(), this.#layout(), CONFIG);
    this.#listen();
  }

  /** Change parts of what is drawn: view, hits, chosen, places, dimmed. */
  show(parts) {
    Object.assign(this.parts, parts);
    this.#draw();
  }

  /** Not while something is dragged: a drawing would put an end to it. */
  #draw() {
    this.late = this.dragging;
    if (!this.whole || this.dragging) return;
    this.plotly.react(this.stage, this.#traces(), this.#layout(), CONFIG);
    this.dispatchEvent(new CustomEvent("moved")); // other marks may be where labels were
  }

  setTool(tool) {
    this.tool = tool;
    this.plotly.relayout(this.stage, { dragmode: tool });
  }

  /** Look at a frame. */
  async look(frame) {
    this.frame = frame;
    const [x0, y0, x1, y1] = frame;
    await this.plotly.relayout(this.stage, { "xaxis.range": [x0, x1], "yaxis.range": [y0, y1] });
  }

  /** Zoom about the chosen dot, else about the middle, by a factor below 1 to come closer. */
  zoom(factor) {
    const [x0, y0, x1, y1] = this.frame;
    const { chosen } = this.parts;
    const isSeen = chosen && chosen[0] >= x0 && chosen[0] <= x1 && chosen[1] >= y0 && chosen[1] <= y1;
    const [x, y] = isSeen ? chosen : [(x0 + x1) / 2, (y0 + y1) / 2];
    return this.look([x + (x0 - x) * factor, y + (y0 - y) * factor, x + (x1 - x) * factor, y + (y1 - y) * factor]);
  }

  /** Move by shares of the view. */
  move([right, up]) {
    const [x0, y0, x1, y1] = this.frame;
    const [dx, dy] = [right * (x1 - x0), up * (y1 - y0)];
    return this.look([x0 + dx, y0 + dy, x1 + dx, y1 + dy]);
  }

  /** Bring a place well into view, without zooming. */
  async reveal([x, y]) {
    const [x0, y0, x1, y1] = this.frame;
    const [width, height] = [x1 - x0, y1 - y0];
    const [right, up] = [(x - x0) / width, (y - y0) / height];
    if (Math.min(right, up, 1 - right, 1 - up) > EDGE) return;
    await this.look([x - width / 2, y - height / 2, x + width / 2, y + height / 2]);
  }

  /** The next drawing has no selection. */
  clearLasso() {
    if (!this.whole) return;
    this.selections += 1; // or plotly keeps what was selected when it draws anew
    this.plotly.relayout(this.stage, { selections: [] });
  }

  /** Pixels of a place within the stage. */
  pixels([x, y]) {
    const { xaxis, yaxis } = this.stage._fullLayout;
    return [xaxis._offset + xaxis.l2p(x), yaxis._offset + yaxis.l2p(y)];
  }

  #listen() {
    const tell = (name, detail) => this.dispatchEvent(new CustomEvent(name, { detail }));
    this.stage.removeAllListeners?.("plotly_relayout");
    for (const name of ["plotly_relayout", "plotly_click", "plotly_hover", "plotly_unhover", "plotly_selected"])
      this.stage.removeAllListeners(name);
    this.stage.on("plotly_relayout", () => {
      const { xaxis, yaxis } = this.stage._fullLayout;
      const frame = [xaxis.range[0], yaxis.range[0], xaxis.range[1], yaxis.range[1]];
      tell("moved");
      if (String(frame) === String(this.seen)) return;
      this.frame = this.seen = frame;
      tell("frame");
    });
    this.stage.on("plotly_click", ({ points }) => {
      const point = points.find(({ customdata }) => customdata !== undefined);
      if (point) tell("point", { owner: Number(point.customdata) });
    });
    this.stage.on("plotly_hover", ({ points, event }) => {
      const point = points.find(({ customdata }) => customdata !== undefined);
      if (point) tell("hover", { owner: Number(point.customdata), x: event.clientX, y: event.clientY });
    });
    this.stage.on("plotly_unhover", () => tell("hover", null));
    this.stage.on("plotly_selected", (event) => {
      const { x, y } = event?.lassoPoints ?? {};
      if (x?.length > 2) tell("lasso", { corners: thinned(x.map((value, i) => [value, y[i]])) });
    });
    const { xaxis, yaxis } = this.stage._fullLayout;
    this.frame = this.seen = [xaxis.range[0], yaxis.range[0], xaxis.range[1], yaxis.range[1]];
  }

  #layout() {
    const [x0, y0, x1, y1] = this.frame;
    const axis = { visible: false, showgrid: false, zeroline: false, fixedrange: false };
    return {
      xaxis: { ...axis, range: [x0, x1] },
      yaxis: { ...axis, range: [y0, y1], scaleanchor: "x", scaleratio: 1 },
      margin: { l: 0, r: 0, t: 0, b: 0 },
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      dragmode: this.tool,
      hovermode: "closest",
      hoverdistance: 12,
      showlegend: false,
      newselection: { line: { color: colour("--fx-accent"), width: 2, dash: "solid" } },
      activeselection: { fillcolor: colour("--fx-accent"), opacity: 0.08 },
      uirevision: "map",
      selectionrevision: `selection ${this.selections}`,
    };
  }

  #traces() {
    const { view, hits, chosen, places } = this.parts;
    const lit = hits.filter(({ place }) => place);
    return [
      this.#density(view?.density),
      this.#points(view, false),
      this.#points(view, true),
      {
        type: "scattergl",
        mode: "markers",
        hoverinfo: "none",
        x: lit.map(({ place }) => place[0]),
        y: lit.map(({ place }) => place[1]),
        customdata: lit.map(({ owner }) => owner),
        marker: {
          size: 11,
          ...coded(
            lit.map(({ code }) => code),
            view,
          ),
          line: { width: 1.5, color: colour("--fx-ink") },
        },
        selected: { marker: { opacity: 1 } },
        unselected: { marker: { opacity: 1 } },
      },
      {
        type: "scatter",
        mode: "markers",
        hoverinfo: "skip",
        x: chosen ? [chosen[0]] : [],
        y: chosen ? [chosen[1]] : [],
        marker: { size: 20, color: "rgba(0,0,0,0)", line: { width: 3, color: colour("--fx-accent") } },
      },
      {
        type: "scatter",
        mode: "markers",
        hoverinfo: "skip",
        cliponaxis: false,
        x: places.map(({ at }) => at[0]),
        y: places.map(({ at }) => at[1]),
        marker: {
          symbol: "star",
          size: 14,
          color: colour("--fx-said"),
          line: { width: 1.5, color: colour("--fx-paper") },
        },
      },
    ];
  }

  /** Points that UMAP laid out are filled; those placed by their neighbours are rings. */
  #points(view, placed) {
    const rows = view ? view.rows.filter((row) => !!view.placed[row] === placed) : [];
    const dimmed = this.parts.hits.length > 0;
    const size = (view?.rows.length ?? 0) > SMALL ? 3.5 : 6;
    return {
      type: "scattergl",
      mode: "markers",
      hoverinfo: "none",
      x: rows.map((row) => view.x[row]),
      y: rows.map((row) => view.y[row]),
      customdata: rows.map((row) => view.owners[row]),
      marker: {
        size,
        symbol: placed ? "circle-open" : "circle",
        opacity: dimmed ? 0.35 : 0.85,
        ...(dimmed
          ? { color: colour("--fx-quiet") }
          : coded(
              rows.map((row) => view.codes[row]),
              view,
            )),
      },
      selected: { marker: { opacity: 1 } },
      unselected: { marker: { opacity: 0.35 } },
    };
  }

  #density(density) {
    if (!density) return { type: "heatmap", z: [[0]], x: [this.whole[0]], y: [this.whole[1]], visible: false };
    const {
      cells,
      width,
      height,
      frame: [x0, y0, x1, y1],
    } = density;
    const z = Array.from({ length: height }, (_, row) => Array.from(cells.subarray(row * width, (row + 1) * width)));
    const ink = rgb(hexOf(colour("--fx-quiet"))).join(",");
    return {
      type: "heatmap",
      z,
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
}

/** Codes as plotly colours them. */
const coded = (codes, view) => ({
  color: codes.map((code) => Math.min(code, OTHER)),
  colorscale: scaleOf(view),
  cmin: -0.5,
  cmax: OTHER + 0.5,
  showscale: false,
});

const colour = (name) => getComputedStyle(document.body).getPropertyValue(name).trim() || "#888888";
const hexOf = (value) => (/^#[0-9a-f]{6}$/i.test(value) ? value : "#888888");

/** At most 150 corners, evenly chosen: the server takes no more than 200. */
function thinned(corners) {
  const step = Math.max(1, corners.length / 150);
  return Array.from({ length: Math.min(150, corners.length) }, (_, i) => corners[Math.floor(i * step)]);
}
