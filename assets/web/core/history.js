// Undo and redo over snapshots that nobody changes afterwards.

const MOST = 200;

/** @template Snapshot */
export class History {
  /** @type {Snapshot[]} */
  past = [];
  /** @type {Snapshot[]} */
  future = [];

  /** @param {Snapshot} snapshot */
  constructor(snapshot) {
    this.present = snapshot;
  }

  /** Forget everything and start from this snapshot. @param {Snapshot} snapshot */
  reset(snapshot) {
    this.past = [];
    this.present = snapshot;
    this.future = [];
  }

  /** Remember a new state; equal ones are not remembered twice. @param {Snapshot} snapshot */
  push(snapshot) {
    if (JSON.stringify(snapshot) === JSON.stringify(this.present)) return;
    this.past.push(this.present);
    if (this.past.length > MOST) this.past.shift();
    this.present = snapshot;
    this.future = [];
  }

  undo() {
    return this.#travel(this.past, this.future);
  }

  redo() {
    return this.#travel(this.future, this.past);
  }

  /**
   * @param {Snapshot[]} from
   * @param {Snapshot[]} to
   * @returns {Snapshot | null} what is there now; null where there is nowhere to go
   */
  #travel(from, to) {
    if (!from.length) return null;
    to.push(this.present);
    this.present = /** @type {Snapshot} */ (from.pop());
    return this.present;
  }
}
