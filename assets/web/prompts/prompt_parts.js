// What a list of prompts is made of.

import { make } from "../core/dom.js";

/**
 * @param {HTMLElement} root
 * @param {{title: string, add: string, label: string, teach: string}} words
 * @param {{suggest: () => void, clear: () => void}} acts
 */
export function layOutPrompts(root, words, { suggest, clear }) {
  const link = (/** @type {string} */ text, /** @type {string} */ title, /** @type {() => void} */ onclick) =>
    make("button", { type: "button", class: "fx-link", title, onclick }, text);
  const parts = {
    title: make("h2", {}, words.title),
    suggestion: link("+ its phrases", "Add what this picture’s own boxes are called", suggest),
    clearing: link("clear", "Remove them all (Ctrl z brings them back)", clear),
    counter: make("span", { class: "fx-quiet fx-count", "aria-live": "polite" }),
    input: make("input", {
      type: "text",
      class: "fx-add",
      placeholder: words.add,
      autocomplete: "off",
      spellcheck: "false",
      "aria-label": words.label,
      title: "Enter adds it (/)",
    }),
    list: make("ol", { class: "fx-prompts", "aria-label": words.title }),
    saying: make("p", { class: "fx-quiet fx-saying", role: "status" }),
    empty: make(
      "div",
      { class: "fx-teach" },
      make("p", {}, words.teach),
      make("button", { type: "button", class: "fx-button", onclick: suggest }, "Use this picture’s phrases"),
    ),
  };
  root.append(
    make("header", { class: "fx-bar" }, parts.title, parts.suggestion, parts.clearing, parts.counter),
    parts.input,
    parts.list,
    parts.saying,
    parts.empty,
  );
  return parts;
}
