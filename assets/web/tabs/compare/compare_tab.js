// The tab itself: a picture through both models, and ways from the data set and the maps to it.

import { Toolbar } from "../../canvas/toolbar.js";
import { telling } from "../../core/api.js";
import { make } from "../../core/dom.js";
import { History } from "../../core/history.js";
import { Latest } from "../../core/latest.js";
import { fault } from "../../core/notices.js";
import { keepInHistory } from "../../core/url.js";
import { PictureTab } from "../../pictures/picture_tab.js";
import { keyOf, named } from "../../pictures/source.js";
import { PromptList } from "../../prompts/prompt_list.js";
import { Reader } from "../../scoring/prompt_reader.js";
import { ADDRESS } from "./address.js";
import { bindKeys, TERMS } from "./keys.js";
import { namesOf } from "./names.js";
import { PicturePane } from "./picture_pane.js";
import { addRewrites, regionTexts } from "./texts.js";
import { CompareRows } from "./rows.js";
import { PairScores } from "./scores.js";
import { CompareViews } from "./views.js";

/** @import {Corners} from "../../core/corners.js" */
/** @import {OwnerQuestion} from "../../core/wire.js" */
/** @import {WrittenPrompt} from "../../core/url_parts.js" */
/** @import {PromptText} from "../../scoring/prompts.js" */
/** @import {Source} from "../../scoring/session.js" */
/** @import {CompareLink, View} from "./address.js" */
/** @import {CompareStart} from "./names.js" */
/** @import {Against} from "./texts.js" */
/** @import {CanvasPair} from "./canvas_pair.js" */
/** @import {SessionPair} from "./session_pair.js" */

/**
 * What an undo step remembers.
 *
 * @typedef {{boxes: {id: number, number: number, corners: Corners}[], prompts: PromptText[]}} Snapshot
 */

const WORDS = {
  title: "Texts",
  add: "Add a text; paste many lines at once",
  label: "Add a text",
  teach: "A text is held against the box, or the whole picture, by both models: “a small purple owl”.",
};

/** @extends {PictureTab<CompareStart, SessionPair, CanvasPair, PromptList, Partial<CompareLink>, Snapshot>} */
export class Compare extends PictureTab {
  #openings = new Latest(); // a region of the data set that is on its way
  #note = fault();
  #told = telling(this.#note);

