// What is found or circled on a map, and the one point that is looked at.

import { ask } from "../../core/api.js";
import { nextDot } from "../../plot/keyboard_steps.js";
import { download } from "../../export/export.js";
import { cornersFrom, cornersText } from "./address.js";
import { MapSide } from "../../plot/thumbnails.js";
import { showTab, tell } from "../../core/navigation.js";

const FOUND = 200; // at most; and no more than a part of the map, or nothing would stand out
const PART = 0.08;
const LEAST = 24;
const ON = 0.4; // of the view, by which it moves towards dots that are not in sight

export class MapFound extends EventTarget {
  /**
   * Event: `changed`.
   *
   * @param {Element} root beside the map
   * @param {Function} told does something, and says what goes wrong
   */
  constructor(root, server, { routes, bar, seen, note, told }) {
    super();
    Object.assign(this, { server, bar, seen, note, told });
    this.#begin(null);
    this.side = new MapSide(root, routes, {
      choose: (owner) => this.choose(owner),
      alike: () => this.findAlike(),
      probe: () => this.openInProbe(),
      negatives: () => this.#openIn("negatives", "fx-negatives"),
      csv: () => this.saveCsv(),
      clear: () => this.letGo(),
      route: () => this.sought?.text && this.again(),
    });
    seen.addEventListener("point", ({ detail }) => this.choose(detail.owner, { still: true }));
    seen.addEventListener("lasso", ({ detail }) => this.find({ corners: detail.corners }));
  }

  /** Another map, or none: nothing is found on it yet. */
  open(run, route = "") {
    this.#begin(run);
    this.side.setRoute(route);
    this.side.showItems(null);
    this.side.showPoint(null);
  }

  /** What a link says was found, circled and looked at. */
  async restore(link) {
    const corners = cornersFrom(link.get("lasso"));
    const { text } = this.bar;
    if (text) await this.find(corners ? { text, corners } : { text });
    else if (corners) await this.find({ corners });
    else if (link.get("alike")) await this.find({ [this.run.kind]: Number(link.get("alike")) });
    if (link.get("point")) await this.choose(Number(link.get("point")), { still: true });
  }

  /** Its part of the address. */
  get address() {
    const { text, corners } = this.sought ?? {};
    return {
      find: text,
      route: text ? this.side.route.value : null,
      alike: this.run && this.sought?.[this.run.kind],
      lasso: corners && cornersText(corners),
      point: this.chosen?.owner,
    };
  }

  // --- finding ---

