// The Detect tab: phrases → boxes, each with its reason; corrected by hand, kept, saved.

import { ask, telling } from "../../core/api.js";
import { overlap, same } from "../../canvas/box_geometry.js";
import { PictureCanvas } from "../../canvas/picture_canvas.js";
import { addressOf, linkFrom } from "./address.js";
import { DetectControls } from "./controls.js";
import { bindKeys, TERMS } from "./keys.js";
import { phraseKey, Phrases } from "./phrases.js";
import { DetectRows } from "./rows.js";
import { asFound, saveBoxes } from "./saving.js";
import { make, whenSeen } from "../../core/dom.js";
import { iconButton } from "../../core/icons.js";
import { HeatControls } from "../../canvas/heat_controls.js";
import { History } from "../../core/history.js";
import { fault, progress } from "../../core/notices.js";
import { cosineText } from "../../core/format.js";
import { hueOf } from "../../core/colours.js";
import { layOut } from "../../pictures/layout.js";
import { PictureTab } from "../../pictures/picture_tab.js";
import { PromptList } from "../../prompts/prompt_list.js";
import { Reader } from "../../scoring/prompt_reader.js";
import { Session } from "../../scoring/session.js";
import { beyond } from "../../scoring/standing.js";
import { showTab, tell } from "../../core/navigation.js";
import { putInAddress } from "../../core/url.js";
import { Toolbar } from "../../canvas/toolbar.js";

const ASIDE = 0.5; // overlap with a box that was removed or replaced, from which on one is not found again
const HELD = 30; // ms between looks whether a drag is over
const LABELLED = 8; // boxes; more than these carry words only on the chosen one
const TEACHING = {
  title: "Where is it?",
  words: "Open a picture and write what to look for: each phrase gets its boxes, and each box its reason.",
};
const WORDS = {
  title: "Phrases",
  add: "Add a phrase to look for; paste many lines at once",
  label: "Add a phrase",
  teach: "A phrase names what to look for: “a small purple owl”. It may be long.",
};

/** Bring the tab to life inside the component's element, once somebody looks. */
export function mount(root, { start, server, upload }) {
  whenSeen(root, () => new Detect(root, start, new Session(server, upload, start.card.trained_routes)));
}

class Detect extends PictureTab {
  constructor(root, start, session) {
    super(root, start, session);
    Object.assign(this, { aside: [], pictures: 0, turn: 0, nextPrompt: null });
    this.#build();
    const link = linkFrom(location.search);
    this.controls.how = { ...link.how, share: link.how.share ?? start.share };
    if (link.phrases) this.list.setPrompts(link.phrases);
    else this.list.render();
    this.#show();
    this.openFirst(link.source, link);
  }

  get acts() {
    return {
      ...super.acts,
      keep: () => this.#keep(),
      save: (format) => this.told(() => saveBoxes(this, format)),
      open: (tab) => this.#openIn(tab),
      changed: () => this.#find(),
      bringBack: () => {
        this.aside = [];
        this.#find();
      },
      phrases: () => this.list.snapshot,
    };
  }

  // --- building ---

