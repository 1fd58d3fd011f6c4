// Keys, and the sheet that lists them. Never taken while somebody types.

import { isTyping, make } from "./dom.js";

const SLIDING = /^(Arrow|Home|End|Page)/; // keys that a focused slider takes itself

/**
 * Keys of one meaning; `shown` in the help sheet, or "". `run` gives false to leave the key to the browser; with
 * `once`, repeats of a key that is held do nothing.
 *
 * @typedef {object} KeyEntry
 * @property {string[]} keys
 * @property {string} shown
 * @property {string} what
 * @property {(event: KeyboardEvent) => unknown} run
 * @property {boolean} [once]
 */

/** @typedef {{title: string, keys: KeyEntry[]}} KeyGroup */

/**
 * @param {string[]} keys
 * @param {string} shown
 * @param {string} what
 * @param {(event: KeyboardEvent) => unknown} [run]
 * @returns {KeyEntry}
 */
export const entry = (keys, shown, what, run = () => {}) => ({ keys, shown, what, run });

export class Keys {
  #taken = false; // whether the key that is held was taken

  /**
   * @param {KeyGroup[]} groups
   * @param {Record<string, string>} terms what words on the page mean
   * @param {() => boolean} isHere whether the tab is seen
   */
  constructor(groups, terms, isHere) {
    const entries = groups.flatMap(({ keys }) => keys);
    this.actions = new Map(entries.flatMap((each) => each.keys.map((key) => [key, each])));
    this.sheet = helpSheet(groups, terms);
    document.body.append(this.sheet);
    document.addEventListener("keydown", (event) => {
      if (isHere() && !isTaken(event)) this.#press(event);
    });
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    const found = this.actions.get(keyName(event));
    if (!found) return;
    if (!found.once || !event.repeat) this.#taken = found.run(event) !== false; // of a key that is held, all repeats
    if (this.#taken) event.preventDefault();
  }

  help() {
    if (this.sheet.open) this.sheet.close();
    else this.sheet.showModal();
  }
}

/** Whether a field, a dialog or a slider takes the key itself. @param {KeyboardEvent} event */
function isTaken({ target, key }) {
  if (isTyping(target) || document.querySelector("dialog[open]")) return true;
  return SLIDING.test(key) && target instanceof Element && target.matches("input[type=range]");
}

/**
 * "ctrl+shift+z", "shift+ArrowLeft", "?", "b" — one name whatever the platform.
 *
 * @param {Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">} event
 */
export function keyName({ key, ctrlKey, metaKey, altKey, shiftKey }) {
  const letter = key.length === 1;
  const control = ctrlKey || metaKey;
  const parts = [control && "ctrl", altKey && "alt", shiftKey && (!letter || control) && "shift"];
  return [...parts, letter && control ? key.toLowerCase() : key].filter((part) => part !== false).join("+");
}

/**
 * @param {string} title
 * @param {[names: (string | Node)[], meaning: string][]} entries
 */
function section(title, entries) {
  const list = entries.flatMap(([names, meaning]) => [make("dt", {}, ...names), make("dd", {}, meaning)]);
  return make("section", {}, make("h3", {}, title), make("dl", {}, ...list));
}

/**
 * @param {KeyGroup[]} groups
 * @param {Record<string, string>} terms
 */
function helpSheet(groups, terms) {
  const columns = groups.map(({ title, keys }) =>
    section(
      title,
      keys
        .filter((entry) => entry.shown)
        .map(({ shown, what }) => [shown.split(" ").map((key) => make("kbd", {}, key)), what]),
    ),
  );
  columns.push(
    section(
      "What the numbers say",
      Object.entries(terms).map(([term, meaning]) => [[term], meaning]),
    ),
  );
  const sheet = make(
    "dialog",
    { class: "fx-sheet fx-keys", "aria-label": "Help" },
    make(
      "form",
      { method: "dialog" },
      make("h2", {}, "Help"),
      make("button", { class: "fx-button", title: "Esc or ?" }, "Close"),
    ),
    make("div", { class: "fx-sheet-columns" }, ...columns),
  );
  sheet.addEventListener("click", (event) => event.target === sheet && sheet.close());
  sheet.addEventListener("keydown", (event) => event.key === "?" && sheet.close());
  return sheet;
}
