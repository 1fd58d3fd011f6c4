// Where pictures come from: the gallery strip, a file, the clipboard, a drop.

/** @import {Sample} from "../core/start.js" */

import { isTyping, make } from "../core/dom.js";
import { icon } from "../core/icons.js";

/**
 * @typedef {object} PickerHooks
 * @property {(id: string) => unknown} sample one of the gallery was chosen
 * @property {(file: File) => unknown} file a file was given
 * @property {(sentence: string) => unknown} fault what was given cannot be opened
 */

export class Picker {
  /** @type {string | null} id of the sample that is open */
  current = null;
  file = make("input", { type: "file", accept: "image/*", hidden: true, "aria-label": "Picture file" });
  strip = make("div", { class: "fx-strip", role: "toolbar", "aria-label": "Gallery" });
  /** @type {HTMLElement[]} */
  thumbs = [];

  /**
   * @param {HTMLElement} root
   * @param {HTMLElement} dropzone
   * @param {{gallery: Sample[], limit: number}} options limit: bytes of a file
   * @param {PickerHooks} hooks
   */
  constructor(root, dropzone, { gallery, limit }, hooks) {
    const photographs = gallery.filter(({ photograph }) => photograph);
    const drawn = gallery.filter(({ photograph }) => !photograph);
    this.gallery = [...drawn, ...photographs];
    this.limit = limit;
    this.hooks = hooks;
    this.#build(root, drawn, photographs);
    this.#listen(dropzone);
  }

  /** Mark what is open; null for a picture of the user's own. @param {string | null} sample */
  mark(sample) {
    for (const thumb of this.thumbs) {
      const open = thumb.dataset.sample === sample;
      thumb.setAttribute("aria-current", String(open));
      if (!open) continue;
      thumb.scrollIntoView({ block: "nearest", inline: "nearest" });
      this.#stopAt(thumb);
    }
    this.current = sample;
  }

  /** @param {number} by */
  step(by) {
    if (!this.gallery.length) return;
    const at = this.gallery.findIndex(({ id }) => id === this.current);
    const next = at < 0 ? 0 : (at + by + this.gallery.length) % this.gallery.length;
    this.hooks.sample(this.gallery[next].id);
  }

  chooseFile() {
    this.file.click();
  }

  /** @param {HTMLElement} root @param {Sample[]} drawn @param {Sample[]} photographs */
  #build(root, drawn, photographs) {
    this.file.addEventListener("change", () => {
      const file = this.file.files?.[0];
      if (file) this.take(file);
      this.file.value = "";
    });
    const button = make(
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
    const groups = [this.#group("drawn scenes", drawn), caption, this.#group("photographs", photographs)];
    this.strip.append(...groups.filter((each) => each !== null));
    this.thumbs = [.../** @type {NodeListOf<HTMLElement>} */ (this.strip.querySelectorAll(".fx-thumb"))];
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
    root.append(button, this.file, this.strip);
  }

  /** @param {string} name @param {Sample[]} samples */
  #group(name, samples) {
    return samples.length === 0
      ? null
      : make(
          "div",
          { class: "fx-strip-group", role: "group", "aria-label": name },
          ...samples.map((sample) => this.#thumb(sample)),
        );
  }

  /** @param {Sample} sample */
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

  /** The strip is one stop of the Tab key; arrows go on from there. @param {HTMLElement} thumb */
  #stopAt(thumb) {
    for (const each of this.thumbs) each.tabIndex = each === thumb ? 0 : -1;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const at = this.thumbs.findIndex((thumb) => thumb === event.target);
    const to = placeAfter(event.key, at, this.thumbs.length - 1);
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    event.stopPropagation(); // arrows would move the chosen box
    this.#stopAt(this.thumbs[to]);
    this.thumbs[to].focus();
  }

  /** @param {HTMLElement} dropzone */
  #listen(dropzone) {
    document.addEventListener("paste", (event) => {
      if (!dropzone.isConnected || dropzone.offsetParent === null) return;
      const file = pictureOf(event.clipboardData);
      if (!file || (isTyping(event.target) && event.clipboardData?.types.includes("text/plain"))) return;
      event.preventDefault();
      this.take(file);
    });
    const over = (/** @type {boolean} */ on) => dropzone.classList.toggle("fx-dropping", on);
    dropzone.addEventListener("dragover", (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      over(true);
    });
    dropzone.addEventListener("dragleave", ({ relatedTarget }) => {
      if (!(relatedTarget instanceof Node && dropzone.contains(relatedTarget))) over(false);
    });
    dropzone.addEventListener("drop", (event) => {
      over(false);
      const file = event.dataTransfer?.files[0];
      if (!file) return;
      event.preventDefault();
      this.take(file);
    });
  }

  /** @param {File} file */
  take(file) {
    if (file.size > this.limit) {
      this.hooks.fault(
        `${file.name} has ${Math.ceil(file.size / 1e6)} MB, above the limit of ${Math.round(this.limit / 1e6)} MB. ` +
          "Save it smaller; the model sees a few hundred pixels a side anyway.",
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

/**
 * Where a key leads in a strip; undefined of other keys.
 *
 * @param {string} key
 * @param {number} at
 * @param {number} last
 * @returns {number | undefined}
 */
export function placeAfter(key, at, last) {
  if (key === "Home") return 0;
  if (key === "End") return last;
  if (key === "ArrowLeft" || key === "ArrowUp") return Math.max(at - 1, 0);
  return key === "ArrowRight" || key === "ArrowDown" ? Math.min(at + 1, last) : undefined;
}

/** A picture in the clipboard; null without. @param {DataTransfer | null} clipboard */
const pictureOf = (clipboard) =>
  [...(clipboard?.items ?? [])].find(({ type }) => type.startsWith("image/"))?.getAsFile() ?? null;
