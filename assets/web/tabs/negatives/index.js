// The Negatives tab: a true caption against rewrites of it, on a box or on the whole picture.

import { ask, Fault, telling } from "../../core/api.js";
import { PictureCanvas } from "../../canvas/picture_canvas.js";
import { make, whenSeen } from "../../core/dom.js";
import { icon } from "../../core/icons.js";
import { History } from "../../core/history.js";
import { FailureTable } from "./failures.js";
import { NegativesControls } from "./controls.js";
import { bindKeys, TERMS } from "./keys.js";
import { addressOf, linkFrom } from "./address.js";
import { NegativesRows } from "./rows.js";
import { NegativesTexts } from "./texts.js";
import { fault, progress } from "../../core/notices.js";
import { PictureTab } from "../../pictures/picture_tab.js";
import { Session } from "../../scoring/session.js";
import { hear } from "../../core/navigation.js";
import { putInAddress } from "../../core/url.js";

const SHOWN = 6; // boxes of a picture at first
const LOOK = 500; // ms between looks at a chat model's writing
const REST = 250; // ms after which words are weighed

/** Bring the tab to life inside the component's element, once somebody looks. */
export function mount(root, { start, server, upload }) {
  let tab = null;
  const begin = () => (tab ??= new Negatives(root, start, new Session(server, upload, start.card.trained_routes)));
  whenSeen(root, begin);
  hear("fx-negatives", (detail) => begin().take(detail));
}

class Negatives extends PictureTab {
  constructor(root, start, session) {
    super(root, start, session);
    Object.assign(this, { known: [], kept: new Map(), turn: 0, loads: 0, exact: null, settling: false, writing: null });
    this.routes = start.card.trained_routes; // the others are copies of short
    this.route = this.#trained("box");
    this.#build();
    const link = linkFrom(location.search);
    this.controls.set(link.how, link.by);
    const says = link.caption !== null || link.box || link.route;
    this.openFirst(link.source, says ? { ...link, caption: link.caption ?? "" } : null);
  }

  get acts() {
    return { ...super.acts, remove: () => this.canvas.removeSelected({ next: false }) }; // another one's texts would come instead
  }

  // --- building ---

  #build() {
    const part = (name, attributes = {}) => make("div", { class: `fx-${name}`, ...attributes });
    this.note = fault();
    const parts = { stage: part("stage-frame"), picker: part("picker"), progress: progress(), pictureFault: fault() };
    parts.empty = part("empty-stage");
    parts.empty.append(
      make("h2", {}, "Can the model tell them apart?"),
      make("p", {}, "Open a picture, draw a box, and write what is in it: the rewrites get one attribute wrong each."),
    );
    const drop = part("drop-hint");
    drop.append(icon("upload"), "Drop the picture");
    parts.stage.append(parts.empty, drop, parts.pictureFault.element);
    this.progress = parts.progress;
    this.told = telling(this.note, (on) =>
      !on ? parts.progress.end() : this.writing || parts.progress.start("Reading"),
    );
    this.texts = new NegativesTexts(this.session, {
      arrived: (done, all) => {
        parts.progress.update(done, all, `Reading ${done} of ${all} texts`);
        this.#show();
      },
    });
    this.controls = new NegativesControls(this.start, {
      rewrite: () => this.rewrite(),
      route: (route) => this.#choose(route),
    });
    this.rows = new NegativesRows({
      edit: (row, text) => this.#edit(row, text),
      add: (text) => this.#add(text),
      remove: (row) => this.remove(row),
    });
    this.failures = new FailureTable(this.session.server, this.routes);
    this.root.classList.add("fx-probe", "fx-neg");
    this.root.replaceChildren(
      make("section", { class: "fx-left", "aria-label": "Picture" }, parts.stage, parts.picker),
      make(
        "section",
        { class: "fx-right", "aria-label": "Caption and rewrites" },
        make(
          "div",
          { class: "fx-neg-head" },
          parts.progress.element,
          this.note.element,
          this.controls.element,
          this.controls.standings,
        ),
        this.rows.element,
        this.failures.element,
      ),
    );
    this.canvas = new PictureCanvas(parts.stage);
    this.takePictures(parts);
    this.#listen();
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

  /** Another tab shows a picture, a box on it and what is said of it. */
  take({ picture, box, phrase }) {
    this.opener.open(this.opener.stored(picture), { box, caption: phrase ?? "", wrong: null, route: null });
  }

