// Has prompts read by the server, with progress, a way to stop, and a way to go on.

import { countText } from "../core/format.js";

export class Reader {
  /**
   * @param session asks the server
   * @param parts of the layout: progress and promptFault
   * @param {{waiting: Function, arrived: Function, settle: Function}} hooks
   *   waiting() gives the prompts without facts; arrived(prompts) after each answer; settle() when
   *   boxes may be scored with them
   */
  constructor(session, parts, hooks) {
    Object.assign(this, { session, parts, hooks });
    this.current = null; // AbortController of the reading under way
  }

  async read() {
    const { session, parts, hooks } = this;
    this.current?.abort();
    const waiting = hooks.waiting();
    if (!session.token) return;
    if (!waiting.length) {
      if (this.current) parts.progress.end();
      return;
    }
    const stop = new AbortController();
    this.current = stop;
    parts.promptFault.clear();
    parts.progress.start(all(waiting.length), () => this.#stop(stop));
    try {
      await session.read(waiting, {
        signal: stop.signal,
        progress: (done, chunk) => this.#advance(done, waiting.length, chunk),
      });
    } catch (fault) {
      if (this.current === stop) parts.promptFault.show(fault.message, () => this.read(), fault);
    }
    if (this.current !== stop) return;
    this.current = null;
    parts.progress.end();
    hooks.settle();
  }

  #advance(done, total, chunk) {
    this.parts.progress.update(done, total, `Read ${countText(done)} of ${countText(total)} prompts`);
    this.hooks.arrived(chunk);
    if (done === chunk.length) this.hooks.settle(); // the first ones at once
  }

  #stop(stop) {
    stop.abort();
    if (this.current === stop) this.current = null;
    this.parts.progress.end();
    const left = this.hooks.waiting().length;
    if (left) this.parts.promptFault.show(`Stopped with ${countText(left)} prompts unread.`, () => this.read());
    this.hooks.settle();
  }
}

const all = (count) => (count > 1 ? `Reading ${countText(count)} prompts` : "Reading the prompt");
