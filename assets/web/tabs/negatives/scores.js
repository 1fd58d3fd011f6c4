// Cosines of the texts: the page's own at once, then the model's, then what each word of the caption is worth.

import { ask } from "../../core/api.js";
import { Latest } from "../../core/latest.js";

/**
 * @import {Corners} from "../../core/corners.js"
 * @import {Session} from "../../scoring/session.js"
 * @import {Route} from "../../core/routes.js"
 * @import {NegativesTab, WordWeight} from "../../core/wire.js"
 * @import {Values} from "./routes.js"
 * @import {NegativesTexts} from "./texts.js"
 */

/** Whom the tab asks. @typedef {Session<NegativesTab>} Asking */

/**
 * What asks about the open picture.
 *
 * @typedef {Pick<Asking, "token" | "scorer" | "server" | "score">} PictureSession
 */

/**
 * @typedef {object} ScoreHooks
 * @property {() => {corners: Corners} | null} box that is chosen
 * @property {() => unknown} measured
 * @property {(caption: string, words: WordWeight[]) => unknown} weighed
 */

const REST = 250; // ms after which words are weighed

export class NegativesScores {
  /** @type {Values} */
  #exact = {}; // with a box, as the model itself gives them; the page's own are of half precision
  #latest = new Latest();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #resting;

  /**
   * @param {PictureSession} session
   * @param {NegativesTexts} texts
   * @param {Route[]} routes
   * @param {ScoreHooks} hooks
   */
  constructor(session, texts, routes, hooks) {
    this.session = session;
    this.texts = texts;
    this.routes = routes;
    this.hooks = hooks;
  }

  /** Cosine of each text by each route. @param {{live: boolean}} how live: while a box is dragged @returns {Values} */
  values({ live }) {
    const corners = this.hooks.box()?.corners ?? null;
    const own = this.routes.map((route) => [route, this.texts.values(route, corners, this.session.scorer)]);
    return { ...Object.fromEntries(own), ...(live ? {} : this.#exact) };
  }

  /** Something else is asked for: what is known of the model's own cosines does not hold any more. */
  reset() {
    this.#latest.cancel();
    this.#exact = {};
    clearTimeout(this.#resting);
  }

  /**
   * Everything rests: unread texts are read, scores taken from the model itself, words weighed.
   *
   * @param {Route} route the chosen one comes first
   */
  async take(route) {
    const { signal } = this.#latest;
    for (const routes of [[route], this.routes]) {
      await this.texts.read(routes);
      if (!signal.aborted) await this.#measure(routes, signal);
      if (signal.aborted) return;
    }
    this.#resting = setTimeout(() => this.#weigh(route, signal), REST);
  }

  /** @param {Route[]} routes @param {AbortSignal} signal */
  async #measure(routes, signal) {
    const box = this.hooks.box();
    if (box) {
      const prompts = routes.flatMap((route) => this.texts.prompts(route));
      const reply = await this.session.score([box], prompts);
      if (signal.aborted || !reply) return;
      const [cosines] = reply.region;
      const count = this.texts.rows.length;
      this.#exact = Object.fromEntries(routes.map((route, i) => [route, cosines.slice(i * count, (i + 1) * count)]));
    }
    this.hooks.measured();
  }

  /** @param {Route} route @param {AbortSignal} signal */
  async #weigh(route, signal) {
    const { token, server } = this.session;
    const { caption } = this.texts;
    if (token === null) return;
    const box = this.hooks.box()?.corners ?? null;
    const weighing = ask(server, "weigh", { token, caption, route, box });
    const { words } = await weighing.catch(() => ({ words: [] })); // a hint; the scores say what is amiss
    if (!signal.aborted) this.hooks.weighed(caption, words);
  }
}
