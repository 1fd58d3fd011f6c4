// The list of prompts: add, paste many, edit, remove, reorder, choose the route and the heat map.
//
// A prompt is {id, text, route, facts}; facts are null until the server has read it, then
// {tokens, limit, route, truncated, kept, picture, product}.

import { isTyping, make } from "../core/dom.js";
import { PromptRow, routesOf, writeTokens } from "./prompt_row.js";
import { RowWindow } from "../lists/row_window.js";

const WORDS = {
  title: "Prompts",
  add: "Add a prompt; paste many lines at once",
  label: "Add a prompt",
  teach: "A prompt is a phrase to hold against a box: “a small purple owl”.",
};

export class PromptList {
  /**
   * @param {HTMLElement} root
   * @param {object} card of the model
   * @param {{changed: Function, heat: Function, count: Function, phrases: Function}} hooks
   *   changed(): the prompts differ; heat(id): paint this one; count(text, route): a promise of
   *   facts; phrases() gives the picture's own, or examples
   *   where it is not of the gallery (isSample() is false)
   * @param {object} words what it is called, where not prompts
   */
  constructor(root, card, hooks, words = WORDS) {
    this.hooks = hooks;
    this.called = words;
    this.tallies = new Map(); // prompt id → {words, hue} at the end of its row
    this.routes = routesOf(card);
    this.prompts = [];
    this.rows = new Map(); // prompt id → PromptRow, of rows drawn so far
    this.heatId = null;
    this.nextId = 1;
    this.#build(root);
  }

