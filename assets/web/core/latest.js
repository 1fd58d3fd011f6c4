// The one guard against late answers: of several questions, only what the latest one brings counts.

export class Latest {
  #controller = new AbortController();

  /** Of what is asked for now: `aborted` once something else is asked for, or nothing any more. */
  get signal() {
    return this.#controller.signal;
  }

  /**
   * Ask for something new: answers to what was asked before come too late.
   *
   * @returns {AbortSignal} keep it over an `await`, and drop the answer once it is `aborted`
   */
  begin() {
    this.cancel();
    return this.signal;
  }

  /** What was asked for is not wanted any more. */
  cancel() {
    this.#controller.abort();
    this.#controller = new AbortController();
  }
}
