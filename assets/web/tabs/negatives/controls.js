// Above the rewrites: the true caption, what rewrites are made of, and what came of it.

import { make } from "../../core/dom.js";

/**
 * @import {PictureStart} from "../../core/start.js"
 * @import {RewriteQuestion} from "../../core/wire.js"
 */

/**
 * What the tab knows from the beginning: the most rewrites at once, and the chat model that writes them, where there
 * is one.
 *
 * @typedef {PictureStart & {most: number, writer: string | null}} NegativesStart
 */

/** How rewrites are made. @typedef {Required<Pick<RewriteQuestion, "count" | "changes" | "seed">>} Wanted */

/**
 * How a chat model wrote: its replies, and how often rules refused a line for which reason.
 *
 * @typedef {{replies: number, refused: Record<string, number>}} ModelReport
 */

/** @type {[value: string, words: string][]} */
const CHANGES = [
  ["1", "1 wrong"],
  ["2", "2 wrong"],
  ["3", "3 wrong"],
];

export class NegativesControls {
  /**
   * @param {Pick<NegativesStart, "most" | "writer">} start
   * @param {() => unknown} rewrite
   */
  constructor({ most, writer }, rewrite) {
    this.writer = writer;
    this.caption = make("input", {
      type: "text",
      class: "fx-add fx-neg-caption",
      placeholder: "What is true of the box, such as a light grey plastic pipe",
      "aria-label": "True caption",
    });
    this.count = number("Rewrites", "How many rewrites", { value: 10, min: 0, max: most });
    this.changes = make(
      "select",
      {
        "aria-label": "Wrong attributes",
        title: "How many attributes each rewrite gets wrong: FG-OVD’s hard, medium and easy",
      },
      ...CHANGES.map(([value, words]) => make("option", { value }, words)),
    );
    this.seed = number("Seed", "Another seed, other rewrites", { value: 0, min: 0, max: 2 ** 31 });
    this.by = make(
      "select",
      {
        "aria-label": "Written by",
        title: "Who writes the rewrites: rules, or a chat model whose answers are checked by them",
      },
      make("option", { value: "rules" }, "rules"),
      writer ? make("option", { value: "model" }, writer) : null,
    );
    this.message = make("p", { class: "fx-quiet fx-neg-message", role: "status" });
    this.element = make(
      "form",
      { class: "fx-neg-controls", novalidate: true },
      this.caption,
      make(
        "div",
        { class: "fx-neg-how" },
        make("label", {}, "rewrites", this.count),
        this.changes,
        make("label", {}, "seed", this.seed),
        make("label", { hidden: !writer }, "by", this.by),
        make("button", { type: "submit", class: "fx-button", title: "Write hard negatives (r)" }, "Rewrite"),
      ),
      this.message,
    );
    this.element.addEventListener("submit", (event) => {
      event.preventDefault();
      rewrite();
    });
    for (const field of [this.changes, this.seed, this.by]) {
      field.addEventListener("change", () => this.caption.value.trim() && rewrite());
    }
  }

  /** As a link has it. @param {{wanted?: Wanted, byModel: boolean}} link */
  set({ wanted, byModel }) {
    if (wanted) {
      this.count.value = String(wanted.count);
      this.changes.value = String(wanted.changes);
      this.seed.value = String(wanted.seed);
    }
    if (byModel && this.writer) this.by.value = "model";
  }

  get byModel() {
    return this.by.value === "model";
  }

  /** @returns {Wanted} */
  get wanted() {
    return {
      count: Number(this.count.value || 0),
      changes: Number(this.changes.value),
      seed: Number(this.seed.value || 0),
    };
  }

  /** The next seed. */
  advance() {
    this.seed.value = String(Number(this.seed.value || 0) + 1);
  }

  /** Nothing was rewritten. */
  hush() {
    this.message.textContent = "";
  }

  /**
   * What came of a rewriting.
   *
   * @param {string} caption
   * @param {number} made how many
   * @param {string[] | null} attributes found in the caption; null where nothing was rewritten
   * @param {ModelReport | null} model what a chat model did
   */
  report(caption, made, attributes, model) {
    const { count, changes } = this.wanted;
    if (model) this.message.textContent = `${made} of ${count} written by ${this.writer} in ${inWords(model)}`;
    else if (!caption || !attributes) this.hush();
    else if (!attributes.length) {
      this.message.textContent =
        "No attribute of it is known here, so nothing is rewritten: add negatives of your own below.";
    } else {
      const few = made < count ? `; there are no more than ${made} rewrites with ${changes} wrong` : "";
      this.message.textContent = `${attributes.join(", ")} found${few}`;
    }
  }
}

/** @param {string} label @param {string} title @param {{value: number, min: number, max: number}} attributes */
const number = (label, title, attributes) =>
  make("input", { type: "number", ...attributes, step: 1, "aria-label": label, title });

/** @param {ModelReport} report */
function inWords({ replies, refused }) {
  const reasons = Object.entries(refused).sort(([, one], [, other]) => other - one);
  const why = reasons.map(([reason, times]) => `${times} ${reason}`).join(", ");
  return `${replies} ${replies === 1 ? "reply" : "replies"}${why && `; refused: ${why}`}`;
}