  /**
   * @param {HTMLElement} root
   * @param {CompareStart} start
   * @param {SessionPair} session
   */
  constructor(root, start, session) {
    super(root, start, session);
    const cards = [start.card, start.other];
    const names = namesOf(start.card, start.other);
    const pane = new PicturePane(names, this.acts, () => this.scores.paint());
    const { parts, canvas, heats } = (this.pane = pane);
    this.parts = parts;
    this.canvas = canvas;
    this.heat = heats[0];
    const list = this.#buildList();
    this.list = list;
    const rows = new CompareRows(
      names,
      cards.map(({ scale }) => scale),
      (prompt, model) => session.factsOf(prompt, model),
      (id) => list.chooseHeat(id),
    );
    this.scores = new PairScores({ session, canvas, list, rows, heats, told: this.#told });
    parts.table.replaceWith(make("div", { class: "fx-compare-found" }, this.#note.element, pane.more, rows.element));
    this.takePictures(parts, pane.stages);
    this.reader = new Reader(session, parts, {
      waiting: () => list.prompts.filter((prompt) => !session.hasRead(prompt)),
      arrived: (prompts) => {
        list.factsArrived(prompts);
        this.#showScores();
      },
      settle: () => this.#settle(),
    });
    this.history = new History(this.#snapshot());
    this.toolbar = new Toolbar(parts.tools, this.acts, []);
    const models = { names, cards, server: session.server };
    this.views = new CompareViews(root, pane.element, models, {
      look: (view) => this.look(view, { leaving: true }),
      open: (point, against) => this.#openRegion(point, against),
      changed: () => this.remember(),
    });
    this.#listen();
    this.#begin(ADDRESS.read().values);
  }

  /** @param {Partial<CompareLink>} link */
  #begin(link) {
    if (link.texts) this.list.setPrompts(link.texts);
    else this.list.render();
    this.views.restore(link);
    this.look(link.view ?? "picture");
    this.openFirst(link.source ?? null, link);
  }

  get view() {
    return this.views.view;
  }

  get maps() {
    return this.views.maps;
  }

  /** @override */
  get acts() {
    return {
      ...super.acts,
      rewrite: () => this.#told(() => addRewrites(this.list, this.session.server)),
      edit: () => this.pane.edit(),
      save: () => this.#save(),
    };
  }

  #buildList() {
    const { card, other } = this.start;
    const richer = other.trained_routes.length > card.trained_routes.length ? other : card; // tells what routes are for
    const hooks = {
      ...this.promptHooks,
      changed: () => {
        this.reader.read();
        this.#settle();
      },
      heat: () => {
        this.#showScores();
        this.remember();
      },
    };
    return new PromptList(this.parts.prompts, richer, hooks, WORDS);
  }

  #listen() {
    this.takeKeys(bindKeys, TERMS);
    const { canvas } = this;
    canvas.addEventListener("draft", () => {
      this.scores.show({ live: true });
      this.showTools();
    });
    canvas.addEventListener("commit", () => this.#settle());
    canvas.addEventListener("select", () => this.#settle({ step: false })); // to look at another box is no step
    document.addEventListener("fx-back", () => this.isHere && this.#goBack(ADDRESS.read().values));
  }

  // --- views ---

  /**
   * Show one of the three views; with `leaving`, Back comes back from it.
   *
   * @param {View} view
   */
  look(view, { leaving = false } = {}) {
    if (leaving && view !== this.view) keepInHistory();
    this.#openings.cancel();
    this.views.look(view);
    this.remember();
  }

  /**
   * To what an earlier address says: another region's texts may have come instead of one's own.
   *
   * @param {Partial<CompareLink>} link
   */
  #goBack(link) {
    const isOther =
      link.source &&
      (keyOf(link.source) !== (this.source && keyOf(this.source)) ||
        JSON.stringify(link.texts ?? null) !== JSON.stringify(this.list.snapshot));
    this.look(link.view ?? "picture");
    if (link.source && isOther) this.opener.openNamed(link.source, link);
  }

  /**
   * A region of the data set, or another point, with what is said of it, against texts.
   *
   * @param {OwnerQuestion} point
   * @param {Against} against
   */
  #openRegion(point, against = {}) {
    const signal = this.#openings.begin();
    return this.#told(async () => {
      const { picture, box, texts } = await regionTexts(this.session.server, point, against);
      if (signal.aborted) return; // something else is looked at by now
      this.look("picture", { leaving: true });
      await this.opener.open(this.opener.stored(picture), { texts, boxes: box ? [box] : [], box: 1, heat: 1 });
    });
  }

  // --- pictures, texts, boxes ---

  /** @override */
  get remains() {
    return this.canvas.boxes.map(({ corners }) => corners);
  }

  /**
   * A picture is on the screen.
   *
   * @override
   * @param {Source} source
   * @param {Partial<CompareLink>|null} link what is asked for on it
   */
  settleIn(source, link) {
    const { texts, boxes, box = 1, heat = 0 } = link ?? {};
    const left = this.#putTexts(source, texts);
    this.scores.forget(); // answers about the picture before come too late
    this.#putBoxes(boxes ?? left ?? this.sample?.boxes ?? [], box);
    const painted = this.list.prompts[heat - 1];
    if (painted && painted.id !== this.list.heatId) this.list.chooseHeat(painted.id);
    this.history.reset(this.#snapshot());
    this.reader.read();
    this.#settle();
  }

  /**
   * @param {Source} source
   * @param {WrittenPrompt[]|undefined} texts of a link
   * @returns {Corners[]|undefined} boxes that were left on the picture
   */
  #putTexts(source, texts) {
    if (texts) this.list.setPrompts(texts);
    return this.arriveWithPrompts(source, { keep: !!texts });
  }

  /**
   * @param {Corners[]} boxes
   * @param {number} box the chosen one, from 1; 0 for none
   */
  #putBoxes(boxes, box) {
    this.canvas.setBoxes(boxes.map((corners, i) => ({ corners, number: i + 1 })));
    this.canvas.select(this.canvas.boxes[box - 1]?.id ?? null);
  }

  // --- scores ---

  /** Everything rests. */
  #settle({ step = true } = {}) {
    this.scores.forget();
    if (!this.source) return;
    if (step) this.history.push(this.#snapshot());
    this.#showScores();
    this.remember();
    this.scores.settle();
  }

  #showScores() {
    this.scores.paint();
    this.scores.show();
    this.showTools();
  }

  #save() {
    const { source } = this;
    this.scores.save(String(source?.sample ?? source?.image ?? source?.file?.name ?? "picture"));
  }

  // --- undo and the address ---

  #snapshot() {
    return { boxes: this.canvas.snapshot, prompts: this.list.snapshot };
  }

  /**
   * @override
   * @param {Snapshot} snapshot
   */
  travel(snapshot) {
    this.list.setPrompts(snapshot.prompts);
    this.canvas.setBoxes(snapshot.boxes);
    this.reader.read();
    this.#settle();
  }

  /** @override */
  remember() {
    const { view, source, canvas, list } = this;
    if (!this.isHere || (!source && view === "picture")) return;
    const painted = list.prompts.findIndex(({ id }) => id === list.heatId);
    ADDRESS.write({
      source: source && named(source),
      texts: list.snapshot,
      boxes: canvas.boxes.map(({ corners }) => corners),
      box: canvas.boxes.findIndex(({ id }) => id === canvas.selected?.id) + 1,
      heat: painted < 0 ? null : painted + 1,
      ...this.views.link,
    });
  }
}
