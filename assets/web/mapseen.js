// What is seen of a map: dots and their colours, the legend that isolates, and how many of how many.

import { ask } from "./asking.js";
import { iconButton, make } from "./dom.js";
import { encloses } from "./mapaddress.js";
import { ClusterLabels, Hover, Legend } from "./maplabels.js";
import { MapPlot } from "./mapplot.js";
import { viewFrom } from "./mapview.js";

const PAUSE = 120; // ms that the view must rest before its points are asked for

export class MapSeen extends EventTarget {
  /**
   * Events: `looked`, `isolated`, `point` {owner}, `lasso` {corners}.
   *
   * @param {Function} told does something, and says in the note what goes wrong
   * @param {Function} said words for the owner of a dot
   */
  constructor(server, { bar, note, told }, said) {
    super();
    Object.assign(this, { server, bar, note, told, run: null, only: null, where: null });
    this.plotted = make("div", { class: "fx-plot" });
    this.count = make("div", { class: "fx-shown-count", role: "status" });
    this.legendRoot = make("div", { class: "fx-map-legend", "aria-label": "Legend" });
    this.tools = this.#tools();
    this.element = make("div", { class: "fx-map-stage" }, this.plotted);
    this.plot = new MapPlot(this.plotted);
    this.labels = new ClusterLabels(this.element, this.plot, (cluster) => this.#approach(cluster));
    this.hover = new Hover(this.element, said);
    this.legend = new Legend(this.legendRoot, (value) => this.isolate(value));
    this.element.append(this.legendRoot, this.count, this.tools, note.element);
    this.#listen();
  }

  /** Parts that mean nothing while there is no map. */
  get parts() {
    return [this.tools, this.plotted, this.legendRoot, this.labels.root];
  }

  /** Which points are shown, and how: part of every question about them. */
  get wanted() {
    return { colour: this.bar.colours.value, only: this.only, filter: this.where };
  }

  /** Whether nothing lies outside of the view. */
  get isWhole() {
    return encloses(this.plot.frame, this.run.frame);
  }

  async open(run, { frame, only, where }) {
    Object.assign(this, { run, only, where });
    this.plot.parts = { view: null, hits: [], chosen: null, places: [] };
    await this.plot.open(frame ?? run.frame);
    this.plot.whole = run.frame;
    this.tool("pan");
    await this.#lookFirst();
  }

  /** There is no map any more. */
  close() {
    clearTimeout(this.resting);
    this.run = this.view = null;
  }

  whole() {
    return this.plot.look(this.run.frame);
  }

  tool(name) {
    this.panButton.setAttribute("aria-pressed", name === "pan");
    this.lassoButton.setAttribute("aria-pressed", name === "lasso");
    this.element.classList.toggle("fx-lassoing", name === "lasso");
    this.plot.setTool(name);
  }

  /** Show one value of the legend alone; all for null. */
  isolate(value) {
    this.only = value;
    this.dispatchEvent(new Event("isolated"));
  }

  /** Show what a condition leaves. A wrong one is told, and the former one holds on. */
  async filterBy(where) {
    const held = this.where;
    this.where = where;
    try {
      await this.look();
      this.bar.mark(true);
    } catch (error) {
      this.where = held;
      this.bar.mark(error.kind !== "input");
      if (error.kind === "input") error.message += held ? ` Still shown: ${held}` : " All are still shown.";
      throw error;
    }
  }

  async look() {
    if (!this.run || !this.plot.frame) return;
    const turn = (this.turn = (this.turn ?? 0) + 1);
    const { wanted } = this;
    const reply = await ask(this.server, "view", { map: this.run.id, frame: this.isWhole ? null : this.plot.frame, ...wanted });
    if (turn !== this.turn) return;
    this.view = viewFrom(reply, wanted.only);
    this.labels.set(this.run.kind, this.view.clusters ?? this.run.clusters);
    this.plot.show({ view: this.view });
    this.bar.suggest(this.view);
    this.#tell();
    this.element.dataset.view = this.turn;
    this.dispatchEvent(new Event("looked"));
  }

  // --- inside ---

  #tools() {
    this.panButton = iconButton("pan", "Move the map (v)", () => this.tool("pan"));
    this.lassoButton = iconButton("lasso", "Draw round dots (l)", () => this.tool("lasso"));
    return make(
      "div", { class: "fx-map-tools", role: "toolbar", "aria-label": "Map tools" }, this.panButton, this.lassoButton,
      iconButton("plus", "Closer (+)", () => this.plot.step(0.6)), iconButton("minus", "Farther (−)", () => this.plot.step(1 / 0.6)),
      iconButton("fit", "All of it (0)", () => this.whole()),
    );
  }

  #listen() {
    this.plot.addEventListener("frame", () => this.#lookSoon());
    this.plot.addEventListener("moved", () => this.labels.place());
    this.plot.addEventListener("hover", ({ detail }) => this.hover.show(this.run.kind, detail));
    for (const name of ["point", "lasso"]) this.plot.addEventListener(name, ({ detail }) => this.dispatchEvent(new CustomEvent(name, { detail })));
    new MutationObserver(() => this.view && this.#recolour()).observe(document.body, { attributes: true, attributeFilter: ["class"] });
    new ResizeObserver(() => this.#fit()).observe(this.element);
  }

  #fit() {
    if (this.element.offsetParent && this.plot.whole) this.plot.plotly.Plots.resize(this.plotted).then(() => this.labels.place());
  }

  /** The theme has changed. */
  #recolour() {
    this.plot.show({});
    this.#tell();
  }

  #tell() {
    const { view, only, where, run } = this;
    this.legend.show(view, only, { approximate: run.fitted < run.points });
    const few = !view.inside && (only !== null || where) ? "nothing fits: " : view.rows.length < view.inside ? `showing ${view.rows.length.toLocaleString()} of ` : "showing all ";
    this.count.textContent = `${few}${view.inside.toLocaleString()} here · ${view.total.toLocaleString()} in all`;
  }

  #lookSoon() {
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.told(() => this.look(), { keep: true }), PAUSE);
  }

  /** What a link leaves of the points may not be there any more: then it is told, and all are shown. */
  async #lookFirst() {
    try {
      await this.look();
    } catch (error) {
      if (error.kind !== "input" || (this.only === null && !this.where)) throw error;
      this.only = this.where = this.bar.where = null;
      await this.look();
      this.note.show(`${error.message} All are shown.`);
    }
  }

  #approach({ x, y, size }) {
    const [x0, y0, x1, y1] = this.run.frame;
    const share = Math.max(0.08, Math.min(0.4, 1.5 * Math.sqrt(size / this.run.points)));
    const half = [((x1 - x0) * share) / 2, ((y1 - y0) * share) / 2];
    this.plot.look([x - half[0], y - half[1], x + half[0], y + half[1]]);
  }
}
