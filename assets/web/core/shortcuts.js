// Keys, and the sheet that lists them. Never taken while somebody types.

import { isTyping, make } from "./dom.js";

const SLIDING = /^(Arrow|Home|End|Page)/; // keys that a focused slider takes itself

/** Keys of one meaning; `shown` in the help sheet, or "". `run` gives false to leave the key to the browser. */
export const entry = (keys, shown, what, run = () => {}) => ({ keys, shown, what, run });

export class Keys {
  /**
   * @param {{title: string, keys: {keys: string[], shown: string, what: string, run: Function}[]}[]} groups
   * @param {Object<string, string>} terms what words on the page mean
   * @param {Function} isHere whether the tab is seen
   */
  constructor(groups, terms, isHere) {
    this.actions = new Map(
      groups.flatMap(({ keys }) => keys).flatMap((entry) => entry.keys.map((key) => [key, entry])),
    );
    this.sheet = helpSheet(groups, terms);
    document.body.append(this.sheet);
    document.addEventListener("keydown", (event) => {
      if (!isHere() || isTyping(event.target) || document.querySelector("dialog[open]")) return;
      if (SLIDING.test(event.key) && event.target instanceof Element && event.target.matches("input[type=range]"))
        return;
      const entry = this.actions.get(keyName(event));
      if (!entry) return;
      if (!entry.once || !event.repeat) this.taken = entry.run(event) !== false; // of a key that is held, all repeats
      if (this.taken) event.preventDefault();
    });
  }

  help() {
    if (this.sheet.open) this.sheet.close();
    else this.sheet.showModal();
  }
}

/** "ctrl+shift+z", "shift+ArrowLeft", "?", "b" — one name whatever the platform. */
export function keyName(event) {
  const letter = event.key.length === 1;
  const parts = [];
  if (event.ctrlKey || event.metaKey) parts.push("ctrl");
  if (event.altKey) parts.push("alt");
  if (event.shiftKey && (!letter || event.ctrlKey || event.metaKey)) parts.push("shift");
  const plain = letter && (event.ctrlKey || event.metaKey) ? event.key.toLowerCase() : event.key;
  return [...parts, plain].join("+");
}

function section(title, entries) {
  const list = entries.flatMap(([names, meaning]) => [make("dt", {}, ...names), make("dd", {}, meaning)]);
  return make("section", {}, make("h3", {}, title), make("dl", {}, ...list));
}

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
