// The Probe tab: a picture, boxes on it, prompts, and what the model thinks of each pair.

import { readAddress, writeAddress } from "./address.js";
import { PictureCanvas } from "./canvas.js";
import { download, tableCsv, viewPng } from "./export.js";
import { HeatControls } from "./heatcontrols.js";
import { History } from "./history.js";
import { keepPicture, keptPicture } from "./keep.js";
import { Keys } from "./keys.js";
import { fillTools, layOut } from "./layout.js";
import { cosineText, countText } from "./numbers.js";
import { Picker } from "./picker.js";
import { bindKeys } from "./probekeys.js";
import { PromptList } from "./prompts.js";
import { softmax } from "./scoring.js";
import { Session } from "./session.js";
import { ScoreTable } from "./table.js";

const AGREE = 1e-3; // between the page's region scores and the server's
const LABELLED = 6; // boxes; more than these carry words only on the chosen one

/** Bring the tab to life inside the component's element. */
export function mount(root, { start, server, upload }) {
  return new Probe(root, start, new Session(server, upload));
}

class Probe {
  constructor(root, start, session) {
    Object.assign(this, { root, start, session });
    this.scores = new Map(); // box id → {corners, settled, region: Map, crop: Map} by prompt id
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
      undo: () => this.#travel(this.history.undo()),
      redo: () => this.#travel(this.history.redo()),
      remove: () => canvas.removeSelected(),
      csv: () => this.#saveCsv(),
      png: () => this.#savePng(),
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
    this.picker = new Picker(parts.picker, parts.stage, { gallery: this.start.gallery, limit: this.start.limit }, {
      sample: (id) => this.#open({ sample: id }), file: (file) => this.#open({ file }),
      fault: (sentence) => parts.pictureFault.show(sentence),
    });
    this.history = new History(this.#snapshot());
    this.buttons = fillTools(parts.tools, this.acts);
    this.keys = new Keys(bindKeys(this), () => this.root.offsetParent !== null);
    document.addEventListener("fx-help", () => this.keys.help());
    this.#listen();
  }

  #listen() {
    const { canvas, parts } = this;
    canvas.addEventListener("draft", ({ detail }) => this.#follow(detail.box));
    canvas.addEventListener("commit", ({ detail }) => this.#released(detail.box));
    canvas.addEventListener("select", () => this.#show());
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
    const first = this.start.gallery[0];
    if (kept) await this.#open({ file: kept }, view.boxes);
    else if (known) await this.#open({ sample: view.sample }, view.boxes);
    else if (first) await this.#open({ sample: first.id });
    else this.#show();
  }

  // --- pictures ---

  async #open(source, boxes = null) {
    const { parts, session } = this;
    parts.pictureFault.clear();
    parts.progress.start(source.file ? `Opening ${source.file.name}` : "Opening the picture");
    let reply;
    try {
      reply = await session.open(source);
      if (!reply) return;
      await this.#display(source, reply);
    } catch (fault) {
      parts.pictureFault.show(fault.message, fault.kind === "away" ? () => this.#open(source, boxes) : null);
      return;
    } finally {
      parts.progress.end();
    }
    if (source.file) keepPicture(source.file);
    this.#settleIn(source, boxes);
  }

  async #display(source, { width, height }) {
    const sample = this.#sample(source.sample);
    const url = sample?.url ?? URL.createObjectURL(source.file);
    const old = this.canvas.picture?.url;
    try {
      await this.canvas.showPicture({ url, width, height });
    } catch {
      await this.canvas.showPicture({ url: await this.session.display(), width, height });
    }
    if (old?.startsWith("blob:")) URL.revokeObjectURL(old);
    this.parts.empty.hidden = true;
  }

  /** A new picture is on the screen: its boxes, its prompts if nobody wrote any, fresh scores. */
  #settleIn(source, boxes) {
    if (this.sampleId) this.boxesOf.set(this.sampleId, this.canvas.boxes.map(({ corners, number }) => ({ corners, number })));
    const sample = this.#sample(source.sample);
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

  #sample(id) {
    return this.start.gallery.find((sample) => sample.id === id);
  }

  // --- prompts ---

  #promptsChanged() {
    this.suggested = false;
    this.#record();
    this.#show();
    this.#read();
  }

