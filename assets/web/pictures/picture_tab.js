// What the tabs with a picture share: where it comes from, phrases that come with it, undo, keys.

/**
 * @import {Box} from "../canvas/box_geometry.js"
 * @import {Listen} from "../canvas/canvas_events.js"
 * @import {Tool} from "../canvas/drags.js"
 * @import {Toolbar, ToolActs} from "../canvas/toolbar.js"
 * @import {Viewport} from "../canvas/viewport.js"
 * @import {History} from "../core/history.js"
 * @import {FaultLine, ProgressBar} from "../core/notices.js"
 * @import {KeyGroup} from "../core/shortcuts.js"
 * @import {PictureStart} from "../core/start.js"
 * @import {Prompt, PromptText} from "../scoring/prompts.js"
 * @import {Source} from "../scoring/session.js"
 * @import {TokenCount} from "../core/wire.js"
 * @import {OpeningCanvas, OpeningSession} from "./opener.js"
 * @import {NamedPicture} from "./source.js"
 */

import { Keys } from "../core/shortcuts.js";
import { Opener } from "./opener.js";
import { Picker } from "./picker.js";
import { keyOf } from "./source.js";

/**
 * What a tab does with its canvas, or its pair.
 *
 * @typedef {OpeningCanvas & {
 *   readonly boxes: Box[],
 *   readonly selected: Box | null,
 *   readonly tool: Tool,
 *   readonly picture: {width: number, height: number} | null,
 *   readonly view: Viewport,
 *   addEventListener: Listen<Box>,
 *   conclude(): boolean,
 *   select(id: number | null): void,
 *   setTool(tool: Tool): void,
 *   fit(): void,
 *   removeSelected(): void,
 * }} TabCanvas
 */

/**
 * Whom a tab asks about its picture: one model, or a pair.
 *
 * @typedef {OpeningSession & {count(text: string, route: string): Promise<TokenCount | null>}} TabSession
 */

/**
 * What a tab does with its prompts.
 *
 * @typedef {{
 *   readonly prompts: Prompt[],
 *   readonly snapshot: PromptText[],
 *   setPrompts(prompts: PromptText[]): void,
 *   render(): void,
 * }} TabPrompts
 */

/**
 * A field that the tab sets while it is built, before anything reads it.
 *
 * @template Value
 * @returns {Value}
 */
const setByTab = () => /** @type {Value} */ (/** @type {unknown} */ (undefined));

/**
 * `Link` is what an address asks for on a picture, `Snapshot` what an undo step remembers, `Left` what the tab leaves
 * on a picture until it comes back.
 *
 * @template {PictureStart} [Start=PictureStart]
 * @template {TabSession} [Asked=TabSession]
 * @template {TabCanvas} [Canvas=TabCanvas]
 * @template {TabPrompts} [List=TabPrompts]
 * @template [Link=unknown]
 * @template [Snapshot=unknown]
 * @template [Left=unknown]
 */
export class PictureTab {
  /** @type {Source | null} once it is on the screen */
  source = null;
  /** @type {History<Snapshot> | null} */
  history = null;
  /** @type {Map<string, Left>} by picture */
  left = new Map();
  /** @type {Canvas} */
  canvas = setByTab();
  /** @type {List} */
  list = setByTab();
  /** @type {Opener<Link>} */
  opener = setByTab();
  /** @type {Picker} */
  picker = setByTab();
  /** @type {Keys} */
  keys = setByTab();
  /** @type {Toolbar | null} */
  toolbar = null;

  /**
   * @param {HTMLElement} root
   * @param {Start} start
   * @param {Asked} session
   */
  constructor(root, start, session) {
    this.root = root;
    this.start = start;
    this.session = session;
  }

  get isHere() {
    return this.root.offsetParent !== null;
  }

  /** The gallery's facts of the picture, if it is from there. */
  get sample() {
    return this.opener?.sample(this.source?.sample);
  }

  // --- what a tab does in its own way ---

  /** What it leaves on a picture; null: nothing. @returns {Left | null} */
  get remains() {
    return null;
  }

  /** A picture is on the screen. @param {Source} source @param {Link | null} _link @returns {unknown} */
  settleIn(source, _link) {
    return this.arrive(source);
  }

