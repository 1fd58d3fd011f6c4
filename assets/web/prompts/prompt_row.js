// One row of the prompts: its words, its route, its tokens, and what keys and the pointer do to it.

/**
 * @import {ModelCard} from "../core/start.js"
 * @import {TokenCount} from "../core/wire.js"
 * @import {Prompt} from "../scoring/prompts.js"
 */

import { inkOn } from "../core/colours.js";
import { make } from "../core/dom.js";
import { countText } from "../core/format.js";
import { iconButton } from "../core/icons.js";

const AS_SHORT = "; FG-CLIP’s first version reads them exactly as short: the same tokens, the same weights";

/**
 * What each text route is for that training gave the model; its others are copies of short.
 *
 * @param {Pick<ModelCard, "family" | "routes" | "trained_routes" | "short_context" | "long_context">} card
 * @returns {Record<string, string>} meanings by the names of routes
 */
export function routesOf({ family, routes, trained_routes: trained, short_context: short, long_context: long }) {
  if (trained.length === 1) {
    const whose = routes.length === 1 ? "this model has" : "training gave this model";
    return { auto: `the one route that ${whose}: up to ${short} tokens` };
  }
  const twin = family === "FG-CLIP" ? AS_SHORT : "";
  /** @type {Record<string, string>} */
  const meanings = {
    short: `captions of up to ${short} tokens`,
    long: `captions of up to ${long} tokens`,
    box: `phrases held against regions${twin}`,
  };
  return {
    auto: "short if it fits, else long",
    ...Object.fromEntries(trained.map((route) => [route, meanings[route]])),
  };
}

/**
 * What a row has done by the list.
 *
 * @typedef {object} RowActs
 * @property {() => void} heat paint the heat map, or not
 * @property {() => void} remove
 * @property {(changes: {text?: string, route?: string}) => void} renew
 * @property {(text: string, place: HTMLElement) => void} count its tokens, once they are known
 * @property {(by: number) => void} step move it among the others
 * @property {() => void} take begin to drag it
 * @property {() => void} release
 * @property {() => boolean} held whether a row is dragged
 * @property {() => void} receive the dragged row, at this one's place
 * @property {() => HTMLElement | null} present what shows this prompt now, since `renew` draws another
 */

/** @typedef {{words?: string, hue?: string | null, title?: string}} Tally a few words, on a colour */

export class PromptRow {
  words = make("span", { class: "fx-words", dir: "auto" });
  tokens = make("span", { class: "fx-tokens" });
  tallied = make("span", { class: "fx-tally" });

  /**
   * @param {Prompt} prompt
   * @param {Record<string, string>} routes names and meanings
   * @param {RowActs} acts
   */
  constructor(prompt, routes, acts) {
    this.prompt = prompt;
    this.routes = routes;
    this.acts = acts;
    this.dot = make("button", {
      type: "button",
      class: "fx-dot",
      title: "Heat map of this prompt (h)",
      "aria-label": `Heat map of ${prompt.text}`,
      onclick: () => acts.heat(),
    });
    this.automatic = make("option", { value: "auto", title: routes.auto, selected: prompt.route === "auto" }, "auto");
    this.picker = this.#routePicker();
    this.element = this.#build();
    this.#makeDraggable();
    this.showFacts();
  }

  /** Whether this prompt's heat map is on the picture. @param {number | null} heatId */
  mark(heatId) {
    const painted = this.prompt.id === heatId;
    this.element.classList.toggle("fx-painted", painted);
    this.dot.setAttribute("aria-pressed", String(painted));
  }

  /** A few words at the end of the row, on a colour; nothing without them. @param {Tally} [tally] */
  tally({ words = "", hue = null, title = "" } = {}) {
    this.tallied.textContent = words;
    this.tallied.title = title;
    if (hue !== null) Object.assign(this.tallied.style, { background: hue, color: inkOn(hue) });
    else this.tallied.removeAttribute("style");
  }

  /** What the server found: tokens, and the route that "auto" took. */
  showFacts() {
    const { text, route, facts } = this.prompt;
    this.element.classList.toggle("fx-waiting", !facts);
    this.element.classList.toggle("fx-cut", !!facts?.truncated);
    if (facts) writeTokens(this.tokens, facts);
    else this.tokens.textContent = "…";
    this.automatic.textContent = route === "auto" && facts ? `auto: ${facts.route}` : "auto";
    this.words.title = facts?.truncated ? `The model reads only: ${facts.kept}` : text;
  }

  // --- inside ---

  #build() {
    const { prompt, acts } = this;
    this.words.textContent = prompt.text;
    this.words.addEventListener("click", (event) => this.#edit(letterAt(this.words, event)));
    const element = make(
      "li",
      { class: "fx-prompt", tabindex: "0", draggable: "true", "data-prompt": prompt.id },
      this.dot,
      this.words,
      this.picker,
      this.tokens,
      this.tallied,
      iconButton("remove", "Remove (Delete)", () => acts.remove(), {
        class: "fx-tool fx-remove",
        "aria-label": `Remove ${prompt.text}`,
      }),
    );
    element.addEventListener("keydown", (event) => this.#key(event));
    return element;
  }

  #routePicker() {
    const picker = make("select", {
      class: "fx-route",
      "aria-label": "Text route",
      title: "Text route: how the model reads this prompt",
    });
    picker.append(this.automatic);
    for (const [name, meaning] of Object.entries(this.routes)) {
      if (name === "auto") continue;
      picker.append(make("option", { value: name, title: meaning, selected: name === this.prompt.route }, name));
    }
    picker.addEventListener("change", () => {
      this.acts.renew({ route: picker.value });
      this.acts.present()?.querySelector("select")?.focus();
    });
    return picker;
  }

