// No map yet: what one is, a way to make one, or how far it is.

import { ask } from "../../core/api.js";
import { make } from "../../core/dom.js";
import { progressLine, watchJob } from "../../core/jobs.js";
import { showTab } from "../../core/navigation.js";

/** @import {Job} from "../../core/jobs.js" */
/** @import {Told} from "../../core/api.js" */
/** @import {Maps, MapTab} from "../../core/wire.js" */

/** @typedef {Pick<Maps, "images"|"regions">} Counts what could be laid out */

const IMPORT_FIRST =
  "Import pictures in the Data tab first; then a map lays them out so that what looks alike lies together.";

export class MapEmpty {
  element = make("div", { class: "fx-map-empty", hidden: true });

  /**
   * @param {MapTab} server
   * @param {Told} told does something, and says what goes wrong
   * @param {() => Promise<void>} done what to do once work has ended
   */
  constructor(server, told, done) {
    this.server = server;
    this.told = told;
    this.done = done;
  }

  /** @param {Counts} counts */
  async teach(counts) {
    const { job } = await ask(this.server, "job", {});
    if (job?.outcome !== "running") {
      this.element.replaceChildren(...this.#words(counts, job));
      return;
    }
    const line = progressLine(() => ask(this.server, "stop", {}));
    this.element.replaceChildren(make("h2", {}, job.title), line.element);
    await watchJob(this.server, (latest) => line.show(latest));
    await this.done();
  }

  /**
   * @param {Counts} counts
   * @param {Job|null} job the latest one
   */
  #words(counts, job) {
    const { images, regions } = counts;
    const start = () =>
      this.told(async () => {
        await ask(this.server, "start", { work: "map", kind: "region" });
        await this.teach(counts);
      });
    const what = `${regions.toLocaleString()} regions in ${images.toLocaleString()} pictures`;
    const [label, act] = images ? ["Lay out the regions", start] : ["Import pictures", () => showTab("data")];
    return [
      make("h2", {}, "See the whole data set at once"),
      make(
        "p",
        {},
        images ? `A map lays out what the model made of ${what}: what looks alike lies together.` : IMPORT_FIRST,
      ),
      ...(job?.outcome === "failed" ? [make("p", { class: "fx-fault" }, job.words)] : []),
      make("button", { type: "button", class: "fx-button", onclick: act }, label),
    ];
  }
}
