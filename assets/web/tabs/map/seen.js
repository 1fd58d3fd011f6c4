// What is seen of a map: dots and their colours, the legend that isolates, and how many of how many.

import { ask } from "../../core/api.js";
import { make } from "../../core/dom.js";
import { iconButton } from "../../core/icons.js";
import { encloses } from "./address.js";
import { ClusterLabels, Hover, Legend } from "../../plot/labels.js";
import { MapPlot } from "../../plot/scatter_plot.js";
import { viewFrom } from "../../plot/decode_view.js";

const CLUSTER = "cluster"; // the colour that names on the map share
const PAUSE = 120; // ms that the view must rest before its points are asked for

export class MapSeen extends EventTarget {
  /**
   * Events: `looked`, `changed` (other points or colours), `point` {owner}, `lasso` {corners}.
   *
   * @param {Function} told does something, and says in the note what goes wrong
   * @param {Function} said words for the owner of a dot
   */
  constructor(server, { bar, note, told }, said) {
    super();
    Object.assign(this, { server, bar, note, told, run: null, view: null, turn: 0 });
    this.plotted = make("div", { class: "fx-plot" });
    this.count = make("div", { class: "fx-shown-count", role: "status" });
    this.legendRoot = make("div", { class: "fx-map-legend", "aria-label": "Legend" });
    this.tools = this.#tools();
    this.nothing = make("div", { class: "fx-map-nothing", hidden: true });
    this.element = make("div", { class: "fx-map-stage" }, this.plotted);
    this.plot = new MapPlot(this.plotted);
    this.labels = new ClusterLabels(this.element, this.plot, (cluster) => this.#approach(cluster));
    this.hover = new Hover(this.element, said);
    this.legend = new Legend(this.legendRoot, (value, more) =>
      told(() => this.show({ only: chosenWith(value, more, this.asking.only) })),
    );
    this.element.append(this.legendRoot, this.count, this.tools, this.nothing, note.element);
    this.#listen();
  }

  /** Parts that mean nothing while there is no map. */
  get parts() {
    return [this.tools, this.plotted, this.legendRoot, this.labels.root, this.nothing];
  }

  /** Whether nothing lies outside of the view. */
  get isWhole() {
    return encloses(this.plot.frame, this.run.frame);
  }

  /** @param {{frame, only, filter}} link what an address asks for */
  async open(run, { frame, only, filter }) {
    this.#forget();
    this.run = run;
    this.shown = { colour: run.colours[0], only: [], filter: null };
    this.asking = { colour: this.bar.colours.value, only, filter };
    this.plot.parts = { view: null, hits: [], chosen: null, places: [] };
    await this.plot.open(frame ?? run.frame);
    this.plot.whole = run.frame;
    this.tool("pan");
    try {
      await this.look();
    } catch (error) {
      if (error.kind !== "input") throw error;
      await this.look(); // what a link leaves of the points may not be there any more: all are shown
      this.note.show(error.message);
    }
  }

  /** There is no map any more. */
  close() {
    this.#forget();
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

  /** Show other points, or in other colours: {colour}, {only}, {filter}. What cannot be shown is told, and nothing changes. */
  show(part) {
    this.asking = { ...this.asking, ...part };
    return this.look();
  }

  /** Draw what is asked for; only the latest of several questions counts. */
  async look() {
    if (!this.run || !this.plot.frame) return;
    const turn = ++this.turn;
    const {
      run,
      asking,
      plot: { frame },
    } = this;
    try {
      const reply = await ask(this.server, "view", { map: run.id, frame: this.isWhole ? null : frame, ...asking });
      if (turn === this.turn) this.#draw(viewFrom(reply), asking);
    } catch (error) {
      if (turn !== this.turn) return;
      this.#goBack(error);
      throw error;
    }
  }

  // --- inside ---

  #tools() {
    this.panButton = iconButton("pan", "Move the map (v)", () => this.tool("pan"));
    this.lassoButton = iconButton("lasso", "Draw round dots (l)", () => this.tool("lasso"));
    return make(
      "div",
      { class: "fx-map-tools", role: "toolbar", "aria-label": "Map tools" },
      this.panButton,
      this.lassoButton,
      iconButton("plus", "Closer (+)", () => this.plot.zoom(0.6)),
      iconButton("minus", "Farther (−)", () => this.plot.zoom(1 / 0.6)),
      iconButton("fit", "All of it (0)", () => this.whole()),
    );
  }

  #listen() {
    this.plot.addEventListener("frame", () => this.#lookSoon());
    this.plot.addEventListener("moved", () => this.labels.place());
    this.plot.addEventListener("hover", ({ detail }) => this.hover.show(this.run.kind, detail));
    for (const name of ["point", "lasso"])
      this.plot.addEventListener(name, ({ detail }) => this.dispatchEvent(new CustomEvent(name, { detail })));
    new MutationObserver(() => this.view && this.#recolour()).observe(document.body, {
      attributes: true,
      attributeFilter: ["class"],
    });
    new ResizeObserver(() => this.#fit()).observe(this.element);
  }

  #forget() {
    clearTimeout(this.resting);
    this.turn += 1; // answers under way are of another map
    this.run = this.view = null;
  }

