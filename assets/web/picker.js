// Where pictures come from: the gallery strip, a file, the clipboard, a drop.

import { icon, isTyping, make } from "./dom.js";

export class Picker {
  /**
   * @param {{gallery: object[], limit: number}} options limit: bytes of a file
   * @param {{sample: Function, file: Function, fault: Function}} hooks
   */
  constructor(root, dropzone, { gallery, limit }, hooks) {
    Object.assign(this, { gallery, limit, hooks });
    this.#build(root);
    this.#listen(dropzone);
  }

  /** Mark what is open; null for a picture of the user's own. */
  mark(sample) {
    for (const thumb of this.strip.children) {
      const open = thumb.dataset.sample === sample;
      thumb.setAttribute("aria-current", open);
      if (open) thumb.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
    this.current = sample;
  }

  step(by) {
    if (!this.gallery.length) return;
    const at = this.gallery.findIndex(({ id }) => id === this.current);
    const next = at < 0 ? 0 : (at + by + this.gallery.length) % this.gallery.length;
    this.hooks.sample(this.gallery[next].id);
  }

  chooseFile() {
    this.file.click();
  }

  #build(root) {
    this.file = make("input", { type: "file", accept: "image/*", hidden: true, "aria-label": "Picture file" });
    this.file.addEventListener("change", () => {
      if (this.file.files[0]) this.take(this.file.files[0]);
      this.file.value = "";
    });
    this.button = make(
      "button", { type: "button", class: "fx-button fx-upload", title: "A picture of your own (u); or drop one, or paste one", onclick: () => this.chooseFile() },
      icon("upload"), "Upload",
    );
    this.strip = make("div", { class: "fx-strip", role: "list", "aria-label": "Gallery" }, ...this.gallery.map((sample) => this.#thumb(sample)));
    this.strip.addEventListener("wheel", (event) => {
      if (Math.abs(event.deltaY) <= Math.abs(event.deltaX)) return;
      this.strip.scrollLeft += event.deltaY;
      event.preventDefault();
    }, { passive: false });
    root.append(this.button, this.file, this.strip);
  }

  #thumb({ id, title, url }) {
    return make(
      "button", { type: "button", class: "fx-thumb", "data-sample": id, title, role: "listitem", onclick: () => this.hooks.sample(id) },
      make("img", { src: url, alt: title, loading: "lazy", decoding: "async", draggable: "false" }),
    );
  }

  #listen(dropzone) {
    document.addEventListener("paste", (event) => {
      if (!dropzone.isConnected || dropzone.offsetParent === null) return;
      const item = [...(event.clipboardData?.items ?? [])].find(({ type }) => type.startsWith("image/"));
      if (!item || (isTyping(event.target) && event.clipboardData.types.includes("text/plain"))) return;
      event.preventDefault();
      this.take(item.getAsFile());
    });
    const over = (on) => dropzone.classList.toggle("fx-dropping", on);
    dropzone.addEventListener("dragover", (event) => {
      if (![...event.dataTransfer.types].includes("Files")) return;
      event.preventDefault();
      over(true);
    });
    dropzone.addEventListener("dragleave", (event) => !dropzone.contains(event.relatedTarget) && over(false));
    dropzone.addEventListener("drop", (event) => {
      over(false);
      if (!event.dataTransfer.files.length) return;
      event.preventDefault();
      this.take(event.dataTransfer.files[0]);
    });
  }

  take(file) {
    if (file.size > this.limit) {
      this.hooks.fault(`${file.name} has ${Math.ceil(file.size / 1e6)} MB, above the limit of ${Math.round(this.limit / 1e6)} MB. Save it smaller; the model sees a few hundred pixels a side anyway.`);
      return;
    }
    if (!file.size) {
      this.hooks.fault(`${file.name} is empty. Choose another file.`);
      return;
    }
    this.hooks.file(file);
  }
}
