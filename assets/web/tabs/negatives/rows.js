// The caption and its rewrites as rows: what differs, a bar, the cosine, the margin; each can be edited.

import { make } from "../../core/dom.js";
import { iconButton } from "../../core/icons.js";
import { cosineText, shareText } from "../../core/format.js";
import { isFooled, marginOf, rankOf } from "../../scoring/ranking.js";
import { softmax } from "../../scoring/roi_scores.js";

const NUMBERED = 12; // texts; beyond so many, rows have numbers

export class NegativesRows {
  /** @param {{edit: Function, add: Function, remove: Function}} acts edit(row, text), add(text), remove(row); rows as `NegativesTexts` has them */
  constructor(acts) {
    this.acts = acts;
    this.list = make("ol", { class: "fx-neg-rows", "aria-label": "True caption and negatives" });
    this.add = make("input", {
      type: "text",
      class: "fx-add",
      placeholder: "Add a negative of your own",
      "aria-label": "Add a negative",
    });
    this.words = make("p", { class: "fx-neg-words", hidden: true });
    const heads = make(
      "div",
      { class: "fx-neg-row fx-neg-heads", "aria-hidden": "true" },
      ...["", "text", "", "cosine", "margin", ""].map((name) => make("span", {}, name)),
    );
    this.element = make("div", { class: "fx-neg-list" }, this.words, heads, this.list, this.add);
    this.elements = new Map(); // of a row of texts
    this.add.addEventListener("keydown", (event) => {
      const text = this.add.value.trim();
      if (event.key !== "Enter" || !text) return;
      this.add.value = "";
      acts.add(text);
    });
  }

