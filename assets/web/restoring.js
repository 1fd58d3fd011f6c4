// The tab's view and the address: what an address asks for is restored, and the address kept true.

import { readAddress, writeAddress } from "./address.js";
import { icon, make } from "./dom.js";
import { keptPicture } from "./keep.js";

const PAUSE = 300; // ms of quiet after which a zoom or a choice goes into the address
const TOO_LONG = "These prompts are too long for a link: the address leaves them out. This tab keeps them for a reload.";

export class Restorer {
  /** @param probe the tab */
  constructor(probe) {
    this.probe = probe;
    this.waiting = null; // a view of an upload that this browser does not have
    this.ready = false;
  }

  /** Show what the address asks for, and say what of it cannot be shown. */
  async restore() {
    const { probe } = this;
    const { start, opener, list, heat, parts } = probe;
    const view = readAddress();
    if (view.prompts) list.setPrompts(view.prompts);
    heat.settings = view;
    const file = view.upload && (await keptPicture(view.upload.digest));
    this.ready = true;
    if (file) await opener.open({ file }, view);
    else if (view.upload) this.#await(view);
    else if (opener.sample(view.sample)) await opener.open({ sample: view.sample }, view);
    else if (start.first) await opener.open({ sample: start.first }, { ...view, boxes: undefined, box: undefined, zoom: undefined });
    else probe.list.render();
    const lost = [...this.#homeless(view), ...view.faults, ...this.#absent(view)];
    if (lost.length) parts.pictureFault.show(`Left out of the address: ${lost.join("; ")}.`);
  }

  /** A picture is on the screen: the rest of a view that asked for it. */
  opened(source, view) {
    const { canvas, parts } = this.probe;
    const asked = this.waiting?.upload;
    this.waiting = null;
    if (!view) return;
    if (asked && asked.digest !== source.digest) {
      parts.pictureFault.show(`This is not the very file of the link, ${asked.name}: boxes may lie elsewhere, and scores differ.`);
    }
    if (view.box === "all") this.probe.acts.all();
    else if (view.box === "none") canvas.select(null);
    else if (view.box) this.probe.acts.select(view.box);
    if (view.zoom) canvas.goTo(view.zoom);
  }

  /** Put the view into the address. */
  remember() {
    clearTimeout(this.later);
    if (!this.ready) return;
    const { probe, waiting } = this;
    const { canvas, list, heat, source } = probe;
    const shown = waiting ?? {
      sample: source?.sample,
      upload: source?.file && { digest: source.digest, name: source.file.name },
      boxes: source && canvas.boxes,
      box: probe.allRegions ? "all" : chosen(canvas),
      zoom: canvas.view.place,
    };
    const whole = writeAddress({
      ...shown, ...heat.settings, prompts: list.snapshot, heat: list.prompts.findIndex(({ id }) => id === list.heatId),
    });
    list.say(whole ? null : TOO_LONG);
  }

  /** The same once nothing has happened for a moment: browsers count changes of the address. */
  rememberSoon() {
    clearTimeout(this.later);
    this.later = setTimeout(() => this.remember(), PAUSE);
  }

  /** Show what the link is about, until somebody has its picture. */
  #await(view) {
    const { parts, list, picker } = this.probe;
    this.waiting = view;
    const boxes = view.boxes?.length ?? 0;
    const waiting = `${count(boxes, "box", "boxes")} and ${count(list.prompts.length, "prompt", "prompts")}`;
    parts.empty.replaceChildren(
      make("h2", {}, `This link is about ${view.upload.name}`),
      make("p", {}, `A link does not carry its maker’s own picture. Open your copy here: ${waiting} wait for it.`),
      make("button", { type: "button", class: "fx-button", onclick: () => picker.chooseFile() }, icon("upload"), "Open the picture"),
    );
    list.render();
  }

  /** Words for what the address asks for on a picture that is not there. */
  #homeless({ sample, upload, boxes }) {
    const { opener } = this.probe;
    if (upload || opener.sample(sample)) return [];
    const where = boxes?.length ? `, with ${count(boxes.length, "box", "boxes")}` : "";
    if (sample) return [`the sample “${sample}”, which this gallery does not have${where}`];
    return boxes?.length ? ["its boxes, since it names no picture"] : [];
  }

  /** Words for a choice of what is not there. */
  #absent({ box, heat }) {
    const { canvas, list, source } = this.probe;
    const lost = [];
    if (source && box > 0 && !canvas.boxes.some(({ number }) => number === box)) lost.push(`the choice of box ${box}, which is not there`);
    if (heat >= list.prompts.length) lost.push(`the heat map of prompt ${heat + 1} of ${list.prompts.length}`);
    return lost;
  }
}

/** The number of the chosen box; null where it is the first, as without a choice. */
function chosen({ boxes, selected }) {
  if (!selected) return boxes.length ? "none" : null;
  return selected === boxes[0] ? null : selected.number;
}

function count(number, one, many) {
  return `${number} ${number === 1 ? one : many}`;
}
