// What is seen of a map: dots and their colours, the legend that isolates, and how many of how many.

import { ask, Fault } from "../../core/api.js";
import { make } from "../../core/dom.js";
import { iconButton } from "../../core/icons.js";
import { Latest } from "../../core/latest.js";
import { viewFrom } from "../../plot/decode_view.js";
import { encloses } from "../../plot/frames.js";
import { Hover } from "../../plot/hover.js";
import { ClusterLabels } from "../../plot/labels.js";
import { Legend } from "../../plot/legend.js";
import { MapPlot } from "./plot.js";
import { chosenWith, closeTo, countWords } from "./seen_words.js";

/** @import {Told} from "../../core/api.js" */
/** @import {MapCluster, MapTab, OpenedMap} from "../../core/wire.js" */
/** @import {MapView} from "../../plot/decode_view.js" */
/** @import {Frame, Place} from "../../plot/frames.js" */
/** @import {PlotTool} from "../../plot/scatter_plot.js" */

/** @typedef {{colour: string, only: string[], filter: string|null}} Shown which points of a map, in which colours */

/**
 * @typedef {object} SeenHooks
 * @property {(owner: number) => Promise<string>} caption words for a dot
 * @property {() => void} looked points are drawn
 * @property {() => void} changed … and they are others, or in other colours
 * @property {(owner: number) => void} clicked
 * @property {(corners: Place[]) => void} circled
 */

const CLUSTER = "cluster"; // the colour that names on the map share
const PAUSE = 120; // ms that the view must rest before its points are asked for

