// The Data tab: bring pictures in, have them indexed and mapped, take them out; and what is there.

import { ask, telling } from "../../core/api.js";
import { make } from "../../core/dom.js";
import { progressLine, watchJob } from "../../core/jobs.js";
import { fault } from "../../core/notices.js";
import { bytesText } from "../../core/format.js";
import { showTab, tell } from "../../core/navigation.js";

/** Bring the tab to life inside the component's element. */
export function mount(root, { start, server }) {
  return new DataTab(root, start, server);
}

class DataTab {
  constructor(root, start, server) {
    Object.assign(this, { root, start, server });
    this.line = progressLine(() => ask(server, "stop"));
    this.line.element.hidden = true;
    this.slot = make("div", { class: "fx-job-slot" }, this.line.element);
    this.note = fault();
    this.told = telling(this.note);
    this.state = make("section", { class: "fx-data-state", "aria-label": "What is in the workspace" });
    root.replaceChildren(
      this.slot,
      make("section", { class: "fx-data-work", "aria-label": "Work" }, ...this.#steps()),
      this.state,
    );
    new IntersectionObserver(
      (entries) => entries.some(({ isIntersecting }) => isIntersecting) && this.#refresh(),
    ).observe(root);
  }

  // --- the work, in the order in which it is done ---

  #steps() {
    return [
      this.#importing(),
      this.#indexing(),
      this.#mapping(),
      this.#doubling(),
      this.#exporting(),
      this.#checking(),
    ];
  }

