// What the tabs with a picture share: where it comes from, phrases that come with it, undo, keys.

import { Keys } from "../core/shortcuts.js";
import { Opener } from "./opener.js";
import { Picker } from "./picker.js";
import { keyOf } from "./source.js";

/**
 * A tab gives `settleIn(source, link)`, `travel(snapshot)`, `remember()` and `remains`, what it leaves on a picture (null: nothing),
 * and sets `canvas` (one, or a pair), `list` and `history`.
 */
export class PictureTab {
  constructor(root, start, session) {
    Object.assign(this, { root, start, session, source: null, history: null, left: new Map() }); // source: as `Opener.open` takes it, once it is on the screen
  }

  get isHere() {
    return this.root.offsetParent !== null;
  }

  /** The gallery's facts of the picture, if it is from there. */
  get sample() {
    return this.opener?.sample(this.source?.sample);
  }

  // --- what buttons and keys do ---

  get acts() {
    return {
      tool: (name) => this.canvas.setTool(name),
      fit: () => this.canvas.fit(),
      remove: () => this.canvas.removeSelected(),
      undo: () => this.undo(),
      redo: () => this.redo(),
    };
  }

  /** Of a drag under way, that is to give it up. */
  undo() {
    if (!this.canvas.conclude()) this.#travel(this.history?.undo());
  }

  redo() {
    if (!this.canvas.conclude()) this.#travel(this.history?.redo());
  }

  /** What comes back is chosen. */
  #travel(snapshot) {
    if (!snapshot) return;
    const before = new Set(this.canvas.boxes.map(({ id }) => id));
    this.travel(snapshot);
    const back = this.canvas.boxes.filter(({ id }) => !before.has(id));
    if (back.length === 1) this.canvas.select(back[0].id);
  }

  // --- building ---

  /** Pictures come from links, the gallery and files. */
  takePictures(parts, dropzone = parts.stage) {
    const {
      session,
      canvas,
      start: { gallery, limit },
    } = this;
    const fault = (sentence) => parts.pictureFault.show(sentence);
    this.opener = new Opener(session, canvas, parts, {
      gallery,
      opened: (source, link) => this.settleIn(source, link),
    });
    this.picker = new Picker(
      parts.picker,
      dropzone,
      { gallery, limit },
      { sample: (id) => this.opener.open({ sample: id }), file: (file) => this.openFile(file), fault },
    );
    canvas.addEventListener("fault", ({ detail }) => fault(detail.sentence));
  }

  openFile(file) {
    return this.opener.open({ file });
  }

  /** What a link names, or else the gallery's first picture. */
  openFirst(source, link) {
    const wanted = source ?? (this.start.first && { sample: this.start.first });
    if (wanted) this.opener.openNamed(wanted, link);
  }

  /** Keys, help and the address; the toolbar, where there is one. */
  takeKeys(bindKeys, terms) {
    const { canvas } = this;
    this.keys = new Keys(bindKeys(this), terms, () => this.isHere);
    canvas.addEventListener("view", () => this.toolbar?.showZoom(canvas));
    canvas.addEventListener("tool", () => this.showTools());
    document.addEventListener("fx-help", () => this.isHere && this.keys.help());
    document.addEventListener("fx-address", () => this.remember());
  }

  showTools() {
    this.toolbar?.show(this.canvas, this.history);
  }

  // --- pictures ---

  /** Another picture is on the screen; gives what was left on it, should it have been here before. */
  arrive(source) {
    const { remains } = this;
    if (this.source && remains) this.left.set(keyOf(this.source), remains);
    this.source = source;
    this.picker.mark(source.sample ?? null);
    return this.left.get(keyOf(source));
  }

  // --- phrases ---

  /** Phrases that come with the picture, or examples for one of the reader's own. */
  get offered() {
    return this.sample?.prompts ?? this.start.examples;
  }

  /** What a list of prompts asks of the tab, besides `changed` and `heat`. */
  get promptHooks() {
    return {
      count: (text, route) => this.session.count(text, route),
      phrases: () => this.offered,
      isSample: () => !!this.sample,
    };
  }

  /** Prompts that somebody wrote: all but those that came with the picture. */
  get written() {
    const came = new Set(this.source ? this.offered : []);
    return this.list.snapshot.filter(({ text, route }) => route !== "auto" || !came.has(text));
  }

  /** `arrive`, where there are prompts: those that came with the old picture give way to the new one's. All are to be read again. */
  arriveWithPrompts(source, { keep = false } = {}) {
    const { list, written } = this;
    const offer = !keep && (this.source ? written.length < list.prompts.length : !list.prompts.length);
    const left = this.arrive(source);
    if (offer) {
      const own = new Set(written.map(({ text }) => text));
      list.setPrompts([
        ...this.offered.filter((text) => !own.has(text)).map((text) => ({ text, route: "auto" })),
        ...written,
      ]);
    }
    for (const prompt of list.prompts) prompt.facts = null;
    list.render();
    return left;
  }
}
