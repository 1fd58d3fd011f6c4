// Arrow keys make one change of a box until they pause.

const PAUSE = 250; // ms without an arrow key after which a nudge is over

/** @template Box */
export class Nudge {
  /** @type {Box | null} the box that is being moved */
  #box = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #finished;

  /** @param {(box: Box) => void} finished */
  constructor(finished) {
    this.#finished = finished;
  }

  /** A box has been moved by a key. @param {Box} box */
  press(box) {
    clearTimeout(this.#timer);
    this.#box = box;
    this.#timer = setTimeout(() => this.finish(), PAUSE);
  }

  /** It ends now. */
  finish() {
    const box = this.#box;
    this.forget();
    if (box) this.#finished(box);
  }

  /** It ends without a word. */
  forget() {
    clearTimeout(this.#timer);
    this.#box = null;
  }
}
