// Opening a picture: the server encodes it, the page shows it, and faults say what to do.

/**
 * @import {FaultLine, ProgressBar} from "../core/notices.js"
 * @import {Sample} from "../core/start.js"
 * @import {OpenPicture, Source} from "../scoring/session.js"
 * @import {NamedPicture, StoredPicture} from "./source.js"
 */

import { kindOf, messageOf } from "../core/api.js";
import { Latest } from "../core/latest.js";
import { make } from "../core/dom.js";
import { keepPicture, keptPicture } from "./upload_store.js";

/**
 * Opens pictures: for one model, or for a pair, which accepts what it has opened itself.
 *
 * @typedef {{
 *   open(source: Source): Promise<OpenPicture>,
 *   accept(source: Source, opened: OpenPicture): void,
 *   display(opened: OpenPicture): Promise<string>,
 * }} OpeningSession
 */

/**
 * Shows pictures: a canvas, or a pair.
 *
 * @typedef {object} OpeningCanvas
 * @property {HTMLImageElement} image
 * @property {() => unknown} conclude
 * @property {(image: HTMLImageElement, size: {width: number, height: number}) => void} showPicture
 */

/** @template View what an address or another tab asks for on a picture */
export class Opener {
  #latest = new Latest();
  /** @type {View | null} a link whose picture somebody must open */
  waiting = null;

  /**
   * @param {OpeningSession} session
   * @param {OpeningCanvas} canvas
   * @param {{pictureFault: FaultLine, progress: ProgressBar, empty: HTMLElement}} parts
   * @param {{gallery: Sample[], opened: (source: Source, view: View | null) => unknown}} given opened once it is on the
   *   screen
   */
  constructor(session, canvas, parts, { gallery, opened }) {
    this.session = session;
    this.canvas = canvas;
    this.parts = parts;
    this.gallery = gallery;
    this.opened = opened;
  }

  /** The gallery's facts of a sample. @param {string} [id] */
  sample(id) {
    return this.gallery.find((sample) => sample.id === id);
  }

  /**
   * What to open for a picture of the workspace: the gallery's own come with what is known of them.
   *
   * @param {StoredPicture} picture
   * @returns {Source}
   */
  stored({ id, source, name = "" }) {
    const stem = name.replace(/\.[^.]*$/, "");
    const known = source === "gallery" && this.sample(stem);
    return known || id === undefined ? { sample: stem } : { image: id };
  }

  /**
   * Open a picture; what was open stays open until the new one can be shown. If yet another is asked for meanwhile,
   * this one is dropped.
   *
   * @param {Source} source
   * @param {View | null} [view] what is asked for on it
   */
  async open(source, view = source.file ? this.waiting : null) {
    const { parts, session } = this;
    const signal = this.#latest.begin();
    parts.pictureFault.clear();
    parts.progress.start(source.file ? `Opening ${source.file.name}` : "Opening the picture");
    try {
      const opened = await session.open(source);
      const image = await this.#image(source, opened);
      if (signal.aborted) release(image);
      else this.#show(source, view, opened, image);
    } catch (fault) {
      if (signal.aborted) return;
      parts.pictureFault.show(messageOf(fault), kindOf(fault) === "away" ? () => this.open(source, view) : null);
    } finally {
      if (!signal.aborted) parts.progress.end();
    }
  }

  /**
   * Open what a link names; one's own picture may be kept in this browser, else its reader is asked for it.
   *
   * @param {NamedPicture} named
   * @param {View | null} link
   */
  async openNamed(named, link) {
    if (named.digest === undefined) return this.open(named, link);
    const file = await keptPicture(named.digest);
    if (file) return this.open({ file }, link);
    this.waiting = link;
    return this.parts.empty.replaceChildren(
      make("h2", {}, `This link is about ${named.name}`),
      make(
        "p",
        {},
        "A link does not carry its maker’s own picture. Open your copy here: what was written for it waits.",
      ),
    );
  }

  /**
   * The decoded picture; by way of the server where the browser cannot read the file.
   *
   * @param {Source} source
   * @param {OpenPicture} opened
   */
  async #image(source, opened) {
    try {
      return await decoded(this.#url(source));
    } catch {
      return decoded(await this.session.display(opened));
    }
  }

  /** @param {Source} source */
  #url({ sample, image, file }) {
    if (image !== undefined) return `media/picture/${image}`;
    return file ? URL.createObjectURL(file) : (this.sample(sample)?.url ?? "");
  }

  /**
   * @param {Source} source
   * @param {View | null} view
   * @param {OpenPicture} opened
   * @param {HTMLImageElement} image
   */
  #show(source, view, opened, image) {
    this.canvas.conclude(); // while its boxes still are the old picture's
    release(this.canvas.image);
    this.session.accept(source, opened);
    this.canvas.showPicture(image, opened);
    this.parts.empty.hidden = true;
    this.waiting = null;
    if (source.file && source.digest) keepPicture(source.digest, source.file);
    this.opened(source, view);
  }
}

/** @param {HTMLImageElement} image */
function release({ src }) {
  if (src.startsWith("blob:")) URL.revokeObjectURL(src);
}

/** @param {string} url */
async function decoded(url) {
  const image = make("img", { class: "fx-picture", alt: "", draggable: "false", src: url });
  await image.decode();
  return image;
}
