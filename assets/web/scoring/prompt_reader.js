// Has prompts read by the server, with progress, a way to stop, and a way to go on.

/**
 * @import {FaultLine, ProgressBar} from "../core/notices.js"
 * @import {Prompt} from "./prompts.js"
 */

import { kindOf, messageOf } from "../core/api.js";
import { countText } from "../core/format.js";
import { Latest } from "../core/latest.js";

/**
 * @typedef {object} ReadingSession
 * @property {string | null} token of the open picture
 * @property {(prompts: Prompt[], options: {signal: AbortSignal,
 *   progress: (done: number, prompts: Prompt[]) => unknown}) => Promise<unknown>} read
 */

/**
 * @typedef {object} ReaderHooks
 * @property {() => Prompt[]} waiting the prompts without facts
 * @property {(prompts: Prompt[]) => unknown} arrived after each answer
 * @property {() => unknown} settle boxes may be scored with what is read
 */

export class Reader {
  #latest = new Latest();
  #busy = false;

  /**
   * @param {ReadingSession} session asks the server
   * @param {{progress: ProgressBar, promptFault: FaultLine}} parts of the layout
   * @param {ReaderHooks} hooks
   */
  constructor(session, { progress, promptFault }, hooks) {
    this.session = session;
    this.progress = progress;
    this.fault = promptFault;
    this.hooks = hooks;
  }

  async read() {
    const { session, progress, fault } = this;
    const signal = this.#latest.begin();
    const waiting = this.hooks.waiting();
    if (!session.token) return;
    if (!waiting.length) {
      if (this.#busy) this.#end();
      return;
    }
    this.#busy = true;
    fault.clear();
    progress.start(reading(waiting.length), () => this.#stop());
    try {
      await session.read(waiting, {
        signal,
        progress: (done, chunk) => this.#advance(done, waiting.length, chunk),
      });
    } catch (error) {
      if (!signal.aborted) fault.show(messageOf(error), () => this.read(), { kind: kindOf(error) });
    }
    if (!signal.aborted) this.#end();
  }

  /** @param {number} done @param {number} total @param {Prompt[]} chunk */
  #advance(done, total, chunk) {
    this.progress.update(done, total, `Read ${countText(done)} of ${countText(total)} prompts`);
    this.hooks.arrived(chunk);
    if (done === chunk.length) this.hooks.settle(); // the first ones at once
  }

  #stop() {
    this.#latest.cancel();
    const left = this.hooks.waiting().length;
    if (left) this.fault.show(`Stopped with ${countText(left)} prompts unread.`, () => this.read());
    this.#end();
  }

  #end() {
    this.#busy = false;
    this.progress.end();
    this.hooks.settle();
  }
}

/** @param {number} count */
const reading = (count) => (count > 1 ? `Reading ${countText(count)} prompts` : "Reading the prompt");
