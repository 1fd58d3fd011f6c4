// Opening a picture: the server encodes it, the page shows it, and faults say what to do.

import { keepPicture } from "./keep.js";

export class Opener {
  /**
   * @param session answers requests
   * @param canvas shows pictures
   * @param parts of the tab: pictureFault, progress, empty
   * @param {{gallery: object[], opened: Function}} given opened(source, view) once it is on the screen
   */
  constructor(session, canvas, parts, { gallery, opened }) {
    Object.assign(this, { session, canvas, parts, gallery, opened });
  }

  /** The gallery's facts of a sample. */
  sample(id) {
    return this.gallery.find((sample) => sample.id === id);
  }

  /** Open {sample: id} or {file}; `view` is what an address asks for on it. */
  async open(source, view = null) {
    const { parts, session } = this;
    parts.pictureFault.clear();
    parts.progress.start(source.file ? `Opening ${source.file.name}` : "Opening the picture");
    try {
      const reply = await session.open(source);
      if (!reply) return; // another picture was asked for meanwhile
      await this.#display(source, reply);
    } catch (fault) {
      parts.pictureFault.show(fault.message, fault.kind === "away" ? () => this.open(source, view) : null, fault);
      return;
    } finally {
      parts.progress.end();
    }
    if (source.file) keepPicture(source.digest, source.file);
    this.opened(source, view);
  }

  async #display(source, { width, height }) {
    const url = this.sample(source.sample)?.url ?? URL.createObjectURL(source.file);
    const old = this.canvas.picture?.url;
    try {
      await this.canvas.showPicture({ url, width, height });
    } catch {
      await this.canvas.showPicture({ url: await this.session.display(), width, height });
    }
    if (old?.startsWith("blob:")) URL.revokeObjectURL(old);
    this.parts.empty.hidden = true;
  }
}
