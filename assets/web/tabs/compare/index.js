// The Compare tab: two models on the same picture, texts and boxes, and on the whole data set.

import { ask, telling } from "../../core/api.js";
import { PictureCanvas } from "../../canvas/picture_canvas.js";
import { addressOf, linkFrom } from "./address.js";
import { CompareData } from "./data_set.js";
import { bindKeys, TERMS } from "./keys.js";
import { CompareMaps } from "./maps.js";
import { CanvasPair, SessionPair } from "./pair.js";
import { badge, CompareRows, MARKS } from "./rows.js";
import { make, whenSeen } from "../../core/dom.js";
import { csvText, download, exact } from "../../export/export.js";
import { HeatControls } from "../../canvas/heat_controls.js";
import { History } from "../../core/history.js";
import { fault } from "../../core/notices.js";
import { layOut } from "../../pictures/layout.js";
import { keyOf } from "../../pictures/source.js";
import { PictureTab } from "../../pictures/picture_tab.js";
import { PromptList } from "../../prompts/prompt_list.js";
import { Reader } from "../../scoring/prompt_reader.js";
import { putInAddress } from "../../core/url.js";
import { Toolbar } from "../../canvas/toolbar.js";

const VIEWS = [
  ["picture", "Picture", "One picture through both models (1)"],
  ["data", "Data set", "Who is fooled where in the workspace (2)"],
  ["maps", "Maps", "Both maps, laid over each other (3)"],
];
const REWRITES = 10; // that the button adds
const WORDS = {
  title: "Texts",
  add: "Add a text; paste many lines at once",
  label: "Add a text",
  teach: "A text is held against the box, or the whole picture, by both models: “a small purple owl”.",
};

/** Bring the tab to life inside the component's element, once somebody looks. */
export function mount(root, { start, server, upload }) {
  if (!start.other) return alone(root, start);
  return whenSeen(
    root,
    () =>
      new Compare(
        root,
        start,
        new SessionPair(server, upload, [start.card.trained_routes, start.other.trained_routes]),
      ),
  );
}

/** There is one model: how to have two. */
function alone(root, { card }) {
  const command = (words) => make("code", {}, words);
  root.replaceChildren(
    make(
      "div",
      { class: "fx-compare-alone" },
      make("h2", {}, "Two models, side by side"),
      make(
        "p",
        {},
        `Start the app with a second model, and this tab holds it against ${card.name}: on the same picture, texts, boxes, hard negatives and heat maps, and on the whole data set.`,
      ),
      command('make app ARGS="--compare qihoo360/fg-clip-base"'),
      make("p", {}, "Two checkpoints of a training run work as well:"),
      command("python app.py --model runs/one/model --compare runs/two/model"),
      make("p", {}, "Or one model that reads pictures in two ways:"),
      command('make app ARGS="--compare fgclip-mini --compare-image-size 288"'),
    ),
  );
}

class Compare extends PictureTab {
  constructor(root, start, session) {
    super(root, start, session);
    Object.assign(this, { turn: 0, openings: 0, exact: null });
    this.names = namesOf(start.card, start.other);
    this.#build();
    const link = linkFrom(location.search);
    if (link.texts) this.list.setPrompts(link.texts);
    else this.list.render();
    this.data.restore(link);
    this.maps.restore(link);
    this.look(link.view);
    this.openFirst(link.source, link);
  }

  get acts() {
    return {
      ...super.acts,
      rewrite: () => this.#rewrite(),
      edit: () => this.editing.setAttribute("aria-pressed", String(this.panes.picture.classList.toggle("fx-writing"))),
      save: () => this.#save(),
    };
  }

  // --- building ---

