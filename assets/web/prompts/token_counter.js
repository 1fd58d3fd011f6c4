// Tokens of a text while one types it, before anything is cut.

/** @import {TokenCount} from "../core/wire.js" */

import { Latest } from "../core/latest.js";
import { writeTokens } from "./prompt_row.js";

const PAUSE = 150; // ms of quiet before a text is counted

export class TokenCounter {
  latest = new Latest();
  /** @type {number | undefined} */
  timer = undefined;

  /** @param {(text: string, route: string) => Promise<TokenCount | null>} count null where nobody answers */
  constructor(count) {
    this.count = count;
  }

  /**
   * Say how many tokens a text has, soon; nothing of an empty one.
   *
   * @param {string} text
   * @param {string} route
   * @param {HTMLElement} place
   */
  show(text, route, place) {
    clearTimeout(this.timer);
    const signal = this.latest.begin();
    if (text.trim()) this.timer = setTimeout(() => this.#ask(text, route, place, signal), PAUSE);
    else place.textContent = "";
  }

  /**
   * @param {string} text
   * @param {string} route
   * @param {HTMLElement} place
   * @param {AbortSignal} signal
   */
  async #ask(text, route, place, signal) {
    const facts = await this.count(text, route);
    if (facts && !signal.aborted) writeTokens(place, facts, { long: true });
  }
}
