// The list of prompts: add, paste many, edit, remove, reorder, choose the route and the heat map.

/**
 * @import {ModelCard} from "../core/start.js"
 * @import {TokenCount} from "../core/wire.js"
 * @import {Prompt, PromptText} from "../scoring/prompts.js"
 * @import {Tally} from "./prompt_row.js"
 */

import { isTyping } from "../core/dom.js";
import { routeFrom } from "../core/routes.js";
import { RowWindow } from "../lists/row_window.js";
import { layOutPrompts } from "./prompt_parts.js";
import { PromptRow, routesOf } from "./prompt_row.js";
import { TokenCounter } from "./token_counter.js";

const WORDS = {
  title: "Prompts",
  add: "Add a prompt; paste many lines at once",
  label: "Add a prompt",
  teach: "A prompt is a phrase to hold against a box: “a small purple owl”.",
};

/**
 * What a list of prompts asks of its tab.
 *
 * @typedef {object} PromptHooks
 * @property {() => void} changed the prompts differ
 * @property {(id: number | null) => void} heat paint this one, or none
 * @property {(text: string, route: string) => Promise<TokenCount | null>} count tokens of a text
 * @property {() => string[]} phrases the picture's own, or examples where it is not of the gallery
 * @property {() => boolean} isSample whether it is
 */

export class PromptList {
  /** @type {Map<number, Tally>} at the ends of rows, by prompt id */
  tallies = new Map();
  /** @type {Prompt[]} */
  prompts = [];
  /** @type {Map<number, PromptRow>} drawn so far, by prompt id */
  rows = new Map();
  /** @type {number | null} the prompt whose heat map is painted */
  heatId = null;
  /** @type {number | null} the prompt whose row is dragged */
  dragged = null;
  nextId = 1;