  /** {text}, {corners} or both, {region: id}, {image: id}, {upload}, {token, box}; null for nothing. */
  async find(sought) {
    const turn = this.#seek(sought);
    if (!sought) {
      this.#show([], null);
      return;
    }
    await this.told(async () => {
      const answer = await (sought.text || !sought.corners ? this.#nearest(sought) : this.#circled(sought));
      if (turn !== this.turn) return; // something else was looked for meanwhile
      this.#show(...answer);
      if (sought.text && document.activeElement === this.bar.input) this.bar.input.blur(); // so that n and p step
    });
  }

  /** Among other points: what was found or circled, or is about to be. */
  again() {
    return this.find(this.sought);
  }

  findAlike() {
    if (this.chosen) this.find({ [this.run.kind]: this.chosen.owner });
  }

  /** What was circled. */
  async saveCsv() {
    if (!this.sought?.corners) return;
    await this.told(async () => {
      const { csv, rows, selected } = await ask(this.server, "table", {
        map: this.run.id,
        ...this.sought,
        ...this.seen.shown,
      });
      download(new Blob([csv], { type: "text/csv" }), `selection-${rows}.csv`);
      if (rows < selected)
        this.note.show(`The table holds the first ${rows.toLocaleString()} of ${selected.toLocaleString()}.`);
    });
  }

  /** First of what was found or circled, then of the point. */
  letGo() {
    if (this.sought) {
      this.bar.input.value = "";
      this.find(null);
    } else if (this.chosen || this.asked) {
      this.#forgetPoint();
      this.#changed();
    }
  }

  // --- one point ---

  async choose(owner, { still = false } = {}) {
    const asked = (this.asked = { owner });
    const isLate = () => asked !== this.asked; // another was chosen meanwhile
    const well = await this.told(async () => {
      const about = await ask(this.server, "about", { map: this.run.id, owner });
      if (isLate()) return;
      this.chosen = about;
      this.side.showPoint(about);
      if (about.place && !still) await this.seen.plot.reveal(about.place);
      if (isLate()) return;
      this.asked = null;
      this.seen.plot.show({ chosen: about.place });
      this.#changed();
    });
    if (well || isLate()) return;
    this.asked = null;
    this.seen.plot.show({ chosen: this.chosen?.place ?? null }); // a step may have moved the ring
  }

  step(by) {
    const owner = this.side.neighbour(this.chosen?.owner, by);
    if (owner !== null) this.choose(owner);
  }

  /** To the nearest dot in a direction, at first to the one in the middle; where none is in sight, the view moves on. */
  stepDot(direction) {
    const { view, plot } = this.seen;
    if (!view) return null;
    const [x0, y0, x1, y1] = plot.frame;
    const from = plot.parts.chosen;
    const dot = nextDot(from ?? [(x0 + x1) / 2, (y0 + y1) / 2], from && direction, view.owners.length, (row) => [
      view.x[row],
      view.y[row],
    ]);
    if (dot < 0) return this.seen.isWhole ? null : plot.move(direction.map((way) => way * ON));
    plot.show({ chosen: [view.x[dot], view.y[dot]] }); // before it is told, so that quick steps go on from there
    return this.choose(view.owners[dot]);
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
    this.#openIn("probe", "fx-open");
  }

  // --- inside ---

  /** Another tab takes the picture of the point, its box there and what is said of it. */
  #openIn(tab, message) {
    const { picture, regions, owner, kind } = this.chosen;
    const region = kind === "region" ? regions.find(({ id }) => id === owner) : null;
    showTab(tab, { leaving: true });
    tell(message, { picture, box: region?.box, phrase: region?.phrase });
  }

  #begin(run) {
    this.turn = (this.turn ?? 0) + 1;
    Object.assign(this, { run, sought: null, chosen: null, asked: null, known: new Map() });
  }

  /** From here on this is looked for; what was before, a point too, makes room. */
  #seek(sought) {
    const isNew = JSON.stringify(sought) !== JSON.stringify(this.sought);
    if (isNew && sought && sought[this.run.kind] !== this.chosen?.owner) this.#forgetPoint();
    if (isNew && !sought?.corners) this.seen.plot.clearLasso();
    if (sought && !sought.text) this.bar.input.value = "";
    this.sought = sought;
    return ++this.turn;
  }

  async #nearest(query) {
    const limit = Math.min(FOUND, Math.max(LEAST, Math.round(PART * this.run.points)));
    const route = query.text ? this.side.route.value || null : null;
    const reply = await ask(this.server, "find", { map: this.run.id, limit, route, ...this.seen.shown, ...query });
    const named = query.text ?? query.name;
    const places = reply.place && (named || query.token) ? [{ at: reply.place, text: named ?? "" }] : [];
    const title = `${reply.items.length.toLocaleString()} best of ${reply.searched.toLocaleString()}${query.corners ? " selected" : ""}`;
    return [reply.items, { title, route: reply.route }, { hits: reply.items, places }];
  }

  async #circled({ corners }) {
    const { items, selected } = await ask(this.server, "lasso", {
      map: this.run.id,
      corners,
      limit: FOUND,
      ...this.seen.shown,
    });
    this.seen.tool("pan"); // so that the next click looks at a dot
    const few = items.length < selected ? `, ${items.length} of them here` : "";
    return [items, { title: `${selected.toLocaleString()} selected${few}`, table: true }];
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
