// Two maps of the same things, B's laid over A's; what is chosen or circled on one shows on the other.

import { ask, telling } from "../../../core/api.js";
import { make } from "../../../core/dom.js";
import { Latest } from "../../../core/latest.js";
import { fault } from "../../../core/notices.js";
import { AlignedMaps } from "./aligned.js";
import { isKind, isMeasure, KINDS, MapControls } from "./map_controls.js";
import { MapMaker } from "./map_maker.js";
import { MapPair } from "./map_pair.js";
import { whoseOf } from "./neighbours.js";
import { CompareSide, SHOWN } from "./side.js";

/** @import {CompareTab} from "../../../core/wire.js" */
/** @import {Place} from "../../../plot/frames.js" */
/** @import {CompareLink} from "../address.js" */
/** @import {Measure} from "./aligned.js" */
/** @import {Kind} from "./map_controls.js" */
/** @import {Whose} from "./neighbours.js" */
/** @import {OpenPoint} from "../texts.js" */
/** @import {Point} from "./side.js" */

export class CompareMaps {
  /** @type {Kind} */
  kind = "region";
  /** @type {Measure} */
  #colour = "overlap";
  /** @type {AlignedMaps|null} */
  #laid = null;
  /** @type {number|null} row of the chosen dot, or of the one that is asked for */
  #at = null;
  /** @type {Point|null} */
  #point = null;
  /** @type {number|null} owner that is chosen once the maps are there */
  #wanted = null;
  /** @type {number[]} rows */
  #circled = [];
  /** @type {Map<number, string>} of what is circled, by owner */
  #captions = new Map();
  #showing = new Latest();
  #choosing = new Latest();
  #circling = new Latest();
  #note = fault();
  #told = telling(this.#note);