  #build() {
    const { root, start, session, acts, names } = this;
    this.tabs = Object.fromEntries(
      VIEWS.map(([view, label, title]) => [
        view,
        make(
          "button",
          {
            type: "button",
            role: "tab",
            class: "fx-compare-tab",
            title,
            onclick: () => this.look(view, { leaving: true }),
          },
          label,
        ),
      ]),
    );
    const legend = names.map((name, i) =>
      make("span", { class: "fx-compare-name", title: sourceOf([start.card, start.other][i]) }, badge(i), name),
    );
    const picture = make("div", { class: "fx-probe fx-compare-picture" });
    const parts = layOut(picture, {
      title: "Where do they differ?",
      words: "Open a picture, draw a box, and write what may be in it: both models score it.",
    });
    this.parts = parts;
    const second = make("div", { class: "fx-stage-frame" });
    const stages = make("div", { class: "fx-compare-stages" });
    parts.stage.replaceWith(stages);
    stages.append(parts.stage, second, parts.pictureFault.element);
    [parts.stage, second].forEach((frame, i) =>
      frame.append(make("span", { class: "fx-compare-tag" }, badge(i), names[i])),
    );
    this.canvas = new CanvasPair(new PictureCanvas(parts.stage), new PictureCanvas(second));
    this.#buildHeat();
    const richer = start.other.trained_routes.length > start.card.trained_routes.length ? start.other : start.card; // tells what each route is for
    this.list = new PromptList(
      parts.prompts,
      richer,
      {
        ...this.promptHooks,
        changed: () => {
          this.reader.read();
          this.#settle();
        },
        heat: () => {
          this.#paint();
          this.#show();
          this.remember();
        },
      },
      WORDS,
    );
    this.note = fault();
    this.told = telling(this.note);
    this.rows = new CompareRows(names, [start.card.scale, start.other.scale], (id) => this.list.chooseHeat(id));
    const more = make(
      "div",
      { class: "fx-compare-more" },
      make(
        "button",
        {
          type: "button",
          class: "fx-button",
          title: "Hard negatives of the painted text, or of the first one: each gets one attribute wrong (r)",
          onclick: () => acts.rewrite(),
        },
        "+ rewrites",
      ),
      (this.editing = make(
        "button",
        {
          type: "button",
          class: "fx-button",
          "aria-pressed": "false",
          title: "Edit, remove, reorder texts, and choose how they are read (e)",
          onclick: () => acts.edit(),
        },
        "Edit texts",
      )),
      make(
        "button",
        { type: "button", class: "fx-button", title: "This table as CSV (c)", onclick: () => acts.save() },
        "CSV",
      ),
    );
    parts.table.replaceWith(make("div", { class: "fx-compare-found" }, this.note.element, more, this.rows.element));
    this.takePictures(parts, stages);
    this.reader = new Reader(session, parts, {
      waiting: () => this.list.prompts.filter(({ facts, other }) => !facts || !other),
      arrived: (prompts) => {
        this.list.factsArrived(prompts);
        this.#paint();
        this.#show();
      },
      settle: () => this.#settle(),
    });
    this.history = new History(this.#snapshot());
    this.toolbar = new Toolbar(parts.tools, acts, []);
    this.data = new CompareData(
      session.server,
      names,
      start.card.trained_routes.filter((route) => start.other.trained_routes.includes(route)),
      { open: (point, against) => this.#openRegion(point, against), changed: () => this.remember() },
    );
    this.maps = new CompareMaps(session.server, names, {
      open: (point) => this.#openRegion(point),
      changed: () => this.remember(),
    });
    this.panes = { picture, data: this.data.element, maps: this.maps.element };
    root.classList.add("fx-compare");
    root.replaceChildren(
      make(
        "header",
        { class: "fx-compare-bar-top" },
        make(
          "div",
          { role: "tablist", class: "fx-compare-tabs", "aria-label": "What is compared" },
          ...Object.values(this.tabs),
        ),
        ...legend,
      ),
      ...Object.values(this.panes),
    );
    this.#listen();
  }

  /** One set of controls moves both maps; each has the scale of its own model. */
  #buildHeat() {
    const [first, second] = this.canvas.both;
    const hidden = new HeatControls(make("div", {}), second, { changed: () => {}, fault: () => {} });
    const follow = () => {
      hidden.settings = shown.settings;
      this.#paint();
    };
    const shown = new HeatControls(this.parts.heat, first, {
      changed: follow,
      fault: (sentence) => this.parts.pictureFault.show(sentence),
    });
    this.heat = shown;
    this.heats = [shown, hidden];
  }