  /** Go back, or on, to what was. @param {Snapshot} _snapshot */
  travel(_snapshot) {}

  /** Put what is shown into the address. */
  remember() {}

  // --- what buttons and keys do ---

  /** @returns {ToolActs} */
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

  /** What comes back is chosen. @param {Snapshot | null} [snapshot] */
  #travel(snapshot) {
    if (!snapshot) return;
    const before = new Set(this.canvas.boxes.map(({ id }) => id));
    this.travel(snapshot);
    const back = this.canvas.boxes.filter(({ id }) => !before.has(id));
    if (back.length === 1) this.canvas.select(back[0].id);
  }

  // --- building ---

  /**
   * Pictures come from links, the gallery and files.
   *
   * @param {{stage: HTMLElement, picker: HTMLElement, empty: HTMLElement, pictureFault: FaultLine,
   *   progress: ProgressBar}} parts
   * @param {HTMLElement} [dropzone]
   */
  takePictures(parts, dropzone = parts.stage) {
    const { session, canvas } = this;
    const { gallery, limit } = this.start;
    const fault = (/** @type {string} */ sentence) => parts.pictureFault.show(sentence);
    const opened = (/** @type {Source} */ source, /** @type {Link | null} */ link) => this.settleIn(source, link);
    this.opener = new Opener(session, canvas, parts, { gallery, opened });
    this.picker = new Picker(
      parts.picker,
      dropzone,
      { gallery, limit },
      { sample: (id) => this.opener.open({ sample: id }), file: (file) => this.openFile(file), fault },
    );
    canvas.addEventListener("fault", ({ detail }) => fault(detail.sentence));
  }

  /** @param {File} file */
  openFile(file) {
    return this.opener.open({ file });
  }

  /**
   * What a link names, or else the gallery's first picture.
   *
   * @param {NamedPicture | null} source
   * @param {Link | null} link
   */
  openFirst(source, link) {
    const wanted = source ?? (this.start.first ? { sample: this.start.first } : null);
    if (wanted) this.opener.openNamed(wanted, link);
  }

  /**
   * Keys, help and the address; the toolbar, where there is one.
   *
   * @param {(tab: this) => KeyGroup[]} bindKeys
   * @param {Record<string, string>} terms
   */
  takeKeys(bindKeys, terms) {
    const { canvas } = this;
    this.keys = new Keys(bindKeys(this), terms, () => this.isHere);
    canvas.addEventListener("view", () => this.toolbar?.showZoom(canvas));
    canvas.addEventListener("tool", () => this.showTools());
    document.addEventListener("fx-help", () => this.isHere && this.keys.help());
    document.addEventListener("fx-address", () => this.remember());
  }

  showTools() {
    this.toolbar?.show(this.canvas, this.history ?? { past: [], future: [] });
  }

  // --- pictures ---

  /**
   * Another picture is on the screen.
   *
   * @param {Source} source
   * @returns {Left | undefined} what was left on it, should it have been here before
   */
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
      count: (/** @type {string} */ text, /** @type {string} */ route) => this.session.count(text, route),
      phrases: () => this.offered,
      isSample: () => !!this.sample,
    };
  }

  /** Prompts that somebody wrote: all but those that came with the picture. */
  get written() {
    const came = new Set(this.source ? this.offered : []);
    return this.list.snapshot.filter(({ text, route }) => route !== "auto" || !came.has(text));
  }

  /**
   * `arrive`, where there are prompts: those that came with the old picture give way to the new one's. All are to be
   * read again.
   *
   * @param {Source} source
   * @param {{keep?: boolean}} [options]
   */
  arriveWithPrompts(source, { keep = false } = {}) {
    const { list, written } = this;
    const offer = !keep && (this.source ? written.length < list.prompts.length : !list.prompts.length);
    const left = this.arrive(source);
    if (offer) {
      const own = new Set(written.map(({ text }) => text));
      /** @type {PromptText[]} */
      const offered = this.offered.filter((text) => !own.has(text)).map((text) => ({ text, route: "auto" }));
      list.setPrompts([...offered, ...written]);
    }
    for (const prompt of list.prompts) prompt.facts = null;
    list.render();
    return left;
  }
}
