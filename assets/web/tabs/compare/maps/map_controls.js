// Above the two maps: what they are of, what colours mean, and the tools.

import { VIRIDIS } from "../../../core/colours.js";
import { make } from "../../../core/dom.js";
import { countText } from "../../../core/format.js";

/** @import {KindQuestion} from "../../../core/wire.js" */
/** @import {PlotTool} from "../../../plot/scatter_plot.js" */
/** @import {AlignedMaps, Measure} from "./aligned.js" */

/** @typedef {KindQuestion["kind"]} Kind of what maps are of */

/** @type {Record<Kind, string>} words for these */
export const KINDS = { region: "regions", image: "pictures", text: "phrases" };
/** @type {Record<Measure, {words: string, meaning: string}>} */
const COLOURS = {
  overlap: { words: "neighbours kept", meaning: "share of the nearest neighbours that both models agree on" },
  drift: { words: "drift", meaning: "distance between a point’s two places, in radii of the map" },
};

/**
 * @param {string|undefined} name
 * @returns {name is Kind}
 */
export const isKind = (name) => name !== undefined && Object.hasOwn(KINDS, name);

/**
 * @param {string|undefined} name
 * @returns {name is Measure}
 */
export const isMeasure = (name) => name !== undefined && Object.hasOwn(COLOURS, name);

/**
 * @typedef {object} ControlActs
 * @property {(kind: Kind) => void} kind
 * @property {(colour: Measure) => void} colour
 * @property {() => void} circle
 * @property {() => void} fit
 */

export class MapControls {
  #scale = make("span", { class: "fx-compare-scale" });
  #facts = make("p", { class: "fx-quiet fx-compare-facts" });

  /** @param {ControlActs} acts */
  constructor(acts) {
    const measures = Object.entries(COLOURS).map(
      ([name, { words }]) => /** @type {[string, string]} */ ([name, words]),
    );
    this.kinds = choice("Map of", Object.entries(KINDS), (name) => isKind(name) && acts.kind(name));
    this.colours = choice("Colour by", measures, (name) => isMeasure(name) && acts.colour(name));
    this.lasso = button("Lasso", "Circle points on one map; they light up on the other (l)", acts.circle);
    this.whole = button("Fit", "Show both maps whole (f)", acts.fit);
    this.mark("pan");
    this.element = make(
      "div",
      { class: "fx-compare-do" },
      make("label", {}, "map of ", this.kinds),
      make("label", {}, "colour by ", this.colours),
      ...[this.lasso, this.whole, this.#scale, this.#facts],
    );
  }

  /** @param {PlotTool} tool that is used */
  mark(tool) {
    this.lasso.setAttribute("aria-pressed", String(tool === "lasso"));
  }

  /**
   * @param {AlignedMaps|null} laid null where there are no two maps
   * @param {Kind} kind
   * @param {Measure} colour
   */
  show(laid, kind, colour) {
    for (const part of [this.#scale, this.lasso, this.whole]) part.hidden = !laid;
    this.#facts.textContent = "";
    if (!laid) return;
    const [kept, drift] = [(100 * laid.mean("overlap")).toFixed(0), laid.mean("drift").toFixed(2)];
    this.#facts.textContent =
      `${countText(laid.owners.length)} ${KINDS[kind]} on both maps; ` +
      `of ${laid.neighbours} nearest neighbours among these both models share ${kept} %; mean drift ${drift} radii`;
    const { words, meaning } = COLOURS[colour];
    this.#scale.replaceChildren(
      make("b", {}, "0"),
      make("i", { style: `background: linear-gradient(to right, ${VIRIDIS.join(",")})` }),
      make("b", {}, laid.ends(colour)[1].toFixed(colour === "overlap" ? 0 : 2)),
      ` ${words}`,
    );
    this.#scale.title = `${words}: ${meaning}`;
  }
}

/**
 * @param {string} label
 * @param {[string, string][]} entries values and words for them
 * @param {(value: string) => void} set
 */
function choice(label, entries, set) {
  const options = entries.map(([value, words]) => make("option", { value }, words));
  const select = make("select", { "aria-label": label }, ...options);
  select.addEventListener("change", () => set(select.value));
  return select;
}

/**
 * @param {string} label
 * @param {string} title
 * @param {() => void} act
 */
const button = (label, title, act) =>
  make("button", { type: "button", class: "fx-button", title, onclick: () => act() }, label);