  /** @param {number[]} values cosine of each row; NaN while unknown */
  show(rows, values, { scale, sorted }) {
    this.rows = rows;
    const known = values.every(Number.isFinite) && values.length > 0;
    const shares = known ? softmax(values, scale) : [];
    const finite = values.filter(Number.isFinite);
    const range = {
      high: Math.ceil(10 * Math.max(0.1, ...finite)) / 10,
      low: Math.floor(10 * Math.min(0, ...finite)) / 10,
    };
    this.list.classList.remove("fx-stale");
    const order = rows.map((_, i) => i);
    if (sorted && known) order.sort((i, j) => (i === 0 ? -1 : j === 0 ? 1 : values[j] - values[i]));
    const elements = order.map((i) => this.#element(rows[i]));
    order.forEach((i, place) =>
      this.#fill(elements[place], i, {
        place,
        value: values[i],
        true_: values[0],
        range,
        share: shares[i],
        rank: rankOf(values[0], values.slice(1).filter(Number.isFinite)),
        count: rows.length,
      }),
    );
    const editing =
      this.list.querySelector(".fx-edit") && order.every((i) => this.list.contains(this.elements.get(rows[i])));
    if (
      !editing &&
      (elements.length !== this.list.childElementCount ||
        elements.some((element, place) => this.list.children[place] !== element))
    )
      this.list.replaceChildren(...elements);
    for (const row of this.elements.keys()) if (!rows.includes(row)) this.elements.delete(row);
    this.add.hidden = !rows.length;
    if (!rows.length) this.words.hidden = true;
  }

  /** Other texts are on their way, or do not come. */
  wait(on) {
    this.list.classList.toggle("fx-stale", on);
  }

  /** The row that has the focus, if any. */
  get focused() {
    const element = document.activeElement?.closest?.(".fx-neg-row");
    return this.rows?.find((row, i) => i > 0 && this.elements.get(row) === element) ?? null;
  }

  /** What each word of the caption is worth: {start, end, delta}. */
  weigh(caption, words) {
    this.words.hidden = !words.length;
    const most = Math.max(1e-6, ...words.map(({ delta }) => Math.abs(delta)));
    const parts = [
      make(
        "span",
        { class: "fx-quiet", title: "What the cosine loses when the word is left out" },
        "without each word: ",
      ),
    ];
    let at = 0;
    for (const { start, end, delta } of words) {
      const strength = Math.round((70 * Math.abs(delta)) / most);
      const hue = delta < 0 ? "var(--fx-warn)" : "var(--fx-said)";
      parts.push(
        caption.slice(at, start),
        make(
          "span",
          {
            class: "fx-neg-word",
            style: `background: color-mix(in srgb, ${hue} ${strength}%, transparent)`,
            title: `without it ${delta < 0 ? "+" : "−"}${cosineText(Math.abs(delta))}`,
          },
          caption.slice(start, end),
          make("sub", {}, `${delta < 0 ? "−" : ""}${cosineText(Math.abs(delta))}`),
        ),
      );
      at = end;
    }
    this.words.replaceChildren(...parts, caption.slice(at));
  }

  #element(row) {
    if (!this.elements.has(row)) this.elements.set(row, this.#make(row));
    return this.elements.get(row);
  }

  #make(row) {
    const text = make("button", {
      type: "button",
      class: "fx-neg-text",
      title: "Edit (Enter)",
      onclick: () => this.#edit(row),
    });
    text.append(
      make("span", { class: "fx-neg-writing" }, ...marked(row.text, row.spans)),
      make("span", { class: "fx-neg-kind" }, (row.kinds ?? []).join(" + ")),
    );
    const element = make(
      "li",
      { class: "fx-neg-row" },
      make("span", { class: "fx-neg-sign" }),
      text,
      make("span", { class: "fx-neg-bar" }, make("i", {})),
      make("b", { class: "fx-neg-cosine", title: "Cosine" }),
      make("span", { class: "fx-neg-margin" }),
      iconButton("remove", "Remove (Delete)", () => this.acts.remove(row), { class: "fx-tool fx-remove" }),
    );
    return element;
  }

  #fill(element, i, { place, value, true_, range: { low, high }, share, rank, count }) {
    const isTrue = i === 0;
    const margin = marginOf(true_, [value]);
    const fooled = !isTrue && Number.isFinite(margin) && isFooled(margin);
    const [sign, , bar, cosine, told, remove] = element.children;
    element.classList.toggle("fx-true", isTrue);
    element.classList.toggle("fx-fooled", isTrue ? Number.isFinite(value) && rank > 1 : fooled);
    sign.textContent = isTrue ? "true" : (fooled ? "!" : "−") + (count > NUMBERED ? ` ${place}` : "");
    const shareOf = (cosine) => (100 * (cosine - low)) / (high - low);
    const known = Number.isFinite(value) ? value : 0;
    bar.firstChild.style.left = `${shareOf(Math.min(0, known))}%`;
    bar.firstChild.style.width = `${shareOf(Math.max(0, known)) - shareOf(Math.min(0, known))}%`;
    bar.title = `${cosineText(low)} to ${cosineText(high)}`;
    cosine.textContent = cosineText(value);
    told.textContent = !Number.isFinite(value)
      ? ""
      : isTrue
        ? count > 1
          ? `rank ${rank} of ${count}`
          : ""
        : fooled
          ? `flip ${cosineText(margin)}`
          : cosineText(margin);
    told.title = isTrue
      ? `softmax ${shareText(share)}`
      : `Cosine of the true caption minus this one’s · softmax ${shareText(share)}`;
    remove.style.visibility = isTrue ? "hidden" : "";
  }

  #edit(row) {
    const element = this.elements.get(row);
    const button = element.querySelector(".fx-neg-text");
    const input = make("input", { type: "text", class: "fx-edit fx-neg-text", value: row.text, "aria-label": "Text" });
    let done = false;
    const end = (keep) => {
      if (done) return;
      done = true;
      input.replaceWith(button);
      const text = input.value.trim();
      if (keep && text && text !== row.text && this.rows.includes(row)) this.acts.edit(row, text);
      else button.focus();
    };
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") end(true);
      if (event.key === "Escape") end(false);
    });
    input.addEventListener("blur", () => end(true));
    button.replaceWith(input);
    input.focus();
    input.setSelectionRange(row.text.length, row.text.length);
  }
}

/** A text with its spans marked. */
function marked(text, spans) {
  const parts = [];
  let at = 0;
  for (const [start, end] of spans ?? []) {
    parts.push(text.slice(at, start), make("mark", {}, text.slice(start, end)));
    at = end;
  }
  return [...parts, text.slice(at)];
}