  /**
   * @param {HTMLElement} root
   * @param {ModelCard} card
   * @param {PromptHooks} hooks
   * @param {typeof WORDS} words what it is called, where not prompts
   */
  constructor(root, card, hooks, words = WORDS) {
    this.hooks = hooks;
    this.called = words;
    this.routes = routesOf(card);
    this.tokens = new TokenCounter(hooks.count);
    const parts = layOutPrompts(root, words, { suggest: () => this.suggest(), clear: () => this.clear() });
    this.parts = parts;
    this.input = parts.input;
    this.list = parts.list;
    this.window = new RowWindow(parts.list, (id) => this.#draw(id));
    this.#listen();
  }

  /** @param {PromptText[]} prompts */
  setPrompts(prompts) {
    const known = new Map(this.prompts.map((prompt) => [key(prompt), prompt]));
    this.prompts = prompts.map(({ text, route }) => {
      const twin = known.get(key({ text, route }));
      known.delete(key({ text, route }));
      return twin ?? this.#fresh(text, route);
    });
    this.render();
  }

  /** What an undo step or an address remembers. */
  get snapshot() {
    return this.prompts.map(({ text, route }) => ({ text, route }));
  }

  /** Add texts; those already there are pointed at instead. @param {string[]} texts */
  add(texts, route = "auto") {
    const have = new Set(this.prompts.map((prompt) => prompt.text));
    const news = [...new Set(texts.map((text) => text.trim()).filter(Boolean))];
    const fresh = news.filter((text) => !have.has(text));
    this.prompts.push(...fresh.map((text) => this.#fresh(text, route)));
    const known = this.prompts.find((prompt) => prompt.text === news[0]);
    const last = this.prompts.at(-1);
    if (fresh.length) this.#changed();
    if (fresh.length && last) this.window.reveal(last.id);
    else if (known) this.#point(known);
    return fresh.length;
  }

  /** Add the picture's own phrases. */
  suggest() {
    this.add(this.hooks.phrases());
  }

  clear() {
    this.prompts = [];
    this.#changed();
    this.input.focus();
  }

  /** A quiet word below the list; null for none. @param {string | null} sentence */
  say(sentence) {
    this.parts.saying.textContent = sentence ?? "";
  }

  /** Put the cursor into the field for a new prompt; in talk mode it appears for that. */
  ask() {
    document.body.classList.add("fx-asking");
    this.input.focus();
  }

  /** @param {number} id */
  remove(id) {
    const at = this.prompts.findIndex((prompt) => prompt.id === id);
    if (at < 0) return;
    this.prompts.splice(at, 1);
    this.#changed();
    const next = this.prompts[at] ?? this.prompts[at - 1];
    if (next) this.window.reveal(next.id)?.focus();
    else this.input.focus();
  }

  /** @param {number} id @param {number} place */
  move(id, place) {
    const at = this.prompts.findIndex((prompt) => prompt.id === id);
    const to = Math.min(Math.max(place, 0), this.prompts.length - 1);
    if (at < 0 || at === to) return;
    this.prompts.splice(to, 0, ...this.prompts.splice(at, 1));
    this.#changed();
    this.window.reveal(id)?.focus();
  }

  /** @param {number | null} id */
  chooseHeat(id) {
    this.heatId = this.heatId === id ? null : id;
    for (const row of this.rows.values()) row.mark(this.heatId);
    this.hooks.heat(this.heatId);
  }

  /**
   * Choose the heat map of the next or previous prompt; with 0, that of the first one on or off.
   *
   * @param {number} step
   * @param {number | undefined} first
   */
  stepHeat(step, first = this.prompts[0]?.id) {
    const { prompts, heatId } = this;
    if (!prompts.length) return;
    const at = prompts.findIndex(({ id }) => id === heatId);
    this.chooseHeat(step ? prompts[(at + step + prompts.length) % prompts.length].id : (heatId ?? first ?? null));
  }

  /** What stands at the ends of the rows, by prompt id. @param {Map<number, Tally>} tallies */
  tally(tallies) {
    this.tallies = tallies;
    for (const [id, row] of this.rows) row.tally(tallies.get(id));
  }

  /** The server has read these prompts (or they lost their picture). @param {Prompt[]} prompts */
  factsArrived(prompts) {
    for (const prompt of prompts) this.rows.get(prompt.id)?.showFacts();
  }

  render() {
    if (!this.prompts.some(({ id }) => id === this.heatId)) this.heatId = null;
    this.rows.clear();
    this.window.reset();
    this.window.show(this.prompts.map(({ id }) => id));
    this.parts.empty.hidden = this.prompts.length > 0;
    this.parts.title.textContent =
      this.prompts.length > 8 ? `${this.called.title} · ${this.prompts.length}` : this.called.title;
    const have = new Set(this.prompts.map(({ text }) => text));
    this.parts.suggestion.hidden =
      !have.size || !this.hooks.isSample() || this.hooks.phrases().every((text) => have.has(text));
    this.parts.clearing.hidden = this.prompts.length < 2;
  }

  // --- inside ---

  #listen() {
    const { input, list, counter } = this.parts;
    list.addEventListener("scroll", () => this.window.arrange(), { passive: true });
    input.addEventListener("keydown", (event) => this.#inputKey(event));
    input.addEventListener("blur", () => {
      document.body.classList.remove("fx-asking");
      if (!input.value) counter.textContent = "";
    });
    input.addEventListener("input", () => this.tokens.show(input.value, "auto", counter));
    document.addEventListener("paste", (event) => this.#pasted(event));
  }

  /** @param {string} text @param {string} route @returns {Prompt} */
  #fresh(text, route = "auto") {
    const known = Object.hasOwn(this.routes, route) ? routeFrom(route) : undefined;
    return { id: this.nextId++, text, route: known ?? "auto", facts: null };
  }

  /** @param {KeyboardEvent} event */
  #inputKey(event) {
    if (event.key === "Escape") this.input.blur();
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    if (!this.input.value.trim()) {
      this.input.value = "";
      this.parts.counter.textContent = "Type a phrase first.";
      return;
    }
    this.add([this.input.value]);
    this.input.value = "";
    this.tokens.show("", "auto", this.parts.counter);
  }

  /** @param {ClipboardEvent} event */
  #pasted(event) {
    const elsewhere = event.target !== this.input;
    if (this.list.offsetParent === null || (elsewhere && isTyping(event.target))) return;
    const lines = (event.clipboardData?.getData("text") ?? "").split(/\r?\n/).filter((line) => line.trim());
    if (lines.length < (elsewhere ? 1 : 2)) return; // one line goes into the field as usual
    event.preventDefault();
    this.add(lines);
  }

  /** The row of a prompt, drawn anew. @param {number} id */
  #draw(id) {
    const prompt = this.#known(id);
    let present = prompt;
    const row = new PromptRow(prompt, this.routes, {
      heat: () => this.chooseHeat(prompt.id),
      remove: () => this.remove(prompt.id),
      renew: (changes) => (present = this.#renew(prompt, changes)),
      count: (text, place) => this.tokens.show(text, prompt.route, place),
      step: (by) => this.move(prompt.id, this.prompts.indexOf(prompt) + by),
      take: () => (this.dragged = prompt.id),
      release: () => (this.dragged = null),
      held: () => this.dragged !== null,
      receive: () => {
        if (this.dragged !== null) this.move(this.dragged, this.prompts.indexOf(prompt));
        this.dragged = null;
      },
      present: () => this.window.row(present.id),
    });
    row.mark(this.heatId);
    row.tally(this.tallies.get(prompt.id));
    this.rows.set(prompt.id, row);
    return row.element;
  }

  /**
   * A prompt that says something else is another prompt; only its place and heat map stay.
   *
   * @param {Prompt} prompt
   * @param {{text?: string, route?: string}} changes
   */
  #renew(prompt, changes) {
    const { text, route } = { ...prompt, ...changes };
    const other = this.#fresh(text, route); // an answer on its way still belongs to the old one
    this.prompts[this.prompts.indexOf(prompt)] = other;
    if (this.heatId === prompt.id) this.heatId = other.id;
    this.#changed();
    return other;
  }

  #changed() {
    this.render();
    this.hooks.changed();
  }

  /** @param {Prompt} prompt */
  #point(prompt) {
    const row = this.window.reveal(prompt.id);
    row?.classList.add("fx-pointed");
    setTimeout(() => row?.classList.remove("fx-pointed"), 900);
  }

  /** @param {number} id */
  #known(id) {
    const found = this.prompts.find((prompt) => prompt.id === id);
    if (!found) throw new RangeError(`There is no prompt ${id}`);
    return found;
  }
}

/** @param {PromptText} prompt */
const key = ({ text, route }) => `${route}\n${text}`;
