// The one point of a map that is looked at.

import { ask } from "../../core/api.js";
import { Latest } from "../../core/latest.js";
import { showTab, tell } from "../../core/navigation.js";
import { middleOf } from "../../plot/frames.js";
import { nextDot } from "../../plot/keyboard_steps.js";

/** @import {Told} from "../../core/api.js" */
/** @import {CaptionedPoint, MapTab, OpenedMap, PointFacts} from "../../core/wire.js" */
/** @import {Place} from "../../plot/frames.js" */

const ON = 0.4; // of the view, by which it moves towards dots that are not in sight

export class MapPoint {
  /** @type {OpenedMap|null} */
  run = null;
  /** @type {PointFacts|null} */
  chosen = null;
  #choosing = new Latest();
  #isChoosing = false; // one is asked for
  /** @type {Map<number, string>} words of dots */
  #known = new Map();

  /**
   * @param {MapTab} server
   * @param {object} beside
   * @param {import("./seen.js").MapSeen} beside.seen
   * @param {import("./side.js").MapSide} beside.side
   * @param {Told} beside.told does something, and says what goes wrong
   * @param {() => void} changed another one is looked at, or none
   */
  constructor(server, { seen, side, told }, changed) {
    this.server = server;
    this.seen = seen;
    this.side = side;
    this.told = told;
    this.changed = changed;
  }

  /**
   * Another map, or none.
   *
   * @param {OpenedMap|null} run
   */
  open(run) {
    this.#choosing.cancel();
    this.#isChoosing = false;
    this.run = run;
    this.chosen = null;
    this.#known = new Map();
    this.side.showPoint(null);
  }

  /**
   * @param {number} owner
   * @param {{still?: boolean}} how whether the view stays where it is
   */
  async choose(owner, { still = false } = {}) {
    const { run } = this;
    if (!run) return;
    const signal = this.#choosing.begin();
    this.#isChoosing = true;
    const well = await this.told(async () => {
      const about = await ask(this.server, "about", { map: run.id, owner });
      if (signal.aborted) return; // another was chosen meanwhile
      this.chosen = about;
      this.side.showPoint(about);
      if (about.place && !still) await this.seen.plot.reveal(about.place);
      if (signal.aborted) return;
      this.#isChoosing = false;
      this.seen.plot.show({ chosen: about.place });
      this.changed();
    });
    if (well || signal.aborted) return;
    this.#isChoosing = false;
    this.seen.plot.show({ chosen: this.chosen?.place ?? null }); // a step may have moved the ring
  }

  /**
   * To the nearest dot, at first to the one in the middle; where none is in sight, the view moves on.
   *
   * @param {Place} direction
   */
  stepDot(direction) {
    const { view, plot } = this.seen;
    if (!view || !plot.frame) return null;
    const { owners, x, y } = view;
    const from = plot.parts.chosen;
    const [start, way] = from ? [from, direction] : [middleOf(plot.frame), null];
    const dot = nextDot(start, way, owners.length, (row) => [x[row], y[row]]);
    if (dot < 0) return this.seen.isWhole ? null : plot.move([direction[0] * ON, direction[1] * ON]);
    plot.show({ chosen: [x[dot], y[dot]] }); // before it is told, so that quick steps go on from there
    return this.choose(owners[dot]);
  }

  /**
   * Words for a dot.
   *
   * @param {number} owner
   */
  async caption(owner) {
    const known = this.#known; // of this map, should another be opened meanwhile
    const told = known.get(owner);
    if (told !== undefined || !this.run) return told ?? "";
    try {
      const { caption } = await ask(this.server, "about", { map: this.run.id, owner });
      known.set(owner, caption);
      return caption;
    } catch {
      return ""; // a hint at the pointer; a click tells what is amiss
    }
  }

  /** @param {CaptionedPoint[]} items whose words need not be asked for */
  know(items) {
    for (const { owner, caption } of items) this.#known.set(owner, caption);
  }

  letGo() {
    if (!this.chosen && !this.#isChoosing) return;
    this.forget();
    this.changed();
  }

  /** It makes room for others. */
  forget() {
    this.#choosing.cancel();
    this.#isChoosing = false;
    this.chosen = null;
    this.side.showPoint(null);
    this.seen.plot.show({ chosen: null });
  }

  openInProbe() {
    this.#openIn("probe", "fx-open");
  }

  openInNegatives() {
    this.#openIn("negatives", "fx-negatives");
  }

  /**
   * Another tab takes the picture of the point, its box there and what is said of it.
   *
   * @param {string} tab
   * @param {string} message
   */
  #openIn(tab, message) {
    if (!this.chosen) return;
    const { picture, regions, owner, kind } = this.chosen;
    const region = kind === "region" ? regions.find(({ id }) => id === owner) : null;
    showTab(tab, { leaving: true });
    tell(message, { picture, box: region?.box, phrase: region?.phrase });
  }
}
