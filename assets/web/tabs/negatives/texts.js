// The true caption and its negatives, and what the model made of each by every route.

import { Latest } from "../../core/latest.js";

/**
 * @import {Corners} from "../../core/corners.js"
 * @import {PromptFacts} from "../../scoring/prompts.js"
 * @import {Scorer} from "../../scoring/roi_scores.js"
 * @import {Session} from "../../scoring/session.js"
 */

/**
 * A text, what it gets wrong, where that is known, and where it differs from the true caption, in characters.
 *
 * @typedef {{text: string, kinds: string[] | null, spans: [start: number, end: number][]}} Negative
 */

/** What the model made of a text. @typedef {Record<string, PromptFacts | undefined>} Read by route */

/** The true caption, or a negative of it. @typedef {Negative & {read: Read}} TextRow */

/** @typedef {{text: string, route: string, facts: PromptFacts | null}} RoutedText */

/** What reads texts against the open picture: it fills in their facts. @typedef {Pick<Session, "read">} TextReader */

export class NegativesTexts {
  /** @type {TextRow[]} */
  rows = [];
  #picture = new Latest();
  /** @type {Promise<unknown>} */
  #queue = Promise.resolve();

  /**
   * @param {TextReader} reader
   * @param {(done: number, all: number) => unknown} arrived more texts are read
   */
  constructor(reader, arrived) {
    this.reader = reader;
    this.arrived = arrived;
  }

  get caption() {
    return this.rows[0]?.text ?? "";
  }

  get negatives() {
    return this.rows.slice(1);
  }

  /**
   * What is read already stays read.
   *
   * @param {string} caption
   * @param {Negative[]} negatives
   */
  set(caption, negatives) {
    const known = new Map(this.rows.map((row) => [row.text, row.read]));
    const all = caption ? [{ text: caption, kinds: [], spans: [] }, ...negatives] : [];
    this.rows = all.map((each) => ({ ...each, read: known.get(each.text) ?? {} }));
  }

  /** What an undo step remembers. @returns {Negative[]} */
  get snapshot() {
    return this.rows.map(({ text, kinds, spans }) => ({ text, kinds, spans }));
  }

  /** A caption and its negatives as a snapshot has them. @param {Negative[]} snapshot */
  restore([caption, ...negatives]) {
    this.set(caption?.text ?? "", negatives);
  }

  /** A negative in place of another. @param {TextRow} row @param {TextRow} negative */
  replace(row, negative) {
    this.rows = this.rows.map((each) => (each === row ? negative : each));
  }

  /** @param {TextRow} negative */
  append(negative) {
    this.rows = [...this.rows, negative];
  }

  /** @param {TextRow} row */
  remove(row) {
    this.rows = this.rows.filter((each) => each !== row);
  }

  /**
   * Have a text read before it has a row.
   *
   * @param {string} text
   * @param {string} route
   * @returns {Promise<Read>}
   */
  async ahead(text, route) {
    /** @type {RoutedText} */
    const asked = { text, route, facts: null };
    await this.reader.read([asked], { progress: () => {}, signal: this.#picture.signal });
    return asked.facts ? { [route]: asked.facts } : {};
  }

  /** Another picture: nothing is read against it yet. */
  forget() {
    this.#picture.cancel();
    for (const row of this.rows) row.read = {};
  }

  /** @param {string} route */
  prompts(route) {
    return this.rows.map(({ text }) => ({ text, route }));
  }

  /**
   * Have texts read that are not yet, by these routes; what is under way is waited for, and not asked twice.
   *
   * @param {string[]} routes
   */
  read(routes) {
    const reading = this.#queue.then(() => this.#read(routes));
    this.#queue = reading.catch(() => {}); // told to who asked
    return reading;
  }

  /** @param {string[]} routes */
  async #read(routes) {
    const rowOf = new Map(
      routes.flatMap((route) =>
        this.rows
          .filter(({ read }) => !read[route])
          .map((row) => [/** @type {RoutedText} */ ({ text: row.text, route, facts: null }), row]),
      ),
    );
    if (!rowOf.size) return;
    await this.reader.read([...rowOf.keys()], {
      signal: this.#picture.signal,
      progress: (done, chunk) => {
        for (const asked of chunk) {
          const row = rowOf.get(asked);
          if (row && asked.facts) row.read[asked.route] = asked.facts;
        }
        this.arrived(done, rowOf.size);
      },
    });
  }

  /**
   * Cosine of each text with a box, or with the whole picture; NaN while it is not read.
   *
   * @param {string} route
   * @param {Corners | null} box
   * @param {Scorer | null} scorer of the open picture
   */
  values(route, box, scorer) {
    const facts = this.rows.map(({ read }) => read[route]);
    if (!box) return facts.map((each) => each?.picture ?? NaN);
    const products = facts.flatMap((each) => (each ? [each.product] : []));
    const scores = scorer && products.length ? scorer.score(box, products) : [];
    let next = 0;
    return facts.map((each) => (each ? scores[next++] : NaN));
  }
}