  #build() {
    const { root, start, session, acts } = this;
    root.classList.add("fx-probe");
    root.replaceChildren();
    const parts = layOut(root, TEACHING);
    this.parts = parts;
    this.canvas = new PictureCanvas(parts.stage);
    this.heat = new HeatControls(parts.heat, this.canvas, {
      changed: () => {},
      fault: (sentence) => parts.pictureFault.show(sentence),
    });
    this.list = new PromptList(
      parts.prompts,
      start.card,
      {
        ...this.promptHooks,
        changed: () => {
          this.reader.read();
          this.#find();
        },
        heat: () => this.heat.paint(this.list, session.scorer),
      },
      WORDS,
    );
    this.phrases = new Phrases(this.list, this.canvas, () => this.controls.how);
    this.note = fault();
    this.finding = progress();
    this.told = telling(this.note);
    this.controls = new DetectControls(start, session.server, acts);
    this.rows = new DetectRows({
      select: (id) => this.canvas.select(id),
      remove: (id) => {
        this.canvas.select(id);
        this.canvas.removeSelected();
      },
      hint: (missing) =>
        this.canvas.hint(missing?.facts.box ?? null, missing && 1 + this.phrases.placeOf(missing.prompt)),
      take: (missing) => this.#takeAnyway(missing),
      choose: ({ prompt }) => this.#drawFor(prompt),
      bringBack: ({ prompt }) => this.#bringBack(prompt),
    });
    parts.table.replaceWith(
      make(
        "div",
        { class: "fx-detect-found" },
        this.controls.element,
        this.finding.element,
        this.note.element,
        this.rows.element,
        this.controls.end,
      ),
    );
    this.takePictures(parts);
    this.reader = new Reader(session, parts, {
      waiting: () => this.list.prompts.filter((prompt) => !prompt.facts),
      arrived: (prompts) => {
        this.list.factsArrived(prompts);
        this.heat.paint(this.list, session.scorer);
      },
      settle: () => {},
    });
    session.answered = () => parts.promptFault.answered();
    this.history = new History(this.#snapshot());
    this.toolbar = new Toolbar(parts.tools, acts, [
      iconButton("probe", "Open the box in Probe (o)", () => acts.open("probe")),
      iconButton("negatives", "Hold the box against rewrites in Negatives (r)", () => acts.open("negatives")),
    ]);
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
    canvas.addEventListener("rest", () => this.#show());
  }

  // --- pictures and phrases ---

  get remains() {
    return {
      own: this.canvas.boxes.filter(({ own }) => own).map(({ corners, prompt }) => ({ corners, prompt })),
      aside: this.aside,
    };
  }

  settleIn(source, link) {
    const left = this.arriveWithPrompts(source, { keep: !!link?.phrases });
    this.parts.note.show(beyond(this.start.card, this.sample));
    this.phrases.forget();
    this.canvas.labels.clear();
    this.canvas.selectedId = null;
    const { own, aside } = link ?? left ?? { own: [], aside: [] };
    this.aside = aside;
    this.controls.hush();
    this.canvas.setBoxes(own.map(({ corners, prompt }, i) => ({ corners, prompt, number: i + 1, own: true, hue: 1 })));
    this.history.reset(this.#snapshot());
    this.reader.read();
    this.#find(link?.box);
  }

  /** Have the boxes found anew; those made by hand stay. */
  async #find(choice = null) {
    const turn = ++this.turn;
    if (!this.source) return;
    const prompts = this.list.snapshot;
    this.rows.wait(true);
    this.finding.start("Looking", () => this.#stop(turn));
    const well = await this.told(async () => {
      if (!prompts.length) this.#take({ boxes: [], phrases: [] }, []);
      if (!prompts.length || !(await this.#measured(turn))) return;
      const reply = await this.session.inquire("detect", { prompts, ...this.controls.how });
      const own = this.#own(prompts);
      const measured = own.length && reply && turn === this.turn ? await this.#measure(own) : [];
      while (this.canvas.gestures.busy) await new Promise((resolve) => setTimeout(resolve, HELD)); // what is drawn stays
      if (!reply || !measured || turn !== this.turn) return;
      const facts = new Map(own.map(({ id }, i) => [id, measured[i]]));
      this.#take(
        reply,
        this.#own(prompts).map((box) => ({ ...box, ...facts.get(box.id) })),
        choice,
      ); // some may have come meanwhile
    });
    if (turn !== this.turn) return;
    this.finding.end();
    this.rows.wait(false);
    if (!well) this.#show();
  }

  /** The pictures that phrases are measured against, read a few at a time; false when something else is asked for. */
  async #measured(turn) {
    for (;;) {
      const { done, all, pictures } = await ask(this.session.server, "reference");
      if (turn !== this.turn) return false;
      this.pictures = pictures;
      if (done >= all) return true;
      this.finding.update(done, all, `Reading ${done} of ${all} other pictures to measure phrases against`);
    }
  }

  #stop(turn) {
    if (turn !== this.turn) return;
    this.turn += 1;
    this.finding.end();
    this.rows.wait(false);
    this.note.show("Stopped.", () => this.#find());
  }

  #own(prompts) {
    const known = new Set(prompts.map(phraseKey));
    return this.canvas.boxes.filter(({ own, prompt }) => own && known.has(phraseKey(prompt)));
  }

  async #measure(boxes) {
    const reply = await this.session.inquire("measure", {
      boxes: boxes.map(({ corners }) => corners),
      prompts: boxes.map(({ prompt }) => prompt),
      share: this.controls.strictness,
    });
    return reply && reply.boxes.map(({ box: _, ...facts }) => facts);
  }

