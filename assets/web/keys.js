// Keys, and the sheet that lists them. Never taken while somebody types.

import { isTyping, make } from "./dom.js";

/** @param {{keys: string[], shown: string, what: string, run: Function}[][]} groups */
export class Keys {
  constructor(groups, isHere) {
    this.actions = new Map(groups.flatMap(({ keys }) => keys).flatMap((entry) => entry.keys.map((key) => [key, entry])));
    this.sheet = helpSheet(groups);
    document.body.append(this.sheet);
    document.addEventListener("keydown", (event) => {
      if (!isHere() || isTyping(event.target) || document.querySelector("dialog[open]")) return;
      const entry = this.actions.get(keyName(event));
      if (!entry || (event.repeat && entry.once)) return;
      if (entry.run(event) === false) return;
      event.preventDefault();
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

function helpSheet(groups) {
  const columns = groups.map(({ title, keys }) =>
    make(
      "section", {}, make("h3", {}, title),
      make("dl", {}, ...keys.filter((entry) => entry.shown).flatMap(({ shown, what }) => [
        make("dt", {}, ...shown.split(" ").map((key) => make("kbd", {}, key))), make("dd", {}, what),
      ])),
    ));
  const sheet = make("dialog", { class: "fx-sheet fx-keys", "aria-label": "Keys" }, make("h2", {}, "Keys"), make("div", { class: "fx-sheet-columns" }, ...columns),
    make("form", { method: "dialog" }, make("button", { class: "fx-button", title: "Esc or ?" }, "Close")));
  sheet.addEventListener("click", (event) => event.target === sheet && sheet.close());
  sheet.addEventListener("keydown", (event) => event.key === "?" && sheet.close());
  return sheet;
}
