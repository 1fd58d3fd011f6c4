// No map yet: what one is, a way to make one, or how far it is.

import { ask } from "../../core/api.js";
import { make } from "../../core/dom.js";
import { progressLine, watchJob } from "../../core/jobs.js";
import { showTab } from "../../core/navigation.js";

export class MapEmpty {
  /**
   * @param {Function} told does something, and says what goes wrong
   * @param {Function} done what to do once work has ended
   */
  constructor(server, told, done) {
    Object.assign(this, { server, told, done });
    this.element = make("div", { class: "fx-map-empty", hidden: true });
  }

  /** @param {{images: number, regions: number}} counts what could be laid out */
  async teach(counts) {
    const { job } = await ask(this.server, "job");
    if (job?.outcome === "running") {
      const line = progressLine(() => ask(this.server, "stop"));
      this.element.replaceChildren(make("h2", {}, job.title), line.element);
      await watchJob(this.server, (latest) => line.show(latest));
      await this.done();
    } else this.element.replaceChildren(...this.#words(counts, job));
  }

  #words({ images, regions }, job) {
    const start = () =>
      this.told(async () => {
        await ask(this.server, "start", { work: "map", kind: "region" });
        await this.teach({ images, regions });
      });
    const failed = job?.outcome === "failed" ? make("p", { class: "fx-fault" }, job.words) : null;
    return [
      make("h2", {}, "See the whole data set at once"),
      make(
        "p",
        {},
        images
          ? `A map lays out what the model made of ${regions.toLocaleString()} regions in ${images.toLocaleString()} pictures: what looks alike lies together.`
          : "Import pictures in the Data tab first; then a map lays them out so that what looks alike lies together.",
      ),
      failed,
      images
        ? make("button", { type: "button", class: "fx-button", onclick: start }, "Lay out the regions")
        : make("button", { type: "button", class: "fx-button", onclick: () => showTab("data") }, "Import pictures"),
    ].filter(Boolean);
  }
}
