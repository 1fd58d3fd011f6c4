// The Map tab: everything that was indexed, by likeness; found, circled, looked at.

import { ask, telling } from "../../core/api.js";
import { make } from "../../core/dom.js";
import { Keys } from "../../core/shortcuts.js";
import { fault } from "../../core/notices.js";
import { frameFrom, frameText, onlyFrom, onlyText } from "./address.js";
import { MapBar } from "./bar.js";
import { MapEmpty } from "./empty.js";
import { MapFound } from "./found.js";
import { bindKeys, TERMS } from "./keys.js";
import { MapSeen } from "./seen.js";
import { hear } from "../../core/navigation.js";
import { putInAddress } from "../../core/url.js";

/** Bring the tab to life inside the component's element. */
export function mount(root, { start, server, upload }) {
  return new MapTab(root, start, server, upload);
}

class MapTab {
  constructor(root, { routes }, server, upload) {
    Object.assign(this, { root, routes, server, upload, run: null, note: fault() });
    this.told = telling(this.note, (on) => this.seen.element.classList.toggle("fx-busy", on));
    this.bar = new MapBar({
      search: () => this.#search(),
      forget: () => this.found.find(this.#withoutWords()),
      upload: (file) => this.#findUpload(file),
      open: (id) => this.told(() => this.#open(id)),
      recolour: () => this.told(() => this.seen.show({ colour: this.bar.colours.value, only: [] })),
    });
    this.seen = new MapSeen(server, this, (owner) => this.found.said(owner));
    this.empty = new MapEmpty(server, this.told, () => this.#openFirst());
    this.seen.element.append(this.empty.element);
    this.right = make("aside", { class: "fx-map-right" });
    this.found = new MapFound(this.right, server, this);
    root.replaceChildren(
      make("section", { class: "fx-map-left", "aria-label": "Map" }, this.bar.element, this.seen.element),
      this.right,
    );
    const { bar, seen, found } = this;
    const keys = new Keys(
      bindKeys({ bar, seen, found, help: () => keys.help() }),
      TERMS,
      () => this.#isHere() && this.run !== null && seen.plot.frame !== null,
    );
    this.#listen(keys);
  }

  #listen(keys) {
    this.seen.addEventListener("looked", () => this.#remember());
    this.seen.addEventListener("changed", () => this.found.again()); // of other points, others are found
    this.found.addEventListener("changed", () => this.#remember());
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
    if (this.begun) return this.#refresh();
    this.begun = true;
    return this.#begin();
  }

  async #begin() {
    const link = new URLSearchParams(location.search);
    await this.told(async () => {
      const maps = await this.#listMaps();
      if (!maps.length) return;
      const { id } = maps.find((map) => String(map.id) === link.get("map")) ?? first(maps);
      if (link.has("map") && String(id) !== link.get("map"))
        this.note.show(`There is no map ${link.get("map")} any more; this is another.`);
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
      else if (same && same.points !== this.run.points) await this.#open(same.id, new URLSearchParams(location.search));
      else if (same) this.bar.maps.value = same.id;
    });
  }

  async #listMaps() {
    const { maps, ...counts } = await ask(this.server, "maps");
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

  async #open(id, link = new URLSearchParams()) {
    const asked = (this.opening = { id });
    const run = await ask(this.server, "open", { map: id });
    if (asked !== this.opening) return; // another was opened meanwhile
    this.run = run;
    this.bar.showFields(run, link.get("colour"));
    this.bar.where = link.get("where");
    this.bar.input.value = link.get("find") ?? "";
    this.found.open(run, link.get("route") ?? "");
    await this.seen.open(run, {
      frame: frameFrom(link.get("view")),
      only: onlyFrom(link.get("only")),
      filter: this.bar.where,
    });
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

  async #findUpload(file) {
    await this.told(async () => {
      const sent = await this.upload(file);
      await this.found.find({ upload: sent.path, name: file.name });
    });
  }

  /** Another tab asks: a box drawn there. */
  async #findFromElsewhere(query) {
    if (await this.#opened()) await this.found.find(query);
  }

  /** Another tab asks: rows of a kind, on a map of theirs. */
  async #filterFromElsewhere({ where, kind }) {
    if (!(await this.#opened())) return;
    await this.told(async () => {
      const { maps } = await ask(this.server, "maps");
      const map = this.run.kind === kind ? this.run : maps.find((each) => each.kind === kind);
      if (!map) throw new Error(`There is no map of ${kind}s yet; make one in the Data tab.`);
      if (map.id !== this.run.id) await this.#open(map.id);
      this.bar.where = where;
      await this.seen.show({ filter: where, only: [] });
    });
  }

  /** Waits until a map is open; whether there is one. */
  async #opened() {
    for (let tries = 0; tries < 200 && !this.seen.view; tries++)
      await new Promise((resolve) => setTimeout(resolve, 50));
    return this.seen.view !== null;
  }

  #remember() {
    const { run, seen } = this;
    if (!run || !seen.plot.frame) return;
    putInAddress({
      map: run.id,
      view: seen.isWhole ? null : frameText(seen.plot.frame),
      colour: seen.shown.colour === run.colours[0] ? null : seen.shown.colour,
      only: onlyText(seen.shown.only),
      where: seen.shown.filter,
      ...this.found.address,
    });
  }
}

/** The map to begin with: the latest of regions, if there is one. */
const first = (maps) => maps.find(({ kind }) => kind === "region") ?? maps[0];
