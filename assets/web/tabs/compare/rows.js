// What two models make of the same texts: cosines, ranks, and who is put first.

import { make } from "../../core/dom.js";
import { cosineText, shareText } from "../../core/format.js";
import { isFooled, isTie, leadOf, marginOf, ranksOf } from "../../scoring/ranking.js";
import { softmax } from "../../scoring/roi_scores.js";

const LONG = 60; // characters of a text that the verdict quotes
export const MARKS = ["A", "B"]; // of the models

export class CompareRows {
  /** @param {string[]} names of the models; @param {number[]} scales of their softmax; @param choose(id) paints a prompt */
  constructor(names, scales, choose) {
    Object.assign(this, { names, scales, choose, by: "list", order: [] });
    this.verdict = make("p", { class: "fx-compare-verdict" });
    this.list = make("ol", { class: "fx-compare-rows", "aria-label": "Texts by both models" });
    this.against = make("b", {});
    this.heads = make(
      "div",
      { class: "fx-compare-row fx-compare-heads" },
      make("span", {}),
      this.#head("list", "Sort as written", "text with ", this.against),
      ...MARKS.flatMap((mark, i) => [
        make(
          "span",
          {
            class: "fx-compare-model",
            title: `Cosines of ${names[i]}; a bar is full at the highest of these texts, empty at the lowest`,
          },
          badge(i),
          " cosine",
        ),
        this.#head(mark, `Sort by rank with ${names[i]}`, "rank"),
      ]),
      this.#head("gain", "Places that the text gains with B; sort by the largest change", "A → B"),
    );
    this.element = make("div", { class: "fx-compare-scores" }, this.verdict, this.heads, this.list);
  }

  #head(by, title, ...words) {
    return make(
      "button",
      {
        type: "button",
        class: "fx-compare-sort",
        "data-by": by,
        title,
        onclick: () => {
          this.by = by;
          this.show(...this.shown);
        },
      },
      ...words,
    );
  }

  /**
   * @param {number[][]} values cosines of each model, NaN while unknown
   * @param {{claimed: number|null, live: boolean, against: string}} how claimed is the painted prompt's id; rows keep their places while `live`; against says what the texts are held to
   */
  show(prompts, values, { claimed, live, against }) {
    this.shown = [prompts, values, { claimed, live: false, against }];
    this.against.textContent = against;
    const known = prompts.length > 0 && values.every((each) => each.every(Number.isFinite));
    const ranks = values.map(ranksOfKnown);
    this.values = values;
    this.ranks = ranks;
    if (!live || this.order.length !== prompts.length) this.#sort(ranks);
    const focused = document.activeElement?.closest?.(".fx-compare-row")?.dataset.prompt;
    this.list.replaceChildren(
      ...this.order.map((i) => this.#row(prompts[i], i, values, ranks, prompts[i].id === claimed)),
    );
    if (focused) this.list.querySelector(`[data-prompt="${focused}"]`)?.focus({ preventScroll: true });
    this.heads.hidden = this.verdict.hidden = !prompts.length;
    for (const head of this.heads.querySelectorAll("[data-by]"))
      head.setAttribute("aria-pressed", String(head.dataset.by === this.by));
    this.verdict.replaceChildren(
      ...(known && prompts.length > 1
        ? this.#said(
            prompts,
            values,
            prompts.findIndex(({ id }) => id === claimed),
          )
        : []),
    );
  }

  #sort([a, b]) {
    const key = { list: (i) => i, A: (i) => a[i], B: (i) => b[i], gain: (i) => -Math.abs(a[i] - b[i]) }[this.by];
    this.order = a.map((_, i) => i).sort((i, j) => key(i) - key(j) || i - j);
  }

  #row(prompt, i, values, ranks, claimed) {
    const cells = values.flatMap((own, model) => {
      const facts = model ? prompt.other : prompt.facts;
      const cut = facts?.truncated
        ? make(
            "abbr",
            { class: "fx-warn", title: `${this.names[model]} reads ${facts.limit} of ${facts.tokens} tokens` },
            "cut",
          )
        : "";
      return [
        make("span", { class: "fx-compare-cosine" }, bar(own[i], own), make("b", {}, cosineText(own[i])), cut),
        make(
          "span",
          { class: `fx-compare-rank${ranks[model][i] === 1 ? " fx-first" : ""}` },
          Number.isFinite(own[i]) ? String(ranks[model][i]) : "",
        ),
      ];
    });
    const gain = ranks[0][i] - ranks[1][i];
    const row = make(
      "li",
      {
        class: `fx-compare-row${claimed ? " fx-claimed" : ""}`,
        "data-prompt": prompt.id,
        tabindex: "0",
        "aria-current": String(claimed),
        title: "Click to paint its heat maps, and to hold the others against it",
        onclick: () => this.choose(prompt.id),
      },
      make("span", { class: "fx-compare-place" }, String(i + 1)),
      make("span", { class: "fx-compare-words", title: prompt.text, dir: "auto" }, prompt.text),
      ...cells,
      make(
        "span",
        { class: `fx-compare-gain ${gain > 0 ? "fx-up" : gain < 0 ? "fx-down" : ""}` },
        Number.isFinite(gain) && values.every((own) => Number.isFinite(own[i]))
          ? gain
            ? `${gain > 0 ? "▲" : "▼"} ${Math.abs(gain)}`
            : "="
          : "",
      ),
    );
    row.addEventListener("keydown", (event) => {
      if (!["Enter", " "].includes(event.key) || event.target !== row) return;
      this.choose(prompt.id);
      event.preventDefault();
    });
    return row;
  }

  #said(prompts, values, claimed) {
    const leads = values.map(leadOf);
    const quoted = (i) =>
      make(
        "q",
        { title: prompts[i].text },
        prompts[i].text.length > LONG ? `${prompts[i].text.slice(0, LONG)}…` : prompts[i].text,
      );
    const [one, other] = leads.map(({ place, margin }) => (isFooled(margin) ? null : place));
    const by = leads.map(({ margin }) => cosineText(margin));
    const says = (model, first) => [
      badge(model),
      ...(first === null ? [" puts several first, which tie"] : [" says ", quoted(first), ` by ${by[model]}`]),
    ];
    const agree =
      one === other && one !== null
        ? [
            make("b", {}, "They agree: "),
            quoted(one),
            ` is first, by ${by[0]} with `,
            badge(0),
            ` and ${by[1]} with `,
            badge(1),
            ".",
          ]
        : [
            make("b", { class: "fx-warn" }, one === null || other === null ? "A tie: " : "They disagree: "),
            ...says(0, one),
            ", ",
            ...says(1, other),
            ".",
          ];
    const order =
      prompts.length > 2
        ? [
            make(
              "span",
              {
                title: "Spearman’s: 1 where both models put the texts in the same order, −1 where in the opposite one",
              },
              ` Rank correlation ${cosineText(spearman(...values))}.`,
            ),
          ]
        : [];
    if (claimed < 0) return [...agree, ...order];
    const standings = values.flatMap((own, model) => {
      const margin = marginOf(
        own[claimed],
        own.filter((_, i) => i !== claimed),
      );
      const share = softmax(own, this.scales[model])[claimed];
      return [
        " ",
        badge(model),
        make(
          "span",
          {
            class: isFooled(margin) ? "fx-warn" : "",
            title: `Margin over the best other text; softmax share at its own scale of ${this.scales[model].toFixed(0)}`,
          },
          ` margin ${cosineText(margin)}, softmax ${shareText(share)}${model ? "" : ";"}`,
        ),
      ];
    });
    return [
      ...agree,
      ...order,
      make("br"),
      make("span", { class: "fx-quiet" }, "Painted: "),
      quoted(claimed),
      ...standings,
    ];
  }
}

