// The Probe tab: a picture, boxes on it, prompts, and what the model thinks of each pair.

import { HeatControls } from "../../canvas/heat_controls.js";
import { PictureCanvas } from "../../canvas/picture_canvas.js";
import { Toolbar } from "../../canvas/toolbar.js";
import { kindOf, messageOf } from "../../core/api.js";
import { History } from "../../core/history.js";
import { iconButton } from "../../core/icons.js";
import { hear } from "../../core/navigation.js";
import { layOut } from "../../pictures/layout.js";
import { PictureTab } from "../../pictures/picture_tab.js";
import { PromptList } from "../../prompts/prompt_list.js";
import { Reader } from "../../scoring/prompt_reader.js";
import { RegionScores } from "../../scoring/region_scores.js";
import { Session } from "../../scoring/session.js";
import { beyond } from "../../scoring/standing.js";
import { TERMS, bindKeys } from "./keys.js";
import { Restorer } from "./restoring.js";
import { saveCsv, savePng } from "./saving.js";
import { boxesToShow, findOnMap } from "./sending.js";
import { labelBox, showAll } from "./showing.js";
import { ScoreTable } from "./table.js";

/**
 * @import {Box} from "../../canvas/box_geometry.js"
 * @import {PictureStart} from "../../core/start.js"
 * @import {Shown} from "../../pictures/source.js"
 * @import {Prompt, PromptText} from "../../scoring/prompts.js"
 * @import {PictureServer, Source, Upload} from "../../scoring/session.js"
 * @import {Link} from "./restoring.js"
 */

/** What an undo step remembers. @typedef {{boxes: Box[], prompts: PromptText[]}} Snapshot */

/** @param {() => void} leave */
const leaveButton = (leave) => iconButton("remove", "Leave talk mode (t or Esc)", leave, { class: "fx-tool fx-leave" });

const TEACHING = {
  title: "Look at what the model sees",
  words: "Open a picture, draw a box on it, and the box scores your phrases while you drag it.",
};

/**
 * Bring the tab to life inside the component's element.
 *
 * @param {HTMLElement} root
 * @param {{start: PictureStart, server: PictureServer, upload: Upload}} given
 */
export function mount(root, { start, server, upload }) {
  return new Probe(root, start, new Session(server, upload, start.card.trained_routes));
}

/** @extends {PictureTab<PictureStart, Session<PictureServer>, PictureCanvas, PromptList, Link, Snapshot, Box[]>} */
class Probe extends PictureTab {
  allRegions = false;
  /** @type {string | null} */
  beyond = null; // why the numbers on this picture mean little