export class MapSeen {
  /** @type {OpenedMap|null} */
  run = null;
  /** @type {MapView|null} what is drawn */
  view = null;
  /** @type {Shown} what is drawn */
  shown = { colour: CLUSTER, only: [], filter: null };
  /** @type {Shown} what is asked for */
  #asking = this.shown;
  #latest = new Latest();
  #resting = 0;
  #plotted = make("div", { class: "fx-plot" });
  #count = make("div", { class: "fx-shown-count", role: "status" });
  #legendRoot = make("div", { class: "fx-map-legend", "aria-label": "Legend" });
  #nothing = make("div", { class: "fx-map-nothing", hidden: true });
  #panButton = iconButton("pan", "Move the map (v)", () => this.tool("pan"));
  #lassoButton = iconButton("lasso", "Draw round dots (l)", () => this.tool("lasso"));
  element = make("div", { class: "fx-map-stage" }, this.#plotted);

  /**
   * @param {MapTab} server
   * @param {object} beside
   * @param {import("./bar.js").MapBar} beside.bar
   * @param {ReturnType<typeof import("../../core/notices.js").fault>} beside.note
   * @param {Told} beside.told does something, and says in the note what goes wrong
   * @param {SeenHooks} hooks
   */
  constructor(server, { bar, note, told }, hooks) {
    this.server = server;
    this.bar = bar;
    this.note = note;
    this.told = told;
    this.hooks = hooks;
    this.plot = new MapPlot(this.#plotted, {
      moved: () => this.#place(),
      framed: () => this.#lookSoon(),
      clicked: hooks.clicked,
      hovered: (dot) => this.run && this.hover.show(this.run.kind, dot && { ...dot, owner: dot.id }),
      circled: hooks.circled,
    });
    this.labels = new ClusterLabels(this.element, this.plot, (cluster) => this.#approach(cluster));
    this.hover = new Hover(this.element, hooks.caption);
    this.legend = new Legend(this.#legendRoot, (value, more) => {
      if (this.#asking.colour !== this.shown.colour) return; // other colours are on their way: so is their legend
      told(() => this.show({ only: chosenWith(value, more, this.#asking.only) }));
    });
    this.tools = this.#tools();
    this.element.append(this.#legendRoot, this.#count, this.tools, this.#nothing, note.element);
    new MutationObserver(() => this.#recolour()).observe(document.body, {
      attributes: true,
      attributeFilter: ["class"],
    });
  }

  /** Parts that mean nothing while there is no map. */
  get parts() {
    return [this.tools, this.#plotted, this.#legendRoot, this.labels.root, this.#nothing];
  }

  /** Whether nothing lies outside of the view. */
  get isWhole() {
    return !!this.run && !!this.plot.frame && encloses(this.plot.frame, this.run.frame);
  }

  /**
   * @param {OpenedMap} run
   * @param {{frame?: Frame, only: string[], filter: string|null}} link what an address asks for
   */
  async open(run, { frame, only, filter }) {
    this.close();
    this.run = run;
    this.shown = { colour: run.colours[0], only: [], filter: null };
    this.#asking = { colour: this.bar.colours.value, only, filter };
    this.plot.clear();
    await this.plot.open(frame ?? run.frame);
    this.tool("pan");
    try {
      await this.look();
    } catch (error) {
      if (!(error instanceof Fault) || error.kind !== "input") throw error;
      await this.look(); // what a link leaves of the points may not be there any more: all are shown
      this.note.show(error.message);
    }
  }

  /** There is no map any more: answers under way are of another. */
  close() {
    clearTimeout(this.#resting);
    this.#latest.cancel();
    this.run = this.view = null;
  }

  whole() {
    if (this.run) this.plot.look(this.run.frame);
  }

  /** @param {PlotTool} name */
  tool(name) {
    this.#panButton.setAttribute("aria-pressed", String(name === "pan"));
    this.#lassoButton.setAttribute("aria-pressed", String(name === "lasso"));
    this.element.classList.toggle("fx-lassoing", name === "lasso");
    this.plot.setTool(name);
  }

  /**
   * Show other points, or in other colours. What cannot be shown is told, and nothing changes.
   *
   * @param {Partial<Shown>} part
   */
  show(part) {
    this.#asking = { ...this.#asking, ...part };
    return this.look();
  }

  /** Draw what is asked for; only the latest of several questions counts. */
  async look() {
    const { run, plot } = this;
    if (!run || !plot.frame) return;
    const signal = this.#latest.begin();
    const asking = this.#asking;
    const frame = this.isWhole ? null : plot.frame;
    try {
      const reply = await ask(this.server, "view", { map: run.id, frame, ...asking });
      if (!signal.aborted) this.#draw(run, viewFrom(reply), asking);
    } catch (error) {
      if (signal.aborted) return;
      this.#goBack(error);
      throw error;
    }
  }

  // --- inside ---

  #tools() {
    return make(
      "div",
      { class: "fx-map-tools", role: "toolbar", "aria-label": "Map tools" },
      this.#panButton,
      this.#lassoButton,
      iconButton("plus", "Closer (+)", () => this.plot.zoom(0.6)),
      iconButton("minus", "Farther (−)", () => this.plot.zoom(1 / 0.6)),
      iconButton("fit", "All of it (0)", () => this.whole()),
    );
  }

  #place() {
    this.labels.place(this.plot.found, this.plot.parts.places[0] ?? null);
  }

  /**
   * @param {OpenedMap} run
   * @param {MapView} view
   * @param {Shown} asking
   */
  #draw(run, view, asking) {
    const changed = JSON.stringify(asking) !== JSON.stringify(this.shown);
    this.view = view;
    this.shown = asking;
    if (this.bar.where === asking.filter) this.bar.mark(true); // or what was refused stands there still
    this.labels.set(run.kind, view.clusters ?? run.clusters);
    this.plot.show({ view });
    this.bar.suggest(view);
    this.#tell(run, view);
    this.hooks.looked();
    if (changed) this.hooks.changed();
  }

  /**
   * What was drawn before holds on.
   *
   * @param {unknown} error why
   */
  #goBack(error) {
    const { filter } = this.#asking;
    this.bar.colours.value = this.shown.colour;
    if (error instanceof Fault && error.kind === "input") {
      this.bar.mark(filter === this.shown.filter);
      error.message += this.shown.filter ? ` Still shown: ${this.shown.filter}` : " All are still shown.";
    }
    const isOther = JSON.stringify(this.#asking) !== JSON.stringify(this.shown);
    this.#asking = this.shown;
    if (isOther && this.view) this.#lookSoon(); // the frame may be another by now
  }

  /** The theme has changed. */
  #recolour() {
    if (!this.run || !this.view) return;
    this.plot.draw();
    this.#tell(this.run, this.view);
  }

  /**
   * @param {OpenedMap} run
   * @param {MapView} view
   */
  #tell(run, view) {
    const { colour, only, filter } = this.shown;
    this.legend.show(view, only, { approximate: run.fitted < run.points });
    this.labels.tint(colour === CLUSTER ? view : null);
    const narrowed = only.length > 0 || !!filter;
    this.#count.textContent = countWords(view.owners.length, view, narrowed);
    this.#tellNothing(!view.inside, !view.left && narrowed);
  }

  /**
   * An empty view says why, and leads out of it.
   *
   * @param {boolean} isEmpty
   * @param {boolean} fitsNothing
   */
  #tellNothing(isEmpty, fitsNothing) {
    this.#nothing.hidden = !isEmpty;
    if (!isEmpty) return;
    const showAll = () => this.told(() => this.show({ filter: (this.bar.where = null), only: [] }));
    const [words, label, act] = fitsNothing
      ? ["Nothing fits the filter.", "Show all", showAll]
      : ["Nothing lies here.", "All of the map", () => this.whole()];
    this.#nothing.replaceChildren(
      make("p", {}, words),
      make("button", { type: "button", class: "fx-button", onclick: act }, label),
    );
  }

  #lookSoon() {
    clearTimeout(this.#resting);
    this.#resting = window.setTimeout(() => this.told(() => this.look(), { keep: true }), PAUSE);
  }

  /** @param {MapCluster} cluster */
  #approach(cluster) {
    if (this.run) this.plot.look(closeTo(cluster, this.run));
  }
}
