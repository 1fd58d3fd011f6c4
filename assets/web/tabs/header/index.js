// The header: name, model corner, theme, help.

import { make } from "../../core/dom.js";
import { iconButton, icon } from "../../core/icons.js";
import { followTabs } from "../../core/navigation.js";
import { bytesText, countText, scaleText } from "../../core/format.js";

/** @import {ModelCard} from "../../core/start.js" */

/**
 * All that the sheet tells of a model; `fgclip.card` explains each.
 *
 * @typedef {ModelCard & {
 *   source: string, revision: string, bytes: number, parameters: number, dimensions: number, image_size: number,
 *   grid_size: number, patch_size: number, most_patches: number | null, reading: string, prompt_style: string,
 *   device: string, dtype: string,
 * }} Card
 */

/**
 * @param {HTMLElement} root
 * @param {{start: {card: Card}}} given
 */
export function mount(root, { start }) {
  const { card } = start;
  const sheet = modelSheet(card);
  const model = make(
    "button",
    {
      type: "button",
      class: "fx-model",
      title: "Which weights these are, and what they know",
      "aria-haspopup": "dialog",
      onclick: () => sheet.showModal(),
    },
    card.name,
    icon("info"),
  );
  document.body.append(sheet);
  root.replaceChildren(
    make("span", { class: "fx-brand" }, "FG-CLIP ", make("b", {}, "Explorer")),
    make(
      "nav",
      { class: "fx-corner", "aria-label": "About and settings" },
      model,
      themeButton(),
      iconButton("help", "Keys (?)", () => document.dispatchEvent(new CustomEvent("fx-help"))),
    ),
  );
  followTabs();
}

/** A moon by day and a sun by night: what a click brings. */
function themeButton() {
  const button = iconButton("moon", "Dark or light", () => switchTheme(), { class: "fx-tool fx-theme" });
  button.append(icon("sun"));
  return button;
}

function switchTheme() {
  const dark = document.body.classList.toggle("dark");
  try {
    localStorage.setItem("fgclip-theme", dark ? "dark" : "light");
  } catch {
    // storage is forbidden: the choice lasts as long as the page
  }
}

/** @param {Card} card */
function modelSheet(card) {
  const { title, for_photographs: photographs } = card.notes;
  const advice = photographs
    ? [
        make("p", {}, "For photographs, start with other weights (needs network once):"),
        make("code", {}, `make app ARGS="${photographs}"`),
      ]
    : [];
  const sheet = make(
    "dialog",
    { class: "fx-sheet fx-card", "aria-label": "Model" },
    make("h2", {}, title || card.name),
    make("dl", {}, ...factsOf(card).flatMap(([name, words]) => [make("dt", {}, name), make("dd", {}, words)])),
    ...advice,
    make("form", { method: "dialog" }, make("button", { class: "fx-button" }, "Close")),
  );
  sheet.addEventListener("click", (event) => event.target === sheet && sheet.close());
  return sheet;
}

/**
 * Names and words; the card's notes come last, where they say what the facts do not.
 *
 * @param {Card} card
 * @returns {[name: string, words: string | Node][]}
 */
function factsOf(card) {
  /** @type {Record<string, string | Node | undefined>} */
  const facts = {
    family: `${card.family}, ${countText(card.parameters)} parameters, ${bytesText(card.bytes)}`,
    from: originOf(card),
    sha256: digest(card.sha256),
    sees: sightOf(card),
    reads: contextsOf(card),
    "reads them": card.prompt_style,
    "reads pictures": card.reading,
    vectors: `${card.dimensions} numbers; cosines × ${scaleText(card.scale)} before a softmax`,
    "runs on": `${card.device}, ${card.dtype}`,
  };
  const notes = Object.entries(card.notes).filter(([name]) => !["title", "for_photographs"].includes(name));
  for (const [name, words] of notes) facts[name.replaceAll("_", " ")] ??= words;
  return Object.entries(facts).flatMap(([name, words]) => (words ? [[name, words]] : []));
}

/** @param {Card} card */
const originOf = ({ name, source, revision }) =>
  [source === name ? "" : source, revision && `revision ${revision}`].filter(Boolean).join(", ");

/** @param {Card} card */
function sightOf({ most_patches: most, patch_size: patch, image_size: size, grid_size: grid }) {
  if (most) return `up to ${countText(most)} patches of ${patch} × ${patch} pixels, at the picture’s own shape`;
  return `${size} × ${size} pixels in ${grid} × ${grid} patches`;
}

/** @param {Card} card */
function contextsOf({ trained_routes: routes, short_context: short, long_context: long }) {
  if (routes.length === 1) return `${short} tokens, by one route`;
  return `${short} tokens (${routes.filter((route) => route !== "long").join(", ")}), ${long} (long)`;
}

/** Two equal lines, copied as one word. @param {string} sha256 */
function digest(sha256) {
  const half = sha256.length / 2;
  return make("span", { class: "fx-digest" }, sha256.slice(0, half), make("wbr"), sha256.slice(half));
}