  /** @param {HTMLElement} root @param {PictureStart} start @param {Session<PictureServer>} session */
  constructor(root, start, session) {
    super(root, start, session);
    root.replaceChildren();
    const parts = layOut(root, TEACHING);
    this.parts = parts;
    parts.stage.append(leaveButton(() => this.#talk(false)));
    this.canvas = new PictureCanvas(parts.stage);
    this.heat = new HeatControls(parts.heat, this.canvas, {
      changed: () => this.remember(),
      fault: (sentence) => parts.pictureFault.show(sentence),
    });
    this.list = new PromptList(parts.prompts, start.card, {
      ...this.promptHooks,
      changed: () => {
        this.#record();
        this.#show();
        this.#read();
      },
      heat: () => {
        this.#paint();
        this.restorer.remember();
      },
    });
    this.table = new ScoreTable(parts.table, start.card, {
      select: (id) => this.#select(id),
      heat: (id) => this.list.chooseHeat(id),
    });
    this.takePictures(parts);
    const settle = () => this.scores.settle(this.canvas.boxes);
    this.scores = new RegionScores(session, {
      boxes: () => this.canvas.boxes,
      prompts: () => this.list.prompts,
      arrived: () => this.canvas.gestures.busy || this.#show(),
      failed: (fault) => parts.promptFault.show(messageOf(fault), settle, { kind: kindOf(fault) }),
      apart: (difference) => (root.dataset.apart = difference.toExponential(2)),
    });
    this.reader = new Reader(session, parts, {
      waiting: () => this.list.prompts.filter((prompt) => !prompt.facts),
      arrived: (prompts) => this.#arrived(prompts),
      settle,
    });
    session.answered = () => parts.promptFault.answered();
    this.restorer = new Restorer(this, {
      first: start.first,
      source: () => this.source,
      all: () => this.allRegions,
      select: (choice) => (choice === "all" ? this.#select("all") : this.#selectNumber(choice)),
    });
    this.history = new History(this.#snapshot());
    this.toolbar = new Toolbar(parts.tools, this.acts, this.#tools());
    this.#listen();
    this.restorer.restore();
  }

  // --- what keys and buttons do ---

  /** @override */
  get acts() {
    return {
      ...super.acts,
      csv: () => saveCsv(this),
      png: () => savePng(this),
      talk: (/** @type {boolean | undefined} */ on = undefined) => this.#talk(on),
      find: () => findOnMap(this.session.token, this.canvas.selected),
      all: () => this.#select("all"),
      select: (/** @type {number} */ number) => this.#selectNumber(number),
      heat: (/** @type {number} */ step) => this.list.stepHeat(step, this.table.promptOrder[0]),
    };
  }

  /** A link may wait for the file. @override @param {File} file */
  openFile(file) {
    return this.opener.open({ file }, this.restorer.forUpload);
  }

  // --- building ---

  #tools() {
    const { acts } = this;
    return [
      iconButton("search", "Find what looks like the box, on the Map (f)", acts.find),
      iconButton("table", "Save the table as CSV (c)", acts.csv),
      iconButton("picture", "Save the view as PNG (s)", acts.png),
      iconButton("talk", "Talk mode: only picture and scores, large (t)", () => this.#talk()),
    ];
  }

  #listen() {
    const { canvas } = this;
    this.takeKeys(bindKeys, TERMS);
    canvas.addEventListener("draft", ({ detail }) => this.#follow(detail.box));
    canvas.addEventListener("commit", ({ detail }) => this.#released(detail.box));
    canvas.addEventListener("select", () => {
      this.#show();
      this.remember();
    });
    canvas.addEventListener("view", () => this.remember());
    canvas.addEventListener("rest", () => this.#showAndPaint());
    hear("fx-open", (/** @type {Shown} */ shown) => this.#openShown(shown));
    this.showTools();
  }

  // --- pictures ---

  /** @override */
  get remains() {
    return this.canvas.snapshot;
  }

  /**
   * A new picture is on the screen: its boxes, its prompts if nobody wrote any, fresh scores.
   *
   * @override
   * @param {Source} source
   * @param {Link | null} view what an address asks for on it
   */
  settleIn(source, view) {
    const left = this.arriveWithPrompts(source, { keep: !!view?.prompts });
    const { sample, canvas, list } = this;
    this.beyond = beyond(this.start.card, sample);
    this.parts.note.show(this.beyond);
    this.scores.clear();
    canvas.labels.clear();
    if (view?.heat !== undefined) list.heatId = list.prompts[view.heat]?.id ?? null;
    list.render();
    canvas.selectedId = null;
    canvas.setBoxes(boxesToShow(view?.boxes, left, sample));
    this.restorer.opened(source, view);
    this.history = new History(this.#snapshot());
    this.showTools();
    this.restorer.remember();
    this.#read();
  }

  /** Another tab sends a picture, and the box that was looked at there. @param {Shown} shown */
  #openShown({ picture, box, phrase }) {
    const { list } = this;
    if (phrase && !list.prompts.some(({ text }) => text === phrase)) {
      list.setPrompts([{ text: phrase, route: "auto" }, ...this.written]);
    }
    const boxes = box ? [{ corners: box, number: 1 }] : undefined;
    this.opener.open(this.opener.stored(picture), { boxes, prompts: list.snapshot });
  }

  // --- prompts ---

  #read() {
    this.#paint();
    this.reader.read();
  }

  /** @param {Prompt[]} prompts */
  #arrived(prompts) {
    this.list.factsArrived(prompts);
    for (const box of this.canvas.boxes) this.scores.estimate(box);
    if (!this.canvas.gestures.busy) this.#showAndPaint(); // on release; in a drag rows keep their order
  }

  // --- scores ---

  /** While a box is dragged: scores at display rate, no request. @param {Box} box */
  #follow(box) {
    this.scores.estimate(box);
    labelBox(this, box, this.start.card);
    this.table.follow(box);
  }

  /** @param {Box} box */
  #released(box) {
    const there = this.canvas.boxes.includes(box);
    if (there) this.scores.estimate(box);
    else this.scores.forget(box);
    this.#record();
    this.#showAndPaint();
    if (there) this.scores.settle([box]);
  }

  // --- showing ---

  #show() {
    if (this.canvas.boxes.length < 2) this.allRegions = false;
    showAll(this, this.start.card);
    this.showTools();
  }

  #showAndPaint() {
    this.#show();
    this.#paint();
  }

  #paint() {
    this.table.mark(this.list.heatId);
    this.heat.paint(this.list, this.session.scorer);
  }

  /** @param {number | "all"} id */
  #select(id) {
    this.allRegions = id === "all" && !this.allRegions && this.canvas.boxes.length > 1;
    if (id !== "all" && id !== this.canvas.selectedId) this.canvas.select(id);
    else this.#show();
    this.remember();
  }

  /** @param {number} number */
  #selectNumber(number) {
    const box = this.canvas.boxes.find((each) => each.number === number);
    if (box) this.#select(box.id);
  }

  /** @param {boolean} [on] */
  #talk = (on) => document.body.classList.toggle("fx-talk", on);

  // --- remembering ---

  /** @override */
  remember() {
    this.restorer.rememberSoon();
  }

  #snapshot() {
    return { boxes: this.canvas.snapshot, prompts: this.list.snapshot };
  }

  #record() {
    this.restorer.changed();
    this.history?.push(this.#snapshot());
    this.showTools();
    this.restorer.remember();
  }

  /** @override @param {Snapshot} snapshot */
  travel({ prompts, boxes }) {
    this.list.setPrompts(prompts);
    this.canvas.setBoxes(boxes);
    for (const box of this.canvas.boxes) this.scores.estimate(box);
    this.#show();
    this.restorer.remember();
    this.#read();
    this.scores.settle(this.canvas.boxes);
  }
}
