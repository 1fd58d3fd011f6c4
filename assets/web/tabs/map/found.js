// What is found or circled on a map.

import { ask } from "../../core/api.js";
import { Latest } from "../../core/latest.js";
import { routeFrom } from "../../core/routes.js";
import { download } from "../../export/download.js";
import { MapPoint } from "./point.js";
import { MapSide } from "./side.js";

/** @import {FaultNote, Told} from "../../core/api.js" */
/** @import {Corners} from "../../core/corners.js" */
/** @import {MapTab, OpenedMap} from "../../core/wire.js" */
/** @import {Place} from "../../plot/frames.js" */
/** @import {Star} from "../../plot/labels.js" */
/** @import {MapLink} from "./address.js" */
/** @import {Hit} from "./plot.js" */
/** @import {Item} from "./side.js" */

/**
 * What is looked for: words, an outline or both, what is like a region, a picture or a phrase, an uploaded picture, or
 * the open one of a token with a box on it.
 *
 * @typedef {object} Sought
 * @property {string} [text]
 * @property {Place[]} [corners]
 * @property {number} [region]
 * @property {number} [image]
 * @property {number} [phrase]
 * @property {string} [upload]
 * @property {string} [name] of the uploaded picture
 * @property {string} [token]
 * @property {Corners} [box]
 */

/** @typedef {{title: string, table?: boolean, route?: string|null}} FoundWords */
/** @typedef {{hits: Hit[], places: Star[]}} FoundMarks */
/** @typedef {{items: Item[], words: FoundWords, marks?: FoundMarks}} FoundAnswer */

/** @type {Record<OpenedMap["kind"], "image"|"region"|"phrase">} by what its own kind is looked for */
const OWNERS = { image: "image", region: "region", text: "phrase" };
const FOUND = 200; // at most; and no more than a part of the map, or nothing would stand out
const PART = 0.08;
const LEAST = 24;

export class MapFound {
  /** @type {OpenedMap|null} */
  run = null;
  /** @type {Sought|null} */
  sought = null;
  #seeking = new Latest();

  /**
   * @param {HTMLElement} root beside the map
   * @param {MapTab} server
   * @param {object} beside
   * @param {string[]} beside.routes that training gave the model
   * @param {import("./bar.js").MapBar} beside.bar
   * @param {import("./seen.js").MapSeen} beside.seen
   * @param {FaultNote} beside.note
   * @param {Told} beside.told does something, and says what goes wrong
   * @param {() => void} changed what the address says of it is other
   */
  constructor(root, server, { routes, bar, seen, note, told }, changed) {
    this.server = server;
    this.bar = bar;
    this.seen = seen;
    this.note = note;
    this.told = told;
    this.changed = changed;
    this.side = new MapSide(root, routes, {
      choose: (owner) => this.point.choose(owner),
      alike: () => this.findAlike(),
      probe: () => this.point.openInProbe(),
      negatives: () => this.point.openInNegatives(),
      csv: () => this.saveCsv(),
      clear: () => this.letGo(),
      route: () => this.sought?.text && this.again(),
    });
    this.point = new MapPoint(server, { seen, told, side: this.side }, changed);
  }

  /**
   * Another map, or none: nothing is found on it yet.
   *
   * @param {OpenedMap|null} run
   * @param {string} route of an address
   */
  open(run, route = "") {
    this.#seeking.cancel();
    this.run = run;
    this.sought = null;
    this.point.open(run);
    this.side.setRoute(route);
    this.side.showItems(null);
  }

  /**
   * What a link says was found, circled and looked at.
   *
   * @param {Partial<MapLink>} link
   */
  async restore({ find: text, alike, lasso: corners, point }) {
    if (!this.run) return;
    if (text) await this.find(corners ? { text, corners } : { text });
    else if (corners) await this.find({ corners });
    else if (alike !== undefined) await this.find({ [OWNERS[this.run.kind]]: alike });
    if (point !== undefined) await this.point.choose(point, { still: true });
  }

  /** Its part of the address. */
  get link() {
    const { text, corners } = this.sought ?? {};
    return {
      find: text,
      route: (text && this.side.route.value) || null,
      alike: this.#likeness,
      lasso: corners,
      point: this.point.chosen?.owner,
    };
  }

  // --- finding ---

