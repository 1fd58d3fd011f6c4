// Boxes that were found, each with its reason; then the phrases that found none, with theirs.

import { make } from "../../core/dom.js";
import { iconButton } from "../../core/icons.js";
import { phraseKey } from "./phrases.js";
import { cosineText } from "../../core/format.js";
import { hueOf, inkOn } from "../../core/colours.js";

const WIDTH = 132; // of a strip, CSS pixels
const HEIGHT = 18;
const MARGIN = 6;
const HEADS = [
  ["", ""],
  ["phrase", "What was looked for"],
  [
    "against other pictures",
    "A thin line for each other picture, where its best box scores; the tall line is the threshold; the dot is this box",
  ],
  ["cosine", "Cosine of the region with the phrase"],
  ["over", "Cosine minus the threshold of the phrase"],
  ["percentile", "Share of other pictures whose best box scores lower"],
  ["contrast", "Cosine minus that of the box's surroundings: ranks the boxes"],
  ["", ""],
];

export class DetectRows {
  /**
   * @param {object} acts select(id), remove(id); of a phrase without a box choose(missing) draws for it, hint(missing or
   *   null) shows where its best one lies, take(missing) makes that one a box, bringBack(missing) those that were put aside
   */
  constructor(acts) {
    this.acts = acts;
    this.summary = make("p", { class: "fx-quiet fx-found-summary", role: "status" });
    this.heads = make(
      "div",
      { class: "fx-found fx-found-heads", "aria-hidden": "true" },
      ...HEADS.map(([name, title]) => make("span", { title }, name)),
    );
    this.list = make("ol", { class: "fx-found-list", "aria-label": "Boxes found" });
    this.element = make("div", { class: "fx-found-panel" }, this.summary, this.heads, this.list);
    this.list.addEventListener("keydown", (event) => this.#key(event));
  }

  /**
   * @param {object[]} boxes {id, number, hue, prompt, score, contrast, baseline, percentile, own}
   * @param {{prompt, facts, twin}[]} missing phrases without a box; `twin` is the place of an equal one above
   * @param {Function} factsOf phrase of a box → {best, baseline, elsewhere}
   */
  show({ boxes, missing, factsOf, selectedId, chosenPhrase, summary }) {
    const everything = [...boxes.map((box) => factsOf(box.prompt)), ...missing.map(({ facts }) => facts)].filter(
      Boolean,
    );
    const numbers = [
      ...boxes.map(({ score }) => score),
      ...everything.flatMap(({ elsewhere, best }) => [elsewhere[0], elsewhere.at(-1), best]),
    ].filter(Number.isFinite);
    this.range = { low: Math.min(...numbers), high: Math.max(...numbers) };
    this.summary.textContent = summary;
    this.heads.hidden = !boxes.length && !missing.length;
    const { box, phrase } =
      (this.list.contains(document.activeElement) && document.activeElement.closest(".fx-found")?.dataset) || {};
    this.acts.hint(null); // the row that it belongs to goes
    this.list.replaceChildren(
      ...boxes.map((box) => this.#box(box, factsOf(box.prompt), box.id === selectedId)),
      ...missing.map((each) => this.#missing(each, selectedId === null && phraseKey(each.prompt) === chosenPhrase)),
    );
    const again = box ? `[data-box="${box}"]` : phrase && `[data-phrase="${CSS.escape(phrase)}"]`;
    if (again)
      (this.list.querySelector(again) ?? this.list.querySelector(".fx-chosen"))?.focus({ preventScroll: true });
    this.list.querySelector(".fx-chosen")?.scrollIntoView({ block: "nearest" });
  }

  /** Boxes are looked for, or no longer. */
  wait(on) {
    this.list.setAttribute("aria-busy", String(on));
  }

  /** While a box is dragged: its cosine, at display rate. */
  follow({ id, score }) {
    const cell = this.list.querySelector(`[data-box="${id}"] .fx-found-score`);
    if (cell) cell.textContent = cosineText(score);
  }

  #box(box, facts, chosen) {
    const hue = hueOf(box.hue);
    const tag = make(
      "span",
      { class: "fx-box-number", style: `background: ${hue}; color: ${inkOn(hue)}` },
      String(box.number),
    );
    const over = box.score - box.baseline;
    const row = make(
      "li",
      {
        class: `fx-found${chosen ? " fx-chosen" : ""}${over < 0 ? " fx-below" : ""}`,
        "data-box": box.id,
        tabindex: "0",
        title: `Contrast with its surroundings ${cosineText(box.contrast)}: ranks the boxes`,
        "aria-current": String(chosen),
        onclick: () => this.acts.select(box.id),
      },
      tag,
      make(
        "span",
        { class: "fx-found-words", title: box.prompt.text, dir: "auto" },
        make("span", {}, box.prompt.text),
        box.own ? make("small", { title: "Drawn or moved by hand" }, "by hand") : "",
      ),
      this.#strip(facts, box.score, { hue }),
      number(box.score, "fx-found-score"),
      number(over),
      share(box.percentile),
      number(box.contrast, "fx-found-contrast"),
      iconButton(
        "remove",
        "Remove (Delete)",
        (event) => {
          event.stopPropagation();
          this.acts.remove(box.id);
        },
        { class: "fx-tool fx-remove" },
      ),
    );
    return row;
  }

  #missing(missing, chosen) {
    const { prompt, facts, twin } = missing;
    const aside = facts?.box && facts.best >= facts.baseline;
    const words = twin
      ? `the same as phrase ${twin}`
      : !facts.box
        ? "nothing proposed"
        : aside
          ? "put aside"
          : `below threshold: needs ${cosineText(facts.baseline)}`;
    const label = [
      make("span", {}, "–"),
      make(
        "span",
        { class: "fx-found-words", title: prompt.text, dir: "auto" },
        make("span", {}, prompt.text),
        make("small", {}, words),
      ),
    ];
    if (!facts?.box) return make("li", { class: "fx-found fx-missing" }, ...label);
    const peek = (on) => this.acts.hint(on ? missing : null);
    const act = () => (aside ? this.acts.bringBack(missing) : this.acts.take(missing));
    const row = make(
      "li",
      {
        class: `fx-found fx-missing${chosen ? " fx-chosen" : ""}`,
        "data-phrase": phraseKey(prompt),
        tabindex: "0",
        "aria-current": String(chosen),
        title: "Click, then draw a box for this phrase; dashed is where its best one lies",
        onclick: () => this.acts.choose(missing),
        onmouseenter: () => peek(true),
        onmouseleave: () => peek(false),
        onfocusin: () => peek(true),
        onfocusout: () => peek(false),
      },
      ...label,
      this.#strip(facts, facts.best, { best: true }),
      number(facts.best),
      number(facts.best - facts.baseline),
      share(below(facts)),
      make("span", { class: "fx-found-contrast" }),
      iconButton(
        "plus",
        aside ? "Bring its boxes back (Enter)" : "Take its best box all the same (Enter)",
        (event) => {
          event.stopPropagation();
          act();
        },
        { class: "fx-tool fx-remove" },
      ),
    );
    row.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target === row) act();
    });
    return row;
  }

  /** Where the score lies among the best of other pictures. */
  #strip(facts, score, { hue = "none", best = false }) {
    if (!facts) return make("span", {});
    const { low, high } = this.range;
    const x = (value) => (MARGIN + ((WIDTH - 2 * MARGIN) * (value - low)) / Math.max(1e-6, high - low)).toFixed(1);
    const holder = make("span", {
      class: `fx-strip-plot${best ? " fx-only-best" : ""}`,
      title: `${best ? "The best box scores" : "Scores"} ${cosineText(score)}, needs ${cosineText(facts.baseline)}; the other pictures’ best boxes: ${cosineText(facts.elsewhere[0])} to ${cosineText(facts.elsewhere.at(-1))}`,
    });
    holder.innerHTML =
      `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" aria-hidden="true">` +
      `<path class="fx-others" d="${facts.elsewhere.map((value) => `M${x(value)} 5v8`).join("")}"/>` +
      `<path class="fx-least" d="M${x(facts.baseline)} 0v${HEIGHT}"/><circle cx="${x(score)}" cy="9" r="4.5" fill="${hue}"/></svg>`;
    return holder;
  }

  #key(event) {
    const row = event.target.closest(".fx-found");
    const step = { ArrowUp: "previousElementSibling", ArrowDown: "nextElementSibling" }[event.key];
    if (!row || event.target !== row) return;
    if (event.key === "Enter") row.dataset.box && this.acts.select(Number(row.dataset.box));
    else if (step) {
      row[step]?.focus();
      if (row[step]?.dataset.box) this.acts.select(Number(row[step].dataset.box));
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

const number = (value, name = "") => make("span", { class: `fx-figure ${name}` }, cosineText(value));
const share = (value) =>
  make("span", { class: "fx-figure" }, Number.isFinite(value) ? `${Math.round(100 * value)} %` : "–");
export const below = ({ elsewhere, best }) => elsewhere.filter((value) => value < best).length / elsewhere.length;
