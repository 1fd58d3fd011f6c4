// Scores of one region, or of all: rows keep their order while a box is dragged and sort on release.

import { make } from "./dom.js";
import { cosineText, scaleText, shareText } from "./numbers.js";
import { hueOf, inkOn, viridisAt } from "./palette.js";
import { RowWindow } from "./rowwindow.js";
import { softmax } from "./scoring.js";

const ANIMATED = 40; // rows; more are not worth watching

const COLUMNS = {
  region: "Cosine of the prompt with the average of the patch features inside the box.",
  crop: "Cosine of the prompt with the box cut out and encoded as a picture of its own. Comes on release.",
  picture: "Cosine of the prompt with the whole picture.",
  share: "Softmax of the region scores over these prompts, at the model’s own temperature.",
};

export class ScoreTable {
  /** @param {{select: Function, heat: Function}} hooks select(box id or "all"); heat(prompt id) */
  constructor(root, scale, hooks) {
    this.scale = scale;
    this.hooks = hooks;
    this.rows = new Map(); // prompt id → {element, cells}, of rows drawn so far
    this.order = []; // prompt ids as shown
    this.range = { low: 0, high: 0.1 }; // of the bars; changes on release only
    this.seen = null; // ids of rows in sight while a box is dragged: the others wait for its release
    this.#build(root);
  }

  /**
   * Show everything anew: after a release, a new prompt, another selection.
   *
   * @param {{prompts: object[], boxes: object[], box: object|null, all: boolean, scores: Function}} state
   *   scores(box, prompt) gives {region, crop}
   */
  show(state) {
    this.state = state;
    this.#drawTabs();
    const { prompts, all, box } = state;
    const shape = all ? `all ${state.boxes.map((each) => each.id)}` : `one ${!!box}`;
    this.root.classList.toggle("fx-none", prompts.length === 0);
    this.byId = new Map(prompts.map((prompt) => [prompt.id, prompt]));
    this.#setRange();
    if (shape !== this.shape || !sameIds(prompts, this.order)) this.#drawHead(shape);
    this.#sort();
    this.seen = null;
    for (const id of this.window.present) this.#fill(this.byId.get(id));
    this.#summarise();
  }

  /** New numbers for one box while it is dragged: only what can be seen is touched. */
  follow(box) {
    if (!this.state) return;
    const { all } = this.state;
    if (!all && this.state.box?.id !== box.id) {
      this.state.box = box;
      this.#drawTabs();
    }
    this.state.box = box;
    this.body.classList.add("fx-live");
    this.shares = null;
    this.bests = null;
    this.seen ??= this.window.seen;
    for (const id of this.seen) this.#fill(this.byId.get(id), all ? box : null);
    this.#summarise();
  }

  /** Mark the prompt whose heat map is on the picture; null for none. */
  mark(promptId) {
    this.marked = promptId;
    for (const [id, { element }] of this.rows) element.classList.toggle("fx-painted", id === promptId);
  }

  /** Rows in the order shown, for export. */
  get promptOrder() {
    return this.order;
  }

  // --- inside ---

  #build(root) {
    this.root = root;
    this.tabs = make("div", { class: "fx-regions", role: "tablist", "aria-label": "Regions" });
    this.head = make("div", { class: "fx-row fx-head" });
    this.body = make("div", { class: "fx-rows", role: "rowgroup" });
    this.summary = make("p", { class: "fx-summary" });
    this.window = new RowWindow(this.body, (id) => this.#draw(id), () => (this.state.all ? this.frame : this.body));
    this.frame = make("div", { class: "fx-table", role: "table", "aria-label": "Scores" }, this.head, this.body);
    for (const scroller of [this.body, this.frame]) scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    root.append(make("header", { class: "fx-bar" }, this.tabs), this.frame, this.summary);
  }