  /**
   * @param {CompareTab} server
   * @param {string[]} names of the models
   * @param {{open: OpenPoint, changed: () => void}} acts
   */
  constructor(server, names, acts) {
    this.server = server;
    this.acts = acts;
    this.controls = new MapControls({
      kind: (kind) => this.#setKind(kind),
      colour: (colour) => this.#setColour(colour),
      circle: () => this.circle(),
      fit: () => this.fit(),
    });
    this.maker = new MapMaker(server, this.#told, () => this.show());
    this.side = new CompareSide(names, {
      choose: (owner) => this.#choose(owner),
      open: acts.open,
      letGo: () => this.#circle([]),
      point: (owner) => this.pair.point(owner === null ? null : (this.#laid?.rowOf.get(owner) ?? null)),
    });
    this.pair = new MapPair(names, {
      caption: (owner) => this.#captionOf(owner),
      kind: () => this.kind,
      clicked: (row) => this.#laid && this.#choose(this.#laid.owners[row]),
      circled: (rows) => this.#circle(rows),
      isListed: () => this.side.element.querySelector(".fx-item:hover") !== null,
    });
    this.element = make(
      "div",
      { class: "fx-compare-maps", hidden: true },
      ...[this.controls.element, this.maker.line.element, this.#note.element, this.maker.element],
      make("div", { class: "fx-compare-both" }, ...this.pair.frames, this.side.element),
    );
  }

  /** Its part of the address. */
  get link() {
    return {
      kind: this.kind === "region" ? null : this.kind,
      colour: this.#colour === "overlap" ? null : this.#colour,
      point: this.#point?.owner ?? this.#wanted,
    };
  }

  /** @param {Pick<Partial<CompareLink>, "kind"|"colour"|"point">} link */
  restore({ kind, colour, point }) {
    if (isKind(kind)) this.kind = kind;
    if (isMeasure(colour)) this.#colour = colour;
    this.#wanted = point ?? null;
    this.controls.kinds.value = this.kind;
    this.controls.colours.value = this.#colour;
  }

  show() {
    return this.#told(async () => {
      const signal = this.#showing.begin();
      const { maps } = await ask(this.server, "compared", {});
      if (signal.aborted) return;
      if (!maps.includes(this.kind)) {
        this.#absent();
        return;
      }
      const reply = await ask(this.server, "aligned", { kind: this.kind });
      if (signal.aborted) return;
      this.#take(new AlignedMaps(reply));
      await this.pair.open(this.#parts);
      this.element.dataset.ready = "true";
      if (this.#wanted !== null) await this.#choose(this.#wanted);
      this.#wanted = null;
    });
  }

  /** Circle on the maps, or move them again. */
  circle() {
    if (this.#laid) this.#setTool(this.pair.tool === "lasso" ? "pan" : "lasso");
  }

  fit() {
    if (this.#laid) this.pair.fit();
  }

  /**
   * To the nearest dot of A's map in a direction.
   *
   * @param {Place} direction
   */
  step(direction) {
    const row = this.#laid && this.pair.step(direction);
    return this.#laid && row !== null ? this.#choose(this.#laid.owners[row]) : null;
  }

  /** First of what is circled, then of the chosen dot. */
  letGo() {
    if (this.#circled.length) return this.#circle([]);
    if (this.#at === null) return null;
    this.#forgetPoint();
    this.pair.show(this.#parts);
    this.#showSide();
    return this.acts.changed();
  }

  // --- what there is ---

  /** What is drawn. */
  get #parts() {
    const laid = this.#laid;
    /** @type {Map<number, Whose>} */
    const near = new Map();
    for (const [owner, whose] of this.#point ? whoseOf(this.#point.near) : []) {
      const row = laid?.rowOf.get(owner);
      if (row !== undefined) near.set(row, whose);
    }
    return { laid, colour: this.#colour, circled: this.#circled, chosen: this.#at, near };
  }

  /** @param {AlignedMaps} laid */
  #take(laid) {
    const circled = this.#circled.flatMap((row) => this.#laid?.owners[row] ?? []);
    this.#laid = laid;
    this.#circled = circled.flatMap((owner) => laid.rowOf.get(owner) ?? []);
    if (this.#point) this.#wanted ??= this.#point.owner; // its row may be another
    this.#forgetPoint();
    this.#showControls();
    this.#showSide();
  }

  #forgetPoint() {
    this.#choosing.cancel();
    this.#point = null;
    this.#at = null;
  }

  /** There are no two maps of the kind. */
  #absent() {
    this.#laid = null;
    this.maker.teach(this.kind, KINDS[this.kind]);
    this.#showControls();
  }

  #showControls() {
    const laid = this.#laid;
    this.controls.show(laid, this.kind, this.#colour);
    this.maker.element.hidden = laid !== null;
    for (const part of [...this.pair.frames, this.side.element]) part.hidden = laid === null;
  }

  // --- controls ---

  /** @param {Kind} kind */
  #setKind(kind) {
    this.kind = kind;
    this.#circling.cancel();
    this.#forgetPoint();
    this.#laid = this.#wanted = null;
    this.#circled = [];
    this.show();
    this.acts.changed();
  }

  /** @param {Measure} colour */
  #setColour(colour) {
    this.#colour = colour;
    if (this.#laid) this.#showControls();
    this.pair.show(this.#parts);
    this.acts.changed();
  }

  /** @param {"pan"|"lasso"} tool */
  #setTool(tool) {
    this.controls.mark(tool);
    this.pair.setTool(tool);
  }

  // --- what is circled and chosen ---

  #showSide() {
    const [laid, kind] = [this.#laid, this.kind];
    if (laid) this.side.show({ kind, laid, point: this.#point, circled: this.#circled, captions: this.#captions });
  }

  /** @param {number[]} rows */
  #circle(rows) {
    const [laid, kind] = [this.#laid, this.kind];
    const signal = this.#circling.begin();
    if (!laid) return null;
    this.#circled = laid.byDrift(rows);
    this.#captions = new Map();
    this.#setTool("pan");
    this.pair.clearSelection();
    this.pair.show(this.#parts);
    this.#showSide();
    if (!rows.length) return null;
    const owners = this.#circled.slice(0, SHOWN).map((row) => laid.owners[row]);
    return this.#told(async () => {
      const { captions } = await ask(this.server, "captions", { kind, owners });
      if (signal.aborted) return; // others are circled by now
      this.#captions = new Map(owners.map((owner, i) => [owner, captions[i]]));
      this.#showSide();
    });
  }

  /**
   * A hint at the pointer; a click tells what is amiss.
   *
   * @param {number} owner
   */
  async #captionOf(owner) {
    try {
      const { captions } = await ask(this.server, "captions", { kind: this.kind, owners: [owner] });
      return captions[0];
    } catch {
      return "";
    }
  }

  /** @param {number} owner */
  async #choose(owner) {
    const [laid, kind] = [this.#laid, this.kind];
    const row = laid?.rowOf.get(owner);
    if (!laid) return;
    if (row === undefined) {
      this.#note.show(`${kind} ${owner} is not on both maps.`);
      return;
    }
    const signal = this.#choosing.begin();
    this.#mark(row); // before it is told, so that quick steps go on from there
    const well = await this.#told(async () => {
      const [facts, near] = await Promise.all([
        ask(this.server, "location", { kind, owner }),
        ask(this.server, "near", { kind, owner }),
      ]);
      if (signal.aborted) return; // another, or other maps, are looked at by now
      this.#point = { owner, row, facts, near };
      this.#showSide();
      this.pair.show(this.#parts); // with rings round the neighbours
      this.acts.changed();
    });
    if (!well && !signal.aborted) this.#mark(this.#point?.row ?? null);
  }

  /** @param {number|null} row that is ringed */
  #mark(row) {
    this.#at = row;
    this.pair.ring(row);
  }
}
