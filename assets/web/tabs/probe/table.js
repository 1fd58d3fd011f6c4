// Scores of one region, or of all: rows keep their order while a box is dragged and sort on release.

import { make } from "../../core/dom.js";
import { cosineText, scaleText, shareText } from "../../core/format.js";
import { RegionTabs } from "./region_tabs.js";
import { RowWindow } from "../../lists/row_window.js";
import { cosineOf, isDoubtful, leaderOf, scoreRange, standing } from "../../scoring/standing.js";
import { COLUMNS, cell, heads, regionHeads, setText, write, writeTinted } from "./cells.js";

const ANIMATED = 40; // rows; more are not worth watching

export class ScoreTable {
  /**
   * @param {object} card of the model
   * @param {{select: Function, heat: Function}} hooks select(box id or "all"); heat(prompt id)
   */
  constructor(root, card, hooks) {
    this.card = card;
    this.scale = card.scale;
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
   * @param {{prompts: object[], boxes: object[], box: object|null, all: boolean, beyond: boolean, scores: Function}} state
   *   beyond: the model does not know such pictures; scores(box, prompt) gives {region, crop}
   */
  show(state) {
    this.state = state;
    this.tabs.show(state);
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
      this.tabs.show(this.state);
    }
    this.state.box = box;
    this.body.classList.add("fx-live");
    this.standing = null;
    this.leaders = null;
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
    this.tabs = new RegionTabs(root, (id) => this.hooks.select(id));
    this.head = make("div", { class: "fx-row fx-head", role: "row" });
    this.body = make("div", { class: "fx-rows", role: "rowgroup" });
    this.summary = make("p", { class: "fx-summary" });
    this.window = new RowWindow(
      this.body,
      (id) => this.#draw(id),
      () => (this.state.all ? this.frame : this.body),
    );
    this.frame = make("div", { class: "fx-table", role: "table", "aria-label": "Scores" }, this.head, this.body);
    for (const scroller of [this.body, this.frame])
      scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    root.append(this.frame, this.summary);
  }

  #scrolled() {
    this.window.arrange();
    if (!this.seen) return; // nothing has changed since all rows were filled
    this.seen = this.window.seen;
    for (const id of this.seen) this.#fill(this.byId.get(id));
  }

  #drawHead(shape) {
    this.shape = shape;
    const { boxes, all, box } = this.state;
    this.frame.dataset.kind = all ? "all" : box ? "region" : "picture";
    this.frame.style.setProperty("--columns", boxes.length);
    this.head.replaceChildren(
      make("span", { class: "fx-cell-words" }),
      ...(all ? regionHeads(boxes) : heads(this.card.notes.doubtful_below)),
    );
    this.rows.clear();
    this.window.reset();
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
    const words = make(
      "span",
      {
        class: "fx-cell-words",
        role: "rowheader",
        title: `${prompt.text}\n(click: its heat map)`,
        dir: "auto",
        onclick: () => this.hooks.heat(prompt.id),
      },
      prompt.text,
    );
    const element = make(
      "div",
      { class: "fx-row", role: "row" },
      words,
      ...[...cells.values()].map((each) => each.element),
    );
    return { element, cells };
  }

  #sort() {
    const { box, all, prompts, scores } = this.state;
    const reference = box ?? (all ? this.state.boxes[0] : null);
    const value = (prompt) => cosineOf(reference, prompt, scores) ?? -Infinity;
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
      if (way && top !== undefined)
        element.animate([{ transform: `translateY(${way}px)` }, { transform: "none" }], {
          duration: 140,
          easing: "ease-out",
        });
    }
  }

  #setRange() {
    this.range = scoreRange(this.state);
    const { low, high } = this.range;
    this.frame.style.setProperty("--zero", `${(-100 * low) / (high - low)}%`);
    const { doubtful_below: below } = this.card;
    if (below !== null && below < high)
      this.frame.style.setProperty("--doubtful", `${(100 * (below - low)) / (high - low)}%`);
    else this.frame.style.removeProperty("--doubtful");
    this.standing = null;
    this.leaders = null;
  }

  #fill(prompt, only = null) {
    const row = prompt && this.rows.get(prompt.id);
    if (!row) return;
    if (this.state.all) {
      for (const box of only ? [only] : this.state.boxes) {
        const part = row.cells.get(box.id);
        const { region } = this.state.scores(box, prompt);
        const best = prompt.id === this.#leaderOf(box);
        if (part) writeTinted(part, region, this.range, { best, doubtful: best && this.#isDoubtful(prompt, region) });
      }
      return;
    }
    const { box, scores } = this.state;
    const { region, crop } = box ? scores(box, prompt) : {};
    const { best, shares } = this.#whoLeads();
    const leads = prompt.id === best;
    write(row.cells.get("region"), region, this.range);
    write(row.cells.get("crop"), crop, this.range);
    write(row.cells.get("picture"), prompt.facts?.picture, this.range);
    const share = shares.get(prompt.id);
    setText(row.cells.get("share").number, share === undefined ? "–" : shareText(share));
    row.element.classList.toggle("fx-best", leads);
    row.element.classList.toggle("fx-doubtful", leads && !!box && this.#isDoubtful(prompt, region));
    row.element.classList.toggle("fx-waiting", !prompt.facts);
  }

  #isDoubtful(prompt, cosine) {
    return this.state.beyond || isDoubtful(prompt, cosine, this.card);
  }

  #doubt() {
    return this.state.beyond
      ? `doubtful: ${this.card.name} does not know such pictures`
      : `doubtful: below ${cosineText(this.card.doubtful_below)}`;
  }

  #leaderOf(box) {
    this.leaders ??= new Map();
    if (!this.leaders.has(box.id)) this.leaders.set(box.id, leaderOf(box, this.state));
    return this.leaders.get(box.id);
  }

  #whoLeads() {
    this.standing ??= standing(this.state, this.scale);
    return this.standing;
  }

  #summarise() {
    const { prompts, box, boxes, all } = this.state;
    if (all) {
      this.summary.textContent =
        "Cosine of every prompt with every region; each region’s best in bold, with “?” where doubtful.";
      return;
    }
    const { best, top, margin, share } = this.#whoLeads();
    const doubt = box && best !== undefined && this.#isDoubtful(this.byId.get(best), top) ? this.#doubt() : "";
    if (prompts.length < 2 || margin === null) {
      setText(this.summary, doubt);
      return;
    }
    const scale = scaleText(this.scale);
    const line = `margin over next ${cosineText(margin)} · softmax ${shareText(share)} at scale ${scale}`;
    const hint = box || boxes.length ? "" : "draw a box to score a region";
    setText(this.summary, [doubt, line, hint].filter(Boolean).join(" · "));
    if (!this.summary.title)
      this.summary.title = `The best prompt’s cosine less the next one’s; its softmax share when cosines are multiplied by ${scale}, the scale this model learned (τ = ${(1 / this.scale).toPrecision(2)}).`;
  }
}

function sameIds(prompts, order) {
  const known = new Set(order);
  return prompts.length === known.size && prompts.every(({ id }) => known.has(id));
}