  #importing() {
    const path = field("Folder or file on this machine", {
      name: "path",
      placeholder: "/data/coco, pictures/, annotations.json, data.yaml …",
      required: true,
    });
    const format = choice("Format", "format", [
      ["auto", "detect"],
      ...this.start.readable.map(({ name, title }) => [name, title]),
    ]);
    const images = field("Pictures are in", { name: "images", placeholder: "the same folder" });
    const name = field("Call it", { name: "name", placeholder: "as the folder" });
    return this.#step(
      "import",
      "Import",
      "COCO, YOLO, FineHARD, FG-OVD, Parquet, Hugging Face, WebDataset, or just pictures. Pictures stay where they are; the same import again adds only what is new.",
      [path, make("div", { class: "fx-row-fields" }, format, images, name)],
      "Import",
    );
  }

  #indexing() {
    const { name } = this.start.card;
    return this.#step(
      "index",
      "Index",
      `One pass a picture gives it, its regions and their phrases their vectors from ${name}. What is indexed already is skipped, so it can be stopped and goes on later.`,
      [],
      "Index",
    );
  }

  #mapping() {
    const kind = choice("Lay out", "kind", [
      ["region", "regions"],
      ["image", "pictures"],
      ["text", "phrases"],
    ]);
    const name = field("Call it", { name: "name", placeholder: "regions" });
    const number = (label, key, value, least, most, step) =>
      field(label, { name: key, type: "number", value, min: least, max: most, step });
    return this.#step(
      "map",
      "Map",
      "UMAP, by cosine, in a process of its own; the first minute goes into compiling it.",
      [
        make("div", { class: "fx-row-fields" }, kind, name),
        make(
          "details",
          {},
          make("summary", {}, "How"),
          make(
            "div",
            { class: "fx-row-fields" },
            number("Neighbours", "neighbours", 15, 2, 200, 1),
            number("Least distance", "min_dist", 0.1, 0, 1, 0.01),
            number("Seed", "seed", 0, 0, 2 ** 31, 1),
            number("Fitted at most", "fitted", 50000, 5, 10000000, 1),
          ),
        ),
      ],
      "Lay out",
    );
  }

  #doubling() {
    const among = choice("Look for", "among", [
      ["files", "equal files"],
      ["image", "pictures that look alike"],
      ["region", "regions that look alike"],
    ]);
    const close = field("Cosine at least", {
      name: "close",
      type: "number",
      value: 0.97,
      min: 0.01,
      max: 1,
      step: 0.01,
      disabled: true,
      title: "How alike two must be to the model: 1 for the same",
    });
    among.addEventListener(
      "change",
      ({ target }) => (close.querySelector("input").disabled = target.value === "files"),
    );
    return this.#step(
      "duplicates",
      "Duplicates",
      "What is there twice, under other names or nearly the same. Every pair is compared; regions, across pictures.",
      [make("div", { class: "fx-row-fields" }, among, close)],
      "Look",
    );
  }

  #exporting() {
    const format = choice(
      "Format",
      "format",
      this.start.writable.map(({ name, title }) => [name, title]),
    );
    const name = field("File name", { name: "name", value: "export" });
    const where = field("Only pictures for which (SQL)", {
      name: "where",
      placeholder: "split = 'val' AND regions > 0",
    });
    return this.#step(
      "export",
      "Export",
      "Written into the workspace’s folder “exports”; what a format cannot hold is told.",
      [make("div", { class: "fx-row-fields" }, format, name), where],
      "Export",
    );
  }

  #checking() {
    return this.#step("check", "Check", "Proves that nothing is amiss: ids, boxes, vectors, files.", [], "Check");
  }

  #step(work, title, words, fields, label) {
    const note = fault();
    const button = make(
      "button",
      {
        type: "submit",
        class: `fx-button${["import", "index", "map"].includes(work) ? " fx-primary" : ""}`,
        "data-work": work,
      },
      label,
    );
    const form = make("form", {}, ...fields, note.element, make("div", { class: "fx-buttons" }, button));
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      note.clear();
      const values = Object.fromEntries(
        [...new FormData(form)]
          .filter(([, value]) => value !== "")
          .map(([name, value]) => [name, NUMBERS.has(name) ? Number(value) : value]),
      );
      try {
        await ask(this.server, "start", { work, ...values });
        await this.#refresh(); // until it is over
        if (work === "duplicates") this.state.querySelector(".fx-found")?.scrollIntoView({ block: "nearest" });
      } catch (error) {
        note.show(error.message, null, error);
      }
    });
    return make("section", { class: "fx-step" }, make("h2", {}, title), make("p", { class: "fx-quiet" }, words), form);
  }

  // --- what is there ---

  async #refresh() {
    try {
      const state = await ask(this.server, "state");
      this.#show(state);
      if (state.job?.outcome === "running" && !this.watching) await this.#watch();
    } catch (error) {
      this.state.replaceChildren(make("p", { class: "fx-lacking" }, error.message));
    }
  }

  async #watch() {
    this.watching = true;
    try {
      await watchJob(this.server, (job) => this.#showJob(job));
    } finally {
      this.watching = false;
    }
    this.#show(await ask(this.server, "state"));
  }

  #showJob(job) {
    this.line.element.hidden = !job;
    this.line.show(job);
    const busy = job?.outcome === "running";
    for (const button of this.root.querySelectorAll("button[data-work]")) button.disabled = busy;
  }

  #show(state) {
    const figures = [
      ["pictures", state.images],
      ["regions", state.regions],
      ["phrases", state.texts],
      ["negatives", state.negatives],
    ];
    this.state.replaceChildren(
      make("h2", {}, "Workspace"),
      make(
        "p",
        { class: "fx-quiet fx-path" },
        `${state.folder} · ${bytesText(state.disk + state.pictures)} on disk · ${bytesText(state.memory)} of vectors in memory`,
      ),
      make(
        "div",
        { class: "fx-figures" },
        ...figures.map(([name, count]) =>
          make("div", {}, make("b", {}, count.toLocaleString()), make("span", {}, name)),
        ),
      ),
      ...this.#sources(state),
      ...this.#models(state),
      ...this.#maps(state),
      ...this.#faults(state),
      ...twins(state),
    );
    this.#showJob(state.job);
  }

  #sources({ sources }) {
    if (!sources.length)
      return [make("p", { class: "fx-quiet" }, "Nothing is here yet: import something on the left.")];
    return [
      make("h3", {}, "Sources"),
      table(
        ["source", "split", "#pictures", "#regions"],
        sources.map((each) => [each.source, each.split || "–", each.images, each.regions]),
      ),
    ];
  }

  #models({ models, images, regions, texts }) {
    if (!models.length) return [];
    const cell = (count, all) =>
      make(
        "span",
        {
          class: count < all ? "fx-lacking" : "",
          title: count < all ? `${(all - count).toLocaleString()} are not indexed yet` : "all of them",
        },
        count.toLocaleString(),
      );
    return [
      make("h3", {}, "Vectors"),
      table(
        ["model", "#dimensions", "#pictures", "#regions", "#phrases"],
        models.map((each) => [
          each.loaded ? `${each.name} (in use)` : each.name,
          each.dimensions,
          cell(each.image, images),
          cell(each.region, regions),
          cell(each.text, texts),
        ]),
      ),
    ];
  }

  #maps({ maps, models }) {
    if (!maps.length) return [];
    const action = (label, title, work, act) =>
      make(
        "button",
        {
          type: "button",
          class: "fx-button",
          title,
          "data-work": work,
          onclick: () =>
            this.told(async () => {
              await act();
              await this.#refresh();
            }),
        },
        label,
      );
    const acts = (run) => {
      const left = (models.find(({ id }) => id === run.model_id)?.[run.kind] ?? 0) - run.points;
      const words = `Put ${left.toLocaleString()} that were indexed since among their nearest neighbours`;
      return make(
        "span",
        { class: "fx-row-acts" },
        left > 0
          ? action(`Place ${left.toLocaleString()} new`, words, "place", () =>
              ask(this.server, "start", { work: "place", map: run.id }),
            )
          : null,
        action(
          "Remove",
          "Forget this map",
          "remove",
          () =>
            confirm(`Forget the map “${run.name}” of ${run.points.toLocaleString()} ${run.kind}s?`) &&
            ask(this.server, "remove", { map: run.id }),
        ),
      );
    };
    return [
      make("h3", {}, "Maps"),
      this.note.element,
      table(
        ["map", "of", "#points", "#fitted", "made with", ""],
        maps.map((run) => [
          run.name,
          `${run.kind}s`,
          run.points,
          run.fitted,
          `${run.parameters.neighbours} neighbours, seed ${run.parameters.seed}`,
          acts(run),
        ]),
      ),
      make(
        "p",
        {},
        make("button", { type: "button", class: "fx-button", onclick: () => showTab("map") }, "Look at the map"),
      ),
    ];
  }

  #faults({ listed, faults }) {
    if (!faults) return [];
    const more = faults > listed.length ? ` (the latest ${listed.length} of ${faults.toLocaleString()})` : "";
    const rows = table(
      ["source", "what is wrong"],
      listed.map(({ source, place, reason }) => [source, make("span", {}, place ? `${place}: ${reason}` : reason)]),
    );
    return [make("h3", {}, `Left out${more}`), make("div", { class: "fx-scroll" }, rows)];
  }
}