  #draw(view, asking) {
    const changed = JSON.stringify(asking) !== JSON.stringify(this.shown);
    Object.assign(this, { view, shown: asking });
    this.bar.mark(true);
    this.labels.set(this.run.kind, view.clusters ?? this.run.clusters);
    this.plot.show({ view });
    this.bar.suggest(view);
    this.#tell();
    this.dispatchEvent(new Event("looked"));
    if (changed) this.dispatchEvent(new Event("changed"));
  }

  /** What was drawn before holds on. */
  #goBack(error) {
    const { filter } = this.asking;
    this.bar.colours.value = this.shown.colour;
    if (error.kind === "input") {
      this.bar.mark(filter === this.shown.filter);
      error.message += this.shown.filter ? ` Still shown: ${this.shown.filter}` : " All are still shown.";
    }
    if (JSON.stringify(this.asking) !== JSON.stringify(this.shown) && this.view) this.#lookSoon(); // the frame may be another by now
    this.asking = this.shown;
  }

  #fit() {
    if (this.element.offsetParent && this.plot.whole)
      this.plot.plotly.Plots.resize(this.plotted).then(() => this.labels.place());
  }

  /** The theme has changed. */
  #recolour() {
    this.plot.show({});
    this.#tell();
  }

  #tell() {
    const {
      view,
      run,
      shown: { colour, only, filter },
    } = this;
    this.legend.show(view, only, { approximate: run.fitted < run.points });
    this.labels.tint(colour === CLUSTER ? view : null);
    const shown =
      view.rows.length < view.inside
        ? `showing ${view.rows.length.toLocaleString()} of ${view.inside.toLocaleString()} here`
        : `showing all ${view.inside.toLocaleString()} here`;
    const narrowed = only.length > 0 || filter;
    this.count.textContent = `${shown} · ${narrowed ? `${view.left.toLocaleString()} of ${view.total.toLocaleString()} fit` : `${view.total.toLocaleString()} in all`}`;
    this.#tellNothing(!view.inside, !view.left && narrowed);
  }

  /** An empty view says why, and leads out of it. */
  #tellNothing(isEmpty, fitsNothing) {
    this.nothing.hidden = !isEmpty;
    if (!isEmpty) return;
    const [words, label, act] = fitsNothing
      ? [
          "Nothing fits the filter.",
          "Show all",
          () => this.told(() => this.show({ filter: (this.bar.where = null), only: [] })),
        ]
      : ["Nothing lies here.", "All of the map", () => this.whole()];
    this.nothing.replaceChildren(
      make("p", {}, words),
      make("button", { type: "button", class: "fx-button", onclick: act }, label),
    );
  }

  #lookSoon() {
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.told(() => this.look(), { keep: true }), PAUSE);
  }

  #approach({ x, y, size }) {
    const [x0, y0, x1, y1] = this.run.frame;
    const share = Math.max(0.08, Math.min(0.4, 1.5 * Math.sqrt(size / this.run.points)));
    const half = [((x1 - x0) * share) / 2, ((y1 - y0) * share) / 2];
    this.plot.look([x - half[0], y - half[1], x + half[0], y + half[1]]);
  }
}

/** Values of the legend that are shown once one was chosen: alone, with `more` beside or without the others; none for all. */
function chosenWith(value, more, only) {
  if (only.includes(value)) return more || only.length === 1 ? only.filter((each) => each !== value) : [value];
  return more ? [...only, value] : [value];
}
