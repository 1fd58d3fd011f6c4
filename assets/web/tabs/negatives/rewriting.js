// Where negatives come from: rules, a chat model, or somebody's own hand.

import { ask } from "../../core/api.js";

/**
 * @import {ProgressBar} from "../../core/notices.js"
 * @import {NegativesFunctions} from "../../core/wire.js"
 * @import {ModelReport, NegativesControls} from "./controls.js"
 * @import {Negative} from "./texts.js"
 */

/**
 * Negatives, and how they were made: from which attributes, null where nothing was rewritten, and by which model.
 *
 * @typedef {{negatives: Negative[], attributes: string[] | null, report: ModelReport | null}} Made
 */

/** @typedef {{text: string, kinds?: string[] | null}} Wrong a negative; what it gets wrong, where that is known */

const LOOK = 500; // ms between looks at how far a chat model is

export class Rewriter {
  /** @type {string | null} */
  #job = null; // of a chat model

  /**
   * @param {NegativesFunctions} server
   * @param {NegativesControls} controls
   * @param {ProgressBar} progress
   */
  constructor(server, controls, progress) {
    this.server = server;
    this.controls = controls;
    this.progress = progress;
  }

  /** Whether a chat model is at it. */
  get isWriting() {
    return this.#job !== null;
  }

  /** Rewrites of a caption, as the controls want them. @param {string} caption @returns {Promise<Made>} */
  async rewritten(caption) {
    const { byModel, wanted } = this.controls;
    const made = byModel ? await this.#written(caption) : await ask(this.server, "rewrite", { caption, ...wanted });
    const { negatives, attributes, replies, refused } = made;
    return { negatives, attributes, report: replies == null || !refused ? null : { replies, refused } };
  }

  /**
   * Negatives with the words that differ, and in what.
   *
   * @param {string} caption
   * @param {Wrong[]} wrong
   * @returns {Promise<Made>}
   */
  async compared(caption, wrong) {
    const texts = wrong.map(({ text }) => text);
    const known = texts.length ? (await ask(this.server, "differ", { caption, texts })).texts : [];
    const negatives = wrong.map(({ text, kinds }, i) => ({
      text,
      spans: known[i].spans,
      kinds: kinds ?? known[i].kinds,
    }));
    return { negatives, attributes: null, report: null };
  }

  /** The reply under way is the chat model's last. */
  end() {
    if (this.#job === null) return;
    ask(this.server, "rewrite_progress", { job: this.#job, end: true }).catch(() => {}); // it ends by itself, later
    this.#job = null;
    this.progress.start(`${this.controls.writer} ends with this reply`);
  }

  /**
   * Have a chat model write, however long it takes: how far it is is shown, and it can be stopped.
   *
   * @param {string} caption
   */
  async #written(caption) {
    const { wanted, writer } = this.controls;
    const job = `${Date.now()}-${Math.random()}`;
    this.#job = job;
    this.progress.start(`${writer} writes`, () => this.end());
    const watch = setInterval(async () => {
      const { done } = await ask(this.server, "rewrite_progress", { job }).catch(() => ({ done: null }));
      if (done !== null && this.#job === job) {
        this.progress.update(done, wanted.count, `${writer} writes: ${done} of ${wanted.count}`);
      }
    }, LOOK);
    try {
      return await ask(this.server, "rewrite", { caption, job, ...wanted });
    } finally {
      clearInterval(watch);
      if (this.#job === job) this.#job = null;
    }
  }
}
