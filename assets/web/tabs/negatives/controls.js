// Above the rewrites what they are made of, below them who wins by which route.

import { make } from "../../core/dom.js";
import { cosineText } from "../../core/format.js";
import { isFooled, isTie, marginOf, rankOf } from "../../scoring/ranking.js";

export class NegativesControls {
  /** @param {{rewrite: Function, route: Function}} acts */
  constructor({ card, most, writer }, { rewrite, route }) {
    Object.assign(this, { card, writer, chosen: route });
    this.caption = make("input", {
      type: "text",
      class: "fx-add fx-neg-caption",
      placeholder: "What is true of the box, such as a light grey plastic pipe",
      "aria-label": "True caption",
    });
    const number = (label, value, least, greatest, title) =>
      make("input", { type: "number", value, min: least, max: greatest, step: 1, "aria-label": label, title });
    this.count = number("Rewrites", 10, 0, most, "How many rewrites");
    this.changes = make(
      "select",
      {
        "aria-label": "Wrong attributes",
        title: "How many attributes each rewrite gets wrong: FG-OVD’s hard, medium and easy",
      },
      ...[
        ["1", "1 wrong"],
        ["2", "2 wrong"],
        ["3", "3 wrong"],
      ].map(([value, words]) => make("option", { value }, words)),
    );
    this.seed = number("Seed", 0, 0, 2 ** 31, "Another seed, other rewrites");
    this.by = make(
      "select",
      {
        "aria-label": "Written by",
        title: "Who writes the rewrites: rules, or a chat model whose answers are checked by them",
      },
      make("option", { value: "rules" }, "rules"),
      writer && make("option", { value: "model" }, writer),
    );
    this.said = make("p", { class: "fx-quiet fx-neg-said", role: "status" });
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
      this.said,
    );
    this.standings = make("div", { class: "fx-neg-standings", role: "radiogroup", "aria-label": "Text route" });
    this.warning = make("p", { class: "fx-neg-warning fx-warn", hidden: true });
    this.buttons = card.trained_routes.map((name) =>
      make("button", {
        type: "button",
        class: "fx-neg-route",
        role: "radio",
        "data-route": name,
        onclick: () => route(name),
      }),
    );
    this.standings.append(...this.buttons, this.warning);
    this.standings.addEventListener("keydown", (event) => this.#step(event));
    this.element.addEventListener("submit", (event) => {
      event.preventDefault();
      rewrite();
    });
    for (const field of [this.changes, this.seed, this.by])
      field.addEventListener("change", () => this.caption.value.trim() && rewrite());
  }

  /** Arrows go from route to route, as in any group of choices. */
  #step(event) {
    const by = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
    if (!by || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    event.stopPropagation(); // or they would move the chosen box
    const next = this.buttons.at((this.buttons.indexOf(document.activeElement) + by) % this.buttons.length);
    next.focus();
    next.click();
  }

  /** As an address has it. */
  set(how, by) {
    if (how) [this.count.value, this.changes.value, this.seed.value] = how;
    if (by && this.writer) this.by.value = by;
  }

  get byModel() {
    return this.by.value === "model";
  }

  get wanted() {
    return {
      count: Number(this.count.value || 0),
      changes: Number(this.changes.value),
      seed: Number(this.seed.value || 0),
    };
  }

  /** What came of a rewriting; attributes are null where nothing was rewritten. */
  tell(caption, negatives, attributes, written = null) {
    const { count, changes } = this.wanted;
    if (written) return this.#tellWritten(negatives.length, count, written);
    const few =
      negatives.length < count ? `; there are no more than ${negatives.length} rewrites with ${changes} wrong` : "";
    if (!caption || !attributes) this.said.textContent = "";
    else
      this.said.textContent = attributes.length
        ? `${attributes.join(", ")} found${few}`
        : "No attribute of it is known here, so nothing is rewritten: add negatives of your own below.";
  }

  /** What a chat model came to. */
  #tellWritten(number, count, { replies, refused }) {
    const lines = Object.entries(refused).sort(([, one], [, other]) => other - one);
    const why = lines.length ? `; refused: ${lines.map(([reason, times]) => `${times} ${reason}`).join(", ")}` : "";
    this.said.textContent = `${number} of ${count} written by ${this.writer} in ${replies} ${replies === 1 ? "reply" : "replies"}${why}`;
  }

  /** Who wins by each route. */
  stand(values, { route, ofBox }) {
    for (const button of this.buttons) {
      const name = button.dataset.route;
      const [true_, ...others] = values[name];
      const known = values[name].length > 1 && values[name].every(Number.isFinite);
      const margin = known ? marginOf(true_, others) : NaN;
      const fooled = known && isFooled(margin);
      const rank = rankOf(true_, others);
      button.setAttribute("aria-checked", String(name === route));
      button.classList.toggle("fx-fooled", fooled);
      button.replaceChildren(
        make("b", {}, name),
        make(
          "span",
          {},
          known
            ? fooled
              ? `fooled: rank ${rank}, ${cosineText(margin)}`
              : `right by ${cosineText(margin)}`
            : others.length
              ? "reading …"
              : "no rewrites",
        ),
      );
      button.title = known
        ? `Read as ${name === "box" ? "a phrase for a region" : `a ${name} caption`}: the true one is number ${rank} of ${others.length + 1}`
        : "";
    }
    const { short, box } = values;
    const alike = short.length > 0 && short.every((value, i) => isTie(value, box?.[i]));
    const wrong = !box
      ? ""
      : alike
        ? "This model reads short and box alike."
        : ofBox
          ? route !== "box" && "Regions were trained with phrases read by the box route."
          : route === "box" && "Whole pictures were trained with captions: short, or long.";
    this.warning.hidden = !wrong;
    this.warning.textContent = wrong || "";
    this.warning.classList.toggle("fx-warn", !alike);
  }
}