  #suggest() {
    const sample = this.#sample(this.sampleId) ?? this.start.gallery[0];
    const texts = sample?.prompts ?? this.start.examples;
    this.list.add(texts);
  }

  /** Have the server read what it has not read yet, then score the boxes with it. */
  async #read() {
    const { session, parts, list } = this;
    this.reading?.abort();
    const waiting = list.prompts.filter((prompt) => !prompt.facts);
    if (!waiting.length || !session.token) {
      this.#paint();
      return;
    }
    const stop = new AbortController();
    this.reading = stop;
    const all = waiting.length;
    parts.promptFault.clear();
    parts.progress.start(all > 1 ? `Reading ${countText(all)} prompts` : "Reading the prompt", () => stop.abort());
    try {
      await session.read(waiting, {
        signal: stop.signal,
        progress: (done, _, chunk) => {
          parts.progress.update(done, all, `Read ${countText(done)} of ${countText(all)} prompts`);
          this.#arrived(chunk);
        },
      });
    } catch (fault) {
      parts.promptFault.show(fault.message, () => this.#read());
    }
    if (this.reading !== stop) return;
    parts.progress.end();
    if (stop.signal.aborted) {
      const left = list.prompts.filter((prompt) => !prompt.facts).length;
      if (left) parts.promptFault.show(`Stopped with ${countText(left)} prompts unread.`, () => this.#read());
    }
  }

  #arrived(prompts) {
    this.list.factsArrived(prompts);
    for (const box of this.canvas.boxes) this.#estimate(box);
    this.#show();
    this.#paint();
    this.#settle(this.canvas.boxes);
  }

  // --- scores ---

  /** {region, crop} of a box and a prompt, as far as known. */
  lookUp = (box, prompt) => {
    const known = this.scores.get(box.id);
    return { region: known?.region.get(prompt.id), crop: known?.crop.get(prompt.id) };
  };

  /** Region scores of a box from what the page holds. */
  #estimate(box) {
    const { scorer } = this.session;
    const ready = this.list.prompts.filter((prompt) => prompt.facts);
    if (!scorer || !ready.length) return;
    const old = this.scores.get(box.id);
    const still = old && old.corners.every((value, i) => value === box.corners[i]);
    const values = scorer.score(box.corners, ready.map((prompt) => prompt.facts.product));
    const region = new Map(ready.map((prompt, i) => [prompt.id, values[i]]));
    if (still) for (const [id, value] of old.region) if (old.crop.has(id)) region.set(id, value);
    this.scores.set(box.id, { corners: box.corners, region, crop: still ? old.crop : new Map() });
    this.#label(box);
  }

  /** While a box is dragged: scores at display rate, no request. */
  #follow(box) {
    this.#estimate(box);
    this.table.follow(box);
  }

  #released(box) {
    const there = this.canvas.boxes.includes(box);
    if (!there) this.scores.delete(box.id);
    else this.#estimate(box);
    this.#record();
    this.#show();
    if (there) this.#settle([box]);
  }

  /** The server's region scores replace the page's, and crop scores arrive. One request at a time. */
  async #settle(boxes) {
    for (const box of boxes) (this.unsettled ??= new Set()).add(box.id);
    if (this.settling) return;
    this.settling = true;
    try {
      while (this.unsettled.size) await this.#settleNext();
      this.parts.promptFault.clear();
    } catch (fault) {
      this.parts.promptFault.show(fault.message, () => this.#settle(this.canvas.boxes));
    } finally {
      this.settling = false;
    }
  }

  async #settleNext() {
    const boxes = this.canvas.boxes.filter(({ id }) => this.unsettled.has(id)).slice(0, 8);
    for (const box of boxes) this.unsettled.delete(box.id);
    if (!boxes.length) this.unsettled.clear();
    const lacking = (prompt) => prompt.facts && boxes.some((box) => this.lookUp(box, prompt).crop === undefined);
    const prompts = this.list.prompts.filter(lacking);
    if (!boxes.length || !prompts.length) return;
    const asked = boxes.map(({ id, corners }) => ({ id, corners }));
    const reply = await this.session.score(asked, prompts);
    if (!reply) return;
    asked.forEach((box, row) => this.#accept(box, prompts, reply.region[row], reply.crop[row]));
    if (!this.canvas.gestures.busy) this.#show();
  }

  #accept({ id, corners }, prompts, region, crop) {
    const known = this.scores.get(id);
    if (!known || known.corners.some((value, i) => value !== corners[i])) return; // moved meanwhile
    const apart = Math.max(...prompts.map((prompt, i) => Math.abs(region[i] - (known.region.get(prompt.id) ?? region[i]))));
    this.root.dataset.apart = apart.toExponential(2);
    if (apart > AGREE) console.warn(`Region scores of page and server differ by ${apart}`);
    prompts.forEach((prompt, i) => {
      known.region.set(prompt.id, region[i]);
      known.crop.set(prompt.id, crop[i]);
    });
  }

  // --- showing ---

  #show() {
    const { canvas, list } = this;
    if (canvas.boxes.length < 2) this.allRegions = false;
    for (const box of canvas.boxes) this.#label(box);
    this.table.show({
      prompts: list.prompts, boxes: canvas.boxes, box: canvas.selected, all: this.allRegions, scores: this.lookUp,
    });
    this.#showTools();
  }

  /** The best prompt beside the box's number. */
  #label(box) {
    const quiet = this.canvas.boxes.length > LABELLED && box.id !== this.canvas.selectedId;
    let best = null;
    for (const prompt of quiet ? [] : this.list.prompts) {
      const { region } = this.lookUp(box, prompt);
      if (region !== undefined && !(best?.region >= region)) best = { text: prompt.text, region };
    }
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

  #travel(snapshot) {
    if (!snapshot) return;
    this.list.setPrompts(snapshot.prompts);
    this.canvas.setBoxes(snapshot.boxes);
    for (const box of this.canvas.boxes) this.#estimate(box);
    this.#show();
    this.#remember();
    this.#read();
    this.#settle(this.canvas.boxes);
  }

  #remember() {
    const { prompts, heatId } = this.list;
    writeAddress({
      sample: this.sampleId, boxes: this.canvas.boxes, prompts: this.list.snapshot,
      heat: prompts.findIndex(({ id }) => id === heatId),
    });
  }

  // --- saving ---

  #name(ending) {
    return `fgclip-${this.sampleId ?? "picture"}.${ending}`;
  }

  #saveCsv() {
    const prompts = this.list.prompts;
    const shares = (box) => {
      const known = prompts.map((prompt) => [prompt.id, box ? this.lookUp(box, prompt).region : prompt.facts?.picture]).filter(([, value]) => Number.isFinite(value));
      const values = known.length ? softmax(known.map(([, value]) => value), this.start.card.scale) : [];
      return new Map(known.map(([id], i) => [id, values[i]]));
    };
    const text = tableCsv({ prompts, boxes: this.canvas.boxes, scores: this.lookUp, shares });
    download(new Blob([text], { type: "text/csv" }), this.#name("csv"));
  }

  async #savePng() {
    const { canvas, list, heat } = this;
    if (!canvas.picture) return;
    const box = canvas.selected;
    const byId = new Map(list.prompts.map((prompt) => [prompt.id, prompt]));
    const rows = this.table.promptOrder.slice(0, 24).map((id) => byId.get(id)).map((prompt) => ({
      text: prompt.text, picture: prompt.facts?.picture, ...(box ? this.lookUp(box, prompt) : {}),
    }));
    const blob = await viewPng({
      image: canvas.image, picture: canvas.picture, boxes: canvas.boxes, rows,
      heat: heat.map && canvas.heat, opacity: heat.opacity, scale: heat.map && { ...heat.scale, text: heat.map.text },
      title: box ? `Region ${box.number}` : "Whole picture", dark: document.body.classList.contains("dark"),
    });
    download(blob, this.#name("png"));
  }
}

function numbered(boxes) {
  return boxes.map((box, i) => ({ corners: box.corners, number: box.number ?? i + 1 }));
}
