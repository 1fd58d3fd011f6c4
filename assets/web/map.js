// The Map tab: everything that was indexed, by likeness; found, circled, looked at.

import { ask } from "./asking.js";
import { iconButton, icon, make } from "./dom.js";
import { download } from "./export.js";
import { Keys } from "./keys.js";
import { fault } from "./layout.js";
import { ClusterLabels, Hover, Legend } from "./maplabels.js";
import { MapPlot } from "./mapplot.js";
import { MapSide } from "./mapside.js";
import { viewFrom } from "./mapview.js";
import { progressLine, watchJob } from "./jobs.js";
import { putInAddress, showTab } from "./tabs.js";

const PAUSE = 120; // ms that the view must rest before its points are asked for
const FOUND = 200; // at most; and no more than a part of the map, or nothing would stand out
const PART = 0.08;
const LEAST = 24;
const FILTERED = "Show, and search, only those for which this holds, in SQL";

/** Bring the tab to life inside the component's element. */
export function mount(root, { server, upload }) {
  return new MapTab(root, server, upload);
}

class MapTab {
  constructor(root, server, upload) {
    Object.assign(this, { root, server, upload, run: null, kind: "region", only: null, query: null, where: null, chosen: null, corners: null, told: new Map(), telling: 0 });
    root.replaceChildren();
    this.#build();
    this.#whenSeen(() => this.#begin());
  }

  // --- building ---

