// The Probe tab: a picture, boxes on it, prompts, and what the model thinks of each pair.

import { PictureCanvas } from "../../canvas/picture_canvas.js";
import { iconButton } from "../../core/icons.js";
import { HeatControls } from "../../canvas/heat_controls.js";
import { History } from "../../core/history.js";
import { cosineText } from "../../core/format.js";
import { layOut } from "../../pictures/layout.js";
import { PictureTab } from "../../pictures/picture_tab.js";
import { TERMS, bindKeys } from "./keys.js";
import { PromptList } from "../../prompts/prompt_list.js";
import { Reader } from "../../scoring/prompt_reader.js";
import { RegionScores } from "../../scoring/region_scores.js";
import { Restorer } from "./restoring.js";
import { saveCsv, savePng } from "./saving.js";
import { Session } from "../../scoring/session.js";
import { beyond, isDoubtful } from "../../scoring/standing.js";
import { ScoreTable } from "./table.js";
import { hear, showTab, tell } from "../../core/navigation.js";
import { Toolbar } from "../../canvas/toolbar.js";

const TEACHING = {
  title: "Look at what the model sees",
  words: "Open a picture, draw a box on it, and the box scores your phrases while you drag it.",
};
const LABELLED = 6; // boxes; more than these carry words only on the chosen one

/** Bring the tab to life inside the component's element. */
export function mount(root, { start, server, upload }) {
  return new Probe(root, start, new Session(server, upload, start.card.trained_routes));
}

class Probe extends PictureTab {
  constructor(root, start, session) {
    super(root, start, session);
    this.allRegions = false;
    this.beyond = null; // why the numbers on this picture mean little
    root.replaceChildren();
    this.#build();
    this.restorer.restore();
  }

  // --- what keys and buttons do ---

  get acts() {
    return {
      ...super.acts,
      csv: () => saveCsv(this),
      png: () => savePng(this),
      talk: (on) => this.#talk(on),
      find: () => this.#findOnMap(),
      all: () => this.#select("all"),
      select: (number) => this.#selectNumber(number),
      heat: (step) => this.#stepHeat(step),
    };
  }

  /** A link may wait for the file. */
  openFile(file) {
    return this.opener.open({ file }, this.restorer.forUpload);
  }

  // --- building ---

  #build() {
    const parts = layOut(this.root, TEACHING);
    this.parts = parts;
    const leave = () => this.#talk(false);
    parts.stage.append(iconButton("remove", "Leave talk mode (t or Esc)", leave, { class: "fx-tool fx-leave" }));
    this.canvas = new PictureCanvas(parts.stage);
    this.heat = new HeatControls(parts.heat, this.canvas, {
      changed: () => this.restorer.rememberSoon(),
      fault: (sentence) => parts.pictureFault.show(sentence),
    });
    this.list = new PromptList(parts.prompts, this.start.card, {
      ...this.promptHooks,
      changed: () => this.#promptsChanged(),
      heat: () => {
        this.#paint();
        this.restorer.remember();
      },
    });
    this.table = new ScoreTable(parts.table, this.start.card, {
      select: (id) => this.#select(id),
      heat: (id) => this.list.chooseHeat(id),
    });
    this.takePictures(parts);
    this.scores = new RegionScores(this.session, {
      boxes: () => this.canvas.boxes,
      prompts: () => this.list.prompts,
      arrived: () => this.canvas.gestures.busy || this.#show(),
      failed: (fault) => parts.promptFault.show(fault.message, () => this.scores.settle(this.canvas.boxes), fault),
      apart: (difference) => (this.root.dataset.apart = difference.toExponential(2)),
    });
    this.reader = new Reader(this.session, parts, {
      waiting: () => this.list.prompts.filter((prompt) => !prompt.facts),
      arrived: (prompts) => this.#arrived(prompts),
      settle: () => this.scores.settle(this.canvas.boxes),
    });
    this.session.answered = () => parts.promptFault.answered();
    this.restorer = new Restorer(this);
    this.history = new History(this.#snapshot());
    const { acts } = this;
    this.toolbar = new Toolbar(parts.tools, acts, [
      iconButton("search", "Find what looks like the box, on the Map (f)", acts.find),
      iconButton("table", "Save the table as CSV (c)", acts.csv),
      iconButton("picture", "Save the view as PNG (s)", acts.png),
      iconButton("talk", "Talk mode: only picture and scores, large (t)", () => acts.talk()),
    ]);
    hear("fx-open", (detail) => this.#openFromMap(detail));
    this.#listen();
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
    canvas.addEventListener("rest", () => {
      this.#show();
      this.#paint();
    });
    this.showTools();
  }

  // --- pictures ---

  get remains() {
    return this.canvas.snapshot;
  }

  /**
   * A new picture is on the screen: its boxes, its prompts if nobody wrote any, fresh scores.
   *
   * @param {object|null} view what an address asks for on it
   */
  settleIn(source, view) {
    const left = this.arriveWithPrompts(source, { keep: !!view?.prompts });
    const { sample } = this;
    this.beyond = beyond(this.start.card, sample);
    this.parts.note.show(this.beyond);
    this.scores.clear();
    this.canvas.labels.clear();
    if (view?.heat !== undefined) this.list.heatId = this.list.prompts[view.heat]?.id ?? null;
    this.list.render();
    this.canvas.selectedId = null;
    const boxes = view?.boxes ?? left ?? sample?.boxes.map((corners) => ({ corners })) ?? [];
    this.canvas.setBoxes(numbered(boxes));
    this.restorer.opened(source, view);
    this.history.reset(this.#snapshot());
    this.showTools();
    this.restorer.remember();
    this.#read();
  }

  /** The Map tab sends a picture, and the box that was looked at there. */
  #openFromMap({ picture, box, phrase }) {
    const { list } = this;
    if (phrase && !list.prompts.some(({ text }) => text === phrase)) {
      list.setPrompts([{ text: phrase, route: "auto" }, ...this.written]);
    }
    const view = { boxes: box ? [{ corners: box, number: 1 }] : undefined, prompts: list.snapshot };
    this.opener.open(this.opener.stored(picture), view);
  }

  /** What in the data set looks like the chosen box, or like the whole picture. */
  #findOnMap() {
    const { canvas, session } = this;
    if (!session.token) return;
    const box = canvas.selected;
    const detail = box
      ? { token: session.token, box: box.corners, name: `box ${box.number}` }
      : { token: session.token, name: "the picture" };
    showTab("map", { leaving: true });
    tell("fx-find", detail);
  }

