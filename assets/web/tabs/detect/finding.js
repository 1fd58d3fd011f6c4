// Looking for boxes: first the pictures that phrases are measured against, then this one, then what is there by hand.

import { ask } from "../../core/api.js";
import { Latest } from "../../core/latest.js";
import { progress } from "../../core/notices.js";

/**
 * @import {FaultNote} from "../../core/api.js"
 * @import {Session} from "../../scoring/session.js"
 * @import {DetectTab, Detected, Phrase} from "../../core/wire.js"
 * @import {BoxFacts, PhraseBox} from "./boxes.js"
 * @import {How} from "./controls.js"
 */

/** A canvas tells when a gesture is over: a box has changed, or nothing, or another is chosen. */
const ENDS = ["commit", "rest", "select"];

/** @typedef {EventTarget & {gestures: {busy: boolean}}} GestureSource */

/** What asks about the open picture. @typedef {Pick<Session<DetectTab>, "server" | "inquire">} DetectSession */

/**
 * @typedef {object} FinderHooks
 * @property {(act: () => unknown) => Promise<boolean>} told does something, and says what goes wrong
 * @property {FaultNote} note
 * @property {() => boolean} isOpen whether there is a picture
 * @property {() => {prompts: Phrase[], how: How}} question
 * @property {(prompts: Phrase[]) => PhraseBox[]} own boxes by hand, for these phrases
 * @property {(reply: Detected, own: PhraseBox[], choice: number | null) => unknown} found
 * @property {(on: boolean) => unknown} busy
 * @property {() => unknown} failed
 */

export class BoxFinder {
  pictures = 0; // of the workspace
  #latest = new Latest();
  #progress = progress();

  /**
   * @param {DetectSession} session
   * @param {GestureSource} canvas
   * @param {FinderHooks} hooks
   */
  constructor(session, canvas, hooks) {
    this.session = session;
    this.canvas = canvas;
    this.hooks = hooks;
    this.element = this.#progress.element;
  }

  /** Have the boxes found anew; those made by hand stay. @param {number | null} [choice] number of the chosen one */
  async find(choice = null) {
    const signal = this.#latest.begin();
    const { hooks } = this;
    if (!hooks.isOpen()) return;
    hooks.busy(true);
    this.#progress.start("Looking", () => signal.aborted || this.#stop());
    const well = await hooks.told(() => this.#look(signal, choice));
    if (signal.aborted) return;
    this.#end();
    if (!well) hooks.failed();
  }

  /** What was asked for is not wanted any more. */
  cancel() {
    this.#latest.cancel();
    this.#end();
  }

  /**
   * What boxes by hand are worth; null for another picture's.
   *
   * @param {PhraseBox[]} boxes
   * @returns {Promise<BoxFacts[] | null>}
   */
  async measure(boxes) {
    const { how } = this.hooks.question();
    const reply = await this.session.inquire("measure", {
      boxes: boxes.map(({ corners }) => corners),
      prompts: boxes.map(({ prompt }) => prompt),
      share: how.share,
    });
    return reply && reply.boxes.map(factsOf);
  }

  #stop() {
    this.cancel();
    this.hooks.note.show("Stopped.", () => this.find());
  }

  #end() {
    this.#progress.end();
    this.hooks.busy(false);
  }

  /** @param {AbortSignal} signal @param {number | null} choice */
  async #look(signal, choice) {
    const { hooks, session } = this;
    const { prompts, how } = hooks.question();
    if (!prompts.length) return hooks.found({ boxes: [], phrases: [] }, [], null);
    if (!(await this.#readReference(signal))) return;
    const reply = await session.inquire("detect", { prompts, ...how });
    if (!reply || signal.aborted) return;
    const own = hooks.own(prompts);
    const measured = own.length ? await this.measure(own) : [];
    await atRest(this.canvas); // what is drawn stays
    if (!measured || signal.aborted) return;
    const facts = new Map(own.map(({ id }, i) => [id, measured[i]]));
    const now = hooks.own(prompts); // some may have come meanwhile
    hooks.found(
      reply,
      now.map((box) => ({ ...box, ...facts.get(box.id) })),
      choice,
    );
  }

  /**
   * The other pictures are read a few at a time.
   *
   * @param {AbortSignal} signal
   * @returns {Promise<boolean>} false when something else is asked for
   */
  async #readReference(signal) {
    for (;;) {
      const { done, all, pictures } = await ask(this.session.server, "reference", {});
      if (signal.aborted) return false;
      this.pictures = pictures;
      if (done >= all) return true;
      this.#progress.update(done, all, `Reading ${done} of ${all} other pictures to measure phrases against`);
    }
  }
}

/** What is the box's own, but for its corners, which it has. @param {BoxFacts} measured @returns {BoxFacts} */
const factsOf = ({ score, contrast, baseline, percentile }) => ({ score, contrast, baseline, percentile });

/** Until no gesture is under way. @param {GestureSource} canvas */
async function atRest(canvas) {
  while (canvas.gestures.busy) {
    await new Promise((resolve) => ENDS.forEach((name) => canvas.addEventListener(name, resolve, { once: true })));
  }
}