  setPrompts(prompts) {
    const known = new Map(this.prompts.map((prompt) => [key(prompt), prompt]));
    this.prompts = prompts.map(({ text, route }) => {
      const twin = known.get(key({ text, route }));
      known.delete(key({ text, route }));
      return twin ?? this.#fresh(text, route);
    });
    if (!this.#find(this.heatId)) this.heatId = null;
    this.render();
  }

  /** What an undo step or an address remembers. */
  get snapshot() {
    return this.prompts.map(({ text, route }) => ({ text, route }));
  }

  /** Add texts; those already there are pointed at instead. */
  add(texts, route = "auto") {
    const have = new Set(this.prompts.map((prompt) => prompt.text));
    const news = [...new Set(texts.map((text) => text.trim()).filter(Boolean))];
    const fresh = news.filter((text) => !have.has(text));
    this.prompts.push(...fresh.map((text) => this.#fresh(text, route)));
    if (fresh.length) {
      this.#changed();
      this.window.reveal(this.prompts.at(-1).id);
    } else if (news.length) this.#point(this.prompts.find((prompt) => prompt.text === news[0]));
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

  /** A quiet word below the list; null for none. */
  say(sentence) {
    this.saying.textContent = sentence ?? "";
  }

  /** Put the cursor into the field for a new prompt; in talk mode it appears for that. */
  ask() {
    document.body.classList.add("fx-asking");
    this.input.focus();
  }

  remove(id) {
    const at = this.prompts.findIndex((prompt) => prompt.id === id);
    if (at < 0) return;
    this.prompts.splice(at, 1);
    this.#changed();
    const next = this.prompts[at] ?? this.prompts[at - 1];
    if (next) this.window.reveal(next.id)?.focus();
    else this.input.focus();
  }

  move(id, place) {
    const at = this.prompts.findIndex((prompt) => prompt.id === id);
    const to = Math.min(Math.max(place, 0), this.prompts.length - 1);
    if (at < 0 || at === to) return;
    this.prompts.splice(to, 0, ...this.prompts.splice(at, 1));
    this.#changed();
    this.window.reveal(id)?.focus();
  }

  chooseHeat(id) {
    this.heatId = this.heatId === id ? null : id;
    for (const row of this.rows.values()) row.mark(this.heatId);
    this.hooks.heat(this.heatId);
  }

  /** Choose the heat map of the next or previous prompt; with 0, that of the first one on or off. */
  stepHeat(step, first = this.prompts[0]?.id) {
    const { prompts, heatId } = this;
    if (!prompts.length) return;
    const at = prompts.findIndex(({ id }) => id === heatId);
    this.chooseHeat(step ? prompts[(at + step + prompts.length) % prompts.length].id : (heatId ?? first));
  }

  /** What stands at the ends of the rows: prompt id → {words, hue, title}. */
  tally(tallies) {
    this.tallies = tallies;
    for (const [id, row] of this.rows) row.tally(tallies.get(id));
  }

  /** The server has read these prompts (or they lost their picture). */
  factsArrived(prompts) {
    for (const prompt of prompts) this.rows.get(prompt.id)?.showFacts();
  }

  render() {
    this.rows.clear();
    this.window.reset();
    this.window.show(this.prompts.map(({ id }) => id));
    this.empty.hidden = this.prompts.length > 0;
    this.title.textContent =
      this.prompts.length > 8 ? `${this.called.title} · ${this.prompts.length}` : this.called.title;
    const have = new Set(this.prompts.map(({ text }) => text));
    this.suggestion.hidden =
      !have.size || !this.hooks.isSample() || this.hooks.phrases().every((text) => have.has(text));
    this.clearing.hidden = this.prompts.length < 2;
  }

  // --- inside ---

  #build(root) {
    this.title = make("h2", {}, this.called.title);
    this.suggestion = make(
      "button",
      {
        type: "button",
        class: "fx-link",
        title: "Add what this picture’s own boxes are called",
        onclick: () => this.suggest(),
      },
      "+ its phrases",
    );
    this.clearing = make(
      "button",
      {
        type: "button",
        class: "fx-link",
        title: "Remove them all (Ctrl z brings them back)",
        onclick: () => this.clear(),
      },
      "clear",
    );
    this.saying = make("p", { class: "fx-quiet fx-saying", role: "status" });
    this.counter = make("span", { class: "fx-quiet fx-count", "aria-live": "polite" });
    this.input = make("input", {
      type: "text",
      class: "fx-add",
      placeholder: this.called.add,
      autocomplete: "off",
      spellcheck: "false",
      "aria-label": this.called.label,
      title: "Enter adds it (/)",
    });
    this.list = make("ol", { class: "fx-prompts", "aria-label": this.called.title });
    this.window = new RowWindow(this.list, (id) => this.#draw(this.#find(id)));
    this.list.addEventListener("scroll", () => this.window.arrange(), { passive: true });
    this.empty = make(
      "div",
      { class: "fx-teach" },
      make("p", {}, this.called.teach),
      make(
        "button",
        { type: "button", class: "fx-button", onclick: () => this.suggest() },
        "Use this picture’s phrases",
      ),
    );
    this.input.addEventListener("keydown", (event) => this.#inputKey(event));
    this.input.addEventListener("blur", () => {
      document.body.classList.remove("fx-asking");
      if (!this.input.value) this.counter.textContent = "";
    });
    this.input.addEventListener("input", () => this.#count(this.input.value, "auto", this.counter));
    document.addEventListener("paste", (event) => this.#pasted(event));
    root.append(
      make("header", { class: "fx-bar" }, this.title, this.suggestion, this.clearing, this.counter),
      this.input,
      this.list,
      this.saying,
      this.empty,
    );
  }

  #fresh(text, route = "auto") {
    return { id: this.nextId++, text, route: Object.hasOwn(this.routes, route) ? route : "auto", facts: null };
  }

  #inputKey(event) {
    if (event.key === "Escape") this.input.blur();
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    if (!this.input.value.trim()) {
      this.input.value = "";
      this.counter.textContent = "Type a phrase first.";
      return;
    }
    this.add([this.input.value]);
    this.input.value = "";
    this.#count("", "auto", this.counter);
  }

  #pasted(event) {
    const elsewhere = event.target !== this.input;
    if (this.list.offsetParent === null || (elsewhere && isTyping(event.target))) return;
    const lines = (event.clipboardData?.getData("text") ?? "").split(/\r?\n/).filter((line) => line.trim());
    if (lines.length < (elsewhere ? 1 : 2)) return; // one line goes into the field as usual
    event.preventDefault();
    this.add(lines);
  }

  /** Tokens while one types, before anything is cut. */
  #count(text, route, place) {
    clearTimeout(this.counting);
    this.counted = text;
    if (!text.trim()) {
      place.textContent = "";
      return;
    }
    this.counting = setTimeout(async () => {
      const facts = await this.hooks.count(text, route);
      if (facts && this.counted === text) writeTokens(place, facts, { long: true });
    }, 150);
  }

  #draw(prompt) {
    let present = prompt;
    const row = new PromptRow(prompt, this.routes, {
      heat: () => this.chooseHeat(prompt.id),
      remove: () => this.remove(prompt.id),
      renew: (changes) => (present = this.#renew(prompt, changes)),
      count: (text, place) => this.#count(text, prompt.route, place),
      step: (by) => this.move(prompt.id, this.prompts.indexOf(prompt) + by),
      take: () => (this.dragged = prompt.id),
      release: () => (this.dragged = null),
      held: () => this.dragged != null,
      receive: () => {
        this.move(this.dragged, this.prompts.indexOf(prompt));
        this.dragged = null;
      },
      present: () => this.window.row(present.id),
    });
    row.mark(this.heatId);
    row.tally(this.tallies.get(prompt.id));
    this.rows.set(prompt.id, row);
    return row.element;
  }

  /** A prompt that says something else is another prompt; only its place and heat map stay. */
  #renew(prompt, changes) {
    const { text, route } = { ...prompt, ...changes };
    const other = this.#fresh(text, route); // an answer on its way still belongs to the old one
    this.prompts[this.prompts.indexOf(prompt)] = other;
    if (this.heatId === prompt.id) this.heatId = other.id;
    this.#changed();
    return other;
  }

  #changed() {
    if (!this.#find(this.heatId)) this.heatId = null;
    this.render();
    this.hooks.changed();
  }

  #point(prompt) {
    const row = this.window.reveal(prompt.id);
    row?.classList.add("fx-pointed");
    setTimeout(() => row?.classList.remove("fx-pointed"), 900);
  }

  #find(id) {
    return this.prompts.find((prompt) => prompt.id === id);
  }
}

const key = ({ text, route }) => `${route}\n${text}`;
