// The Map tab: everything that was indexed, by likeness; found, circled, looked at.

import { ask, telling } from "../../core/api.js";
import { make } from "../../core/dom.js";
import { Latest } from "../../core/latest.js";
import { hear } from "../../core/navigation.js";
import { fault } from "../../core/notices.js";
import { Keys } from "../../core/shortcuts.js";
import { ADDRESS } from "./address.js";
import { MapBar } from "./bar.js";
import { MapEmpty } from "./empty.js";
import { MapFound } from "./found.js";
import { bindKeys, TERMS } from "./keys.js";
import { MapSeen } from "./seen.js";

/** @import {ListedMap, MapTab as MapServer, OpenedMap} from "../../core/wire.js" */
/** @import {MapLink} from "./address.js" */
/** @import {Sought} from "./found.js" */
/** @typedef {(file: File) => Promise<{path: string}>} Upload sends a file, gives where it lies */

/**
 * Bring the tab to life inside the component's element.
 *
 * @param {HTMLElement} root
 * @param {{start: {routes: string[]}, server: MapServer, upload: Upload}} given
 */
export function mount(root, { start, server, upload }) {
  return new MapTab(root, start.routes, server, upload);
}

class MapTab {
  /** @type {OpenedMap|null} */
  run = null;
  #opening = new Latest();
  #isBegun = false;
  /** @type {(opened: Promise<void>) => void} */
  #begun = () => {};
  /** Once the tab was looked at, and what it shows first is there. */
  #beginning = new Promise((resolve) => (this.#begun = resolve));
  /** What is being opened, or was. */
  #opened = Promise.resolve();

  /**
   * @param {HTMLElement} root
   * @param {string[]} routes that training gave the model
   * @param {MapServer} server
   * @param {Upload} upload
   */
  constructor(root, routes, server, upload) {
    this.root = root;
    this.server = server;
    this.upload = upload;
    this.note = fault();
    this.told = telling(this.note, (on) => this.seen.element.classList.toggle("fx-busy", on));
    const { note, told } = this;
    const bar = new MapBar({
      search: () => this.#search(),
      forget: () => this.found.find(this.#withoutWords()),
      upload: (file) => this.#findUpload(file),
      open: (id) => told(() => this.#open(id)),
      recolour: () => told(() => this.seen.show({ colour: bar.colours.value, only: [] })),
    });
    this.bar = bar;
    this.seen = new MapSeen(server, this, {
      caption: (owner) => this.found.point.caption(owner),
      looked: () => this.#remember(),
      changed: () => this.found.again(), // of other points, others are found
      clicked: (owner) => this.found.point.choose(owner, { still: true }),
      circled: (corners) => this.found.find({ corners }),
    });
    this.empty = new MapEmpty(server, told, () => this.#openFirst());
    this.seen.element.append(this.empty.element);
    this.right = make("aside", { class: "fx-map-right" });
    this.found = new MapFound(this.right, server, { routes, bar, seen: this.seen, note, told }, () => this.#remember());
    root.replaceChildren(
      make("section", { class: "fx-map-left", "aria-label": "Map" }, bar.element, this.seen.element),
      this.right,
    );
    this.#listen();
  }

  #listen() {
    const { bar, seen, found } = this;
    const keys = new Keys(
      bindKeys({ bar, seen, found, help: () => keys.help() }),
      TERMS,
      () => this.#isHere() && this.run !== null && seen.plot.frame !== null,
    );
    document.addEventListener("fx-address", () => this.#remember());
    document.addEventListener("fx-help", () => this.#isHere() && keys.help());
    hear("fx-find", (detail) => this.#findFromElsewhere(detail));
    hear("fx-filter", (detail) => this.#filterFromElsewhere(detail));
    new IntersectionObserver((entries) => entries.some(({ isIntersecting }) => isIntersecting) && this.#come()).observe(
      this.root,
    );
  }

  // --- which map ---

  #isHere() {
    return this.root.offsetParent !== null;
  }

  /** Nothing is asked for, and plotly.js not fetched, before somebody looks. */
  #come() {
    if (this.#isBegun) this.#refresh();
    else this.#begun(this.#begin());
    this.#isBegun = true;
  }

  async #begin() {
    const { values: link } = ADDRESS.read();
    await this.told(async () => {
      const maps = await this.#listMaps();
      if (!maps.length) return;
      const { id } = maps.find((map) => String(map.id) === link.map) ?? first(maps);
      if (link.map !== undefined && String(id) !== link.map) {
        this.note.show(`There is no map ${link.map} any more; this is another.`);
      }
      await this.#open(id, link);
    });
    this.root.dataset.ready = "";
  }

  /** Maps may have been made, removed or added to in the Data tab meanwhile. */
  async #refresh() {
    await this.told(async () => {
      const maps = await this.#listMaps();
      const same = this.seen.plot.frame && maps.find(({ id }) => id === this.run?.id);
      if (!same && maps.length) await this.#open(first(maps).id);
      else if (same && same.points !== this.run?.points) await this.#open(same.id, ADDRESS.read().values);
      else if (same) this.bar.maps.value = String(same.id);
    });
  }

  async #listMaps() {
    const { maps, ...counts } = await ask(this.server, "maps", {});
    this.bar.showMaps(maps);
    const none = !maps.length;
    this.empty.element.hidden = !none;
    for (const part of [this.bar.element, this.right, ...this.seen.parts]) part.inert = none;
    if (none) {
      this.run = null;
      this.seen.close();
      this.found.open(null);
      this.told(() => this.empty.teach(counts));
    }
    return maps;
  }

  async #openFirst() {
    const maps = await this.#listMaps(); // which teaches anew where there is none
    if (maps.length) await this.#open(first(maps).id);
  }

  /**
   * @param {number} id
   * @param {Partial<MapLink>} link
   */
  #open(id, link = {}) {
    const opened = this.#show(id, link);
    this.#opened = opened.catch(() => {}); // told to who asked for it
    return opened;
  }

  /**
   * @param {number} id
   * @param {Partial<MapLink>} link
   */
  async #show(id, link) {
    const signal = this.#opening.begin();
    const run = await ask(this.server, "open", { map: id });
    if (signal.aborted) return; // another was opened meanwhile
    this.run = run;
    this.bar.showFields(run, link.colour);
    this.bar.where = link.where ?? null;
    this.bar.input.value = link.find ?? "";
    this.found.open(run, link.route ?? "");
    await this.seen.open(run, { frame: link.view, only: link.only ?? [], filter: this.bar.where });
    if (signal.aborted) return;
    await this.found.restore(link);
  }

