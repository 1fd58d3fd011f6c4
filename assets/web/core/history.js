// Undo and redo over snapshots that nobody changes afterwards.

const MOST = 200;

export class History {
  constructor(snapshot) {
    this.reset(snapshot);
  }

  /** Forget everything and start from this snapshot. */
  reset(snapshot) {
    this.past = [];
    this.present = snapshot;
    this.future = [];
  }

  /** Remember a new state; equal ones are not remembered twice. */
  push(snapshot) {
    if (JSON.stringify(snapshot) === JSON.stringify(this.present)) return;
    this.past.push(this.present);
    if (this.past.length > MOST) this.past.shift();
    this.present = snapshot;
    this.future = [];
  }

  undo() {
    if (!this.past.length) return null;
    this.future.push(this.present);
    this.present = this.past.pop();
    return this.present;
  }

  redo() {
    if (!this.future.length) return null;
    this.past.push(this.present);
    this.present = this.future.pop();
    return this.present;
  }
}