  /** A picture is on the screen: its regions and what is known of them, or what a link says. */
  async settleIn(source, link) {
    const left = this.arrive(source);
    this.history = null; // begins with what the picture has
    this.texts.forget();
    this.kept = new Map();
    this.exact = null;
    await this.told(async () => {
      const { regions } = source.file ? { regions: [] } : await ask(this.session.server, "known", source);
      if (source !== this.source) return;
      this.known = regions;
      if (left && !link) return this.#putBack(left);
      const boxes = regions.slice(0, SHOWN).map(({ box }, i) => ({ corners: box, number: i + 1 }));
      if (link?.box && !regions.some(({ box }) => same(box, link.box)))
        boxes.unshift({ corners: link.box, number: boxes.length + 1 });
      this.settling = true; // what is chosen by the way is not what the reader chooses
      this.canvas.setBoxes(boxes);
      if (link)
        this.canvas.select(this.canvas.boxes.find(({ corners }) => link.box && same(corners, link.box))?.id ?? null);
      this.settling = false;
      if (link && (link.wrong || this.#region()?.phrase !== link.caption))
        await this.#load(
          link.caption,
          link.wrong?.map((text) => ({ text, kinds: this.#kindsOf(text) })),
          link.route,
        );
      else await this.#loadRegion();
    });
  }

  get remains() {
    if (!this.history) return null; // its own boxes are on their way
    return { boxes: this.canvas.snapshot, id: this.canvas.selectedId, kept: this.kept };
  }

  /** Boxes and texts as they were left. */
  #putBack({ boxes, id, kept }) {
    for (const row of [...kept.values()].flat()) row.read = {}; // to be read against this picture again
    this.kept = kept;
    this.settling = true;
    this.canvas.setBoxes(boxes);
    this.canvas.select(id);
    this.settling = false;
    this.texts.rows = kept.get(id) ?? [];
    this.controls.caption.value = this.texts.caption;
    this.controls.tell("", [], null);
    return this.texts.rows.length ? this.#settle() : this.#loadRegion(); // they were on their way when it was left
  }

  /** What the chosen region's own negative of this text gets wrong. */
  #kindsOf(text) {
    const known = this.#region()?.negatives.find((each) => each.text === text);
    return known?.attribute ? [known.attribute] : null;
  }

  /** A box was chosen: its texts come with it, or those of a known region; else these stay. */
  #selected() {
    if (this.settling) return;
    const kept = this.kept.get(this.canvas.selectedId);
    if (kept || !this.writing) this.#drop(); // what was about to be loaded was for another box; a chat model's takes long, and is of the texts that stay
    if (kept) {
      this.controls.caption.value = kept[0]?.text ?? "";
      this.texts.rows = kept;
      this.controls.tell("", [], null);
      this.#settle();
    } else if (this.#region()) this.told(() => this.#loadRegion());
    else this.#settle();
  }

  #region() {
    const box = this.canvas.selected;
    return box && this.known.find((region) => same(region.box, box.corners));
  }

  /** The phrase and the negatives that a region is known to have; where none is chosen, the texts stay. */
  #loadRegion() {
    const region = this.#region();
    if (!region && this.texts.rows.length) return this.#settle();
    const { phrase, negatives } = region ?? { phrase: "", negatives: [] };
    return this.#load(
      phrase,
      negatives.length
        ? negatives.map(({ text, attribute }) => ({ text, kinds: attribute ? [attribute] : null }))
        : null,
    );
  }

  // --- texts ---

  /** A caption and its negatives; these are made where none are given. */
  async #load(caption, wrong = null, route = null) {
    const load = this.#drop();
    this.controls.caption.value = caption;
    this.rows.wait(true);
    let made;
    try {
      made = await (wrong
        ? this.#compared(caption, wrong)
        : this.controls.byModel
          ? this.#written(caption)
          : ask(this.session.server, "rewrite", { caption, ...this.controls.wanted }));
    } finally {
      if (load === this.loads) this.rows.wait(false);
    }
    if (load !== this.loads) return; // another caption is looked at by now
    const { negatives, attributes, refused } = made;
    this.route = this.#trained(route ?? (this.canvas.selected ? "box" : "short"));
    this.texts.set(caption, negatives);
    this.controls.tell(caption, negatives, attributes, refused && made);
    this.#settle();
  }

  rewrite() {
    return this.told(() => this.#load(this.controls.caption.value.trim(), null, this.route));
  }

  /** Have a chat model write, however long it takes: how far it is is shown, and it can be stopped. */
  async #written(caption) {
    const { server } = this.session;
    const writing = `${Date.now()}-${Math.random()}`;
    const { count } = this.controls.wanted;
    this.writing = writing;
    this.progress.start(`${this.start.writer} writes`, () => this.#endWriting());
    const watch = setInterval(async () => {
      const { done } = await ask(server, "writing", { writing }).catch(() => ({ done: null }));
      if (done !== null && this.writing === writing)
        this.progress.update(done, count, `${this.start.writer} writes: ${done} of ${count}`);
    }, LOOK);
    try {
      return await ask(server, "rewrite", { caption, writing, ...this.controls.wanted });
    } finally {
      clearInterval(watch);
      if (this.writing === writing) this.writing = null;
    }
  }

  /** What is being loaded comes for nothing. */
  #drop() {
    if (this.writing) this.#endWriting();
    this.loads += 1;
    return this.loads;
  }

  /** The reply under way is its last. */
  #endWriting() {
    ask(this.session.server, "writing", { writing: this.writing, end: true }).catch(() => {}); // it ends by itself, later
    this.writing = null;
    this.progress.start(`${this.start.writer} ends with this reply`);
  }

  /** Negatives with the words that differ, and in what. */
  async #compared(caption, wrong) {
    const texts = wrong.map(({ text }) => text);
    const known = texts.length ? (await ask(this.session.server, "differ", { caption, texts })).texts : [];
    return {
      negatives: wrong.map(({ text, kinds }, i) => ({ text, spans: known[i].spans, kinds: kinds ?? known[i].kinds })),
      attributes: null,
    };
  }

  /** Only this text is read anew. */
  #edit(row, text) {
    if (row === this.texts.rows[0])
      return this.told(() =>
        this.#load(
          text,
          this.texts.negatives.map((each) => ({ text: each.text })),
          this.route,
        ),
      );
    return this.#put(text, (negative) => this.texts.replace(row, negative));
  }

  #add(text) {
    return this.#put(text, (negative) => this.texts.append(negative));
  }

  #put(text, put) {
    return this.told(async () => {
      if (this.texts.rows.some((row) => row.text === text)) throw new Fault(`“${text}” is there already.`);
      const { loads } = this;
      const [{ negatives }, read] = await Promise.all([
        this.#compared(this.texts.caption, [{ text }]),
        this.texts.ahead(text, this.route),
      ]);
      if (loads !== this.loads) return; // another caption is looked at by now
      const [{ kinds, ...negative }] = negatives;
      put({ ...negative, kinds: kinds.length && kinds.length <= 2 ? kinds : ["own"], read });
      this.#settle();
    });
  }

  remove(row) {
    this.texts.remove(row);
    this.#settle();
  }

  // --- undo ---

  /** Remember boxes and texts; to look at another box is no step. */
  #record() {
    const { canvas, texts } = this;
    const now = { boxes: canvas.snapshot, id: canvas.selectedId, rows: texts.snapshot };
    const before = this.history?.present;
    if (!before) this.history = new History(now);
    else if (before.id !== now.id && JSON.stringify(before.boxes) === JSON.stringify(now.boxes))
      this.history.present = now;
    else this.history.push(now);
  }

  travel(snapshot) {
    this.#drop(); // what was about to be loaded is not wanted any more
    this.settling = true;
    this.canvas.setBoxes(snapshot.boxes);
    this.canvas.select(snapshot.id);
    this.settling = false;
    this.controls.caption.value = snapshot.rows[0]?.text ?? "";
    this.texts.restore(snapshot.rows);
    this.#settle();
  }

  // --- scores ---

  #trained(route) {
    return this.routes.includes(route) ? route : this.routes[0];
  }

  #choose(route) {
    this.route = route;
    this.#settle();
  }

  /** Everything rests: unread texts are read, scores taken from the model itself, words weighed. */
  #settle() {
    const turn = ++this.turn;
    this.exact = null;
    this.kept.set(this.canvas.selectedId, this.texts.rows);
    this.#record();
    this.#show();
    this.remember();
    clearTimeout(this.resting);
    if (!this.source || !this.texts.rows.length) return;
    this.told(async () => {
      for (const routes of [[this.route], this.routes]) {
        await this.texts.read(routes);
        if (turn === this.turn) await this.#measure(turn, routes);
        if (turn !== this.turn) return; // something else is asked for by now
      }
      this.resting = setTimeout(() => this.#weigh(turn), REST);
    });
  }

  /** Cosines with a box as the model itself gives them; the page's own are of half precision. */
  async #measure(turn, routes) {
    const box = this.canvas.selected;
    if (box) {
      const reply = await this.session.score(
        [box],
        routes.flatMap((route) => this.texts.prompts(route)),
      );
      if (turn !== this.turn || !reply) return;
      const count = this.texts.rows.length;
      this.exact = Object.fromEntries(
        routes.map((route, i) => [route, reply.region[0].slice(i * count, (i + 1) * count)]),
      );
    }
    this.#show();
  }

  async #weigh(turn) {
    const { route, texts, session, canvas } = this;
    try {
      const { words } = await ask(session.server, "weigh", {
        token: session.token,
        caption: texts.caption,
        route,
        box: canvas.selected?.corners ?? null,
      });
      if (turn === this.turn) this.rows.weigh(texts.caption, words);
    } catch {
      if (turn === this.turn) this.rows.weigh(texts.caption, []); // a hint; the scores say what is amiss
    }
  }

  #show({ live = false } = {}) {
    const box = this.canvas.selected;
    const values = Object.fromEntries(
      this.routes.map((route) => [route, this.texts.values(route, box, this.session.scorer)]),
    );
    if (!live) Object.assign(values, this.exact);
    this.rows.show(this.texts.rows, values[this.route], { scale: this.start.card.scale, sorted: !live });
    this.controls.stand(values, { route: this.route, ofBox: !!box });
  }

  remember() {
    if (this.source && this.isHere) putInAddress(addressOf(this));
  }
}

const same = (one, other) => one.every((edge, i) => Math.abs(edge - other[i]) < 1e-4);