  // --- looking for something ---

  /** What the bar says: the filter holds for what is seen, then words are looked for among that. */
  async #search() {
    const { text, where } = this.bar;
    const { found, seen } = this;
    const { corners } = found.sought ?? {};
    const sought = text ? { text, ...(corners && { corners }) } : this.#withoutWords();
    if (where === seen.shown.filter) await found.find(sought);
    else {
      found.sought = sought;
      await this.told(() => seen.show({ filter: where })); // and then, for it has changed, looks again
    }
  }

  /** What is left to look for when words are not. */
  #withoutWords() {
    const { sought } = this.found;
    if (!sought?.text) return sought;
    return sought.corners ? { corners: sought.corners } : null;
  }

  /** @param {File} file */
  async #findUpload(file) {
    await this.told(async () => {
      const sent = await this.upload(file);
      await this.found.find({ upload: sent.path, name: file.name });
    });
  }

  /**
   * Another tab asks: a box drawn there.
   *
   * @param {Sought} query
   */
  async #findFromElsewhere(query) {
    if (await this.#hasOpened()) await this.found.find(query);
  }

  /**
   * Another tab asks: rows of a kind, on a map of theirs.
   *
   * @param {{where: string, kind: string}} rows
   */
  async #filterFromElsewhere({ where, kind }) {
    if (!(await this.#hasOpened())) return;
    await this.told(async () => {
      const { maps } = await ask(this.server, "maps", {});
      const map = this.run?.kind === kind ? this.run : maps.find((each) => each.kind === kind);
      if (!map) throw new Error(`There is no map of ${kind}s yet; make one in the Data tab.`);
      if (map.id !== this.run?.id) await this.#open(map.id);
      this.bar.where = where;
      await this.seen.show({ filter: where, only: [] });
    });
  }

  /** Whether a map is open, once it is known. */
  async #hasOpened() {
    await this.#beginning;
    await this.#opened;
    return this.seen.view !== null;
  }

  #remember() {
    const { run, seen } = this;
    if (!run || !seen.plot.frame) return;
    ADDRESS.write({
      ...this.found.link,
      map: String(run.id),
      view: seen.isWhole ? null : seen.plot.frame,
      colour: seen.shown.colour === run.colours[0] ? null : seen.shown.colour,
      only: seen.shown.only,
      where: seen.shown.filter,
    });
  }
}

/**
 * The map to begin with: the latest of regions, if there is one.
 *
 * @param {ListedMap[]} maps
 */
const first = (maps) => maps.find(({ kind }) => kind === "region") ?? maps[0];
