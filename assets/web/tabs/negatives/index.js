// The Negatives tab: a true caption against rewrites of it, on a box or on the whole picture.

import { ask, telling } from "../../core/api.js";
import { PictureCanvas } from "../../canvas/picture_canvas.js";
import { whenSeen } from "../../core/dom.js";
import { Latest } from "../../core/latest.js";
import { hear } from "../../core/navigation.js";
import { PictureTab } from "../../pictures/picture_tab.js";
import { named } from "../../pictures/source.js";
import { Session } from "../../scoring/session.js";
import { readLink, writeLink } from "./address.js";
import { NegativesControls } from "./controls.js";
import { FailureTable } from "./failures.js";
import { bindKeys, TERMS } from "./keys.js";
import { layOut } from "./layout.js";
import { TextLoader } from "./loading.js";
import { firstBoxes, linkedBox, negativeOf, negativesOf, regionOf } from "./regions.js";
import { Rewriter } from "./rewriting.js";
import { RouteButtons } from "./routes.js";
import { NegativesRows } from "./rows.js";
import { NegativesScores } from "./scores.js";
import { recorded } from "./steps.js";
import { NegativesTexts } from "./texts.js";

/**
 * @import {KnownRegion, NegativesTab} from "../../core/wire.js"
 * @import {TabPrompts} from "../../pictures/picture_tab.js"
 * @import {Shown} from "../../pictures/source.js"
 * @import {Source, Upload} from "../../scoring/session.js"
 * @import {NegativesLink} from "./address.js"
 * @import {NegativesStart} from "./controls.js"
 * @import {Asking} from "./scores.js"
 * @import {Box, Remains, Snapshot} from "./steps.js"
 * @import {TextRow} from "./texts.js"
 */

/**
 * Bring the tab to life inside the component's element, once somebody looks.
 *
 * @param {HTMLElement} root
 * @param {{start: NegativesStart, server: NegativesTab, upload: Upload}} given
 */
export function mount(root, { start, server, upload }) {
  /** @type {Negatives | null} */
  let tab = null;
  const begin = () => (tab ??= new Negatives(root, start, new Session(server, upload, start.card.trained_routes)));
  whenSeen(root, begin);
  hear("fx-negatives", (/** @type {Shown} */ detail) => begin().take(detail));
}

/** @extends {PictureTab<NegativesStart, Asking, PictureCanvas, TabPrompts, NegativesLink, Snapshot, Remains>} */
class Negatives extends PictureTab {
  /** @type {KnownRegion[]} */
  #known = []; // of the picture
  /** @type {Map<number | null, TextRow[]>} */
  #kept = new Map(); // box id → its texts
  #arriving = new Latest();
  #quiet = false; // whether a box is chosen by the way, and not by the reader

  /** @param {HTMLElement} root @param {NegativesStart} start @param {Asking} session */
  constructor(root, start, session) {
    super(root, start, session);
    this.routes = start.card.trained_routes; // the others are copies of short
    this.route = this.#trained("box");
    const parts = layOut(root);
    const { server } = session;
    this.controls = new NegativesControls(start, () => this.rewrite());
    this.rewriter = new Rewriter(server, this.controls, parts.progress);
    this.reported = telling(parts.note, (on) => {
      if (!on) parts.progress.end();
      else if (!this.rewriter.isWriting) parts.progress.start("Reading");
    });
    this.texts = new NegativesTexts(session, (done, all) => {
      parts.progress.update(done, all, `Reading ${done} of ${all} texts`);
      this.#show();
    });
    this.buttons = new RouteButtons(this.routes, (route) => this.choose(route));
    this.rows = new NegativesRows({
      edit: (row, text) => this.loader.edit(row, text),
      add: (text) => this.loader.add(text),
      remove: (row) => this.remove(row),
    });
    this.loader = new TextLoader(this, {
      reported: this.reported,
      route: () => this.route,
      loaded: (route) => this.choose(route),
    });
    this.scores = new NegativesScores(session, this.texts, this.routes, {
      box: () => this.canvas.selected,
      measured: () => this.#show(),
      weighed: this.rows.weigh,
    });
    parts.controls.replaceWith(this.controls.element);
    parts.routes.replaceWith(this.buttons.element);
    parts.rows.replaceWith(this.rows.element);
    parts.failures.replaceWith(new FailureTable(server, this.routes).element);
    this.canvas = new PictureCanvas(parts.stage);
    this.takePictures(parts);
    this.#listen();
    this.#open(readLink());
  }

  /** @override */
  get acts() {
    return { ...super.acts, remove: () => this.canvas.removeSelected({ next: false }) }; // another's texts would come
  }