  #listen() {
    const { canvas } = this;
    this.takeKeys(bindKeys, TERMS);
    canvas.addEventListener("draft", () => this.#show({ live: true }));
    canvas.addEventListener("commit", () => this.#settle());
    canvas.addEventListener("select", () => this.#settle({ step: false })); // to look at another box is no step
    document.addEventListener("fx-back", () => this.isHere && this.#goBack(linkFrom(location.search)));
  }

  /** Show one of the three views; with `leaving`, Back comes back from it. */
  look(view, { leaving = false } = {}) {
    if (leaving && view !== this.view) history.pushState(history.state, "", location.href);
    this.view = view;
    this.openings += 1; // a region that is on its way comes too late
    for (const [name, pane] of Object.entries(this.panes)) {
      pane.hidden = name !== view;
      this.tabs[name].setAttribute("aria-selected", String(name === view));
    }
    if (view !== "picture") this[view].show();
    this.remember();
  }

  /** To what an earlier address says: another region's texts may have come instead of one's own. */
  #goBack(link) {
    const isOther =
      link.source &&
      (keyOf(link.source) !== (this.source && keyOf(this.source)) ||
        JSON.stringify(link.texts) !== JSON.stringify(this.list.snapshot));
    this.look(link.view);
    if (isOther) this.opener.openNamed(link.source, link);
  }

  // --- pictures, texts, boxes ---

  get remains() {
    return this.canvas.boxes.map(({ corners }) => corners);
  }

  settleIn(source, link) {
    if (link?.texts) this.list.setPrompts(link.texts);
    const left = this.arriveWithPrompts(source, { keep: !!link?.texts });
    for (const prompt of this.list.prompts) prompt.other = null;
    this.turn += 1; // answers about the picture before come too late
    this.exact = null;
    const boxes = link?.boxes ?? left ?? this.sample?.boxes ?? [];
    this.canvas.setBoxes(boxes.map((corners, i) => ({ corners, number: i + 1 })));
    const chosen = this.canvas.boxes[(link?.box ?? 1) - 1];
    this.canvas.select(chosen?.id ?? null);
    const painted = link?.heat && this.list.prompts[link.heat - 1];
    if (painted && painted.id !== this.list.heatId) this.list.chooseHeat(painted.id);
    this.history.reset(this.#snapshot());
    this.reader.read();
    this.#settle();
  }

  /**
   * A region of the data set, or another point, with what is said of it, against texts, or its negatives, of one attribute or all.
   *
   * @param {{kind: string, owner: number}} point
   * @param {{rivals: boolean|undefined, attribute: string|undefined, route: string|undefined}} against
   */
  #openRegion(point, { rivals, attribute, route = "box" } = {}) {
    const opening = ++this.openings;
    const { server } = this.session;
    return this.told(async () => {
      const { picture, box, said, negatives } = await ask(server, "seat", point);
      const wrong = rivals
        ? (await ask(server, "rivals", { owner: point.owner })).texts
        : negatives.filter((each) => !attribute || each.attribute === attribute).map(({ text }) => text);
      if (opening !== this.openings) return; // something else is looked at by now
      const texts = [...new Set([said, ...wrong])].filter(Boolean).map((text) => ({ text, route }));
      this.look("picture", { leaving: true });
      await this.opener.open(this.opener.stored(picture), { texts, boxes: box ? [box] : [], box: 1, heat: 1 });
    });
  }

  /** Hard negatives of the painted text, or of the first one. */
  #rewrite() {
    const { prompts, heatId } = this.list;
    const prompt = prompts.find(({ id }) => id === heatId) ?? prompts[0];
    if (!prompt) return this.note.show("Write a text first: its rewrites get one attribute wrong each.");
    return this.told(async () => {
      const { negatives } = await ask(this.session.server, "rewrite", { caption: prompt.text, count: REWRITES });
      if (!negatives.length)
        return this.note.show(
          `“${prompt.text}” names nothing that could be rewritten: try one with a colour, a size or a number.`,
        );
      if (heatId === null) this.list.chooseHeat(prompt.id);
      return this.list.add(
        negatives.map(({ text }) => text),
        prompt.route,
      );
    });
  }

  // --- scores ---

  /** Everything rests: what is shown is taken from the models themselves. */
  #settle({ step = true } = {}) {
    const turn = ++this.turn;
    this.exact = null;
    if (!this.source) return;
    if (step) this.#record();
    this.#paint();
    this.#show();
    this.remember();
    const { selected } = this.canvas;
    const { prompts } = this.list;
    if (!selected || !prompts.length || prompts.some(({ facts, other }) => !facts || !other)) return;
    this.told(async () => {
      const scores = await this.session.score(selected, prompts);
      if (turn !== this.turn || !scores) return;
      this.exact = scores;
      this.#show();
    });
  }

