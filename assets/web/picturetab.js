// What the tabs with a picture share: where it comes from, phrases that come with it, undo, keys.

import { Keys } from "./keys.js";
import { Opener } from "./opening.js";
import { Picker } from "./picker.js";

/** A tab gives `settleIn(source, link)`, `travel(snapshot)` and `remember()`, and sets `canvas` (one, or a pair), `list` and `history`. */
export class PictureTab {
  constructor(root, start, session) {
    Object.assign(this, { root, start, session, source: null, history: null }); // source: as `Opener.open` takes it, once it is on the screen
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

  #travel(snapshot) {
    if (snapshot) this.travel(snapshot);
  }

  // --- building ---

  /** Pictures come from links, the gallery and files. */
  takePictures(parts, dropzone = parts.stage) {
    const { session, canvas, start: { gallery, limit } } = this;
    const fault = (sentence) => parts.pictureFault.show(sentence);
    this.opener = new Opener(session, canvas, parts, { gallery, opened: (source, link) => this.settleIn(source, link) });
    this.picker = new Picker(parts.picker, dropzone, { gallery, limit }, { sample: (id) => this.opener.open({ sample: id }), file: (file) => this.openFile(file), fault });
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

  /** Whether the prompts are those that came with the picture: nobody has written any. */
  get isUntouched() {
    const { prompts } = this.list;
    const came = this.source ? this.offered : [];
    return prompts.length === came.length && prompts.every(({ text, route }, i) => text === came[i] && route === "auto");
  }

  /** Another picture is on the screen: its phrases replace those that nobody has written; all are to be read again. */
  arrive(source, { keep = false } = {}) {
    const { list } = this;
    const offer = this.isUntouched && !keep;
    this.source = source;
    this.picker.mark(source.sample ?? null);
    if (offer) list.setPrompts(this.offered.map((text) => ({ text, route: "auto" })));
    for (const prompt of list.prompts) prompt.facts = null;
    list.render();
  }
}
