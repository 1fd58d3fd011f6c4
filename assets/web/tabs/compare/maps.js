// Two maps of the same things, B's laid over A's; what is chosen or circled on one shows on the other.

import { ask, telling } from "../../core/api.js";
import { badge } from "./rows.js";
import { BY, CompareSide, SHOWN, whoseOf } from "./side.js";
import { make } from "../../core/dom.js";
import { nextDot } from "../../plot/keyboard_steps.js";
import { progressLine, watchJob } from "../../core/jobs.js";
import { fault } from "../../core/notices.js";
import { Hover } from "../../plot/labels.js";
import { plotly } from "../../plot/scatter_plot.js";
import { countText } from "../../core/format.js";
import { VIRIDIS } from "../../core/colours.js";
import { base64Bytes, decodeHalf } from "../../scoring/roi_scores.js";

const KINDS = [
  ["region", "regions"],
  ["image", "pictures"],
  ["text", "phrases"],
];
const COLOURS = {
  overlap: ["neighbours kept", "share of the nearest neighbours that both models agree on"],
  drift: ["drift", "distance between a point’s two places, in radii of the map"],
};
const [CHOSEN, POINTED] = [2, 3]; // traces that draw rings
const CONFIG = { displayModeBar: false, scrollZoom: true, responsive: true, doubleClick: false };

export class CompareMaps {
  /** @param {{open: Function, changed: Function}} acts open({kind, owner}) shows one in the picture view */
  constructor(server, names, acts) {
    Object.assign(this, {
      server,
      names,
      acts,
      kind: "region",
      colour: "overlap",
      laid: null,
      at: null,
      point: null,
      circled: [],
      said: new Map(),
      turn: 0,
      wanted: null,
    }); // at: row of the ring
    this.note = fault();
    this.told = telling(this.note);
    this.line = progressLine(() => ask(server, "stop"));
    this.line.element.hidden = true;
    const choice = (label, entries, set) =>
      make(
        "select",
        { "aria-label": label, onchange: ({ target }) => set(target.value) },
        ...entries.map(([value, words]) => make("option", { value }, words)),
      );
    this.kinds = choice("Map of", KINDS, (kind) => {
      Object.assign(this, { kind, laid: null, point: null, wanted: null, circled: [], asked: null });
      this.show();
      acts.changed();
    });
    this.colours = choice(
      "Colour by",
      Object.entries(COLOURS).map(([name, [words]]) => [name, words]),
      (colour) => {
        this.colour = colour;
        this.#draw();
        acts.changed();
      },
    );
    this.lasso = make(
      "button",
      {
        type: "button",
        class: "fx-button",
        "aria-pressed": "false",
        title: "Circle points on one map; they light up on the other (l)",
        onclick: () => this.circle(),
      },
      "Lasso",
    );
    this.whole = make(
      "button",
      { type: "button", class: "fx-button", title: "Show both maps whole (f)", onclick: () => this.fit() },
      "Fit",
    );
    this.tool = "pan";
    new MutationObserver(() => this.#draw()).observe(document.body, { attributes: true, attributeFilter: ["class"] }); // another theme
    this.scale = make("span", { class: "fx-compare-scale" });
    this.facts = make("p", { class: "fx-quiet fx-compare-facts" });
    this.stages = names.map((name, i) =>
      make("div", { class: "fx-compare-map", role: "img", "aria-label": `Map by ${name}` }),
    );
    this.frames = this.stages.map((stage, i) =>
      make("div", { class: "fx-stage-frame" }, stage, make("span", { class: "fx-compare-tag" }, badge(i), names[i])),
    );
    this.hovers = this.frames.map((frame) => new Hover(frame, (owner) => this.#wordsFor(owner)));
    this.empty = make("div", { class: "fx-compare-alone", hidden: true });
    this.side = new CompareSide(names, {
      choose: (owner) => this.#choose(owner),
      open: acts.open,
      letGo: () => this.#circle([]),
      point: (owner) => this.laid && this.#ring(POINTED, this.rowOf.get(owner) ?? null),
    });
    this.element = make(
      "div",
      { class: "fx-compare-maps", hidden: true },
      make(
        "div",
        { class: "fx-compare-do" },
        make("label", {}, "map of ", this.kinds),
        make("label", {}, "colour by ", this.colours),
        this.lasso,
        this.whole,
        this.scale,
        this.facts,
      ),
      this.line.element,
      this.note.element,
      this.empty,
      make("div", { class: "fx-compare-both" }, ...this.frames, this.side.element),
    );
  }

  /** Its part of the address. */
  get address() {
    return {
      cmpkind: this.kind === "region" ? null : this.kind,
      cmpcolour: this.colour === "overlap" ? null : this.colour,
      cmppoint: this.point?.owner ?? this.wanted,
    };
  }

  restore({ kind, colour, point }) {
    if (KINDS.some(([name]) => name === kind)) this.kind = kind;
    if (Object.hasOwn(COLOURS, colour)) this.colour = colour;
    this.wanted = point;
    this.kinds.value = this.kind;
    this.colours.value = this.colour;
  }

  show() {
    return this.told(async () => {
      const turn = ++this.turn;
      const { maps } = await ask(this.server, "compared");
      if (turn !== this.turn) return;
      if (!maps.includes(this.kind)) {
        this.#absent();
        return;
      }
      const reply = await ask(this.server, "aligned", { kind: this.kind });
      if (turn !== this.turn) return;
      this.#take(reply);
      await this.#open();
      if (this.wanted) await this.#choose(this.wanted);
      this.wanted = null;
    });
  }

  // --- what there is ---

  #take(reply) {
    const circled = this.circled.map((row) => this.laid?.owners[row]);
    const values = (name) => decodeHalf(base64Bytes(reply[name]));
    this.laid = {
      owners: reply.owners,
      neighbours: reply.neighbours,
      first: values("first"),
      second: values("second"),
      drift: values("drift"),
      overlap: values("overlap"),
    };
    this.rowOf = new Map(reply.owners.map((owner, row) => [owner, row]));
    this.circled = circled.map((owner) => this.rowOf.get(owner)).filter((row) => row !== undefined);
    if (this.point) this.wanted ??= this.point.owner; // its row may be another
    this.point = this.at = null;
    const mean = (list) => list.reduce((sum, value) => sum + value, 0) / list.length;
    const { neighbours, overlap, drift } = this.laid;
    this.facts.textContent = `${countText(reply.owners.length)} ${this.#words()} on both maps; of ${neighbours} nearest neighbours among these both models share ${(100 * mean(overlap)).toFixed(0)} %; mean drift ${mean(drift).toFixed(2)} radii`;
    this.#hide(false);
    this.side.show(this);
  }

  #words() {
    return KINDS.find(([kind]) => kind === this.kind)[1];
  }

  /** There are no two maps of the kind: how to have them. */
  #absent() {
    this.laid = null;
    this.facts.textContent = "";
    this.empty.replaceChildren(
      make("h2", {}, `No two maps of ${this.#words()} yet`),
      make(
        "p",
        {},
        `Each model lays out the ${this.#words()} of the workspace by itself; then B’s map is turned and scaled to lie over A’s.`,
      ),
      make("button", { type: "button", class: "fx-button", onclick: () => this.#make() }, "Lay them out"),
    );
    this.#hide(true);
  }

  #hide(absent) {
    this.empty.hidden = !absent;
    for (const part of [...this.frames, this.side.element, this.scale, this.lasso, this.whole]) part.hidden = absent;
  }

  async #make() {
    this.empty.querySelector("button").disabled = true;
    await this.told(async () => {
      await ask(this.server, "start", { work: "compare", kind: this.kind });
      this.line.element.hidden = false;
      const job = await watchJob(this.server, (each) => this.line.show(each));
      this.line.element.hidden = job?.outcome === "done";
      await this.show();
    });
    for (const button of this.empty.querySelectorAll("button")) button.disabled = false;
  }

