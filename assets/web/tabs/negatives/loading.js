// Texts that are on their way: what a caption and its negatives become, and what is typed in place of one.

import { Fault } from "../../core/api.js";
import { Latest } from "../../core/latest.js";

/**
 * @import {NegativesControls} from "./controls.js"
 * @import {Rewriter, Wrong} from "./rewriting.js"
 * @import {NegativesRows} from "./rows.js"
 * @import {NegativesTexts, TextRow} from "./texts.js"
 */

/**
 * @typedef {object} LoaderParts
 * @property {Rewriter} rewriter
 * @property {NegativesTexts} texts
 * @property {NegativesControls} controls
 * @property {NegativesRows} rows
 */

/**
 * @typedef {object} LoaderHooks
 * @property {(act: () => unknown) => Promise<boolean>} reported does something, and says what goes wrong
 * @property {() => string} route that is chosen
 * @property {(route?: string) => unknown} loaded there are other texts; the route is chosen where it is given
 */

export class TextLoader {
  #latest = new Latest();

  /** @param {LoaderParts} parts @param {LoaderHooks} hooks */
  constructor({ rewriter, texts, controls, rows }, hooks) {
    this.rewriter = rewriter;
    this.texts = texts;
    this.controls = controls;
    this.rows = rows;
    this.hooks = hooks;
  }

  /**
   * A caption and its negatives; these are made where none are given.
   *
   * @param {string} caption
   * @param {Wrong[] | null} wrong
   * @param {string} route
   */
  async load(caption, wrong, route) {
    const signal = this.drop();
    this.controls.caption.value = caption;
    this.rows.wait(true);
    try {
      const made = await (wrong ? this.rewriter.compared(caption, wrong) : this.rewriter.rewritten(caption));
      if (signal.aborted) return; // another caption is looked at by now
      this.texts.set(caption, made.negatives);
      this.controls.report(caption, made.negatives.length, made.attributes, made.report);
    } finally {
      if (!signal.aborted) this.rows.wait(false);
    }
    this.hooks.loaded(route);
  }

  /** What is being loaded comes for nothing. */
  drop() {
    this.rewriter.end();
    return this.#latest.begin();
  }

  /** Rewrites of what is written in the field. */
  rewrite() {
    return this.hooks.reported(() => this.load(this.controls.caption.value.trim(), null, this.hooks.route()));
  }

  /** Only this text is read anew. @param {TextRow} row @param {string} text */
  edit(row, text) {
    const { rows, negatives } = this.texts;
    if (row !== rows[0]) return this.#put(text, (negative) => this.texts.replace(row, negative));
    const wrong = negatives.map((each) => ({ text: each.text }));
    return this.hooks.reported(() => this.load(text, wrong, this.hooks.route()));
  }

  /** A negative of the reader's own. @param {string} text */
  add(text) {
    return this.#put(text, (row) => this.texts.append(row));
  }

  /** @param {string} text @param {(row: TextRow) => unknown} put */
  #put(text, put) {
    return this.hooks.reported(async () => {
      if (this.texts.rows.some((row) => row.text === text)) throw new Fault(`“${text}” is there already.`);
      const { signal } = this.#latest;
      const [made, read] = await Promise.all([
        this.rewriter.compared(this.texts.caption, [{ text }]),
        this.texts.ahead(text, this.hooks.route()),
      ]);
      if (signal.aborted) return; // another caption is looked at by now
      const [negative] = made.negatives;
      const kinds = negative.kinds ?? [];
      put({ ...negative, kinds: kinds.length === 1 || kinds.length === 2 ? kinds : ["own"], read });
      this.hooks.loaded();
    });
  }
}
