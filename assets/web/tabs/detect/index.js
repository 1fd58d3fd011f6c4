// The Detect tab: phrases → boxes, each with its reason; corrected by hand, kept, saved.

import { telling } from "../../core/api.js";
import { PictureCanvas } from "../../canvas/picture_canvas.js";
import { HeatControls } from "../../canvas/heat_controls.js";
import { Toolbar } from "../../canvas/toolbar.js";
import { whenSeen } from "../../core/dom.js";
import { History } from "../../core/history.js";
import { iconButton } from "../../core/icons.js";
import { fault } from "../../core/notices.js";
import { PictureTab } from "../../pictures/picture_tab.js";
import { named } from "../../pictures/source.js";
import { PromptList } from "../../prompts/prompt_list.js";
import { Reader } from "../../scoring/prompt_reader.js";
import { Session } from "../../scoring/session.js";
import { beyond } from "../../scoring/standing.js";
import { readLink, writeLink } from "./address.js";
import { foundBoxes, hasPhrase } from "./boxes.js";
import { HandBoxes } from "./by_hand.js";
import { DetectControls } from "./controls.js";
import { BoxFinder } from "./finding.js";
import { bindKeys, TERMS } from "./keys.js";
import { layOutTab, replaceTable, WORDS } from "./layout.js";
import { openIn } from "./opening.js";
import { Outcome } from "./outcome.js";
import { Phrases } from "./phrases.js";
import { DetectRows } from "./rows.js";
import { BoxSaver } from "./saving.js";
import { labelBox, showAll } from "./showing.js";

/**
 * @import {Source, Upload} from "../../scoring/session.js"
 * @import {DetectTab, Detected, Phrase} from "../../core/wire.js"
 * @import {DetectBox, PhraseBox, Remains, Snapshot} from "./boxes.js"
 * @import {DetectLink} from "./address.js"
 * @import {DetectStart} from "./controls.js"
 */

/** @typedef {PictureCanvas<DetectBox>} Canvas */

/**
 * Bring the tab to life inside the component's element, once somebody looks.
 *
 * @param {HTMLElement} root
 * @param {{start: DetectStart, server: DetectTab, upload: Upload}} given
 */
export function mount(root, { start, server, upload }) {
  whenSeen(root, () => new Detect(root, start, new Session(server, upload, start.card.trained_routes)));
}

/**
 * @extends {PictureTab<DetectStart, Session<DetectTab>, Canvas, PromptList, DetectLink, Snapshot, Remains>}
 */
class Detect extends PictureTab {
  /** @param {HTMLElement} root @param {DetectStart} start @param {Session<DetectTab>} session */
  constructor(root, start, session) {
    super(root, start, session);
    this.usualShare = start.share;
    this.note = fault();
    this.told = telling(this.note);
    const parts = layOutTab(root);
    this.parts = parts;
    this.canvas = new PictureCanvas(parts.stage);
    this.heat = new HeatControls(parts.heat, this.canvas, {
      changed: () => {},
      fault: (sentence) => parts.pictureFault.show(sentence),
    });
    this.controls = new DetectControls(start, {
      changed: () => this.finder.find(),
      bringBack: () => this.#bringBack(),
    });
    this.list = new PromptList(
      parts.prompts,
      start.card,
      { ...this.promptHooks, changed: () => this.#phrasesChanged(), heat: () => this.#paint() },
      WORDS,
    );
    const how = () => this.controls.how;
    this.phrases = new Phrases({ prompts: () => this.list.prompts, boxes: () => this.boxes, how });
    this.rows = this.#makeRows();
    this.finder = this.#makeFinder(session);
    this.hand = this.#makeHand(session);
    this.saver = new BoxSaver(session, start.card, {
      told: this.told,
      source: () => this.source,
      boxes: () => this.boxes.filter(hasPhrase),
      missing: () => this.phrases.missing,
      share: () => this.controls.how.share,
      kept: (done) => this.outcome.report(done),
    });
    this.outcome = new Outcome(session.server, this.saver, () => this.#question());
    this.reader = new Reader(session, parts, {
      waiting: () => this.list.prompts.filter((prompt) => !prompt.facts),
      arrived: (prompts) => {
        this.list.factsArrived(prompts);
        this.#paint();
      },
      settle: () => {}, // no box waits for a phrase to be read
    });
    session.answered = () => parts.promptFault.answered();
    replaceTable(parts.table, [
      this.controls.element,
      this.finder.element,
      this.note.element,
      this.rows.element,
      this.outcome.element,
    ]);
    this.takePictures(parts);
    this.history = new History(this.#snapshot());
    const { open } = this.acts;
    this.toolbar = new Toolbar(parts.tools, this.acts, [
      iconButton("probe", "Open the box in Probe (o)", () => open("probe")),
      iconButton("negatives", "Hold the box against rewrites in Negatives (r)", () => open("negatives")),
    ]);
    this.#listen();
    this.#openLink(readLink());
  }

  /** @override */
  get acts() {
    return {
      ...super.acts,
      keep: () => this.saver.keep(),
      save: (/** @type {Parameters<BoxSaver["save"]>[0]} */ format) => this.saver.save(format),
      open: (/** @type {"probe" | "negatives"} */ tab) =>
        openIn(tab, this.canvas.selected, this.source, this.sample, (sentence) => this.note.show(sentence)),
    };
  }

  get boxes() {
    return this.canvas.boxes;
  }

  // --- building ---

  #makeRows() {
    return new DetectRows({
      select: (id) => this.canvas.select(id),
      remove: (id) => {
        this.canvas.select(id);
        this.canvas.removeSelected();
      },
      hint: (missing) =>
        this.canvas.hint(missing?.facts?.box ?? null, missing ? 1 + this.phrases.placeOf(missing.prompt) : 1),
      take: (missing) => this.hand.take(missing),
      choose: ({ prompt }) => this.hand.drawFor(prompt),
      bringBack: ({ prompt }) => this.#bringBack(prompt),
    });
  }

  /** @param {Session<DetectTab>} session @returns {BoxFinder} */
  #makeFinder(session) {
    return new BoxFinder(session, this.canvas, {
      told: this.told,
      note: this.note,
      isOpen: () => !!this.source,
      question: () => this.#question(),
      own: (prompts) => this.hand.of(prompts),
      found: (reply, own, choice) => this.#take(reply, own, choice),
      busy: (on) => this.rows.wait(on),
      failed: () => this.#show(),
    });
  }

  /** @param {Session<DetectTab>} session @returns {HandBoxes} */
  #makeHand(session) {
    return new HandBoxes(this.canvas, this.list, this.phrases, {
      scorer: () => session.scorer,
      follow: (box) => {
        this.rows.follow(box);
        labelBox(this.canvas, box);
      },
      measure: (boxes) => this.finder.measure(boxes),
      told: this.told,
      refuse: () => this.note.show("Write a phrase first: a box is drawn for one."),
      record: () => this.#record(),
    });
  }

