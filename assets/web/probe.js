// The Probe tab: a picture, boxes on it, prompts, and what the model thinks of each pair.

import { readAddress, writeAddress } from "./address.js";
import { PictureCanvas } from "./canvas.js";
import { HeatControls } from "./heatcontrols.js";
import { History } from "./history.js";
import { keptPicture } from "./keep.js";
import { Keys } from "./keys.js";
import { fillTools, layOut } from "./layout.js";
import { cosineText } from "./numbers.js";
import { Opener } from "./opening.js";
import { Picker } from "./picker.js";
import { bindKeys } from "./probekeys.js";
import { PromptList } from "./prompts.js";
import { Reader } from "./reading.js";
import { RegionScores } from "./regionscores.js";
import { saveCsv, savePng } from "./saving.js";
import { Session } from "./session.js";
import { ScoreTable } from "./table.js";

const LABELLED = 6; // boxes; more than these carry words only on the chosen one

/** Bring the tab to life inside the component's element. */
export function mount(root, { start, server, upload }) {
  return new Probe(root, start, new Session(server, upload));
}

class Probe {
  constructor(root, start, session) {
    Object.assign(this, { root, start, session });
    this.boxesOf = new Map(); // sample id → boxes left on it
    this.allRegions = false;
    this.suggested = true; // the prompts are the picture's own, nobody has touched them
    root.replaceChildren();
    this.#build();
    this.#restore();
  }

  // --- what keys and buttons do ---

  get acts() {
    const { canvas } = this;
    return {
      tool: (name) => canvas.setTool(name),
      fit: () => canvas.fit(),
      undo: () => this.#step(() => this.history.undo()),
      redo: () => this.#step(() => this.history.redo()),
      remove: () => canvas.removeSelected(),
      csv: () => saveCsv(this),
      png: () => savePng(this),
      talk: (on) => this.#talk(on),
      all: () => this.#select("all"),
      select: (number) => this.#selectNumber(number),
      heat: (step) => this.#stepHeat(step),
      suggest: () => this.#suggest(),
    };
  }

  // --- building ---

  #build() {
    const parts = layOut(this.root);
    this.parts = parts;
    this.canvas = new PictureCanvas(parts.stage);
    this.heat = new HeatControls(parts.heat, this.canvas, { changed: () => {} });
    this.list = new PromptList(parts.prompts, {
      changed: () => this.#promptsChanged(),
      heat: () => { this.#paint(); this.#remember(); },
      count: (text, route) => this.session.count(text, route),
      suggest: () => this.#suggest(),
    });
    this.table = new ScoreTable(parts.table, this.start.card.scale, {
      select: (id) => this.#select(id), heat: (id) => this.list.chooseHeat(id),
    });
    this.opener = new Opener(this.session, this.canvas, parts, {
      gallery: this.start.gallery, opened: (source, boxes) => this.#settleIn(source, boxes),
    });
    this.picker = new Picker(parts.picker, parts.stage, { gallery: this.start.gallery, limit: this.start.limit }, {
      sample: (id) => this.opener.open({ sample: id }), file: (file) => this.opener.open({ file }),
      fault: (sentence) => parts.pictureFault.show(sentence),
    });
    this.scores = new RegionScores(this.session, {
      boxes: () => this.canvas.boxes,
      prompts: () => this.list.prompts,
      arrived: () => this.canvas.gestures.busy || this.#show(),
      failed: (fault) => parts.promptFault.show(fault.message, () => this.scores.settle(this.canvas.boxes)),
      apart: (difference) => (this.root.dataset.apart = difference.toExponential(2)),
    });
    this.reader = new Reader(this.session, parts, {
      waiting: () => this.list.prompts.filter((prompt) => !prompt.facts),
      arrived: (prompts) => this.#arrived(prompts),
      settle: () => this.scores.settle(this.canvas.boxes),
    });
    this.history = new History(this.#snapshot());
    this.buttons = fillTools(parts.tools, this.acts);
    this.keys = new Keys(bindKeys(this), () => this.root.offsetParent !== null);
    parts.leave.addEventListener("click", () => this.#talk(false));
    document.addEventListener("fx-help", () => this.keys.help());
    this.#listen();
  }

  #listen() {
    const { canvas, parts } = this;
    canvas.addEventListener("draft", ({ detail }) => this.#follow(detail.box));
    canvas.addEventListener("commit", ({ detail }) => this.#released(detail.box));
    canvas.addEventListener("select", () => this.#show());
    canvas.addEventListener("rest", () => this.#show());
    canvas.addEventListener("fault", ({ detail }) => parts.pictureFault.show(detail.sentence));
    canvas.addEventListener("tool", () => this.#showTools());
    this.#showTools();
  }

  async #restore() {
    const view = readAddress();
    const known = this.start.gallery.some(({ id }) => id === view.sample);
    if (view.sample && !known) {
      this.parts.pictureFault.show(`There is no sample “${view.sample}” in this gallery; another one is shown.`);
    }
    if (view.prompts?.length) {
      this.list.setPrompts(view.prompts);
      this.suggested = false;
    }
    if (view.heat >= 0) this.list.heatId = this.list.prompts[view.heat]?.id ?? null;
    const kept = view.sample || !(view.boxes || view.prompts) ? undefined : await keptPicture();
    const { first } = this.start;
    if (kept) await this.opener.open({ file: kept }, view.boxes);
    else if (known) await this.opener.open({ sample: view.sample }, view.boxes);
    else if (first) await this.opener.open({ sample: first });
    else this.#show();
  }

  // --- pictures ---

  /** A new picture is on the screen: its boxes, its prompts if nobody wrote any, fresh scores. */
  #settleIn(source, boxes) {
    if (this.sampleId) this.boxesOf.set(this.sampleId, this.canvas.boxes.map(({ corners, number }) => ({ corners, number })));
    const sample = this.opener.sample(source.sample);
    this.sampleId = source.sample ?? null;
    this.picker.mark(this.sampleId);
    this.scores.clear();
    this.canvas.labels.clear();
    const chosen = boxes ?? this.boxesOf.get(this.sampleId) ?? sample?.boxes.map((corners) => ({ corners })) ?? [];
    if (this.suggested && sample) this.list.setPrompts(sample.prompts.map((text) => ({ text, route: "auto" })));
    for (const prompt of this.list.prompts) prompt.facts = null;
    this.list.render();
    this.canvas.selectedId = null;
    this.canvas.setBoxes(numbered(chosen));
    this.history.reset(this.#snapshot());
    this.#showTools();
    this.#remember();
    this.#read();
  }

  // --- prompts ---

  #promptsChanged() {
    this.suggested = false;
    this.#record();
    this.#show();
    this.#read();
  }

  #suggest() {
    const sample = this.opener.sample(this.sampleId) ?? this.start.gallery[0];
    const texts = sample?.prompts ?? this.start.examples;
    this.list.add(texts);
  }

  #read() {
    this.#paint();
    return this.reader.read();
  }

  #arrived(prompts) {
    this.list.factsArrived(prompts);
    for (const box of this.canvas.boxes) this.scores.estimate(box);
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
    if (there) this.scores.settle([box]);
  }

  // --- showing ---

  #show() {
    const { canvas, list } = this;
    if (canvas.boxes.length < 2) this.allRegions = false;
    for (const box of canvas.boxes) this.#label(box);
    this.table.show({
      prompts: list.prompts, boxes: canvas.boxes, box: canvas.selected, all: this.allRegions, scores: this.scores.of,
    });
    this.#showTools();
  }

