// Scores of one region, or of all: rows keep their order while a box is dragged and sort on release.

import { make } from "../../core/dom.js";
import { RowWindow } from "../../lists/row_window.js";
import { cosineOf, isDoubtful, leaderOf, scoreRange, standing } from "../../scoring/standing.js";
import { heads, regionHeads, setText } from "./cells.js";
import { RegionTabs } from "./region_tabs.js";
import { ScoreRow } from "./score_row.js";
import { ALL_REGIONS, doubtOf, summaryOf, summaryTitle } from "./summary.js";

/**
 * @import {ModelCard} from "../../core/start.js"
 * @import {Prompt, ScoredBox, ScoresOf} from "../../scoring/prompts.js"
 * @import {Standing} from "../../scoring/standing.js"
 */

/** @typedef {ScoredBox & {number: number}} TableBox */

/**
 * @typedef {object} TableState
 * @property {Prompt[]} prompts
 * @property {TableBox[]} boxes
 * @property {TableBox | null} box whose scores are shown; null for the whole picture
 * @property {boolean} all whether those of all boxes are, side by side
 * @property {boolean} beyond whether the model does not know such pictures
 * @property {ScoresOf} scores
 */

/** @typedef {{select: (id: number | "all") => unknown, heat: (promptId: number) => unknown}} TableHooks */

const ANIMATED = 40; // rows; more are not worth watching

export class ScoreTable {
  /** @type {TableState} */
  state = { prompts: [], boxes: [], box: null, all: false, beyond: false, scores: () => ({}) };
  /** @type {number[]} */
  #order = []; // prompt ids as shown
  #range = { low: 0, high: 0.1 }; // of the bars; changes on release only
  #shape = ""; // of the columns
  /** @type {Map<number, Prompt>} */
  #byId = new Map();
  /** @type {Map<number, ScoreRow>} */
  #rows = new Map(); // by prompt id, of rows drawn so far
  /** @type {number[] | null} */
  #seen = null; // ids of rows in sight while a box is dragged: the others wait for its release
  /** @type {number | null} */
  #marked = null;
  /** @type {Standing | null} */
  #standing = null;
  /** @type {Map<number, number | undefined>} */
  #leaders = new Map(); // by box id

  /**
   * @param {HTMLElement} root
   * @param {ModelCard} card
   * @param {TableHooks} hooks
   */
  constructor(root, card, hooks) {
    this.root = root;
    this.card = card;
    this.hooks = hooks;
    this.tabs = new RegionTabs(root, hooks.select);
    this.head = make("div", { class: "fx-row fx-head", role: "row" });
    this.body = make("div", { class: "fx-rows", role: "rowgroup" });
    this.summary = make("p", { class: "fx-summary" });
    this.frame = make("div", { class: "fx-table", role: "table", "aria-label": "Scores" }, this.head, this.body);
    this.window = new RowWindow(
      this.body,
      (/** @type {number} */ id) => this.#draw(id),
      () => (this.state.all ? this.frame : this.body),
    );
    for (const scroller of [this.body, this.frame]) {
      scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    }
    root.append(this.frame, this.summary);
  }