  #take({ boxes, phrases }, own, choice = null) {
    this.phrases.learn(phrases);
    const before = this.canvas.boxes;
    const found = boxes
      .map(({ box, ...facts }) => {
        const old = before.find(
          (each) =>
            !each.own &&
            phraseKey(each.prompt) === phraseKey(facts.prompt) &&
            each.corners.every((edge, i) => Math.abs(edge - box[i]) < 1e-5),
        );
        return { ...facts, corners: box, id: old?.id };
      })
      .filter(({ prompt, corners }) => {
        const is = (test) => (each) => phraseKey(each.prompt) === phraseKey(prompt) && test(each.corners);
        return (
          !own.some(is((other) => same(other, corners))) &&
          !this.aside.some(is((other) => overlap(other, corners) > ASIDE))
        );
      })
      .map((box) => ({ ...box, found: box.corners }));
    this.canvas.setBoxes(
      [...found, ...own].map((box, i) => ({ ...box, number: i + 1, hue: 1 + this.phrases.placeOf(box.prompt) })),
    );
    const chosen = choice && this.canvas.boxes.find(({ number }) => number === choice);
    if (chosen) this.canvas.select(chosen.id);
    this.#record();
  }

  // --- boxes by hand ---

  #follow(box) {
    if (!this.#given(box)) return;
    const product = this.list.prompts[this.phrases.placeOf(box.prompt)]?.facts?.product;
    if (product) [box.score] = this.session.scorer.score(box.corners, [product]);
    box.baseline ??= this.phrases.of(box.prompt)?.baseline;
    this.rows.follow(box);
    this.#label(box);
  }

  /** A drawn box is for the phrase of the box that was chosen before, else for the painted or the first one. */
  #given(box) {
    if (box.prompt) return true;
    const { prompts, heatId } = this.list;
    const prompt =
      prompts.find((each) => this.nextPrompt && phraseKey(each) === this.nextPrompt) ??
      prompts.find(({ id }) => id === heatId) ??
      prompts[0];
    if (!prompt) return false;
    Object.assign(box, {
      prompt: { text: prompt.text, route: prompt.route },
      own: true,
      hue: 1 + prompts.indexOf(prompt),
    });
    return true;
  }

  #released(box) {
    const there = this.canvas.boxes.includes(box);
    if (box.found) this.aside = [...this.aside, { corners: box.found, prompt: box.prompt }]; // removed, or another is in its place
    box.found = null;
    if (!there) return this.#record();
    if (!this.#given(box)) {
      this.canvas.setBoxes(this.canvas.boxes.filter((each) => each !== box));
      return this.note.show("Write a phrase first: a box is drawn for one.");
    }
    box.own = true;
    return this.told(async () => {
      const facts = await this.#measure([box]);
      const now = this.canvas.boxes.find(({ id }) => id === box.id); // boxes may have been found anew
      if (facts && now) Object.assign(now, facts[0]);
      this.#record();
    });
  }

  /** The next box that is drawn is for this phrase. */
  #drawFor(prompt) {
    this.nextPrompt = phraseKey(prompt);
    this.canvas.select(null);
  }

  /** Boxes of a phrase that were put aside are found again. */
  #bringBack(prompt) {
    this.aside = this.aside.filter((each) => phraseKey(each.prompt) !== phraseKey(prompt));
    return this.#find();
  }

  /** A phrase's best box, though it scores below the threshold: as if it were drawn. */
  #takeAnyway({ prompt: { text, route }, facts }) {
    const { canvas } = this;
    const box = Object.assign(canvas.add(facts.box), {
      prompt: { text, route },
      hue: 1 + this.phrases.placeOf({ text, route }),
      own: true,
      score: facts.best,
      baseline: facts.baseline,
    });
    canvas.select(box.id);
    return this.#released(box);
  }

  // --- what becomes of them ---

  #keep() {
    const { boxes } = this.canvas;
    if (!boxes.length) return null;
    return this.told(async () => {
      const reply = await this.session.inquire("keep", { found: boxes.map(asFound) });
      if (!reply) return;
      const were = reply.known ? `, ${reply.known} ${reply.known === 1 ? "was" : "were"} there` : "";
      this.controls.say(
        `${reply.kept} kept as ${reply.kept === 1 ? "a region" : "regions"}${were}. To see them on the map, index and place them in the `,
      );
    });
  }

  #openIn(tab) {
    const { source, canvas, start } = this;
    const box = canvas.selected;
    if (!box) return this.note.show("Choose a box first.");
    if (source.file)
      return this.note.show(
        `${source.file.name} is open here only: upload it there, or keep its boxes and open it from the Map.`,
      );
    const sample = start.gallery.find(({ id }) => id === source.sample);
    const picture = sample ? { source: "gallery", name: `${sample.id}.png` } : { id: source.image };
    showTab(tab, { leaving: true });
    return tell(tab === "probe" ? "fx-open" : "fx-negatives", { picture, box: box.corners, phrase: box.prompt.text });
  }

  // --- showing and remembering ---

  #show() {
    const { canvas, list, phrases } = this;
    const { boxes } = canvas;
    if (canvas.selected?.prompt) this.nextPrompt = phraseKey(canvas.selected.prompt);
    for (const box of boxes) this.#label(box);
    this.rows.show({
      boxes: boxes.filter(({ prompt }) => prompt),
      missing: phrases.missing,
      factsOf: (prompt) => phrases.of(prompt),
      selectedId: canvas.selectedId,
      chosenPhrase: this.nextPrompt,
      summary: phrases.summary,
    });
    list.tally(
      new Map(
        list.prompts.map((prompt, i) => {
          const count = phrases.countOf(prompt);
          const asked = phrases.of(prompt);
          return [
            prompt.id,
            {
              words: asked || count ? String(count) : "",
              hue: count ? hueOf(1 + i) : null,
              title: `${count} ${count === 1 ? "box" : "boxes"}`,
            },
          ];
        }),
      ),
    );
    this.controls.show({
      boxes: boxes.length,
      told: boxes.length > 0 || phrases.missing.some(({ facts }) => facts),
      pictures: this.pictures,
      phrases: list.prompts.length,
      aside: this.aside.filter((each) => !this.#isReplaced(each)).length,
    });
    this.showTools();
  }

  /** Whether one by hand lies where a found box was put aside. */
  #isReplaced({ corners, prompt }) {
    return this.canvas.boxes.some(
      (box) => box.own && phraseKey(box.prompt) === phraseKey(prompt) && overlap(box.corners, corners) > ASIDE,
    );
  }

  #label(box) {
    const quiet = this.canvas.boxes.length > LABELLED && box.id !== this.canvas.selectedId;
    this.canvas.setLabel(box.id, {
      text: quiet || !box.prompt ? "" : box.prompt.text,
      score: quiet || !box.prompt ? "" : cosineText(box.score),
      doubtful: box.score < box.baseline,
    });
  }

  #snapshot() {
    return {
      boxes: this.canvas.boxes.map((box) => ({ ...box })),
      prompts: this.list.snapshot,
      how: this.controls.how,
      aside: this.aside,
    };
  }

  #record() {
    this.history.push(this.#snapshot());
    this.#show();
    this.remember();
  }

  travel(snapshot) {
    this.turn += 1; // what was asked for is not wanted any more
    this.finding.end();
    this.rows.wait(false);
    this.list.setPrompts(snapshot.prompts);
    this.controls.how = snapshot.how;
    this.aside = snapshot.aside;
    this.canvas.setBoxes(snapshot.boxes);
    this.reader.read();
    this.#show();
    this.remember();
  }

  remember() {
    if (this.source && this.isHere) putInAddress(addressOf(this));
  }
}
