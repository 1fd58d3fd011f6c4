// Where pictures come from: the gallery strip, a file, the clipboard, a drop.

import { isTyping, make } from "../core/dom.js";
import { icon } from "../core/icons.js";

export class Picker {
  /**
   * @param {{gallery: object[], limit: number}} options limit: bytes of a file
   * @param {{sample: Function, file: Function, fault: Function}} hooks
   */
  constructor(root, dropzone, { gallery, limit }, hooks) {
    const photographs = gallery.filter(({ photograph }) => photograph);
    const drawn = gallery.filter(({ photograph }) => !photograph);
    this.gallery = [...drawn, ...photographs];
    Object.assign(this, { limit, hooks });
    this.#build(root, drawn, photographs);
    this.#listen(dropzone);
  }

  /** Mark what is open; null for a picture of the user's own. */
  mark(sample) {
    for (const thumb of this.thumbs) {
      const open = thumb.dataset.sample === sample;
      thumb.setAttribute("aria-current", open);
      if (!open) continue;
      thumb.scrollIntoView({ block: "nearest", inline: "nearest" });
      this.#stopAt(thumb);
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

  #build(root, drawn, photographs) {
    this.file = make("input", { type: "file", accept: "image/*", hidden: true, "aria-label": "Picture file" });
    this.file.addEventListener("change", () => {
      if (this.file.files[0]) this.take(this.file.files[0]);
      this.file.value = "";
    });
    this.button = make(
      "button",
      {
        type: "button",
        class: "fx-button fx-upload",
        title: "A picture of your own (u); or drop one, or paste one",
        onclick: () => this.chooseFile(),
      },
      icon("upload"),
      "Upload",
    );
    const caption =
      drawn.length && photographs.length
        ? make("span", { class: "fx-strip-caption", "aria-hidden": "true" }, "photographs")
        : null;
    this.strip = make(
      "div",
      { class: "fx-strip", role: "toolbar", "aria-label": "Gallery" },
      this.#group("drawn scenes", drawn),
      caption,
      this.#group("photographs", photographs),
    );
    this.thumbs = [...this.strip.querySelectorAll(".fx-thumb")];
    if (this.thumbs.length) this.#stopAt(this.thumbs[0]);
    this.strip.addEventListener("keydown", (event) => this.#key(event));
    this.strip.addEventListener(
      "wheel",
      (event) => {
        if (Math.abs(event.deltaY) <= Math.abs(event.deltaX)) return;
        this.strip.scrollLeft += event.deltaY;
        event.preventDefault();
      },
      { passive: false },
    );
    root.append(this.button, this.file, this.strip);
  }

  #group(name, samples) {
    return samples.length === 0
      ? null
      : make(
          "div",
          { class: "fx-strip-group", role: "group", "aria-label": name },
          ...samples.map((sample) => this.#thumb(sample)),
        );
  }

  #thumb({ id, title, url }) {
    return make(
      "button",
      {
        type: "button",
        class: "fx-thumb",
        "data-sample": id,
        title,
        tabindex: "-1",
        onclick: () => this.hooks.sample(id),
      },
      make("img", { src: url, alt: title, loading: "lazy", decoding: "async", draggable: "false" }),
    );
  }

  /** The strip is one stop of the Tab key; arrows go on from there. */
  #stopAt(thumb) {
    for (const each of this.thumbs) each.tabIndex = each === thumb ? 0 : -1;
  }

  #key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const at = this.thumbs.indexOf(event.target);
    const last = this.thumbs.length - 1;
    const to = { ArrowLeft: at - 1, ArrowUp: at - 1, ArrowRight: at + 1, ArrowDown: at + 1, Home: 0, End: last }[
      event.key
    ];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    event.stopPropagation(); // arrows would move the chosen box
    const thumb = this.thumbs[Math.min(Math.max(to, 0), last)];
    this.#stopAt(thumb);
    thumb.focus();
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
      this.hooks.fault(
        `${file.name} has ${Math.ceil(file.size / 1e6)} MB, above the limit of ${Math.round(this.limit / 1e6)} MB. Save it smaller; the model sees a few hundred pixels a side anyway.`,
      );
      return;
    }
    if (!file.size) {
      this.hooks.fault(`${file.name} is empty. Choose another file.`);
      return;
    }
    this.hooks.file(file);
  }
}
