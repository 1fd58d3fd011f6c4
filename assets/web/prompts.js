// The list of prompts: add, paste many, edit, remove, reorder, choose the route and the heat map.
//
// A prompt is {id, text, route, facts}; facts are null until the server has read it, then
// {tokens, limit, route, truncated, kept, picture, product}.

import { iconButton, isTyping, make } from "./dom.js";
import { countText } from "./numbers.js";
import { RowWindow } from "./rowwindow.js";

const ROUTES = {
  auto: "short if it fits, else long",
  short: "captions of up to 77 tokens",
  long: "captions of up to 248 tokens",
  box: "phrases held against regions",
};

export class PromptList {
  /**
   * @param {HTMLElement} root
   * @param {{changed: Function, heat: Function, count: Function, suggest: Function}} hooks
   *   changed(): the prompts differ; heat(id): paint this one; count(text, route): a promise of
   *   facts; suggest(): fill in the picture's own phrases
   */
  constructor(root, hooks) {
    this.hooks = hooks;
    this.prompts = [];
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
    for (const row of this.window.elements.values()) this.#markHeat(row);
    this.hooks.heat(this.heatId);
  }

  /** The server has read these prompts (or they lost their picture). */
  factsArrived(prompts) {
    for (const prompt of prompts) {
      const row = this.window.elements.get(prompt.id);
      if (row) this.#showFacts(row, prompt);
    }
  }

  render() {
    this.window.reset();
    this.window.show(this.prompts.map(({ id }) => id));
    this.empty.hidden = this.prompts.length > 0;

    this.title.textContent = this.prompts.length > 8 ? `Prompts · ${this.prompts.length}` : "Prompts";
  }

  // --- inside ---