  // --- prompts ---

  #promptsChanged() {
    this.#record();
    this.#show();
    this.#read();
  }

  #read() {
    this.#paint();
    return this.reader.read();
  }

  #arrived(prompts) {
    this.list.factsArrived(prompts);
    for (const box of this.canvas.boxes) this.scores.estimate(box);
    if (this.canvas.gestures.busy) return; // on release; in a drag rows keep their order
    this.#show();
    this.#paint();
  }

  // --- scores ---

  /** While a box is dragged: scores at display rate, no request. */
  #follow(box) {
    this.scores.estimate(box);
    this.#label(box);
    this.table.follow(box);
  }

  #released(box) {
    const there = this.canvas.boxes.includes(box);
    if (there) this.scores.estimate(box);
    else this.scores.forget(box);
    this.#record();
    this.#show();
    this.#paint();
    if (there) this.scores.settle([box]);
  }

  // --- showing ---

  #show() {
    const { canvas, list } = this;
    if (canvas.boxes.length < 2) this.allRegions = false;
    for (const box of canvas.boxes) this.#label(box);
    this.table.show({
      prompts: list.prompts,
      boxes: canvas.boxes,
      box: canvas.selected,
      all: this.allRegions,
      beyond: !!this.beyond,
      scores: this.scores.of,
    });
    this.showTools();
  }

  /** The best prompt beside the box's number. */
  #label(box) {
    const quiet = this.canvas.boxes.length > LABELLED && box.id !== this.canvas.selectedId;
    const best = quiet ? null : this.scores.best(box);
    const doubtful = !!best && (!!this.beyond || isDoubtful(best.prompt, best.region, this.start.card));
    this.canvas.setLabel(box.id, {
      text: best ? best.prompt.text + (doubtful ? "?" : "") : "",
      score: best ? cosineText(best.region) : "",
      doubtful,
    });
  }

  #paint() {
    this.table.mark(this.list.heatId);
    this.heat.paint(this.list, this.session.scorer);
  }

  #stepHeat(step) {
    this.list.stepHeat(step, this.table.promptOrder[0]);
  }

  #select(id) {
    this.allRegions = id === "all" ? !this.allRegions && this.canvas.boxes.length > 1 : false;
    if (id !== "all" && id !== this.canvas.selectedId) this.canvas.select(id);
    else this.#show();
    this.remember();
  }

  #selectNumber(number) {
    const box = this.canvas.boxes.find((each) => each.number === number);
    if (box) this.#select(box.id);
  }

  #talk(on = !document.body.classList.contains("fx-talk")) {
    document.body.classList.toggle("fx-talk", on);
  }

  // --- remembering ---

  remember() {
    this.restorer.rememberSoon();
  }

  #snapshot() {
    return {
      boxes: this.canvas.snapshot,
      prompts: this.list.snapshot,
    };
  }

  #record() {
    this.restorer.changed();
    this.history.push(this.#snapshot());
    this.showTools();
    this.restorer.remember();
  }

  travel(snapshot) {
    this.list.setPrompts(snapshot.prompts);
    this.canvas.setBoxes(snapshot.boxes);
    for (const box of this.canvas.boxes) this.scores.estimate(box);
    this.#show();
    this.restorer.remember();
    this.#read();
    this.scores.settle(this.canvas.boxes);
  }
}

function numbered(boxes) {
  return boxes.map((box, i) => ({ corners: box.corners, number: box.number ?? i + 1 }));
}