  /** Turn the words into a field; its caret stands before this letter, or at the end. */
  #edit(letter = this.prompt.text.length) {
    const { prompt, element, words, acts } = this;
    if (!words.isConnected) return; // it is being edited
    const field = make("input", {
      type: "text",
      class: "fx-edit",
      value: prompt.text,
      dir: "auto",
      spellcheck: "false",
      "aria-label": "Edit the prompt",
    });
    let open = true;
    const close = (/** @type {boolean} */ keep) => {
      if (!open) return;
      open = false;
      const text = field.value.trim();
      field.replaceWith(words);
      element.draggable = true;
      if (keep && text && text !== prompt.text) acts.renew({ text });
      else this.showFacts();
      acts.present()?.focus();
    };
    field.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key === "Enter" && !event.isComposing) close(true);
      if (event.key === "Escape") close(false);
    });
    field.addEventListener("input", () => acts.count(field.value, this.tokens));
    field.addEventListener("blur", () => close(true));
    element.draggable = false;
    words.replaceWith(field);
    field.focus();
    field.setSelectionRange(letter, letter);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const act = event.target === this.element && this.#actOf(event);
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  /** What a key does on the row. @param {KeyboardEvent} event @returns {(() => void) | undefined} */
  #actOf({ key, altKey }) {
    const { acts } = this;
    const walk = (/** @type {number} */ by) => (altKey ? acts.step(by) : this.#neighbour(by)?.focus());
    /** @type {Record<string, () => void>} */
    const keys = {
      ArrowUp: () => walk(-1),
      ArrowDown: () => walk(1),
      Enter: () => this.#edit(),
      F2: () => this.#edit(),
      Delete: () => acts.remove(),
      Backspace: () => acts.remove(),
      " ": () => acts.heat(),
    };
    return keys[key];
  }

  /** The row above or below. @param {number} by @returns {HTMLElement | null} */
  #neighbour(by) {
    const beside = by < 0 ? this.element.previousElementSibling : this.element.nextElementSibling;
    return beside instanceof HTMLElement ? beside : null;
  }

  #makeDraggable() {
    const { element, prompt, acts } = this;
    element.addEventListener("dragstart", (event) => {
      event.dataTransfer?.setData("text/plain", prompt.text);
      if (event.dataTransfer) event.dataTransfer.effectAllowed = "move";
      acts.take();
    });
    element.addEventListener("dragover", (event) => {
      if (!acts.held()) return;
      event.preventDefault();
      element.classList.add("fx-drop");
    });
    element.addEventListener("dragleave", () => element.classList.remove("fx-drop"));
    element.addEventListener("dragend", () => acts.release());
    element.addEventListener("drop", (event) => {
      element.classList.remove("fx-drop");
      if (!acts.held()) return;
      event.preventDefault();
      event.stopPropagation();
      acts.receive();
    });
  }
}

/**
 * Which letter of the words a click fell before; undefined where that cannot be told.
 *
 * @param {HTMLElement} words
 * @param {MouseEvent} event
 */
function letterAt(words, { clientX, clientY }) {
  const { node, letter } = caretAt(clientX, clientY);
  return node === words.firstChild ? letter : undefined;
}

/**
 * Where a caret would stand; older browsers have their own way to say it.
 *
 * @param {number} x of the window
 * @param {number} y
 * @returns {{node?: Node, letter?: number}}
 */
function caretAt(x, y) {
  if ("caretPositionFromPoint" in document) {
    const at = document.caretPositionFromPoint(x, y);
    return at ? { node: at.offsetNode, letter: at.offset } : {};
  }
  const range = /** @type {Document} */ (document).caretRangeFromPoint(x, y);
  return range ? { node: range.startContainer, letter: range.startOffset } : {};
}

/**
 * "6 tok", or "6 of 77 tok" with `long`, or how far a text is read.
 *
 * @param {HTMLElement} place
 * @param {TokenCount} facts
 * @param {{long?: boolean}} [how]
 */
export function writeTokens(place, facts, { long = false } = {}) {
  const { tokens, limit, truncated } = facts;
  place.classList.toggle("fx-warn", truncated);
  place.textContent = truncated
    ? `${countText(tokens)} tok, cut at ${limit}`
    : `${countText(tokens)}${long ? ` of ${limit}` : ""} tok`;
  place.title = truncated
    ? `The ${facts.route} route reads ${limit} tokens; the other ${countText(tokens - limit)} are not seen.`
    : `${tokens} of the ${limit} tokens that the ${facts.route} route reads, start and end marks included.`;
}
