// Boxes by hand: drawn, moved, taken, removed; and those that were found and put aside by that.

import { hasPhrase, isReplaced, isSamePhrase, phraseKey } from "./boxes.js";

/**
 * @import {PictureCanvas} from "../../canvas/picture_canvas.js"
 * @import {PromptList} from "../../prompts/prompt_list.js"
 * @import {Prompt} from "../../scoring/prompts.js"
 * @import {Scorer} from "../../scoring/roi_scores.js"
 * @import {Phrase} from "../../core/wire.js"
 * @import {BoxFacts, DetectBox, PhraseBox, PlacedBox} from "./boxes.js"
 * @import {Missing, Phrases} from "./phrases.js"
 */

/**
 * @typedef {object} HandHooks
 * @property {() => Scorer | null} scorer of the open picture
 * @property {(box: PhraseBox) => unknown} follow shows a box while it is dragged
 * @property {(boxes: PhraseBox[]) => Promise<BoxFacts[] | null>} measure
 * @property {(act: () => unknown) => Promise<boolean>} told does something, and says what goes wrong
 * @property {() => unknown} refuse says that there is no phrase to draw for
 * @property {() => unknown} record remembers and shows what has changed
 */

export class HandBoxes {
  /** @type {PlacedBox[]} */
  aside = []; // found boxes that were removed or replaced: they are not found again
  /** @type {string | null} */
  nextPhrase = null; // key of the phrase that the next box is drawn for

  /**
   * @param {PictureCanvas<DetectBox>} canvas
   * @param {PromptList} list
   * @param {Phrases} phrases
   * @param {HandHooks} hooks
   */
  constructor(canvas, list, phrases, hooks) {
    this.canvas = canvas;
    this.list = list;
    this.phrases = phrases;
    this.hooks = hooks;
  }

  /** Boxes of the canvas. */
  get boxes() {
    return this.canvas.boxes;
  }

  /** @param {Phrase[]} prompts */
  of(prompts) {
    const known = new Set(prompts.map(phraseKey));
    return this.boxes.filter(hasPhrase).filter(({ own, prompt }) => own && known.has(phraseKey(prompt)));
  }

  /** How many found boxes are missing, since they were put aside. */
  get countAside() {
    return this.aside.filter((each) => !isReplaced(each, this.boxes)).length;
  }

  /** While a box is dragged: its cosine at display rate, no request. @param {DetectBox} box */
  follow(box) {
    const given = this.#given(box);
    if (!given) return;
    const product = this.list.prompts[this.phrases.placeOf(given.prompt)]?.facts?.product;
    const scorer = this.hooks.scorer();
    if (product && scorer) [given.score] = scorer.score(given.corners, [product]);
    given.baseline ??= this.phrases.of(given.prompt)?.baseline;
    this.hooks.follow(given);
  }

  /** A box was drawn, moved or removed. @param {DetectBox} box */
  released(box) {
    if (box.found && hasPhrase(box)) this.aside = [...this.aside, { corners: box.found, prompt: box.prompt }];
    box.found = null; // removed, or another is in its place
    if (!this.boxes.includes(box)) return this.hooks.record();
    const given = this.#given(box);
    if (!given) {
      this.canvas.setBoxes(this.boxes.filter((each) => each !== box));
      return this.hooks.refuse();
    }
    given.own = true;
    return this.hooks.told(async () => {
      const facts = await this.hooks.measure([given]);
      const now = this.boxes.find(({ id }) => id === given.id); // boxes may have been found anew
      if (facts && now) Object.assign(now, facts[0]);
      this.hooks.record();
    });
  }

  /** The next box that is drawn is for this phrase. @param {Phrase} phrase */
  drawFor(phrase) {
    this.nextPhrase = phraseKey(phrase);
    this.canvas.select(null);
  }

  /** The chosen box tells which phrase the next one is for. */
  remember() {
    const box = this.canvas.selected;
    if (box?.prompt) this.nextPhrase = phraseKey(box.prompt);
  }

  /** Boxes that were put aside may be found again: all of them, or those of a phrase. @param {Phrase} [phrase] */
  bringBack(phrase) {
    this.aside = phrase ? this.aside.filter(({ prompt }) => !isSamePhrase(phrase, prompt)) : [];
  }

  /** A phrase's best box, though it scores below the threshold: as if it were drawn. @param {Missing} missing */
  take({ prompt: { text, route }, facts }) {
    if (!facts?.box) return null;
    /** @type {DetectBox} */
    const box = Object.assign(this.canvas.add(facts.box), {
      prompt: { text, route },
      hue: 1 + this.phrases.placeOf({ text, route }),
      own: true,
      score: facts.best ?? undefined,
      baseline: facts.baseline,
    });
    this.canvas.select(box.id);
    return this.released(box);
  }

  /**
   * The box with a phrase: a drawn one is for that of the box that was chosen before, else for the painted or the first
   * one; null where there is none.
   *
   * @param {DetectBox} box
   * @returns {PhraseBox | null}
   */
  #given(box) {
    if (hasPhrase(box)) return box;
    /** @type {{prompts: Prompt[], heatId: number | null}} */
    const { prompts, heatId } = this.list;
    const prompt =
      prompts.find((each) => phraseKey(each) === this.nextPhrase) ??
      prompts.find(({ id }) => id === heatId) ??
      prompts[0];
    if (!prompt) return null;
    const { text, route } = prompt;
    return Object.assign(box, { prompt: { text, route }, own: true, hue: 1 + prompts.indexOf(prompt) });
  }
}
