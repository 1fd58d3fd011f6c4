// The tab's view and the address: what an address asks for is restored, and the address kept true.

import { make } from "../../core/dom.js";
import { icon } from "../../core/icons.js";
import { keptPicture } from "../../pictures/upload_store.js";
import { readAddress, writeAddress } from "./address.js";

/**
 * @import {HeatControls} from "../../canvas/heat_controls.js"
 * @import {PictureCanvas} from "../../canvas/picture_canvas.js"
 * @import {Opener} from "../../pictures/opener.js"
 * @import {Picker} from "../../pictures/picker.js"
 * @import {FaultLine} from "../../core/notices.js"
 * @import {PromptList} from "../../prompts/prompt_list.js"
 * @import {Source} from "../../scoring/session.js"
 * @import {BoxChoice, ProbeView} from "./address.js"
 */

/** What an address asks for on a picture. @typedef {Partial<ProbeView>} Link */

/**
 * @typedef {object} RestorerParts
 * @property {PictureCanvas} canvas
 * @property {HeatControls} heat
 * @property {PromptList} list
 * @property {Opener<Link>} opener
 * @property {Picker} picker
 * @property {{empty: HTMLElement, pictureFault: FaultLine}} parts of the layout
 */

/**
 * @typedef {object} RestorerHooks
 * @property {string | null} first id of the gallery's first picture
 * @property {() => Source | null} source of the open picture
 * @property {() => boolean} all whether the scores of all regions are shown
 * @property {(choice: number | "all") => unknown} select a box by its number, or all of them
 */

const PAUSE = 300; // ms of quiet after which a zoom or a choice goes into the address
const TOO_LONG =
  "These prompts are too long for a link: the address leaves them out. This tab keeps them for a reload.";

export class Restorer {
  /** @type {Link | null} */
  #waiting = null; // a view whose picture is not there yet
  /** @type {string[] | null} */
  #lost = null; // words for parts of the address, to be said once its picture is there
  #ready = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #later;

  /**
   * @param {RestorerParts} parts
   * @param {RestorerHooks} hooks
   */
  constructor({ canvas, heat, list, opener, picker, parts }, hooks) {
    this.canvas = canvas;
    this.heat = heat;
    this.list = list;
    this.opener = opener;
    this.picker = picker;
    this.parts = parts;
    this.hooks = hooks;
  }

  /** Show what the address asks for, and say what of it cannot be shown. */
  async restore() {
    const { opener, list, heat } = this;
    const { faults, ...view } = readAddress();
    if (view.prompts) list.setPrompts(view.prompts);
    heat.settings = view;
    const file = view.upload && (await keptPicture(view.upload.digest));
    const sample = opener.sample(view.sample);
    this.#lost = [...this.#homeless(view), ...faults];
    if (view.upload || view.image || sample) this.#waiting = view;
    this.#ready = true;
    if (view.upload && !file) this.#await(view.upload.name, view.boxes?.length ?? 0);
    else await this.#open(view, file);
  }

