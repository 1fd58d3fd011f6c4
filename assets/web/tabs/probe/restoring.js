// The tab's view and the address: what an address asks for is restored, and the address kept true.

import { readAddress, writeAddress } from "./address.js";
import { make } from "../../core/dom.js";
import { icon } from "../../core/icons.js";
import { keptPicture } from "../../pictures/upload_store.js";

const PAUSE = 300; // ms of quiet after which a zoom or a choice goes into the address
const TOO_LONG =
  "These prompts are too long for a link: the address leaves them out. This tab keeps them for a reload.";

export class Restorer {
  /** @param probe the tab */
  constructor(probe) {
    this.probe = probe;
    this.waiting = null; // a view whose picture is not there yet
    this.lost = null; // words for parts of the address, to be said once its picture is there
    this.ready = false;
  }

  /** Show what the address asks for, and say what of it cannot be shown. */
  async restore() {
    const { start, opener, list, heat } = this.probe;
    const view = readAddress();
    if (view.prompts) list.setPrompts(view.prompts);
    heat.settings = view;
    const file = view.upload && (await keptPicture(view.upload.digest));
    const sample = opener.sample(view.sample);
    this.lost = [...this.#homeless(view), ...view.faults];
    if (view.upload || view.image || sample) this.waiting = view;
    this.ready = true;
    if (file) await opener.open({ file }, view);
    else if (view.upload) this.#await(view);
    else if (sample) await opener.open({ sample: view.sample }, view);
    else if (view.image) await opener.open({ image: view.image }, view);
    else if (start.first)
      await opener.open({ sample: start.first }, { ...view, boxes: undefined, box: undefined, zoom: undefined });
    else {
      list.render();
      this.#sayLost([]);
    }
  }

  /** The view that the next upload is meant for, or null. */
  get forUpload() {
    return this.waiting?.upload ? this.waiting : null;
  }

  /** A picture is on the screen: the rest of a view that asked for it. */
  opened(source, view) {
    const { acts, canvas, parts } = this.probe;
    const link = this.forUpload?.upload;
    if (!link || link.digest === source.digest) this.waiting = null;
    if (!view) return;
    if (view.box?.number === null) canvas.select(null);
    else if (view.box?.number) acts.select(view.box.number);
    if (view.box?.all) acts.all();
    if (view.zoom) canvas.goTo(view.zoom);
    if (this.waiting) {
      parts.pictureFault.show(
        `This is not the very file of the link, ${link.name}: boxes may lie elsewhere, and scores differ. You can open another.`,
      );
    } else this.#sayLost(this.#absent(view));
  }

  /** Somebody has changed what the address asked for: it is theirs now. */
  changed() {
    if (this.probe.source) this.waiting = null;
  }

  /** Put the view into the address. */
  remember() {
    clearTimeout(this.later);
    if (!this.ready) return;
    const { list, heat, source } = this.probe;
    const asked = source ? null : this.waiting;
    const painted = list.prompts.findIndex(({ id }) => id === list.heatId);
    const whole = writeAddress({
      ...(asked ? asPicture(asked) : this.#picture()),
      ...heat.settings,
      prompts: source || list.prompts.length || asked?.prompts ? list.snapshot : null,
      heat: painted < 0 && asked ? asked.heat : painted,
    });
    list.say(whole ? null : TOO_LONG);
  }

  /** The same once nothing has happened for a moment: browsers count changes of the address. */
  rememberSoon() {
    clearTimeout(this.later);
    this.later = setTimeout(() => this.remember(), PAUSE);
  }

  /** The picture on the screen and what is on it, as an address says it. */
  #picture() {
    const { canvas, source, allRegions } = this.probe;
    if (!source) return {};
    return {
      sample: source.sample,
      image: source.image,
      upload: source.file && { digest: source.digest, name: source.file.name },
      boxes: canvas.boxes,
      box: { all: allRegions, ...chosen(canvas) },
      zoom: canvas.view.place,
    };
  }

  /** Show what the link is about, until somebody has its picture. */
  #await({ upload, boxes }) {
    const { parts, list, picker } = this.probe;
    const waiting = `${count(boxes?.length ?? 0, "box", "boxes")} and ${count(list.prompts.length, "prompt", "prompts")}`;
    parts.empty.replaceChildren(
      make("h2", {}, `This link is about ${upload.name}`),
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

  #sayLost(more) {
    const lost = [...(this.lost ?? []), ...more];
    if (this.lost && lost.length) this.probe.parts.pictureFault.show(`Left out of the address: ${lost.join("; ")}.`);
    this.lost = null;
  }

  /** Words for what the address asks for on a picture that is not there. */
  #homeless({ sample, image, upload, boxes }) {
    const { opener } = this.probe;
    if (upload || image || opener.sample(sample)) return [];
    const where = boxes?.length ? `, with ${count(boxes.length, "box", "boxes")}` : "";
    if (sample) return [`the sample “${sample}”, which this gallery does not have${where}`];
    return boxes?.length ? ["its boxes, since it names no picture"] : [];
  }

  /** Words for a choice of what is not there. */
  #absent({ box, heat }) {
    const { canvas, list } = this.probe;
    const lost = [];
    if (box?.number && !canvas.boxes.some(({ number }) => number === box.number))
      lost.push(`the choice of box ${box.number}, which is not there`);
    if (heat >= list.prompts.length) lost.push(`the heat map of prompt ${heat + 1} of ${list.prompts.length}`);
    return lost;
  }
}

const asPicture = ({ sample, image, upload, boxes, box, zoom }) => ({ sample, image, upload, boxes, box, zoom });

/** The number of the chosen box, null for none; nothing where it is the first, as without a choice. */
function chosen({ boxes, selected }) {
  if (!selected) return boxes.length ? { number: null } : {};
  return selected === boxes[0] ? {} : { number: selected.number };
}

function count(number, one, many) {
  return `${number} ${number === 1 ? one : many}`;
}
