// One row: a box with its reason, or a phrase without a box, with that.

import { make } from "../../core/dom.js";
import { cosineText } from "../../core/format.js";
import { hueOf, inkOn } from "../../core/colours.js";
import { iconButton } from "../../core/icons.js";
import { phraseKey } from "./boxes.js";
import { strip } from "./strip.js";

/**
 * @import {Attributes} from "../../core/dom.js"
 * @import {IconName} from "../../core/icons.js"
 * @import {PhraseFacts} from "../../core/wire.js"
 * @import {PhraseBox} from "./boxes.js"
 * @import {Missing} from "./phrases.js"
 */

/**
 * @typedef {object} RowActs
 * @property {(id: number) => unknown} select
 * @property {(id: number) => unknown} remove
 * @property {(missing: Missing) => unknown} choose draws for a phrase without a box
 * @property {(missing: Missing | null) => unknown} hint shows where its best one lies
 * @property {(missing: Missing) => unknown} take makes that one a box
 * @property {(missing: Missing) => unknown} bringBack those that were put aside
 */

/** @typedef {{low: number, high: number}} Range of all scores */

/** Share of other pictures whose best box scores below the phrase's. @param {PhraseFacts} facts */
export const below = ({ elsewhere, best }) =>
  elsewhere.filter((value) => best !== null && value < best).length / elsewhere.length;

/**
 * @param {PhraseBox} box
 * @param {PhraseFacts | undefined} facts
 * @param {{chosen: boolean, range: Range}} how
 * @param {RowActs} acts
 */
export function boxRow(box, facts, { chosen, range }, acts) {
  const { id, prompt, score = NaN, baseline = NaN, percentile = NaN, contrast = NaN } = box;
  const hue = hueOf(box.hue ?? box.number);
  const style = `background: ${hue}; color: ${inkOn(hue)}`;
  const hand = box.own ? make("small", { title: "Drawn or moved by hand" }, "by hand") : "";
  return make(
    "li",
    {
      class: `fx-found${chosen ? " fx-chosen" : ""}${score < baseline ? " fx-below" : ""}`,
      "data-box": id,
      tabindex: "0",
      title: `Contrast with its surroundings ${cosineText(contrast)}: ranks the boxes`,
      "aria-current": String(chosen),
      onclick: () => acts.select(id),
    },
    make("span", { class: "fx-box-number", style }, String(box.number)),
    words(prompt.text, hand),
    strip(facts, score, range, hue),
    figure(score, "fx-found-score"),
    figure(score - baseline),
    share(percentile),
    figure(contrast, "fx-found-contrast"),
    button("remove", "Remove (Delete)", () => acts.remove(id)),
  );
}

/**
 * @param {Missing} missing
 * @param {{chosen: boolean, range: Range}} how
 * @param {RowActs} acts
 */
export function missingRow(missing, { chosen, range }, acts) {
  const { prompt, facts } = missing;
  const label = [make("span", {}, "–"), words(prompt.text, make("small", {}, reasonOf(missing)))];
  if (!facts?.box || facts.best === null) return make("li", { class: "fx-found fx-missing" }, ...label);
  const aside = isAside(facts);
  const act = () => (aside ? acts.bringBack(missing) : acts.take(missing));
  return make(
    "li",
    {
      class: `fx-found fx-missing${chosen ? " fx-chosen" : ""}`,
      "data-phrase": phraseKey(prompt),
      tabindex: "0",
      "aria-current": String(chosen),
      title: "Click, then draw a box for this phrase; dashed is where its best one lies",
      onclick: () => acts.choose(missing),
      onkeydown: (event) => event.key === "Enter" && event.target === event.currentTarget && act(),
      ...peeking(
        () => acts.hint(missing),
        () => acts.hint(null),
      ),
    },
    ...label,
    strip(facts, facts.best, range),
    figure(facts.best),
    figure(facts.best - facts.baseline),
    share(below(facts)),
    make("span", { class: "fx-found-contrast" }),
    button("plus", aside ? "Bring its boxes back (Enter)" : "Take its best box all the same (Enter)", act),
  );
}

/**
 * Something is shown while the pointer or the focus is there.
 *
 * @param {() => unknown} show
 * @param {() => unknown} hide
 * @returns {Attributes}
 */
const peeking = (show, hide) => ({ onmouseenter: show, onfocusin: show, onmouseleave: hide, onfocusout: hide });

/** Whether the best box reaches the threshold: it was removed, or replaced. @param {PhraseFacts} facts */
const isAside = ({ best, baseline }) => best !== null && best >= baseline;

/** Why a phrase has no box. @param {Missing} missing */
function reasonOf({ facts, twin }) {
  if (twin !== undefined) return `the same as phrase ${twin}`;
  if (!facts.box) return "nothing proposed";
  return isAside(facts) ? "put aside" : `below threshold: needs ${cosineText(facts.baseline)}`;
}

/** @param {string} text @param {Node | string} more */
const words = (text, more) =>
  make("span", { class: "fx-found-words", title: text, dir: "auto" }, make("span", {}, text), more);

/** @param {number} value @param {string} [name] */
const figure = (value, name = "") => make("span", { class: `fx-figure ${name}` }, cosineText(value));

/** @param {number} value of one */
const share = (value) =>
  make("span", { class: "fx-figure" }, Number.isFinite(value) ? `${Math.round(100 * value)} %` : "–");

/** @param {IconName} icon @param {string} title @param {() => unknown} act */
function button(icon, title, act) {
  /** @param {MouseEvent} event */
  const press = (event) => {
    event.stopPropagation(); // or the row would be chosen, too
    act();
  };
  return iconButton(icon, title, press, { class: "fx-tool fx-remove" });
}