  /** Cosines of both models with the chosen box, or the whole picture. */
  #values() {
    const box = this.canvas.selected;
    return [({ facts }) => facts, ({ other }) => other].map((factsOf, model) => {
      const facts = this.list.prompts.map(factsOf);
      if (!box) return facts.map((each) => each?.picture ?? NaN);
      const { scorer } = this.session.both[model];
      return facts.map((each) => (each && scorer ? scorer.score(box.corners, [each.product])[0] : NaN));
    });
  }

  #show({ live = false } = {}) {
    const values = (!live && this.exact) || this.#values();
    const { selected } = this.canvas;
    this.rows.show(this.list.prompts, values, {
      claimed: this.list.heatId,
      live,
      against: !this.source ? "" : selected ? `box ${selected.number}` : "the whole picture",
    });
    this.showTools();
  }

  #paint() {
    const { prompts, heatId } = this.list;
    this.heats[0].paint(this.list, this.session.both[0].scorer);
    this.heats[1].paint(
      { prompts: prompts.map(({ id, text, other }) => ({ id, text, facts: other })), heatId },
      this.session.both[1].scorer,
    );
  }

  #save() {
    const { prompts } = this.list;
    const { values, ranks } = this.rows;
    const name = this.source?.sample ?? this.source?.image ?? this.source?.file?.name ?? "picture";
    const { selected } = this.canvas;
    const lines = prompts.map(({ text, facts }, i) => [
      name,
      ...(selected?.corners.map(exact) ?? ["", "", "", ""]),
      text,
      facts?.route ?? "",
      ...MARKS.flatMap((_, model) => [exact(values[model][i]), ranks[model][i]]),
    ]);
    const header = [
      "picture",
      "x0",
      "y0",
      "x1",
      "y1",
      "text",
      "route",
      ...this.names.flatMap((model) => [`cosine ${model}`, `rank ${model}`]),
    ];
    download(new Blob([csvText([header, ...lines])], { type: "text/csv" }), `compare-${name}.csv`);
  }

  // --- undo and the address ---

  #snapshot() {
    return { boxes: this.canvas.snapshot, prompts: this.list.snapshot };
  }

  #record() {
    this.history.push(this.#snapshot());
  }

  travel(snapshot) {
    this.list.setPrompts(snapshot.prompts);
    this.canvas.setBoxes(snapshot.boxes);
    this.reader.read();
    this.#settle();
  }

  remember() {
    if (this.isHere && (this.source || this.view !== "picture")) putInAddress(addressOf(this));
  }
}

/** What the two are called; where that is the same, where they lie. */
function namesOf(one, other) {
  const same = one.sha256 === other.sha256; // and read in two ways
  const key = one.name === other.name && !same ? "source" : "name";
  return [one, other].map((card) =>
    [card[key], card.reading || (same ? `its own ${card.image_size} pixels` : "")].filter(Boolean).join(", "),
  );
}

const sourceOf = (card) => `${card.family}, ${card.source}, sha256 ${card.sha256.slice(0, 12)}…`;