  #listen() {
    const { canvas, hand } = this;
    this.takeKeys(bindKeys, TERMS);
    canvas.addEventListener("draft", ({ detail }) => hand.follow(detail.box));
    canvas.addEventListener("commit", ({ detail }) => hand.released(detail.box));
    canvas.addEventListener("select", () => {
      this.#show();
      this.remember();
    });
    canvas.addEventListener("rest", () => this.#show());
  }

  // --- pictures and phrases ---

  /** @param {DetectLink} link */
  #openLink(link) {
    this.controls.how = { ...link.how, share: link.how.share ?? this.usualShare };
    if (link.phrases) this.list.setPrompts(link.phrases);
    else this.list.render();
    this.#show();
    this.openFirst(link.source ?? null, link);
  }

  /** @override @returns {Remains} */
  get remains() {
    const own = this.boxes.filter(hasPhrase).filter((box) => box.own);
    return { own: own.map(({ corners, prompt }) => ({ corners, prompt })), aside: this.hand.aside };
  }

  /** @override @param {Source} source @param {DetectLink | null} link */
  settleIn(source, link) {
    const left = this.arriveWithPrompts(source, { keep: !!link?.phrases });
    this.parts.note.show(beyond(this.start.card, this.sample));
    this.phrases.forget();
    this.canvas.labels.clear();
    this.canvas.selectedId = null;
    const { own, aside } = link ?? left ?? { own: [], aside: [] };
    this.hand.aside = aside;
    this.outcome.hush();
    this.canvas.setBoxes(own.map(({ corners, prompt }, i) => ({ corners, prompt, number: i + 1, own: true, hue: 1 })));
    this.history = new History(this.#snapshot());
    this.reader.read();
    this.finder.find(link?.box);
  }

  #phrasesChanged() {
    this.reader.read();
    this.finder.find();
  }

  #question() {
    return { prompts: this.list.snapshot, how: this.controls.how };
  }

  /** @param {Detected} reply @param {PhraseBox[]} own @param {number | null} choice */
  #take({ boxes, phrases }, own, choice) {
    this.phrases.learn(phrases);
    const found = foundBoxes(boxes, { before: this.boxes, own, aside: this.hand.aside });
    this.canvas.setBoxes(
      [...found, ...own].map((box, i) => ({ ...box, number: i + 1, hue: 1 + this.phrases.placeOf(box.prompt) })),
    );
    const chosen = this.boxes.find(({ number }) => number === choice);
    if (chosen) this.canvas.select(chosen.id);
    this.#record();
  }

  /** @param {Phrase} [phrase] */
  #bringBack(phrase) {
    this.hand.bringBack(phrase);
    this.finder.find();
  }

  // --- showing and remembering ---

  #paint() {
    this.heat.paint(this.list, this.session.scorer);
  }

  #show() {
    this.hand.remember();
    showAll(this);
    this.showTools();
  }

  /** @returns {Snapshot} */
  #snapshot() {
    return { boxes: this.boxes.map((box) => ({ ...box })), ...this.#question(), aside: this.hand.aside };
  }

  #record() {
    this.history?.push(this.#snapshot());
    this.#show();
    this.remember();
  }

  /** @override @param {Snapshot} snapshot */
  travel({ prompts, how, aside, boxes }) {
    this.finder.cancel(); // what was asked for is not wanted any more
    this.list.setPrompts(prompts);
    this.controls.how = how;
    this.hand.aside = aside;
    this.canvas.setBoxes(boxes);
    this.reader.read();
    this.#show();
    this.remember();
  }

  /** @override */
  remember() {
    const { source, controls } = this;
    if (!source || !this.isHere) return;
    const { share, ...how } = controls.how;
    writeLink({
      source: named(source),
      phrases: this.list.snapshot,
      how: { ...how, share: share === this.usualShare ? null : share },
      ...this.remains,
      box: this.canvas.selected?.number ?? null,
    });
  }
}
