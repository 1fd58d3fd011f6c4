// Opening a picture: the server encodes it, the page shows it, and faults say what to do.

import { make } from "../core/dom.js";
import { keepPicture, keptPicture } from "./upload_store.js";

export class Opener {
  /**
   * @param session answers requests
   * @param canvas shows pictures
   * @param parts of the tab: pictureFault, progress, empty
   * @param {{gallery: object[], opened: Function}} given opened(source, view) once it is on the screen
   */
  constructor(session, canvas, parts, { gallery, opened }) {
    Object.assign(this, { session, canvas, parts, gallery, opened });
    this.turn = 0; // counts pictures asked for
    this.waiting = null; // a link whose picture somebody must open
  }

  /** The gallery's facts of a sample. */
  sample(id) {
    return this.gallery.find((sample) => sample.id === id);
  }

  /** What to open for a picture as the workspace tells it: the gallery's own come with what is known of them. */
  stored({ id, source, name }) {
    const sample = source === "gallery" && this.sample(name.replace(/\.[^.]*$/, ""));
    return sample ? { sample: sample.id } : { image: id };
  }

  /**
   * Open {sample: id}, {image: number} or {file}; `view` is what an address asks for on it. What was open stays open
   * until the new picture can be shown; if yet another is asked for meanwhile, this one is dropped.
   */
  async open(source, view = source.file ? this.waiting : null) {
    const { parts, session } = this;
    const turn = ++this.turn;
    parts.pictureFault.clear();
    parts.progress.start(source.file ? `Opening ${source.file.name}` : "Opening the picture");
    try {
      const opened = await session.open(source);
      const image = await this.#image(source, opened);
      if (turn === this.turn) this.#show(source, view, opened, image);
      else release(image);
    } catch (fault) {
      if (turn !== this.turn) return;
      parts.pictureFault.show(fault.message, fault.kind === "away" ? () => this.open(source, view) : null);
    } finally {
      if (turn === this.turn) parts.progress.end();
    }
  }

  /** Open what a link names; one's own picture may be kept in this browser, else its reader is asked for it. */
  async openNamed(named, link) {
    if (!named.digest) return this.open(named, link);
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

  /** The decoded picture; by way of the server where the browser cannot read the file. */
  async #image(source, opened) {
    const url = source.image
      ? `media/picture/${source.image}`
      : (this.sample(source.sample)?.url ?? URL.createObjectURL(source.file));
    try {
      return await decoded(url);
    } catch {
      return decoded(await this.session.display(opened));
    }
  }

  #show(source, view, opened, image) {
    this.canvas.conclude(); // while its boxes still are the old picture's
    release(this.canvas.image);
    this.session.accept(source, opened);
    this.canvas.showPicture(image, opened);
    this.parts.empty.hidden = true;
    this.waiting = null;
    if (source.file) keepPicture(source.digest, source.file);
    this.opened(source, view);
  }
}

function release({ src }) {
  if (src.startsWith("blob:")) URL.revokeObjectURL(src);
}

async function decoded(url) {
  const image = make("img", { class: "fx-picture", alt: "", draggable: "false", src: url });
  await image.decode();
  return image;
}