  #build() {
    this.input = make("input", { type: "search", class: "fx-find", placeholder: "a red boat + snow − people", "aria-label": "Find on the map", title: "What to look for; + and − between prompts add and subtract (/)" });
    this.ideas = make("datalist", { id: "fx-filter-ideas" });
    this.filter = make("input", { type: "search", class: "fx-filter", list: this.ideas.id, autocomplete: "off", placeholder: "filter: area > 0.1", "aria-label": "Filter in SQL", title: FILTERED });
    this.byPicture = iconButton("picture", "Find what looks like a picture of yours (u)", () => this.file.click());
    this.file = make("input", { type: "file", accept: "image/*", hidden: true, "aria-label": "Picture to search by" });
    this.maps = make("select", { "aria-label": "Map", title: "Which map" });
    this.colour = make("select", { "aria-label": "Colour by", title: "What colours mean" });
    this.note = fault();
    this.stage = make("div", { class: "fx-map-stage" });
    this.plotted = make("div", { class: "fx-plot" });
    this.shown = make("div", { class: "fx-shown-count", role: "status" });
    this.legendRoot = make("div", { class: "fx-map-legend", "aria-label": "Legend" });
    this.tools = this.#tools();
    this.empty = make("div", { class: "fx-map-empty", hidden: true });
    this.stage.append(this.plotted);
    this.plot = new MapPlot(this.plotted);
    this.labels = new ClusterLabels(this.stage, this.plot, (cluster) => this.#approach(cluster));
    this.hover = new Hover(this.stage, (owner) => this.#said(owner));
    this.legend = new Legend(this.legendRoot, (value) => this.#isolate(value));
    this.stage.append(this.legendRoot, this.shown, this.tools, this.empty);
    this.bar = make(
      "form", { class: "fx-map-bar" }, icon("search"), this.input, this.byPicture, this.file, this.filter, this.ideas,
      make("label", {}, "map", this.maps), make("label", {}, "colour", this.colour),
    );
    const left = make("section", { class: "fx-map-left", "aria-label": "Map" }, this.bar, this.note.element, this.stage);
    const right = (this.right = make("aside", { class: "fx-map-right" }));
    this.side = new MapSide(right, this.acts);
    this.root.append(left, right);
    this.keys = new Keys(this.#keyGroups(), TERMS, () => this.#seen() && this.run !== null && this.plot.frame !== null);
    this.#listen(this.bar);
  }

  get acts() {
    return {
      choose: (owner) => this.#choose(owner),
      alike: (kind, owner) => this.#find({ [kind]: owner }),
      probe: (about) => this.#openInProbe(about),
      csv: () => this.#saveCsv(),
      clear: () => this.#clear(),
      route: () => this.query?.text && this.#find({ text: this.query.text }),
    };
  }

  #tools() {
    const tool = (name, title, act) => iconButton(name, title, act);
    this.panButton = tool("pan", "Move the map (v)", () => this.#tool("pan"));
    this.lassoButton = tool("lasso", "Draw round dots (l)", () => this.#tool("lasso"));
    return make(
      "div", { class: "fx-map-tools", role: "toolbar", "aria-label": "Map tools" }, this.panButton, this.lassoButton,
      tool("plus", "Closer (+)", () => this.plot.step(0.6)), tool("minus", "Farther (−)", () => this.plot.step(1 / 0.6)),
      tool("fit", "All of it (0)", () => this.plot.look(this.run.frame)),
    );
  }

  #listen(form) {
    form.addEventListener("submit", (event) => event.preventDefault());
    for (const field of [this.input, this.filter]) field.addEventListener("keydown", (event) => event.key === "Enter" && this.#search());
    this.filter.addEventListener("search", () => !this.filter.value && this.#search());
    this.input.addEventListener("search", () => !this.input.value && this.#find(null));
    this.file.addEventListener("change", () => this.#findUpload());
    this.maps.addEventListener("change", () => { this.maps.blur(); this.#told(() => this.#open(Number(this.maps.value))); });
    this.colour.addEventListener("change", () => { this.colour.blur(); this.#isolate(null); });
    this.plot.addEventListener("frame", () => this.#lookSoon());
    this.plot.addEventListener("moved", () => this.labels.place());
    this.plot.addEventListener("point", ({ detail }) => this.#choose(detail.owner, { still: true }));
    this.plot.addEventListener("hover", ({ detail }) => this.hover.show(this.kind, detail));
    this.plot.addEventListener("lasso", ({ detail }) => this.#circle(detail.corners));
    new MutationObserver(() => this.plot.show({})).observe(document.body, { attributes: true, attributeFilter: ["class"] });
    new ResizeObserver(() => this.#seen() && this.plot.whole && this.plot.plotly.Plots.resize(this.plotted).then(() => this.labels.place())).observe(this.stage);
    document.addEventListener("fx-help", () => this.#seen() && this.keys.help());
    document.addEventListener("fx-find", ({ detail }) => this.#findFromElsewhere(detail));
  }

  #keyGroups() {
    const entry = (keys, shown, what, run) => ({ keys, shown, what, run });
    const pan = (key, direction) => entry([key], key === "ArrowLeft" ? "Arrows" : "", "move the map", () => this.plot.step(1, direction));
    return [
      { title: "Map", keys: [
        entry(["/"], "/", "search", () => this.input.focus()),
        entry(["u"], "u", "search by a picture", () => this.file.click()),
        entry(["v"], "v", "move the map", () => this.#tool("pan")),
        entry(["l"], "l", "lasso", () => this.#tool("lasso")),
        pan("ArrowLeft", [-0.2, 0]), pan("ArrowRight", [0.2, 0]), pan("ArrowUp", [0, 0.2]), pan("ArrowDown", [0, -0.2]),
        entry(["+", "="], "+", "closer (or the wheel)", () => this.plot.step(0.6)),
        entry(["-"], "−", "farther", () => this.plot.step(1 / 0.6)),
        entry(["0"], "0", "all of it", () => this.plot.look(this.run.frame)),
      ] },
      { title: "Found or circled", keys: [
        entry(["n"], "n", "next one", () => this.#step(1)),
        entry(["p"], "p", "previous one", () => this.#step(-1)),
        entry(["a"], "a", "what is most like it", () => this.chosen && this.#find({ [this.kind]: this.chosen.owner })),
        entry(["Enter"], "Enter", "open it in Probe", (event) => (event.target.closest?.("button") || !this.chosen ? false : this.#openInProbe(this.chosen))),
        entry(["c"], "c", "the selection as CSV", () => this.corners && this.#saveCsv()),
        entry(["Escape"], "Esc", "let go", () => this.#clear()),
        entry(["?"], "?", "this sheet", () => this.keys.help()),
      ] },
    ];
  }

  // --- which map ---

  #seen() {
    return this.root.offsetParent !== null;
  }

  /** Nothing is asked for, and plotly.js not fetched, before somebody looks. */
  #whenSeen(act) {
    const observer = new IntersectionObserver((entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      if (!this.begun) {
        this.begun = true;
        act();
      } else this.#refresh();
    });
    observer.observe(this.root);
  }

  async #begin() {
    const wanted = new URLSearchParams(location.search);
    await this.#told(async () => {
      if (!(await this.#listMaps()).length) return;
      const known = [...this.maps.options].map(({ value }) => value);
      const map = known.includes(wanted.get("map")) ? wanted.get("map") : known[0];
      if (wanted.has("map") && map !== wanted.get("map")) this.note.show(`There is no map ${wanted.get("map")} any more; this is another.`);
      await this.#open(Number(map), wanted);
    });
    this.root.dataset.ready = "";
  }

  /** A map may have been made in the Data tab meanwhile. */
  async #refresh() {
    await this.#told(async () => {
      const had = this.run && this.plot.frame && String(this.run.id);
      const maps = await this.#listMaps();
      const same = maps.find(({ id }) => String(id) === had);
      if (same) this.maps.value = had;
      const anew = same && String(same.frame) !== String(this.run.frame); // another map may get the number of one that is gone
      if (same && !anew && same.points !== this.run.points) await this.#open(same.id, new URLSearchParams(location.search));
      else if (anew || (!same && maps.length)) await this.#open((same ?? maps[0]).id);
    });
  }

  async #listMaps() {
    const reply = await ask(this.server, "maps");
    this.maps.replaceChildren(...reply.maps.map(({ id, name, kind, points, fitted, model }) => make(
      "option", { value: id }, `${name} · ${points.toLocaleString()} ${kind}s${fitted < points ? `, ${fitted.toLocaleString()} fitted` : ""} · ${model}`,
    )));
    const none = !reply.maps.length;
    this.empty.hidden = !none;
    for (const part of [this.bar, this.tools, this.plotted, this.legendRoot, this.labels.root, this.right]) part.inert = none;
    if (none) {
      clearTimeout(this.resting);
      Object.assign(this, { run: null, query: null, corners: null, chosen: null, asked: null });
      this.side.showItems(null);
      this.side.showPoint(null);
      this.#told(() => this.#teach(reply));
    }
    return reply.maps;
  }

  /** No map yet: say what one is, make one, or show how far it is. */
  async #teach({ images, regions }) {
    const { job } = await ask(this.server, "job");
    if (job?.outcome === "running") {
      const line = progressLine(() => ask(this.server, "stop"));
      this.empty.replaceChildren(make("h2", {}, job.title), line.element);
      await watchJob(this.server, (latest) => line.show(latest));
      if ((await this.#listMaps()).length) await this.#open(Number(this.maps.value));
      return; // otherwise `#listMaps` has begun anew
    }
    const start = (kind) => this.#told(async () => {
      await ask(this.server, "start", { work: "map", kind });
      await this.#teach({ images, regions });
    });
    const failed = job?.outcome === "failed" ? make("p", { class: "fx-fault" }, job.words) : null;
    this.empty.replaceChildren(...[
      make("h2", {}, "See the whole data set at once"),
      make("p", {}, images
        ? `A map lays out what the model made of ${regions.toLocaleString()} regions in ${images.toLocaleString()} pictures: what looks alike lies together.`
        : "Import pictures in the Data tab first; then a map lays them out so that what looks alike lies together."),
      failed,
      images
        ? make("button", { type: "button", class: "fx-button", onclick: () => start("region") }, "Lay out the regions")
        : make("button", { type: "button", class: "fx-button", onclick: () => showTab("data") }, "Import pictures"),
    ].filter(Boolean));
  }

  async #open(id, wanted = new URLSearchParams()) {
    const asked = (this.opening = { id });
    const run = await ask(this.server, "open", { map: id });
    if (asked !== this.opening) return; // another was opened meanwhile
    Object.assign(this, { run, kind: run.kind, only: wanted.get("only"), query: null, asked: null, finding: null, chosen: null, corners: null, told: new Map() });
    this.maps.value = id;
    this.colour.replaceChildren(...run.colours.map((name) => make("option", { value: name }, name.replaceAll("_", " "))));
    if (run.colours.includes(wanted.get("colour"))) this.colour.value = wanted.get("colour");
    this.filter.title = `${FILTERED}. Columns: ${Object.keys(run.columns).join(", ")}`;
    this.filter.value = wanted.get("where") ?? "";
    this.where = this.filter.value || null;
    this.input.value = wanted.get("find") ?? "";
    this.side.route.value = wanted.get("route") ?? "";
    this.side.showItems(null);
    this.side.showPoint(null);
    this.plot.parts = { view: null, hits: [], chosen: null, places: [] };
    await this.plot.open(frameFrom(wanted.get("view")) ?? run.frame);
    this.plot.whole = run.frame;
    this.#tool("pan");
    this.labels.set(run.kind, run.clusters);
    await this.#lookFirst();
    if (this.input.value) await this.#find({ text: this.input.value });
    else if (wanted.get("alike")) await this.#find({ [run.kind]: Number(wanted.get("alike")) });
    const corners = cornersFrom(wanted.get("lasso"));
    if (corners) await this.#circle(corners);
    if (wanted.get("point")) await this.#choose(Number(wanted.get("point")), { still: true });
  }

  // --- what is in view ---

  #lookSoon() {
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.#told(() => this.#look(), { keep: true }), PAUSE);
  }

  /** What a link leaves of the points may not be there any more: then it is told, and all are shown. */
  async #lookFirst() {
    try {
      await this.#look();
    } catch (error) {
      if (error.kind !== "input" || !(this.only || this.where)) throw error;
      this.only = this.where = null;
      this.filter.value = "";
      await this.#look();
      this.note.show(`${error.message} All are shown.`);
    }
  }

  async #look() {
    if (!this.run || !this.plot.frame) return;
    const turn = (this.turn = (this.turn ?? 0) + 1);
    const whole = encloses(this.plot.frame, this.run.frame);
    const reply = await ask(this.server, "view", { map: this.run.id, frame: whole ? null : this.plot.frame, ...this.wanted });
    if (turn !== this.turn) return;
    const view = viewFrom(reply);
    this.view = view;
    this.plot.show({ view });
    this.#suggest(view);
    this.legend.show(view, this.only, { approximate: this.run.fitted < this.run.points });
    const few = !view.inside && (this.only || this.where) ? "nothing fits: " : view.rows.length < view.inside ? `showing ${view.rows.length.toLocaleString()} of ` : "showing all ";
    this.shown.textContent = `${few}${view.inside.toLocaleString()} here · ${view.total.toLocaleString()} in all`;
    this.root.dataset.view = this.turn;
    this.#remember();
  }

  /** Filters that make sense here, for those who do not write SQL. */
  #suggest({ legend, ordered }) {
    const field = this.colour.value;
    const named = !ordered && this.run.columns[field] === "VARCHAR";
    const values = named ? legend.filter(({ value }) => value).map(({ value }) => `${field} = '${value.replaceAll("'", "''")}'`) : [];
    const known = ["area > 0.1", "area < 0.02", "phrase LIKE '%red%'", "split = 'val'", "width > height", "regions > 3"].filter((idea) => idea.split(" ")[0] in this.run.columns);
    this.ideas.replaceChildren(...[...values, ...known].map((value) => make("option", { value })));
  }

  #isolate(value) {
    this.only = value;
    this.#showWanted();
  }

  /** Other points are shown now: among these is what was found or circled. */
  async #showWanted() {
    await this.#told(() => this.#look());
    if (!this.note.element.hidden) return;
    if (this.corners) await this.#circle(this.corners);
    else await this.#find(this.query);
  }

  #approach({ x, y, size }) {
    const [x0, y0, x1, y1] = this.run.frame;
    const share = Math.max(0.08, Math.min(0.4, 1.5 * Math.sqrt(size / this.run.points)));
    const half = [((x1 - x0) * share) / 2, ((y1 - y0) * share) / 2];
    this.plot.look([x - half[0], y - half[1], x + half[0], y + half[1]]);
  }

  // --- finding ---

  /** What the bar says: the filter holds for what is seen, then words are looked for among that. */
  async #search() {
    const text = this.input.value.trim();
    this.where = this.filter.value.trim() || null;
    if (text) this.query = { text };
    else if (this.query?.text) this.query = null;
    if (text) this.corners = null;
    await this.#showWanted();
  }

  /** Which points are shown, and how. */
  get wanted() {
    return { colour: this.colour.value, only: this.only, filter: this.where };
  }

  /** {text}, {region: id}, {image: id}, {upload}, {token, box}; null for nothing. */
  async #find(query) {
    const asked = (this.finding = { query });
    this.query = query;
    if (!query) {
      this.plot.show({ hits: [], places: [] });
      this.side.showItems(null);
      this.#remember();
      return;
    }
    if (!query.text) this.input.value = "";
    await this.#told(async () => {
      const limit = Math.min(FOUND, Math.max(LEAST, Math.round(PART * this.run.points)));
      const route = query.text ? this.side.route.value || null : null;
      const reply = await ask(this.server, "find", { map: this.run.id, limit, route, ...this.wanted, ...query });
      if (asked !== this.finding) return; // something else was looked for meanwhile
      this.corners = null;
      this.plot.clearLasso();
      for (const { owner, said } of reply.items) this.told.set(owner, said);
      const name = query.text ?? query.name ?? "";
      const places = reply.place && (query.text || query.upload || query.token) ? [{ at: reply.place, text: name }] : [];
      this.plot.show({ hits: reply.items, places });
      this.side.showItems(reply.items, { kind: this.kind, title: `${reply.items.length.toLocaleString()} best of ${reply.searched.toLocaleString()}`, route: reply.route });
      this.#remember();
    });
  }

  async #findUpload() {
    const file = this.file.files[0];
    this.file.value = "";
    if (!file) return;
    await this.#told(async () => {
      const sent = await this.upload(file);
      await this.#find({ upload: sent.path, name: file.name });
    });
  }

  /** Another tab asks: a box drawn there. */
  async #findFromElsewhere(query) {
    await showTab("map");
    for (let tries = 0; tries < 200 && !this.run; tries++) await new Promise((resolve) => setTimeout(resolve, 50));
    if (this.run) await this.#find(query);
  }

  async #circle(corners) {
    await this.#told(async () => {
      const asked = (this.finding = { corners });
      const reply = await ask(this.server, "lasso", { map: this.run.id, corners, limit: FOUND, ...this.wanted });
      if (asked !== this.finding) return; // something else was looked for meanwhile
      this.corners = corners;
      this.#tool("pan"); // so that the next click looks at a dot
      this.query = null;
      this.input.value = "";
      for (const { owner, said } of reply.items) this.told.set(owner, said);
      this.plot.show({ hits: [], places: [] });
      const few = reply.items.length < reply.selected ? `, ${reply.items.length} of them here` : "";
      this.side.showItems(reply.items, { kind: this.kind, title: `${reply.selected.toLocaleString()} selected${few}`, table: true });
      this.#remember();
    });
  }

  async #saveCsv() {
    await this.#told(async () => {
      const { csv, rows, selected } = await ask(this.server, "table", { map: this.run.id, corners: this.corners, ...this.wanted });
      download(new Blob([csv], { type: "text/csv" }), `selection-${rows}.csv`);
      if (rows < selected) this.note.show(`The table holds the first ${rows.toLocaleString()} of ${selected.toLocaleString()}.`);
    });
  }

  // --- one point ---

  async #choose(owner, { still = false } = {}) {
    await this.#told(async () => {
      const asked = (this.asked = { owner });
      const about = await ask(this.server, "about", { map: this.run.id, owner });
      if (asked !== this.asked) return; // another was chosen meanwhile
      this.chosen = about;
      this.side.showPoint(about);
      if (about.place && !still) await this.plot.reveal(about.place);
      this.plot.show({ chosen: about.place });
      this.#remember();
    });
  }

  #step(by) {
    const owner = this.side.neighbour(this.chosen?.owner, by);
    if (owner !== null) this.#choose(owner);
  }

  async #said(owner) {
    const { told } = this; // of this map, should another be opened meanwhile
    if (!told.has(owner)) {
      try {
        told.set(owner, (await ask(this.server, "about", { map: this.run.id, owner })).said);
      } catch {
        return ""; // a hint at the pointer; a click tells what is amiss
      }
    }
    return told.get(owner);
  }

  #openInProbe({ picture, regions, owner, kind }) {
    const region = kind === "region" ? regions.find(({ id }) => id === owner) : null;
    document.dispatchEvent(new CustomEvent("fx-open", { detail: { picture, box: region?.box, phrase: region?.phrase } }));
    showTab("probe");
  }

  #clear() {
    if (this.corners || this.query) {
      this.corners = null;
      this.input.value = "";
      this.plot.clearLasso();
      this.#find(null);
    } else if (this.chosen) {
      this.chosen = this.asked = null;
      this.side.showPoint(null);
      this.plot.show({ chosen: null });
      this.#remember();
    }
  }

  #tool(name) {
    this.panButton.setAttribute("aria-pressed", name === "pan");
    this.lassoButton.setAttribute("aria-pressed", name === "lasso");
    this.stage.classList.toggle("fx-lassoing", name === "lasso");
    this.plot.setTool(name);
  }

  // --- remembering ---

  #remember() {
    if (!this.run) return;
    const whole = encloses(this.plot.frame, this.run.frame);
    putInAddress({
      map: this.run.id,
      view: whole ? null : this.plot.frame.map((edge) => Number(edge.toPrecision(7))).join(","),
      colour: this.colour.value === this.run.colours[0] ? null : this.colour.value,
      only: this.only,
      find: this.query?.text,
      route: this.query?.text ? this.side.route.value : null,
      alike: this.query?.[this.kind],
      where: this.where,
      lasso: this.corners?.map((corner) => corner.map((value) => Number(value.toPrecision(5))).join(",")).join(";"),
      point: this.chosen?.owner,
    });
  }

  /** Do something; what goes wrong is said beside the map, in place of what was said before. */
  async #told(act, { keep = false } = {}) {
    if (!keep && !this.telling) this.note.clear();
    this.telling += 1;
    try {
      await act();
    } catch (error) {
      this.note.show(error.message, error.kind === "away" ? () => this.#told(act) : null, error);
    } finally {
      this.telling -= 1;
    }
  }
}

const TERMS = {
  cosine: "How alike two vectors are: 1 for the same, about 0 for nothing in common.",
  "place": "Where it lies means nothing by itself; what lies near it looks alike to the model.",
  "ring": "UMAP laid out a sample; a ring lies among its nearest neighbours in it, approximately.",
  "a + b − c": "Prompts are added and subtracted as vectors; a sign counts between spaces.",
  "★": "Where the words that were searched would lie.",
};

const encloses = ([x0, y0, x1, y1], [left, bottom, right, top]) => x0 <= left && y0 <= bottom && x1 >= right && y1 >= top;

function frameFrom(text) {
  const edges = (text ?? "").split(",").map(Number);
  return edges.length === 4 && edges.every(Number.isFinite) && edges[0] < edges[2] && edges[1] < edges[3] ? edges : null;
}

function cornersFrom(text) {
  const corners = (text ?? "").split(";").map((corner) => corner.split(",").map(Number));
  return corners.length > 2 && corners.every((corner) => corner.length === 2 && corner.every(Number.isFinite)) ? corners : null;
}