/** A model's letter. */
export const badge = (model) =>
  make(
    "i",
    { class: `fx-mark fx-mark-${MARKS[model].toLowerCase()}`, role: "img", "aria-label": `model ${MARKS[model]}` },
    MARKS[model],
  );

/** Ranks from 1 among what is known, NaN of what is not; those that tie share the worse one. */
function ranksOfKnown(values) {
  const ranks = ranksOf(values.filter(Number.isFinite));
  let next = 0;
  return values.map((value) => (Number.isFinite(value) ? ranks[next++] : NaN));
}

function spearman(one, other) {
  const [a, b] = [midRanks(one), midRanks(other)];
  const middle = (a.length - 1) / 2;
  const products = (x, y) => x.reduce((sum, value, i) => sum + (value - middle) * (y[i] - middle), 0);
  return products(a, b) / Math.sqrt(products(a, a) * products(b, b));
}

/** Ranks from 0; those that tie share the mean one. */
const midRanks = (values) =>
  values.map(
    (value) =>
      values.filter((other) => other > value && !isTie(other, value)).length +
      (values.filter((other) => isTie(other, value)).length - 1) / 2,
  );

/** A cosine as a bar from zero, on the scale of all of them. */
function bar(value, all) {
  const [low, high] = [Math.min(0, ...all), Math.max(0, ...all)];
  const fill = make("i", {});
  if (Number.isFinite(high - low) && high > low) {
    fill.style.marginLeft = `${(100 * (Math.min(0, value) - low)) / (high - low)}%`;
    fill.style.width = `${(100 * Math.abs(value)) / (high - low)}%`;
  }
  return make("span", { class: "fx-compare-bar", title: `${cosineText(low)} to ${cosineText(high)}` }, fill);
}
