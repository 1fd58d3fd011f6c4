// The Data tab: bring pictures in, have them indexed and mapped, take them out; and what is there.

import { ask, messageOf, telling } from "../../core/api.js";
import { make } from "../../core/dom.js";
import { progressLine, watchJob } from "../../core/jobs.js";
import { fault } from "../../core/notices.js";
import { figures, leftOutTable, mapTable, modelTable, sourceTable } from "./contents.js";
import { duplicateRows } from "./duplicates.js";
import { forms } from "./forms.js";

/**
 * @import {Job} from "../../core/jobs.js"
 * @import {DataFunctions, MapRun, WorkspaceState} from "../../core/wire.js"
 * @import {DataStart} from "./forms.js"
 */

/**
 * Bring the tab to life inside the component's element.
 *
 * @param {HTMLElement} root
 * @param {{start: DataStart, server: DataFunctions}} given
 */
export function mount(root, { start, server }) {
  return new DataTab(root, start, server);
}

class DataTab {
  #watching = false;
  #note = fault();
  #told = telling(this.#note);

  /**
   * @param {HTMLElement} root
   * @param {DataStart} start
   * @param {DataFunctions} server
   */
  constructor(root, start, server) {
    this.root = root;
    this.server = server;
    this.line = progressLine(() => ask(server, "stop", {}));
    this.line.element.hidden = true;
    this.state = make("section", { class: "fx-data-state", "aria-label": "What is in the workspace" });
    root.replaceChildren(
      make("div", { class: "fx-job-slot" }, this.line.element),
      make(
        "section",
        { class: "fx-data-work", "aria-label": "Work" },
        ...forms(start, server, (work) => this.#begun(work)),
      ),
      this.state,
    );
    new IntersectionObserver(
      (entries) => entries.some(({ isIntersecting }) => isIntersecting) && this.#refresh(),
    ).observe(root);
  }

  /** Show the work until it is over. @param {string} work */
  async #begun(work) {
    await this.#refresh();
    if (work === "duplicates") this.state.querySelector(".fx-found")?.scrollIntoView({ block: "nearest" });
  }

  async #refresh() {
    try {
      const state = await ask(this.server, "state", {});
      this.#show(state);
      if (state.job?.outcome === "running" && !this.#watching) await this.#watch();
    } catch (error) {
      this.state.replaceChildren(make("p", { class: "fx-lacking" }, messageOf(error)));
    }
  }

  async #watch() {
    this.#watching = true;
    try {
      await watchJob(this.server, (job) => this.#showJob(job));
    } finally {
      this.#watching = false;
    }
    this.#show(await ask(this.server, "state", {}));
  }

  /** @param {Job | null} job */
  #showJob(job) {
    this.line.element.hidden = !job;
    this.line.show(job);
    const busy = job?.outcome === "running";
    /** @type {NodeListOf<HTMLButtonElement>} */
    const buttons = this.root.querySelectorAll("button[data-work]");
    for (const button of buttons) button.disabled = busy;
  }

  /** @param {WorkspaceState} state */
  #show(state) {
    this.state.replaceChildren(
      ...figures(state),
      ...sourceTable(state.sources),
      ...modelTable(state),
      ...mapTable(state.maps, state.models, this.#note.element, {
        place: (run) => this.#act(() => ask(this.server, "start", { work: "place", map: run.id })),
        remove: (run) => this.#act(() => this.#remove(run)),
      }),
      ...leftOutTable(state.listed, state.faults),
      ...duplicateRows(state.twins),
    );
    this.#showJob(state.job);
  }

  /** @param {() => unknown} act */
  #act(act) {
    return this.#told(async () => {
      await act();
      await this.#refresh();
    });
  }

  /** @param {MapRun} run */
  async #remove({ id, name, kind, points }) {
    if (confirm(`Forget the map “${name}” of ${points.toLocaleString()} ${kind}s?`)) {
      await ask(this.server, "remove", { map: id });
    }
  }
}