  #build(root) {
    this.title = make("h2", {}, "Prompts");
    this.counter = make("span", { class: "fx-quiet fx-count", "aria-live": "polite" });
    this.input = make("input", {
      type: "text", class: "fx-add", placeholder: "Add a prompt; paste many lines at once", autocomplete: "off",
      spellcheck: "false", "aria-label": "Add a prompt", title: "Enter adds it (/)",
    });
    this.list = make("ol", { class: "fx-prompts", "aria-label": "Prompts" });
    this.window = new RowWindow(this.list, (id) => this.#draw(this.#find(id)));
    this.list.addEventListener("scroll", () => this.window.arrange(), { passive: true });
    this.empty = make(
      "div", { class: "fx-teach" },
      make("p", {}, "A prompt is a phrase to hold against a box: “a small purple owl”."),
      make("button", { type: "button", class: "fx-button", onclick: () => this.hooks.suggest() }, "Use this picture’s phrases"),
    );
    this.input.addEventListener("keydown", (event) => this.#inputKey(event));
    this.input.addEventListener("input", () => this.#count(this.input.value, "auto", this.counter));
    document.addEventListener("paste", (event) => this.#pasted(event));
    root.append(make("header", { class: "fx-bar" }, this.title, this.counter), this.input, this.list, this.empty);
  }

  #fresh(text, route = "auto") {
    return { id: this.nextId++, text, route: ROUTES[route] ? route : "auto", facts: null };
  }

  #inputKey(event) {
    if (event.key === "Escape") this.input.blur();
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    if (!this.input.value.trim()) {
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
    const row = make(
      "li", { class: "fx-prompt", tabindex: "0", draggable: "true", "data-prompt": prompt.id },
      make("button", {
        type: "button", class: "fx-dot", title: "Heat map of this prompt (h)", "aria-label": `Heat map of ${prompt.text}`,
        onclick: () => this.chooseHeat(prompt.id),
      }),
      make("span", { class: "fx-words", title: prompt.text, dir: "auto", onclick: () => this.#edit(prompt) }, prompt.text),
      this.#routePicker(prompt),
      make("span", { class: "fx-tokens" }),
      iconButton("remove", "Remove (Delete)", () => this.remove(prompt.id), { class: "fx-tool fx-remove", "aria-label": `Remove ${prompt.text}` }),
    );
    row.addEventListener("keydown", (event) => this.#rowKey(event, prompt));
    this.#makeDraggable(row, prompt);
    this.#markHeat(row);
    this.#showFacts(row, prompt);
    return row;
  }

  #routePicker(prompt) {
    const picker = make("select", { class: "fx-route", "aria-label": "Text route", title: "Text route: how the model reads this prompt" });
    for (const [name, meaning] of Object.entries(ROUTES)) {
      picker.append(make("option", { value: name, title: meaning, selected: name === prompt.route }, name));
    }
    picker.addEventListener("change", () => {
      this.#renew(prompt, { route: picker.value });
      this.#row(prompt.id)?.querySelector("select").focus();
    });
    return picker;
  }

  #showFacts(row, prompt) {
    const place = row.querySelector(".fx-tokens");
    row.classList.toggle("fx-waiting", !prompt.facts);
    row.classList.toggle("fx-cut", !!prompt.facts?.truncated);
    if (!prompt.facts) place.textContent = "…";
    else writeTokens(place, prompt.facts);
    const automatic = row.querySelector("option[value=auto]");
    const resolved = prompt.route === "auto" && prompt.facts ? prompt.facts.route : null;
    automatic.textContent = resolved ? `auto: ${resolved}` : "auto";
    row.querySelector(".fx-words").title = prompt.facts?.truncated
      ? `The model reads only: ${prompt.facts.kept}` : prompt.text;
  }

  #markHeat(row) {
    const painted = Number(row.dataset.prompt) === this.heatId;
    row.classList.toggle("fx-painted", painted);
    row.querySelector(".fx-dot").setAttribute("aria-pressed", painted);
  }

  #edit(prompt) {
    const row = this.#row(prompt.id);
    if (!row || row.querySelector("input")) return;
    const words = row.querySelector(".fx-words");
    const field = make("input", { type: "text", class: "fx-edit", value: prompt.text, spellcheck: "false", "aria-label": "Edit the prompt" });
    let open = true;
    const close = (keep) => {
      if (!open) return;
      open = false;
      const text = field.value.trim();
      field.replaceWith(words);
      row.draggable = true;
      if (keep && text && text !== prompt.text) {
        this.#renew(prompt, { text });
      } else this.#showFacts(row, prompt);
      this.#row(prompt.id)?.focus();
    };
    field.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key === "Enter" && !event.isComposing) close(true);
      if (event.key === "Escape") close(false);
    });
    field.addEventListener("input", () => this.#count(field.value, prompt.route, row.querySelector(".fx-tokens")));
    field.addEventListener("blur", () => close(true));
    row.draggable = false;
    words.replaceWith(field);
    field.focus();
    field.select();
  }

  #rowKey(event, prompt) {
    if (event.target !== event.currentTarget) return;
    const at = this.prompts.indexOf(prompt);
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (step && event.altKey) this.move(prompt.id, at + step);
    else if (step) event.currentTarget[step < 0 ? "previousElementSibling" : "nextElementSibling"]?.focus();
    else if (event.key === "Enter" || event.key === "F2") this.#edit(prompt);
    else if (event.key === "Delete" || event.key === "Backspace") this.remove(prompt.id);
    else if (event.key === " ") this.chooseHeat(prompt.id);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #makeDraggable(row, prompt) {
    row.addEventListener("dragstart", (event) => {
      event.dataTransfer.setData("text/plain", prompt.text);
      event.dataTransfer.effectAllowed = "move";
      this.dragged = prompt.id;
    });
    row.addEventListener("dragover", (event) => {
      if (this.dragged == null) return;
      event.preventDefault();
      row.classList.add("fx-drop");
    });
    row.addEventListener("dragleave", () => row.classList.remove("fx-drop"));
    row.addEventListener("dragend", () => (this.dragged = null));
    row.addEventListener("drop", (event) => {
      row.classList.remove("fx-drop");
      if (this.dragged == null) return;
      event.preventDefault();
      event.stopPropagation();
      this.move(this.dragged, this.prompts.indexOf(prompt));
      this.dragged = null;
    });
  }

  /** A prompt that says something else is another prompt; only its place and heat map stay. */
  #renew(prompt, changes) {
    const painted = this.heatId === prompt.id;
    Object.assign(prompt, changes, { id: this.nextId++, facts: null });
    if (painted) this.heatId = prompt.id;
    this.#changed();
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

  #row(id) {
    return this.window.row(id);
  }
}

const key = ({ text, route }) => `${route}\n${text}`;

function writeTokens(place, facts, { long = false } = {}) {
  const { tokens, limit, truncated } = facts;
  place.classList.toggle("fx-warn", truncated);
  place.textContent = truncated
    ? `${countText(tokens)} tok, cut at ${limit}`
    : `${countText(tokens)}${long ? ` of ${limit}` : ""} tok`;
  place.title = truncated
    ? `The ${facts.route} route reads ${limit} tokens; the other ${countText(tokens - limit)} are not seen.`
    : `${tokens} of the ${limit} tokens that the ${facts.route} route reads, start and end marks included.`;
}