  // --- drawing ---

  async #open() {
    this.plotly = await plotly();
    this.#measure();
    for (const [i, stage] of this.stages.entries()) {
      await this.plotly.newPlot(stage, this.#traces(i), this.#layout(), CONFIG);
      this.#listen(stage, i);
    }
    this.element.dataset.ready = "true";
  }

  #measure() {
    const { drift } = this.laid;
    const highest = Math.max(...drift);
    this.ends = this.colour === "overlap" ? [0, 1] : [0, highest || 1];
    const [words, meaning] = COLOURS[this.colour];
    this.scale.replaceChildren(
      make("b", {}, "0"),
      make("i", { style: `background: linear-gradient(to right, ${VIRIDIS.join(",")})` }),
      make("b", {}, this.ends[1].toFixed(this.colour === "overlap" ? 0 : 2)),
      ` ${words}`,
    );
    this.scale.title = `${words}: ${meaning}`;
  }

  #draw() {
    if (!this.laid) return;
    this.#measure();
    for (const [i, stage] of this.stages.entries()) {
      if (!stage.data) continue; // plotly.js is on its way
      const layout = this.#layout();
      for (const axis of ["xaxis", "yaxis"]) layout[axis].range = [...stage._fullLayout[axis].range]; // what is seen stays
      this.plotly.react(stage, this.#traces(i), layout, CONFIG);
    }
  }

  #traces(model) {
    const { laid, circled, at: ringed } = this;
    const places = model ? laid.second : laid.first;
    const all = laid.owners.map((_, row) => row);
    const values = laid[this.colour];
    const at = (rows) => ({
      x: rows.map((row) => places[2 * row]),
      y: rows.map((row) => places[2 * row + 1]),
      customdata: rows,
    });
    const scale = VIRIDIS.map((colour, i) => [i / (VIRIDIS.length - 1), colour]);
    const dots = (rows, size) => ({
      size,
      color: rows.map((row) => values[row]),
      colorscale: scale,
      cmin: this.ends[0],
      cmax: this.ends[1],
      showscale: false,
    });
    const chosen = ringed === null ? [] : [ringed];
    const size = laid.owners.length > 4000 ? 3.5 : 6;
    const near = [...(this.point ? whoseOf(this.point.near) : [])].filter(([owner]) => this.rowOf.has(owner));
    return [
      {
        type: "scattergl",
        mode: "markers",
        hoverinfo: "none",
        ...at(all),
        marker: circled.length
          ? { size, color: colour("--fx-quiet"), opacity: 0.3 }
          : { ...dots(all, size), opacity: 0.9 },
        selected: { marker: { opacity: 1 } },
        unselected: { marker: { opacity: circled.length ? 0.3 : 0.9 } },
      },
      {
        type: "scattergl",
        mode: "markers",
        hoverinfo: "none",
        ...at(circled),
        marker: { ...dots(circled, 10), line: { width: 1, color: colour("--fx-ink") } },
        selected: { marker: { opacity: 1 } },
        unselected: { marker: { opacity: 1 } },
      },
      {
        type: "scatter",
        mode: "markers",
        hoverinfo: "skip",
        ...at(chosen),
        marker: { size: 20, color: "rgba(0,0,0,0)", line: { width: 3, color: colour("--fx-accent") } },
      },
      {
        type: "scatter",
        mode: "markers",
        hoverinfo: "skip",
        x: [],
        y: [],
        marker: { size: 16, color: "rgba(0,0,0,0)", line: { width: 2, color: colour("--fx-ink") } },
      },
      {
        type: "scatter",
        mode: "markers",
        hoverinfo: "skip",
        ...at(near.map(([owner]) => this.rowOf.get(owner))),
        marker: {
          size: 12,
          color: "rgba(0,0,0,0)",
          line: { width: 2, color: near.map(([, who]) => colour(BY[who][0])) },
        },
      },
    ];
  }

  #layout() {
    const { first, second } = this.laid;
    let reach = 0;
    for (const list of [first, second]) for (const value of list) reach = Math.max(reach, Math.abs(value));
    const axis = { visible: false, showgrid: false, zeroline: false, range: [-1.05 * reach, 1.05 * reach] };
    return {
      xaxis: axis,
      yaxis: { ...axis, scaleanchor: "x", scaleratio: 1 },
      margin: { l: 0, r: 0, t: 0, b: 0 },
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      dragmode: this.tool,
      hovermode: "closest",
      hoverdistance: 12,
      showlegend: false,
      newselection: { line: { color: colour("--fx-accent"), width: 2, dash: "solid" } },
    };
  }

  #listen(stage, model) {
    for (const name of ["plotly_click", "plotly_hover", "plotly_unhover", "plotly_selected", "plotly_relayout"])
      stage.removeAllListeners(name);
    const other = this.stages[1 - model];
    stage.on(
      "plotly_click",
      ({ points: [{ curveNumber, customdata }] }) => curveNumber < 2 && this.#choose(this.laid.owners[customdata]),
    );
    stage.on("plotly_hover", ({ points: [{ curveNumber, customdata }], event }) => {
      if (curveNumber > 1) return;
      this.#ring(POINTED, customdata);
      this.hovers[model].show(this.kind, { owner: this.laid.owners[customdata], x: event.clientX, y: event.clientY });
    });
    stage.on("plotly_unhover", () => {
      this.hovers[model].show(this.kind, null);
      if (!this.side.element.querySelector(".fx-item:hover")) this.#ring(POINTED, null); // plotly tells late
    });
    stage.on("plotly_selected", (event) => {
      const rows = new Set(
        event?.points.filter(({ curveNumber }) => curveNumber < 2).map(({ customdata }) => customdata),
      ); // the ring is no dot
      if (event?.lassoPoints?.x.length > 2) setTimeout(() => this.#circle([...rows])); // once plotly is done
    });
    stage.on("plotly_relayout", (changes) => {
      if (this.following || changes["xaxis.range[0]"] === undefined) return;
      this.following = true;
      Promise.resolve(this.plotly.relayout(other, ranges(stage))).finally(() => (this.following = false));
    });
  }

  /** A ring around one point on both maps, as one of the traces draws it. */
  #ring(trace, row) {
    for (const [i, stage] of this.stages.entries()) {
      const places = i ? this.laid.second : this.laid.first;
      const at = row === null ? [[], []] : [[places[2 * row]], [places[2 * row + 1]]];
      this.plotly.restyle(stage, { x: [at[0]], y: [at[1]] }, [trace]);
    }
  }

  /** Those that drift most come first. */
  #circle(rows) {
    const { laid, kind } = this;
    const asked = (this.asked = {});
    this.circled = rows.sort((a, b) => laid.drift[b] - laid.drift[a]);
    this.said = new Map();
    this.#tool("pan");
    for (const stage of this.stages) this.plotly.relayout(stage, { selections: [] });
    this.#draw();
    this.side.show(this);
    if (!rows.length) return null;
    return this.told(async () => {
      const owners = rows.slice(0, SHOWN).map((row) => laid.owners[row]);
      const { said } = await ask(this.server, "said", { kind, owners });
      if (asked !== this.asked) return; // others are circled by now
      this.said = new Map(owners.map((owner, i) => [owner, said[i]]));
      this.side.show(this);
    });
  }

  #tool(tool) {
    this.tool = tool;
    this.lasso.setAttribute("aria-pressed", String(tool === "lasso"));
    for (const stage of this.stages) this.plotly?.relayout(stage, { dragmode: tool });
  }

  /** Circle on the maps, or move them again. */
  circle() {
    if (this.laid) this.#tool(this.tool === "lasso" ? "pan" : "lasso");
  }

  fit() {
    if (!this.laid) return;
    const { xaxis, yaxis } = this.#layout();
    for (const stage of this.stages)
      this.plotly.relayout(stage, { "xaxis.range": xaxis.range, "yaxis.range": yaxis.range });
  }

  /** To the nearest dot of A's map in a direction, at first to the one in the middle of what is seen. */
  step(direction) {
    const { laid, at } = this;
    const [stage] = this.stages;
    if (!laid || !stage.data) return null; // plotly.js is on its way
    const place = (row) => [laid.first[2 * row], laid.first[2 * row + 1]];
    const seen = Object.values(ranges(stage));
    const middle = seen.map(([low, high]) => (low + high) / 2);
    const row = nextDot(at === null ? middle : place(at), at === null ? null : direction, laid.owners.length, place);
    if (row < 0) return null;
    const outside = place(row).some((value, axis) => value < seen[axis][0] || value > seen[axis][1]);
    if (outside) this.plotly.relayout(stage, around(place(row), seen)); // which the other map follows
    return this.#choose(laid.owners[row]);
  }

  /** First of what is circled, then of the chosen dot. */
  letGo() {
    if (this.circled.length) return this.#circle([]);
    if (this.at === null) return null;
    this.at = this.point = null;
    this.#draw();
    this.side.show(this);
    return this.acts.changed();
  }

  // --- beside the maps ---

  /** A hint at the pointer; a click tells what is amiss. */
  async #wordsFor(owner) {
    try {
      return (await ask(this.server, "said", { kind: this.kind, owners: [owner] })).said[0];
    } catch {
      return "";
    }
  }

  async #choose(owner) {
    const { laid, kind } = this;
    if (!laid) return null;
    const row = this.rowOf.get(owner);
    if (row === undefined) return this.note.show(`${this.kind} ${owner} is not on both maps.`);
    this.at = row;
    this.#ring(CHOSEN, row); // before it is told, so that quick steps go on from there
    const isLate = () => laid !== this.laid || row !== this.at; // another, or other maps, are looked at by now
    const well = await this.told(async () => {
      const [seat, near] = await Promise.all(["seat", "near"].map((name) => ask(this.server, name, { kind, owner })));
      if (isLate()) return;
      this.point = { owner, row, seat, near };
      this.side.show(this);
      this.#draw(); // with rings round the neighbours
      this.acts.changed();
    });
    if (well || isLate()) return;
    this.at = this.point?.row ?? null;
    this.#ring(CHOSEN, this.at);
  }
}

/** The same view about another middle, as plotly takes it. */
function around(place, seen) {
  const names = ["xaxis", "yaxis"];
  return Object.fromEntries(
    seen.flatMap(([low, high], axis) => [
      [`${names[axis]}.range[0]`, place[axis] - (high - low) / 2],
      [`${names[axis]}.range[1]`, place[axis] + (high - low) / 2],
    ]),
  );
}

/** What a plot shows now. */
const ranges = ({ _fullLayout: { xaxis, yaxis } }) => ({
  "xaxis.range": [...xaxis.range],
  "yaxis.range": [...yaxis.range],
});

const colour = (name) => getComputedStyle(document.body).getPropertyValue(name).trim() || "#888888";
