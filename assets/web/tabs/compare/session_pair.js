// Two models that are asked the same.

import { Session } from "../../scoring/session.js";

/** @import {Route} from "../../core/routes.js" */
/** @import {CompareTab} from "../../core/wire.js" */
/** @import {Prompt, PromptFacts, ScoredBox} from "../../scoring/prompts.js" */
/** @import {OpenPicture, PictureServer, Source, Upload} from "../../scoring/session.js" */

/** @typedef {OpenPicture & {second: OpenPicture}} OpenPair a picture as the first model opened it, and as the second */

const FIRST = 16; // prompts that are read first: something to look at soon
const CHUNK = 96;

/** The same questions to both models, as far as the parts of a tab ask them of one. */
export class SessionPair {
  /** @type {Map<File, ReturnType<Upload>|null>} files that are being opened, and how each is sent: once for both */
  #sent = new Map();
  /** @type {WeakMap<Prompt, PromptFacts>} the second model's; the first's are the prompts' own */
  #others = new WeakMap();

  /**
   * @param {CompareTab} server functions of the component; the second model's begin with `other_`
   * @param {Upload} upload
   * @param {Route[][]} routes that training gave each model
   */
  constructor(server, upload, routes) {
    /** @type {Upload} */
    const once = (file) => {
      if (!this.#sent.has(file)) return upload(file); // opened again by one of them
      const sent = this.#sent.get(file) ?? upload(file);
      this.#sent.set(file, sent);
      return sent;
    };
    /** @type {PictureServer} */
    const other = {
      open: (question) => server.other_open(question),
      read: (question) => server.other_read(question),
      score: (question) => server.other_score(question),
      count: (question) => server.count(question),
      display: (question) => server.display(question),
    };
    this.server = server;
    this.both = [new Session(server, once, routes[0]), new Session(other, once, routes[1])];
  }

  get token() {
    return this.both[0].token;
  }

  /**
   * @param {Source} source
   * @returns {Promise<OpenPair>}
   */
  async open(source) {
    const [first, second] = this.both;
    if (source.file) this.#sent.set(source.file, null);
    try {
      return { ...(await first.open(source)), second: await second.open(source) };
    } finally {
      if (source.file) this.#sent.delete(source.file);
    }
  }

  /**
   * @param {Source} source
   * @param {OpenPair} opened
   */
  accept(source, opened) {
    this.both[0].accept(source, opened);
    this.both[1].accept(source, opened.second);
    this.#others = new WeakMap();
  }

  /** @param {OpenPicture} opened */
  display(opened) {
    return this.both[0].display(opened);
  }

  /**
   * @param {string} text
   * @param {string} route
   */
  count(text, route) {
    return this.both[0].count(text, route);
  }

  /**
   * What a model found of a prompt; null until it has read it.
   *
   * @param {Prompt} prompt
   * @param {number} model
   */
  factsOf(prompt, model) {
    return model ? (this.#others.get(prompt) ?? null) : prompt.facts;
  }

  /**
   * Whether both have read a prompt.
   *
   * @param {Prompt} prompt
   */
  hasRead(prompt) {
    return prompt.facts !== null && this.#others.has(prompt);
  }

  /**
   * Have prompts read by both.
   *
   * @param {Prompt[]} prompts
   * @param {{progress: (done: number, prompts: Prompt[]) => unknown, signal: AbortSignal}} options
   */
  async read(prompts, { progress, signal }) {
    let end = 0;
    while (end < prompts.length && !signal.aborted) {
      const chunk = prompts.slice(end, end + (end ? CHUNK : FIRST));
      /** @type {Prompt[]} */
      const twins = chunk.map((prompt) => ({ ...prompt, facts: null }));
      const quiet = { progress: () => {}, signal };
      await Promise.all([this.both[0].read(chunk, quiet), this.both[1].read(twins, quiet)]);
      if (signal.aborted || !this.#keep(chunk, twins)) return; // of another picture by now
      end += chunk.length;
      progress(end, chunk);
    }
  }

  /**
   * Region cosines of one box with prompts, by each model: two lists; null for another picture's.
   *
   * @param {ScoredBox} box
   * @param {Prompt[]} prompts
   */
  async score(box, prompts) {
    const replies = await Promise.all(this.both.map((session) => session.score([box], prompts)));
    const regions = replies.flatMap((reply) => (reply ? [reply.region[0]] : []));
    return regions.length === this.both.length ? regions : null;
  }

  /**
   * Keep what the second model found of prompts.
   *
   * @param {Prompt[]} prompts
   * @param {Prompt[]} twins that it read
   * @returns {boolean} whether it read them all
   */
  #keep(prompts, twins) {
    const found = twins.flatMap(({ facts }) => facts ?? []);
    if (found.length < prompts.length) return false;
    prompts.forEach((prompt, i) => this.#others.set(prompt, found[i]));
    return true;
  }
}
