// What is found or circled on a map, and the one point that is looked at.

import { ask } from "./asking.js";
import { download } from "./export.js";
import { cornersFrom, cornersText } from "./mapaddress.js";
import { MapSide } from "./mapside.js";
import { showTab } from "./tabs.js";

const FOUND = 200; // at most; and no more than a part of the map, or nothing would stand out
const PART = 0.08;
const LEAST = 24;

export class MapFound extends EventTarget {
  /**
   * Event: `changed`.
   *
   * @param {Element} root beside the map
   * @param {Function} told does something, and says what goes wrong
   */
  constructor(root, server, { bar, seen, note, told }) {
    super();
    Object.assign(this, { server, bar, seen, note, told });
    this.#begin(null);
    this.side = new MapSide(root, {
      choose: (owner) => this.choose(owner),
      alike: () => this.findAlike(),
      probe: () => this.openInProbe(),
      csv: () => this.saveCsv(),
      clear: () => this.letGo(),
      route: () => this.query?.text && this.find({ text: this.query.text }),
    });
    seen.addEventListener("point", ({ detail }) => this.choose(detail.owner, { still: true }));
    seen.addEventListener("lasso", ({ detail }) => this.circle(detail.corners));
  }

  /** Another map, or none: nothing is found on it yet. */
  open(run, route = "") {
    this.#begin(run);
    this.side.route.value = route;
    this.side.showItems(null);
    this.side.showPoint(null);
  }

  /** What a link says was found, circled and looked at. */
  async restore(link) {
    if (this.bar.text) await this.find({ text: this.bar.text });
    else if (link.get("alike")) await this.find({ [this.run.kind]: Number(link.get("alike")) });
    const corners = cornersFrom(link.get("lasso"));
    if (corners) await this.circle(corners);
    if (link.get("point")) await this.choose(Number(link.get("point")), { still: true });
  }

  /** Its part of the address. */
  get address() {
    const { text } = this.query ?? {};
    return {
      find: text,
      route: text ? this.side.route.value : null,
      alike: this.run && this.query?.[this.run.kind],
      lasso: this.corners && cornersText(this.corners),
      point: this.chosen?.owner,
    };
  }

  // --- finding ---

  /** Other points are shown now: among these is what was found or circled. */
  again() {
    return this.corners ? this.circle(this.corners) : this.find(this.query);
  }

  /** {text}, {region: id}, {image: id}, {upload}, {token, box}; null for nothing. */
  async find(query) {
    const asked = (this.finding = { query });
    if (!query) {
      this.query = null;
      this.#show([], null);
      return;
    }
    await this.told(async () => {
      const limit = Math.min(FOUND, Math.max(LEAST, Math.round(PART * this.run.points)));
      const route = query.text ? this.side.route.value || null : null;
      const reply = await ask(this.server, "find", { map: this.run.id, limit, route, ...this.seen.wanted, ...query });
      if (asked !== this.finding) return; // something else was looked for meanwhile
      if (query !== this.query && query[this.run.kind] !== this.chosen?.owner) this.#forgetPoint();
      this.query = query;
      this.corners = null;
      if (!query.text) this.bar.input.value = "";
      this.seen.plot.clearLasso();
      const named = query.text ?? query.name;
      const places = reply.place && (named || query.token) ? [{ at: reply.place, text: named ?? "" }] : [];
      const title = `${reply.items.length.toLocaleString()} best of ${reply.searched.toLocaleString()}`;
      this.#show(reply.items, { title, route: reply.route }, { hits: reply.items, places });
    });
  }

  findAlike() {
    if (this.chosen) this.find({ [this.run.kind]: this.chosen.owner });
  }

  async circle(corners) {
    const asked = (this.finding = { corners });
    await this.told(async () => {
      const reply = await ask(this.server, "lasso", { map: this.run.id, corners, limit: FOUND, ...this.seen.wanted });
      if (asked !== this.finding) return; // something else was looked for meanwhile
      if (corners !== this.corners) this.#forgetPoint();
      this.corners = corners;
      this.query = null;
      this.bar.input.value = "";
      this.seen.tool("pan"); // so that the next click looks at a dot
      const few = reply.items.length < reply.selected ? `, ${reply.items.length} of them here` : "";
      this.#show(reply.items, { title: `${reply.selected.toLocaleString()} selected${few}`, table: true });
    });
  }

  async saveCsv() {
    await this.told(async () => {
      const { csv, rows, selected } = await ask(this.server, "table", { map: this.run.id, corners: this.corners, ...this.seen.wanted });
      download(new Blob([csv], { type: "text/csv" }), `selection-${rows}.csv`);
      if (rows < selected) this.note.show(`The table holds the first ${rows.toLocaleString()} of ${selected.toLocaleString()}.`);
    });
  }

  /** First of what was found or circled, then of the point. */
  letGo() {
    if (this.corners || this.query) {
      this.corners = null;
      this.bar.input.value = "";
      this.seen.plot.clearLasso();
      this.find(null);
    } else if (this.chosen) {
      this.#forgetPoint();
      this.#changed();
    }
  }

  // --- one point ---

  async choose(owner, { still = false } = {}) {
    await this.told(async () => {
      const asked = (this.asked = { owner });
      const about = await ask(this.server, "about", { map: this.run.id, owner });
      if (asked !== this.asked) return; // another was chosen meanwhile
      this.chosen = about;
      this.side.showPoint(about);
      if (about.place && !still) await this.seen.plot.reveal(about.place);
      this.seen.plot.show({ chosen: about.place });
      this.#changed();
    });
  }

  step(by) {
    const owner = this.side.neighbour(this.chosen?.owner, by);
    if (owner !== null) this.choose(owner);
  }

  /** Words for a dot. */
  async said(owner) {
    const { known } = this; // of this map, should another be opened meanwhile
    if (!known.has(owner)) {
      try {
        known.set(owner, (await ask(this.server, "about", { map: this.run.id, owner })).said);
      } catch {
        return ""; // a hint at the pointer; a click tells what is amiss
      }
    }
    return known.get(owner);
  }

  openInProbe() {
    const { picture, regions, owner, kind } = this.chosen;
    const region = kind === "region" ? regions.find(({ id }) => id === owner) : null;
    document.dispatchEvent(new CustomEvent("fx-open", { detail: { picture, box: region?.box, phrase: region?.phrase } }));
    showTab("probe");
  }

  // --- inside ---

  #begin(run) {
    Object.assign(this, { run, query: null, corners: null, chosen: null, asked: null, finding: null, known: new Map() });
  }

  #show(items, words, drawn = { hits: [], places: [] }) {
    for (const { owner, said } of items) this.known.set(owner, said);
    this.seen.plot.show(drawn);
    this.side.showItems(words && items, { kind: this.run?.kind, ...words });
    this.#changed();
  }

  #forgetPoint() {
    this.chosen = this.asked = null;
    this.side.showPoint(null);
    this.seen.plot.show({ chosen: null });
  }

  #changed() {
    this.dispatchEvent(new Event("changed"));
  }
}
