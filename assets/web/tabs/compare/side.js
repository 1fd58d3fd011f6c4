// Beside the two maps: the chosen point with its neighbours by either model, and what is circled.

import { badge } from "./rows.js";
import { make } from "../../core/dom.js";
import { thumb } from "../../plot/thumbnails.js";
import { cosineText, countText } from "../../core/format.js";

/** How much of what is circled. */
export const SHOWN = 60;

/** By whom neighbours are put near a point: the colour of their rings and frames, and words for it. */
export const BY = {
  both: ["--fx-accent", "near by both"],
  a: ["--fx-ink", "by A alone"],
  b: ["--fx-said", "by B alone"],
};

/** Neighbours of a point, each once: owner → key of `BY`. */
export function whoseOf({ first, second }) {
  const [a, b] = [first, second].map((list) => new Set(list.map(({ owner }) => owner)));
  return new Map(
    [...new Set([...a, ...b])].map((owner) => [
      owner,
      a.has(owner) && b.has(owner) ? "both" : a.has(owner) ? "a" : "b",
    ]),
  );
}

export class CompareSide {
  /** @param {{choose: Function, point: Function, letGo: Function, open: Function}} acts point(owner) rings one, null none */
  constructor(names, acts) {
    Object.assign(this, { names, acts });
    this.element = make("aside", { "aria-label": "Chosen points" });
  }

  /** @param {{kind, laid, point, circled, said}} maps what they show; `point` has {owner, row, seat, near}, `circled` rows, `said` owner → words */
  show({ kind, laid, point, circled, said }) {
    this.kind = kind;
    const parts = [
      ...(circled.length ? this.#circled(circled, laid, said) : []),
      ...(point ? this.#point(point, laid) : []),
    ];
    this.element.classList.toggle("fx-both", point !== null && circled.length > 0);
    if (!parts.length)
      parts.push(
        make(
          "p",
          { class: "fx-quiet" },
          "Point at a dot: a ring shows where the other model puts it. Click it to see what it is, and what either model puts near it; circle dots with the lasso to see where they go.",
        ),
      );
    const focused = this.element.contains(document.activeElement) && document.activeElement;
    this.element.replaceChildren(...parts);
    if (!focused) return;
    const same = focused.dataset.owner && this.element.querySelector(`[data-owner="${focused.dataset.owner}"]`);
    (same || this.element.querySelector("h2"))?.focus(); // the keyboard goes on from here
  }

  #point({ seat, row, owner, near }, laid) {
    const whose = whoseOf(near);
    const shared = [...whose.values()].filter((who) => who === "both").length;
    const open = {
      type: "button",
      class: "fx-button",
      title: "Both models on this picture",
      onclick: () => this.acts.open({ kind: this.kind, owner }),
    };
    return [
      make("h2", { title: seat.said, tabindex: "-1" }, seat.said || `${this.kind} ${owner}`),
      this.kind === "text" ? null : thumb(this.kind, owner, seat.said, { class: "fx-compare-large" }),
      make("p", {}, `${shared} of ${laid.neighbours} neighbours kept, drift ${laid.drift[row].toFixed(2)} radii`),
      seat.picture ? make("button", open, "Compare on its picture") : null,
      make(
        "p",
        { class: "fx-compare-rings" },
        ...Object.entries(BY).map(([who, [, words]]) => make("span", {}, make("i", { style: inColourOf(who) }), words)),
      ),
      make(
        "div",
        { class: "fx-compare-near" },
        ...[near.first, near.second].map((list, model) =>
          make(
            "section",
            { "aria-label": `Nearest by ${this.names[model]}` },
            make(
              "h3",
              { title: `Its nearest neighbours by ${this.names[model]}, with their cosines` },
              badge(model),
              "nearest",
            ),
            ...list.map((each) =>
              this.#item(each.owner, each.said, "cosine", cosineText(each.score), inColourOf(whose.get(each.owner))),
            ),
          ),
        ),
      ),
    ].filter(Boolean);
  }

  #circled(circled, laid, said) {
    const mean = (list) => circled.reduce((sum, row) => sum + list[row], 0) / circled.length;
    return [
      make(
        "div",
        { class: "fx-bar" },
        make("h2", { tabindex: "-1" }, `${countText(circled.length)} circled`),
        make("button", { type: "button", class: "fx-link", onclick: () => this.acts.letGo() }, "let go"),
      ),
      make(
        "p",
        { class: "fx-quiet" },
        `${(100 * mean(laid.overlap)).toFixed(0)} % of neighbours kept, drift ${mean(laid.drift).toFixed(2)} radii on average. Each with its drift${circled.length > SHOWN ? `; ${SHOWN} of them, those that drift most` : ""}:`,
      ),
      make(
        "div",
        { class: this.kind === "text" ? "fx-compare-near fx-circled" : "fx-grid fx-circled" },
        ...circled
          .slice(0, SHOWN)
          .map((row) => this.#item(laid.owners[row], said.get(laid.owners[row]), "drift", laid.drift[row].toFixed(2))),
      ),
    ];
  }

  #item(owner, said, name, figure, style = null) {
    const { acts, kind } = this;
    const title = [said, `${name} ${figure}`].filter(Boolean).join(" · ");
    const picture = kind === "text" ? null : thumb(kind, owner, "");
    const words = said ? make("span", {}, said) : null;
    const button = make(
      "button",
      {
        type: "button",
        class: "fx-item",
        "data-owner": owner,
        title,
        "aria-label": title,
        style,
        onclick: () => acts.choose(owner),
      },
      picture,
      words,
      make("b", {}, figure),
    );
    for (const [event, at] of [
      ["pointerenter", owner],
      ["focus", owner],
      ["pointerleave", null],
      ["blur", null],
    ])
      button.addEventListener(event, () => acts.point(at));
    return button;
  }
}

const inColourOf = (who) => `--by: var(${BY[who][0]})`;