  /** The best prompt beside the box's number. */
  #label(box) {
    const quiet = this.canvas.boxes.length > LABELLED && box.id !== this.canvas.selectedId;
    const best = quiet ? null : this.scores.best(box);
    this.canvas.setLabel(box.id, best ? `${best.text}  ${cosineText(best.region)}` : "");
  }

  #paint() {
    const { list, session, heat } = this;
    this.table.mark(list.heatId);
    const prompt = list.prompts.find(({ id }) => id === list.heatId);
    const { scorer } = session;
    if (!prompt?.facts || !scorer) {
      heat.show(null);
      return;
    }
    heat.show({
      values: scorer.patchCosines(prompt.facts.product),
      everything: list.prompts.filter(({ facts }) => facts).map(({ facts }) => scorer.patchCosines(facts.product)),
      height: scorer.height, width: scorer.width, text: prompt.text,
    });
  }

  #stepHeat(step) {
    const { prompts, heatId } = this.list;
    if (!prompts.length) return;
    const at = prompts.findIndex(({ id }) => id === heatId);
    if (!step) this.list.chooseHeat(heatId ?? this.table.promptOrder[0]);
    else this.list.chooseHeat(prompts[(at + step + prompts.length) % prompts.length].id);
  }

  #select(id) {
    this.allRegions = id === "all" ? !this.allRegions && this.canvas.boxes.length > 1 : false;
    if (id !== "all" && id !== this.canvas.selectedId) this.canvas.select(id);
    else this.#show();
  }

  #selectNumber(number) {
    const box = this.canvas.boxes.find((each) => each.number === number);
    if (box) this.#select(box.id);
  }

  #showTools() {
    if (!this.buttons) return;
    const { box, pan, undo, redo, trash } = this.buttons;
    box.setAttribute("aria-pressed", this.canvas.tool === "box");
    pan.setAttribute("aria-pressed", this.canvas.tool === "pan");
    undo.disabled = !this.history.past.length;
    redo.disabled = !this.history.future.length;
    trash.disabled = !this.canvas.selected;
  }

  #talk(on = !document.body.classList.contains("fx-talk")) {
    document.body.classList.toggle("fx-talk", on);
  }

  // --- remembering ---

  #snapshot() {
    return {
      boxes: this.canvas.boxes.map(({ id, number, corners }) => ({ id, number, corners })),
      prompts: this.list.snapshot,
    };
  }

  #record() {
    this.history.push(this.#snapshot());
    this.#showTools();
    this.#remember();
  }

  /** Undo or redo; what is under way ends first: a drag is given up, a nudge counts. */
  #step(travel) {
    if (this.canvas.gestures.busy) {
      this.canvas.gestures.cancel();
      return;
    }
    this.canvas.finishNudge();
    this.#travel(travel());
  }

  #travel(snapshot) {
    if (!snapshot) return;
    this.list.setPrompts(snapshot.prompts);
    this.canvas.setBoxes(snapshot.boxes);
    for (const box of this.canvas.boxes) this.scores.estimate(box);
    this.#show();
    this.#remember();
    this.#read();
    this.scores.settle(this.canvas.boxes);
  }

  #remember() {
    const { prompts, heatId } = this.list;
    writeAddress({
      sample: this.sampleId, boxes: this.canvas.boxes, prompts: this.list.snapshot,
      heat: prompts.findIndex(({ id }) => id === heatId),
    });
  }
}

function numbered(boxes) {
  return boxes.map((box, i) => ({ corners: box.corners, number: box.number ?? i + 1 }));
}