  #listen() {
    const { canvas } = this;
    this.takeKeys(bindKeys, TERMS);
    canvas.addEventListener("draft", () => this.#show({ live: true }));
    canvas.addEventListener("commit", () => this.#settle());
    canvas.addEventListener("rest", () => this.#show());
    canvas.addEventListener("select", () => this.#selected());
  }

  // --- pictures and boxes ---

  /** @param {NegativesLink} link */
  #open(link) {
    this.controls.set(link);
    const says = link.caption !== undefined || link.box || link.route;
    this.openFirst(link.source ?? null, says ? link : null);
  }

  /** Another tab shows a picture, a box on it and what is said of it. @param {Shown} shown */
  take({ picture, box, phrase }) {
    this.opener.open(this.opener.stored(picture), { box: box ?? undefined, caption: phrase, byModel: false });
  }

  /**
   * A picture is on the screen: its regions and what is known of them, or what a link says.
   *
   * @override
   * @param {Source} source
   * @param {NegativesLink | null} link
   */
  async settleIn(source, link) {
    const left = this.arrive(source);
    const signal = this.#arriving.begin();
    this.history = null; // begins with what the picture has
    this.texts.forget();
    this.scores.reset();
    this.#kept = new Map();
    await this.reported(async () => {
      const { sample, image, file } = source;
      const known = file ? null : await ask(this.session.server, "known", { sample, image });
      if (signal.aborted) return;
      this.#known = known?.regions ?? [];
      await (left && !link ? this.#putBack(left) : this.#fill(link));
    });
  }

  /** The boxes of a picture that is new, and the texts of the chosen one. @param {NegativesLink | null} link */
  async #fill(link) {
    const { canvas } = this;
    this.#silently(() => {
      canvas.setBoxes(firstBoxes(this.#known, link?.box));
      if (link) canvas.select(linkedBox(canvas.boxes, link.box)?.id ?? null);
    });
    const region = this.#region;
    const { caption = "", negatives, route = this.#usual } = link ?? {};
    if (!link || (!negatives && region?.phrase === caption)) return this.#loadRegion();
    return this.loader.load(caption, negatives?.map((text) => negativeOf(region, text)) ?? null, route);
  }

  /** @override @returns {Remains | null} */
  get remains() {
    if (!this.history) return null; // its own boxes are on their way
    return { boxes: this.canvas.snapshot, id: this.canvas.selectedId, kept: this.#kept };
  }

  /** Boxes and texts as they were left. @param {Remains} left */
  #putBack({ boxes, id, kept }) {
    for (const row of [...kept.values()].flat()) row.read = {}; // to be read against this picture again
    this.#kept = kept;
    this.#choose(boxes, id);
    this.#take(kept.get(id) ?? []);
    return this.texts.rows.length ? this.#settle() : this.#loadRegion(); // they were on their way when it was left
  }

  /** Texts that were there before. @param {TextRow[]} rows */
  #take(rows) {
    this.texts.rows = rows;
    this.controls.caption.value = this.texts.caption;
    this.controls.hush();
  }

  /** @param {Box[]} boxes @param {number | null} id of the chosen one */
  #choose(boxes, id) {
    this.#silently(() => {
      this.canvas.setBoxes(boxes);
      this.canvas.select(id);
    });
  }

  /** @param {() => void} act */
  #silently(act) {
    this.#quiet = true;
    act();
    this.#quiet = false;
  }

  /** A box was chosen: its texts come with it, or those of a known region; else these stay. */
  #selected() {
    if (this.#quiet) return;
    const kept = this.#kept.get(this.canvas.selectedId);
    // What was about to be loaded was for another box; a chat model's takes long, and is of the texts that stay.
    if (kept || !this.rewriter.isWriting) this.loader.drop();
    if (kept) {
      this.#take(kept);
      this.#settle();
    } else if (this.#region) this.reported(() => this.#loadRegion());
    else this.#settle();
  }

  get #region() {
    return regionOf(this.#known, this.canvas.selected?.corners);
  }

  /** The phrase and the negatives that a region is known to have; where none is chosen, the texts stay. */
  #loadRegion() {
    const region = this.#region;
    if (!region && this.texts.rows.length) return this.#settle();
    return this.loader.load(region?.phrase ?? "", region?.negatives.length ? negativesOf(region) : null, this.#usual);
  }

  // --- texts ---

  rewrite() {
    return this.loader.rewrite();
  }

  /** @param {TextRow} row */
  remove(row) {
    this.texts.remove(row);
    this.#settle();
  }

  // --- undo ---

  /** @override @param {Snapshot} snapshot */
  travel({ boxes, id, rows }) {
    this.loader.drop(); // what was about to be loaded is not wanted any more
    this.#choose(boxes, id);
    this.controls.caption.value = rows[0]?.text ?? "";
    this.texts.restore(rows);
    this.#settle();
  }

  // --- scores ---

  /** @param {string} route */
  #trained(route) {
    return this.routes.find((each) => each === route) ?? this.routes[0];
  }

  /** The route of which training made most. @returns {string} */
  get #usual() {
    return this.canvas.selected ? "box" : "short";
  }

  /** @param {string} [route] */
  choose(route) {
    if (route) this.route = this.#trained(route);
    this.#settle();
  }

  /** Everything rests: what it says is shown, remembered and scored. */
  #settle() {
    this.scores.reset();
    const { snapshot: boxes, selectedId: id } = this.canvas;
    this.#kept.set(id, this.texts.rows);
    this.history = recorded(this.history, { boxes, id, rows: this.texts.snapshot });
    this.#show();
    this.remember();
    if (this.source && this.texts.rows.length) this.reported(() => this.scores.take(this.route));
  }

  #show({ live = false } = {}) {
    const values = this.scores.values({ live });
    this.rows.show(this.texts.rows, values[this.route] ?? [], { scale: this.start.card.scale, sorted: !live });
    this.buttons.show(values, this.route, !!this.canvas.selected);
  }

  /** @override */
  remember() {
    const { source, texts, route, controls } = this;
    if (!source || !this.isHere) return;
    writeLink({
      source: named(source),
      box: this.canvas.selected?.corners ?? null,
      caption: texts.caption,
      negatives: texts.negatives.map(({ text }) => text),
      route,
      wanted: controls.wanted,
      byModel: controls.byModel,
    });
  }
}