const NUMBERS = new Set(["neighbours", "min_dist", "seed", "fitted", "close"]);

/** What is there twice: a row of pictures for each group; one that is pressed opens in Probe. */
function twins({ twins: found }) {
  if (!found) return [];
  const { title, kind, count, groups } = found;
  const open = ({ image, name, source, phrase, box }) => {
    showTab("probe", { leaving: true });
    tell("fx-open", { picture: { id: image, name, source }, box, phrase });
  };
  const member = (seat) =>
    make(
      "button",
      {
        type: "button",
        class: "fx-twin",
        title: `${seat.source}: ${seat.name}${seat.phrase && ` · ${seat.phrase}`}; open in Probe`,
        onclick: () => open(seat),
      },
      make("img", {
        src: `media/thumb/${kind}/${seat.owner}`,
        alt: seat.phrase || seat.name,
        loading: "lazy",
        decoding: "async",
      }),
    );
  const more = count > groups.length ? `, the ${groups.length} largest here` : "";
  return [
    make(
      "h3",
      { class: "fx-found" },
      `${title}: ${count ? `${count.toLocaleString()} ${count === 1 ? "group" : "groups"}${more}` : "none"}`,
    ),
    make(
      "div",
      { class: "fx-scroll" },
      ...groups.map(({ size, members }) =>
        make(
          "div",
          { class: "fx-twins" },
          ...members.map(member),
          size > members.length
            ? make("span", { class: "fx-quiet" }, `and ${(size - members.length).toLocaleString()} more`)
            : null,
        ),
      ),
    ),
  ];
}

function field(label, attributes) {
  return make(
    "label",
    {},
    label,
    make("input", { type: "text", autocomplete: "off", spellcheck: "false", ...attributes }),
  );
}

function choice(label, name, options) {
  return make(
    "label",
    {},
    label,
    make("select", { name }, ...options.map(([value, words]) => make("option", { value }, words))),
  );
}

/** Columns that begin with # hold figures. */
function table(columns, rows) {
  const figure = columns.map((name) => name.startsWith("#"));
  const cell = (value, i) =>
    make(
      "td",
      { class: figure[i] ? "fx-figure" : "fx-path" },
      typeof value === "number" ? value.toLocaleString() : value,
    );
  return make(
    "table",
    {},
    make(
      "thead",
      {},
      make(
        "tr",
        {},
        ...columns.map((name, i) => make("th", { class: figure[i] ? "fx-figure" : "" }, name.replace("#", ""))),
      ),
    ),
    make("tbody", {}, ...rows.map((row) => make("tr", {}, ...row.map(cell)))),
  );
}
