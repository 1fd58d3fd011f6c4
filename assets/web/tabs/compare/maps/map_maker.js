// Where there are no two maps of a kind: how to have them, and how far they are.

import { ask } from "../../../core/api.js";
import { make } from "../../../core/dom.js";
import { progressLine, watchJob } from "../../../core/jobs.js";

/** @import {Told} from "../../../core/api.js" */
/** @import {CompareTab} from "../../../core/wire.js" */
/** @import {Kind} from "./map_controls.js" */

export class MapMaker {
  element = make("div", { class: "fx-compare-alone", hidden: true });

  /**
   * @param {CompareTab} server
   * @param {Told} told does something, and says what goes wrong
   * @param {() => Promise<unknown>} made what to do once they are there
   */
  constructor(server, told, made) {
    this.server = server;
    this.told = told;
    this.made = made;
    this.line = progressLine(() => ask(server, "stop", {}));
    this.line.element.hidden = true;
  }

  /**
   * @param {Kind} kind
   * @param {string} words for things of it
   */
  teach(kind, words) {
    const button = make("button", { type: "button", class: "fx-button" }, "Lay them out");
    button.addEventListener("click", () => this.#make(kind, button));
    this.element.replaceChildren(
      make("h2", {}, `No two maps of ${words} yet`),
      make(
        "p",
        {},
        `Each model lays out the ${words} of the workspace by itself; ` +
          "then B’s map is turned and scaled to lie over A’s.",
      ),
      button,
    );
  }

  /**
   * @param {Kind} kind
   * @param {HTMLButtonElement} button
   */
  async #make(kind, button) {
    button.disabled = true;
    await this.told(async () => {
      await ask(this.server, "start", { work: "compare", kind });
      this.line.element.hidden = false;
      const job = await watchJob(this.server, (each) => this.line.show(each));
      this.line.element.hidden = job?.outcome === "done";
      await this.made();
    });
    button.disabled = false;
  }
}
