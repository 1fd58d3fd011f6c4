// One row of the prompts: its words, its route, its tokens, and what keys and the pointer do to it.

import { make } from "../core/dom.js";
import { iconButton } from "../core/icons.js";
import { countText } from "../core/format.js";
import { inkOn } from "../core/colours.js";

/** What each text route is for that training gave the model; its others are copies of short. */
export function routesOf({ family, routes, trained_routes: trained, short_context: short, long_context: long }) {
  if (trained.length === 1)
    return {
      auto: `the one route that ${routes.length === 1 ? "this model has" : "training gave this model"}: up to ${short} tokens`,
    };
  const twin =
    family === "FG-CLIP"
      ? "; FG-CLIP’s first version reads them exactly as short: the same tokens, the same weights"
      : "";
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

export class PromptRow {
  /**
   * @param {object} prompt {id, text, route, facts}
   * @param {object} routes names and meanings
   * @param {object} acts what the list does: heat(), remove(), renew(changes), count(text, place),
   *   step(by); take(), release(), held(), receive() while a row is dragged; present() gives the
   *   element that shows this prompt now, since `renew` draws another
   */
  constructor(prompt, routes, acts) {
    Object.assign(this, { prompt, routes, acts });
    this.#build();
    this.showFacts();
  }

  /** Whether this prompt's heat map is on the picture. */
  mark(heatId) {
    const painted = this.prompt.id === heatId;
    this.element.classList.toggle("fx-painted", painted);
    this.dot.setAttribute("aria-pressed", painted);
  }

  /** A few words at the end of the row, on a colour; nothing without them. */
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
    this.picker.firstChild.textContent = route === "auto" && facts ? `auto: ${facts.route}` : "auto";
    this.words.title = facts?.truncated ? `The model reads only: ${facts.kept}` : text;
  }

  // --- inside ---

  #build() {
    const { prompt, acts } = this;
    this.dot = make("button", {
      type: "button",
      class: "fx-dot",
      title: "Heat map of this prompt (h)",
      "aria-label": `Heat map of ${prompt.text}`,
      onclick: () => acts.heat(),
    });
    this.words = make(
      "span",
      { class: "fx-words", dir: "auto", onclick: (event) => this.#edit(letterAt(this.words, event)) },
      prompt.text,
    );
    this.picker = this.#routePicker();
    this.tokens = make("span", { class: "fx-tokens" });
    this.tallied = make("span", { class: "fx-tally" });
    this.element = make(
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
    this.element.addEventListener("keydown", (event) => this.#key(event));
    this.#makeDraggable();
  }

  #routePicker() {
    const picker = make("select", {
      class: "fx-route",
      "aria-label": "Text route",
      title: "Text route: how the model reads this prompt",
    });
    for (const [name, meaning] of Object.entries(this.routes)) {
      picker.append(make("option", { value: name, title: meaning, selected: name === this.prompt.route }, name));
    }
    picker.addEventListener("change", () => {
      this.acts.renew({ route: picker.value });
      this.acts.present()?.querySelector("select").focus();
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
    const close = (keep) => {
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

  #key(event) {
    const { element, acts } = this;
    if (event.target !== element) return;
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (step && event.altKey) acts.step(step);
    else if (step) element[step < 0 ? "previousElementSibling" : "nextElementSibling"]?.focus();
    else if (event.key === "Enter" || event.key === "F2") this.#edit();
    else if (event.key === "Delete" || event.key === "Backspace") acts.remove();
    else if (event.key === " ") acts.heat();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #makeDraggable() {
    const { element, prompt, acts } = this;
    element.addEventListener("dragstart", (event) => {
      event.dataTransfer.setData("text/plain", prompt.text);
      event.dataTransfer.effectAllowed = "move";
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

/** Which letter of the words a click fell before; undefined where that cannot be told. */
function letterAt(words, { clientX, clientY }) {
  const at = document.caretPositionFromPoint
    ? document.caretPositionFromPoint(clientX, clientY)
    : document.caretRangeFromPoint(clientX, clientY);
  const [node, letter] = [at?.offsetNode ?? at?.startContainer, at?.offset ?? at?.startOffset];
  return node === words.firstChild ? letter : undefined;
}

/** "6 tok", or "6 of 77 tok" with `long`, or how far a text is read. */
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