  #scrolled() {
    this.window.arrange();
    if (!this.seen) return; // nothing has changed since all rows were filled
    this.seen = this.window.seen;
    for (const id of this.seen) this.#fill(this.byId.get(id));
  }

  #drawTabs() {
    const { boxes, box, all } = this.state;
    const tabs = boxes.map((each) => {
      const tab = make("button", {
        type: "button", role: "tab", class: "fx-region", "aria-selected": String(!all && each.id === box?.id),
        title: `Region ${each.number} (${each.number < 10 ? each.number : "n, p"})`, onclick: () => this.hooks.select(each.id),
      }, String(each.number));
      tab.style.setProperty("--hue", hueOf(each.number));
      tab.style.setProperty("--ink", inkOn(hueOf(each.number)));
      return tab;
    });
    const heading = make("h2", {}, boxes.length ? "Region" : "Whole picture");
    const everything = boxes.length > 1
      ? make("button", { type: "button", role: "tab", class: "fx-region fx-every", "aria-selected": String(all), title: "All regions side by side (a)", onclick: () => this.hooks.select("all") }, "all")
      : null;
    this.tabs.replaceChildren(...[heading, ...tabs, everything].filter(Boolean));
  }

  #drawHead(shape) {
    this.shape = shape;
    const { boxes, all, box } = this.state;
    this.frame.dataset.kind = all ? "all" : box ? "region" : "picture";
    this.frame.style.setProperty("--columns", boxes.length);
    this.head.replaceChildren(make("span", { class: "fx-cell-words" }), ...(all ? this.#regionHeads() : this.#heads()));
    this.rows.clear();
    this.window.reset();
  }

  #heads() {
    return Object.entries(COLUMNS).map(([name, meaning]) =>
      make("span", { class: `fx-cell fx-cell-${name}`, title: meaning, tabindex: "-1" }, name === "share" ? "softmax" : name));
  }

  #regionHeads() {
    return this.state.boxes.map((box) => {
      const head = make("span", { class: "fx-cell fx-cell-number", title: `${COLUMNS.region} Region ${box.number}.` }, String(box.number));
      head.style.setProperty("--hue", hueOf(box.number));
      head.style.setProperty("--ink", inkOn(hueOf(box.number)));
      return head;
    });
  }

  #draw(id) {
    const row = this.#row(this.byId.get(id));
    row.element.classList.toggle("fx-painted", id === this.marked);
    this.rows.set(id, row);
    this.#fill(this.byId.get(id));
    return row.element;
  }

  #row(prompt) {
    const names = this.state.all ? this.state.boxes.map((box) => box.id) : Object.keys(COLUMNS);
    const cells = new Map(names.map((name) => [name, cell(this.state.all ? "one" : name)]));
    const words = make("span", {
      class: "fx-cell-words", title: `${prompt.text}\n(click: its heat map)`, dir: "auto", onclick: () => this.hooks.heat(prompt.id),
    }, prompt.text);
    const element = make("div", { class: "fx-row", role: "row" }, words, ...[...cells.values()].map((each) => each.element));
    return { element, cells };
  }

  #sort() {
    const { box, all, prompts, scores } = this.state;
    const reference = box ?? (all ? this.state.boxes[0] : null);
    const value = (prompt) => (reference ? scores(reference, prompt).region : prompt.facts?.picture) ?? -Infinity;
    const sorted = [...prompts].sort((a, b) => value(b) - value(a)).map((prompt) => prompt.id);
    this.body.classList.remove("fx-live");
    const still = sorted.length === this.order.length && sorted.every((id, i) => id === this.order[i]);
    if (still && this.window.elements.size) return;
    const before = new Map(sorted.map((id) => [id, this.window.row(id)?.offsetTop]));
    this.order = sorted;
    this.window.show(sorted);
    if (sorted.length <= ANIMATED) this.#glide(before);
  }

  #glide(before) {
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    for (const [id, top] of before) {
      const { element } = this.rows.get(id);
      const way = top - element.offsetTop;
      if (way && top !== undefined) element.animate([{ transform: `translateY(${way}px)` }, { transform: "none" }], { duration: 140, easing: "ease-out" });
    }
  }

  #setRange() {
    const { prompts, boxes, scores } = this.state;
    const values = prompts.flatMap((prompt) => [
      prompt.facts?.picture,
      ...boxes.flatMap((box) => Object.values(scores(box, prompt))),
    ]).filter(Number.isFinite);
    const high = values.reduce((most, value) => Math.max(most, value), 0.1);
    const low = values.reduce((least, value) => Math.min(least, value), 0);
    this.range = { low: Math.floor(low * 10) / 10, high: Math.ceil(high * 10) / 10 };
    this.frame.style.setProperty("--zero", `${(100 * -this.range.low) / (this.range.high - this.range.low)}%`);
    this.shares = null;
    this.bests = null;
  }

  #fill(prompt, only = null) {
    const row = prompt && this.rows.get(prompt.id);
    if (!row) return;
    if (this.state.all) {
      for (const box of only ? [only] : this.state.boxes) this.#fillTinted(row, prompt, box);
      return;
    }
    const { box, scores } = this.state;
    const { region, crop } = box ? scores(box, prompt) : {};
    const standing = this.#standing();
    write(row.cells.get("region"), region, this.range);
    write(row.cells.get("crop"), crop, this.range);
    write(row.cells.get("picture"), prompt.facts?.picture, this.range);
    const share = standing.shares.get(prompt.id);
    setText(row.cells.get("share").number, share === undefined ? "–" : shareText(share));
    row.element.classList.toggle("fx-best", prompt.id === standing.best);
    row.element.classList.toggle("fx-waiting", !prompt.facts);
  }

  #fillTinted(row, prompt, box) {
    const part = row.cells.get(box.id);
    if (!part) return;
    const { region } = this.state.scores(box, prompt);
    const level = (region - this.range.low) / (this.range.high - this.range.low);
    setText(part.number, cosineText(region));
    part.element.style.setProperty("--level", region === undefined ? "transparent" : viridisAt(level));
    part.element.classList.toggle("fx-best", region !== undefined && region === this.#bestOf(box));
  }

  #bestOf(box) {
    this.bests ??= new Map();
    if (!this.bests.has(box.id)) {
      const { prompts, scores } = this.state;
      this.bests.set(box.id, prompts.reduce((most, each) => Math.max(most, scores(box, each).region ?? -Infinity), -Infinity));
    }
    return this.bests.get(box.id);
  }

  /** Who leads, by how much, and everybody's share: of the region, or of the whole picture. */
  #standing() {
    if (this.shares) return this.shares;
    const { prompts, box, scores } = this.state;
    const known = prompts
      .map((prompt) => ({ prompt, value: box ? scores(box, prompt).region : prompt.facts?.picture }))
      .filter(({ value }) => Number.isFinite(value));
    const shares = known.length ? softmax(known.map(({ value }) => value), this.scale) : [];
    let best = null;
    let next = null;
    for (const entry of known) {
      if (!best || entry.value > best.value) [best, next] = [entry, best];
      else if (!next || entry.value > next.value) next = entry;
    }
    this.shares = {
      best: best?.prompt.id,
      margin: next ? best.value - next.value : null,
      share: best ? shares[known.indexOf(best)] : null,
      shares: new Map(known.map(({ prompt }, i) => [prompt.id, shares[i]])),
    };
    return this.shares;
  }

  #summarise() {
    const { prompts, box, boxes, all } = this.state;
    if (all || prompts.length < 2) {
      this.summary.textContent = all ? "Cosine of every prompt with every region; each region’s best in bold." : "";
      return;
    }
    const { margin, share } = this.#standing();
    if (margin === null) {
      this.summary.textContent = "";
      return;
    }
    const scale = scaleText(this.scale);
    const line = `margin over next ${cosineText(margin)} · softmax ${shareText(share)} at scale ${scale}`;
    setText(this.summary, box || boxes.length ? line : `${line} · draw a box to score a region`);
    if (!this.summary.title) this.summary.title = `The best prompt’s cosine less the next one’s; its softmax share when cosines are multiplied by ${scale}, the scale this model learned (τ = ${(1 / this.scale).toPrecision(2)}).`;
  }
}

function cell(name) {
  const number = make("b", {}, "–");
  const bar = name === "share" || name === "one" ? null : make("i", { class: "fx-bar-fill" });
  const track = bar && make("span", { class: "fx-track" }, bar);
  const element = make("span", { class: `fx-cell fx-cell-${name}`, role: "cell", title: COLUMNS[name] }, number, track);
  return { element, number, bar };
}

function write({ number, bar }, value, { low, high }) {
  const known = Number.isFinite(value);
  setText(number, cosineText(value));
  const zero = -low / (high - low);
  const end = known ? (Math.min(Math.max(value, low), high) - low) / (high - low) : zero;
  const place = `translateX(${(100 * Math.min(zero, end)).toFixed(2)}%) scaleX(${Math.abs(end - zero).toFixed(4)})`;
  if (bar.place === place) return;
  bar.place = place;
  bar.style.transform = place;
}

/** Touches the page only when something changes: this runs for every row at display rate. */
function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function sameIds(prompts, order) {
  const known = new Set(order);
  return prompts.length === known.size && prompts.every(({ id }) => known.has(id));
}