  /** @param {Sought|null} sought null for nothing */
  async find(sought) {
    const signal = this.#seek(sought);
    if (!sought) {
      this.#show([], null);
      return;
    }
    await this.told(async () => {
      const { text, corners } = sought;
      const answer = await (text || !corners ? this.#nearest(sought) : this.#circled(corners));
      if (!answer || signal.aborted) return; // something else was looked for meanwhile
      this.#show(answer.items, answer.words, answer.marks);
      if (text && document.activeElement === this.bar.input) this.bar.input.blur(); // so that n and p step
    });
  }

  /** Among other points: what was found or circled, or is about to be. */
  again() {
    return this.find(this.sought);
  }

  findAlike() {
    const { chosen } = this.point;
    if (this.run && chosen) this.find({ [OWNERS[this.run.kind]]: chosen.owner });
  }

  /** What was circled. */
  async saveCsv() {
    const { run } = this;
    const { corners } = this.sought ?? {};
    if (!run || !corners) return;
    await this.told(async () => {
      const table = await ask(this.server, "table", { map: run.id, corners, ...this.seen.shown });
      const { csv, rows, selected } = table;
      download(new Blob([csv], { type: "text/csv" }), `selection-${rows}.csv`);
      if (rows < selected) {
        this.note.show(`The table holds the first ${rows.toLocaleString()} of ${selected.toLocaleString()}.`);
      }
    });
  }

  /** First of what was found or circled, then of the point. */
  letGo() {
    if (this.sought) {
      this.bar.input.value = "";
      this.find(null);
    } else this.point.letGo();
  }

  /** @param {number} by so many items of what was found */
  step(by) {
    const owner = this.side.neighbour(this.point.chosen?.owner, by);
    if (owner !== null) this.point.choose(owner);
  }

  // --- inside ---

  /** Whose like is looked for. */
  get #likeness() {
    return this.run ? this.sought?.[OWNERS[this.run.kind]] : undefined;
  }

  /**
   * From here on this is looked for; what was before, a point too, makes room.
   *
   * @param {Sought|null} sought
   */
  #seek(sought) {
    const isNew = JSON.stringify(sought) !== JSON.stringify(this.sought);
    this.sought = sought;
    if (isNew && sought && this.#likeness !== this.point.chosen?.owner) this.point.forget();
    if (isNew && !sought?.corners) this.seen.plot.clearSelection();
    if (sought && !sought.text) this.bar.input.value = "";
    return this.#seeking.begin();
  }

  /**
   * @param {Sought} query
   * @returns {Promise<FoundAnswer|null>}
   */
  async #nearest(query) {
    const { run } = this;
    if (!run) return null;
    const limit = Math.min(FOUND, Math.max(LEAST, Math.round(PART * run.points)));
    const { name, ...sought } = query;
    const route = query.text ? (routeFrom(this.side.route.value) ?? null) : null;
    const reply = await ask(this.server, "find", { map: run.id, limit, route, ...this.seen.shown, ...sought });
    const named = query.text ?? name;
    const places = reply.place && (named || query.token) ? [{ at: reply.place, text: named ?? "" }] : [];
    const among = `${reply.searched.toLocaleString()}${query.corners ? " selected" : ""}`;
    const words = { title: `${reply.items.length.toLocaleString()} best of ${among}`, route: reply.route };
    return { items: reply.items, words, marks: { hits: reply.items, places } };
  }

  /**
   * @param {Place[]} corners
   * @returns {Promise<FoundAnswer|null>}
   */
  async #circled(corners) {
    const { run } = this;
    if (!run) return null;
    const reply = await ask(this.server, "lasso", { map: run.id, corners, limit: FOUND, ...this.seen.shown });
    const { items, selected } = reply;
    this.seen.tool("pan"); // so that the next click looks at a dot
    const few = items.length < selected ? `, ${items.length} of them here` : "";
    return { items, words: { title: `${selected.toLocaleString()} selected${few}`, table: true } };
  }

  /**
   * @param {Item[]} items
   * @param {FoundWords|null} words null where nothing is looked for
   * @param {FoundMarks} [marks]
   */
  #show(items, words, marks = { hits: [], places: [] }) {
    this.point.know(items);
    this.seen.plot.show(marks);
    this.side.showItems(words && items, { kind: this.run?.kind, ...words });
    this.changed();
  }
}