  /** Show everything anew: after a release, a new prompt, another selection. @param {TableState} state */
  show(state) {
    this.state = state;
    this.tabs.show(state);
    const { prompts, all, box, boxes } = state;
    const shape = all ? `all ${boxes.map((each) => each.id)}` : `one ${!!box}`;
    this.root.classList.toggle("fx-none", prompts.length === 0);
    this.#byId = new Map(prompts.map((prompt) => [prompt.id, prompt]));
    this.#setRange();
    if (shape !== this.#shape || !sameIds(prompts, this.#order)) this.#drawHead(shape);
    this.#sort();
    this.#seen = null;
    for (const id of this.window.present) this.#fill(id);
    this.#summarise();
  }

  /** New numbers for one box while it is dragged: only what can be seen is touched. @param {TableBox} box */
  follow(box) {
    const { state } = this;
    const other = state.box?.id !== box.id;
    state.box = box;
    if (!state.all && other) this.tabs.show(state);
    this.body.classList.add("fx-live");
    this.#forgetLeaders();
    this.#seen ??= this.window.seen;
    for (const id of this.#seen ?? []) this.#fill(id, state.all ? box : null);
    this.#summarise();
  }

  /** Mark the prompt whose heat map is on the picture; null for none. @param {number | null} promptId */
  mark(promptId) {
    this.#marked = promptId;
    for (const [id, row] of this.#rows) row.mark(id === promptId);
  }

  /** Rows in the order shown, for export. */
  get promptOrder() {
    return this.#order;
  }

  // --- rows ---

  #scrolled() {
    this.window.arrange();
    if (!this.#seen) return; // nothing has changed since all rows were filled
    this.#seen = this.window.seen;
    for (const id of this.#seen ?? []) this.#fill(id);
  }

  /** @param {string} shape */
  #drawHead(shape) {
    this.#shape = shape;
    const { boxes, all, box } = this.state;
    this.frame.dataset.kind = all ? "all" : box ? "region" : "picture";
    this.frame.style.setProperty("--columns", String(boxes.length));
    this.head.replaceChildren(
      make("span", { class: "fx-cell-words" }),
      ...(all ? regionHeads(boxes) : heads(this.card.notes.doubtful_below)),
    );
    this.#rows.clear();
    this.window.reset();
  }

  /** The row of a prompt, as the window asks for it. @param {number} id */
  #draw(id) {
    const prompt = this.#byId.get(id);
    if (!prompt) throw new Error(`There is no prompt ${id} to draw a row for.`);
    const { all, boxes } = this.state;
    const row = new ScoreRow(prompt, all ? boxes.map((box) => box.id) : null, () => this.hooks.heat(id));
    row.mark(id === this.#marked);
    this.#rows.set(id, row);
    this.#fill(id);
    return row.element;
  }

  /** Best first; those of a region that is dragged wait for its release. */
  #sort() {
    const { box, all, prompts, scores, boxes } = this.state;
    const reference = box ?? (all ? boxes[0] : null);
    /** @param {Prompt} prompt */
    const value = (prompt) => cosineOf(reference, prompt, scores) ?? -Infinity;
    const sorted = [...prompts].sort((a, b) => value(b) - value(a)).map((prompt) => prompt.id);
    this.body.classList.remove("fx-live");
    const still = sorted.length === this.#order.length && sorted.every((id, i) => id === this.#order[i]);
    if (still && this.window.elements.size) return;
    const before = new Map(sorted.map((id) => [id, this.window.row(id)?.offsetTop]));
    this.#order = sorted;
    this.window.show(sorted);
    if (sorted.length <= ANIMATED) this.#glide(before);
  }

  /** @param {Map<number, number | undefined>} before where rows were */
  #glide(before) {
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    for (const [id, top] of before) {
      const element = this.#rows.get(id)?.element;
      const way = element && top !== undefined ? top - element.offsetTop : 0;
      if (!way) continue;
      const path = [{ transform: `translateY(${way}px)` }, { transform: "none" }];
      element?.animate(path, { duration: 140, easing: "ease-out" });
    }
  }

  #setRange() {
    this.#range = scoreRange(this.state);
    this.#forgetLeaders();
    const { low, high } = this.#range;
    const { doubtful_below: below } = this.card;
    this.frame.style.setProperty("--zero", `${(-100 * low) / (high - low)}%`);
    if (below !== null && below < high) {
      this.frame.style.setProperty("--doubtful", `${(100 * (below - low)) / (high - low)}%`);
    } else this.frame.style.removeProperty("--doubtful");
  }

  /** @param {number} id @param {TableBox | null} [only] of all regions, just this one */
  #fill(id, only = null) {
    const row = this.#rows.get(id);
    const prompt = this.#byId.get(id);
    if (!row || !prompt) return;
    const { all, boxes, box, scores } = this.state;
    if (all) {
      for (const each of only ? [only] : boxes) this.#fillRegion(row, prompt, each);
      return;
    }
    const pair = box ? scores(box, prompt) : {};
    const { best, shares } = this.#whoLeads();
    const leads = id === best;
    row.fill(prompt, { ...pair, share: shares.get(id) }, this.#range, {
      best: leads,
      doubtful: leads && !!box && this.#isDoubtful(prompt, pair.region),
    });
  }

  /** @param {ScoreRow} row @param {Prompt} prompt @param {TableBox} box */
  #fillRegion(row, prompt, box) {
    const { region } = this.state.scores(box, prompt);
    const best = prompt.id === this.#leaderOf(box);
    row.fillRegion(box.id, region, this.#range, { best, doubtful: best && this.#isDoubtful(prompt, region) });
  }

  // --- who leads ---

  /** @param {Prompt} prompt @param {number | undefined} cosine */
  #isDoubtful(prompt, cosine) {
    return this.state.beyond || (cosine !== undefined && isDoubtful(prompt, cosine, this.card));
  }

  #forgetLeaders() {
    this.#standing = null;
    this.#leaders.clear();
  }

  /** @param {TableBox} box */
  #leaderOf(box) {
    if (!this.#leaders.has(box.id)) this.#leaders.set(box.id, leaderOf(box, this.state));
    return this.#leaders.get(box.id);
  }

  #whoLeads() {
    this.#standing ??= standing(this.state, this.card.scale);
    return this.#standing;
  }

  #summarise() {
    const { prompts, box, boxes, all, beyond } = this.state;
    if (all) {
      setText(this.summary, ALL_REGIONS);
      return;
    }
    const { scale } = this.card;
    const leads = this.#whoLeads();
    const best = box && leads.best !== undefined ? this.#byId.get(leads.best) : undefined;
    const doubt = best && this.#isDoubtful(best, leads.top) ? doubtOf(this.card, beyond) : "";
    const hint = box || boxes.length ? "" : "draw a box to score a region";
    const words = summaryOf(leads, prompts.length, { doubt, hint, scale });
    setText(this.summary, words);
    if (words !== doubt && !this.summary.title) this.summary.title = summaryTitle(scale);
  }
}

/** @param {Prompt[]} prompts @param {number[]} order */
function sameIds(prompts, order) {
  const known = new Set(order);
  return prompts.length === known.size && prompts.every(({ id }) => known.has(id));
}