  /**
   * The picture that a view names; or else the first one, without what the view asks for on its own.
   *
   * @param {Link} view
   * @param {File} [file]
   */
  async #open(view, file) {
    const { opener, list } = this;
    const { first } = this.hooks;
    const rest = { ...view, boxes: undefined, box: undefined, zoom: undefined };
    const sample = opener.sample(view.sample);
    if (file) await opener.open({ file }, view);
    else if (sample) await opener.open({ sample: sample.id }, view);
    else if (view.image) await opener.open({ image: view.image }, view);
    else if (first) await opener.open({ sample: first }, rest);
    else {
      list.render();
      this.#sayLost([]);
    }
  }

  /** The view that the next upload is meant for, or null. */
  get forUpload() {
    return this.#waiting?.upload ? this.#waiting : null;
  }

  /**
   * A picture is on the screen: the rest of a view that asked for it.
   *
   * @param {Source} source
   * @param {Link | null} view
   */
  opened(source, view) {
    const link = this.forUpload?.upload;
    if (!link || link.digest === source.digest) this.#waiting = null;
    if (!view) return;
    this.#choose(view);
    if (link && this.#waiting) {
      this.parts.pictureFault.show(
        `This is not the very file of the link, ${link.name}: boxes may lie elsewhere, and scores differ. ` +
          "You can open another.",
      );
    } else this.#sayLost(this.#absent(view));
  }

  /** @param {Link} view */
  #choose({ box, zoom }) {
    const { canvas } = this;
    if (box?.number === null) canvas.select(null);
    else if (box?.number) this.hooks.select(box.number);
    if (box?.all) this.hooks.select("all");
    if (zoom) canvas.goTo(zoom);
  }

  /** Somebody has changed what the address asked for: it is theirs now. */
  changed() {
    if (this.hooks.source()) this.#waiting = null;
  }

  /** Put the view into the address. */
  remember() {
    clearTimeout(this.#later);
    if (!this.#ready) return;
    const source = this.hooks.source();
    const view = source ? this.#shown(source) : this.#asked();
    const whole = writeAddress({ ...view, ...this.heat.settings });
    this.list.say(whole ? null : TOO_LONG);
  }

  /** The same once nothing has happened for a moment: browsers count changes of the address. */
  rememberSoon() {
    clearTimeout(this.#later);
    this.#later = setTimeout(() => this.remember(), PAUSE);
  }

  /** What an address asked for, until its picture is there; prompts may be written meanwhile. @returns {Link} */
  #asked() {
    const { sample, image, upload, boxes, box, zoom, prompts, heat } = this.#waiting ?? {};
    const { snapshot } = this.list;
    const painted = this.#painted;
    return {
      sample,
      image,
      upload,
      boxes,
      box,
      zoom,
      prompts: snapshot.length || prompts ? snapshot : undefined,
      heat: painted < 0 ? heat : painted,
    };
  }

  /** Place of the prompt whose heat map is on the picture; −1 without. */
  get #painted() {
    return this.list.prompts.findIndex(({ id }) => id === this.list.heatId);
  }

  /** The picture on the screen and what is on it, as an address says it. @param {Source} source @returns {Link} */
  #shown(source) {
    const { canvas } = this;
    const { sample, image, file, digest = "" } = source;
    return {
      sample,
      image,
      upload: file && { digest, name: file.name },
      boxes: canvas.boxes,
      box: { all: this.hooks.all(), ...chosen(canvas) },
      zoom: canvas.view.place ?? undefined,
      prompts: this.list.snapshot,
      heat: this.#painted,
    };
  }

  /** Show what the link is about, until somebody has its picture. @param {string} name @param {number} boxes */
  #await(name, boxes) {
    const { list, picker } = this;
    const waiting = `${count(boxes, "box", "boxes")} and ${count(list.prompts.length, "prompt", "prompts")}`;
    this.parts.empty.replaceChildren(
      make("h2", {}, `This link is about ${name}`),
      make("p", {}, `A link does not carry its maker’s own picture. Open your copy here: ${waiting} wait for it.`),
      make(
        "button",
        { type: "button", class: "fx-button", onclick: () => picker.chooseFile() },
        icon("upload"),
        "Open the picture",
      ),
    );
    list.render();
    this.#sayLost([]);
  }

  /** @param {string[]} more */
  #sayLost(more) {
    const lost = [...(this.#lost ?? []), ...more];
    if (this.#lost && lost.length) this.parts.pictureFault.show(`Left out of the address: ${lost.join("; ")}.`);
    this.#lost = null;
  }

  /** Words for what the address asks for on a picture that is not there. @param {Link} view */
  #homeless({ sample, image, upload, boxes }) {
    if (upload || image || this.opener.sample(sample)) return [];
    const where = boxes?.length ? `, with ${count(boxes.length, "box", "boxes")}` : "";
    if (sample) return [`the sample “${sample}”, which this gallery does not have${where}`];
    return boxes?.length ? ["its boxes, since it names no picture"] : [];
  }

  /** Words for a choice of what is not there. @param {Link} view */
  #absent({ box, heat }) {
    const { canvas, list } = this;
    const lost = [];
    if (box?.number && !canvas.boxes.some(({ number }) => number === box.number)) {
      lost.push(`the choice of box ${box.number}, which is not there`);
    }
    if (heat !== undefined && heat >= list.prompts.length) {
      lost.push(`the heat map of prompt ${heat + 1} of ${list.prompts.length}`);
    }
    return lost;
  }
}

/**
 * The number of the chosen box, null for none; nothing where it is the first, as without a choice.
 *
 * @param {Pick<PictureCanvas, "boxes" | "selected">} canvas
 * @returns {Pick<BoxChoice, "number">}
 */
function chosen({ boxes, selected }) {
  if (!selected) return boxes.length ? { number: null } : {};
  return selected === boxes[0] ? {} : { number: selected.number };
}

/** @param {number} number @param {string} one @param {string} many */
function count(number, one, many) {
  return `${number} ${number === 1 ? one : many}`;
}
