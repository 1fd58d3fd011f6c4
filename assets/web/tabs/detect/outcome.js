// What becomes of the boxes: regions of the workspace, files, or the same search in all pictures.

import { ask, telling } from "../../core/api.js";
import { make } from "../../core/dom.js";
import { countText } from "../../core/format.js";
import { progressLine, watchJob } from "../../core/jobs.js";
import { showTab } from "../../core/navigation.js";
import { fault } from "../../core/notices.js";

/**
 * @import {DataFunctions, Kept, Phrase} from "../../core/wire.js"
 * @import {How} from "./controls.js"
 * @import {BoxSaver, SavedFormat} from "./saving.js"
 */

/** @typedef {Pick<DataFunctions, "start" | "stop" | "job">} WorkServer */

/** @type {[name: SavedFormat, label: string, title: string][]} */
const FORMATS = [
  ["csv", "CSV", "Table as CSV (c)"],
  ["coco", "COCO", "Boxes as COCO annotations"],
  ["yolo", "YOLO", "Picture and boxes as a YOLO folder, zipped"],
  ["png", "PNG", "The picture with its boxes drawn (s)"],
];
const ON_THE_MAP = "To see them on the map, index and place them in the ";

export class Outcome {
  #note = fault();
  #told = telling(this.#note);

  /**
   * @param {WorkServer} server
   * @param {BoxSaver} saver
   * @param {() => {prompts: Phrase[], how: How}} question
   */
  constructor(server, saver, question) {
    this.server = server;
    this.question = question;
    this.keep = make("button", {
      type: "button",
      class: "fx-button fx-keep",
      title: "Make the boxes regions of the workspace (k)",
      onclick: () => saver.keep(),
    });
    this.saves = FORMATS.map(([name, label, title]) =>
      make(
        "button",
        { type: "button", class: "fx-button", title, "data-format": name, onclick: () => saver.save(name) },
        label,
      ),
    );
    this.message = make("p", { class: "fx-quiet fx-detect-message", role: "status", hidden: true });
    this.line = progressLine(() => ask(server, "stop", {}));
    this.line.element.hidden = true;
    this.find = make("button", { type: "button", class: "fx-button", onclick: () => this.#findEverywhere() });
    this.everywhere = make(
      "details",
      { class: "fx-everywhere" },
      make("summary", {}, "All pictures of the workspace"),
      make(
        "p",
        { class: "fx-quiet" },
        "Looks for these phrases, this strictly, in every picture. The boxes become regions of origin “proposal”.",
      ),
      this.find,
      this.line.element,
    );
    this.element = make(
      "div",
      { class: "fx-detect-end" },
      make(
        "div",
        { class: "fx-detect-saves" },
        this.keep,
        make("span", { class: "fx-quiet" }, "save as"),
        ...this.saves,
      ),
      this.#note.element,
      this.message,
      this.everywhere,
    );
  }

  /**
   * How many boxes can be kept and saved, whether there is anything to tell in a table, for how many phrases and in
   * how many pictures could be looked.
   *
   * @param {{boxes: number, told: boolean, phrases: number, pictures: number}} state
   */
  show({ boxes, told, phrases, pictures }) {
    this.keep.disabled = !boxes;
    this.keep.textContent = boxes ? `Keep ${boxes} as ${boxes === 1 ? "a region" : "regions"}` : "Keep as regions";
    for (const button of this.saves) button.disabled = !(button.dataset.format === "csv" ? told : boxes);
    this.everywhere.hidden = !pictures;
    this.find.disabled = !phrases;
    this.find.textContent = `Find in all ${countText(pictures)} pictures and keep the boxes`;
  }

  /** Another picture: what was done with the last one is no news any more. */
  hush() {
    this.message.hidden = true;
  }

  /** So many boxes became regions; others were there. @param {Kept} done */
  report({ kept, known }) {
    const were = known ? `, ${known} ${known === 1 ? "was" : "were"} there` : "";
    this.#say(`${kept} kept as ${kept === 1 ? "a region" : "regions"}${were}. ${ON_THE_MAP}`);
  }

  /** What was done, in a line. @param {string} words */
  #say(words) {
    const open = () => showTab("data", { leaving: true });
    this.message.replaceChildren(
      words,
      make("button", { type: "button", class: "fx-link", onclick: open }, "Data tab"),
    );
    this.message.hidden = false;
  }

  #findEverywhere() {
    return this.#told(async () => {
      this.find.disabled = true;
      try {
        const { prompts, how } = this.question();
        await ask(this.server, "start", { work: "detect", prompts, ...how });
        this.line.element.hidden = false;
        const job = await watchJob(this.server, (now) => this.line.show(now));
        if (job?.outcome === "done") this.#say(ON_THE_MAP);
      } finally {
        this.find.disabled = false;
      }
    });
  }
}
