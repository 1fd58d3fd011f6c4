// The work that can be begun, a form each, in the order in which it is done.

import { ask, kindOf, messageOf } from "../../core/api.js";
import { make } from "../../core/dom.js";
import { fault } from "../../core/notices.js";
import { choice, field } from "./fields.js";

/**
 * @import {Child} from "../../core/dom.js"
 * @import {DataFunctions, StartQuestion} from "../../core/wire.js"
 */

/** A format by its name on the wire, and what it is called. @typedef {{name: string, title: string}} Format */

/**
 * What the tab knows from the beginning.
 *
 * @typedef {{card: {name: string}, readable: Format[], writable: Format[]}} DataStart
 */

/**
 * One piece of work: its name on the wire, what the page calls it and says of it, its fields, and its button.
 *
 * @typedef {{
 *   work: StartQuestion["work"], title: string, words: string, fields: Child[], label: string, primary?: boolean,
 * }} Work
 */

const MAX_NAME = 50; // characters of a file's name
const NUMBERS = new Set(["neighbours", "min_dist", "seed", "fitted", "close"]);

/**
 * @param {DataStart} start
 * @param {DataFunctions} server
 * @param {(work: string) => Promise<unknown>} begun is awaited: until the work is over
 */
export function forms(start, server, begun) {
  const all = [importing(start), indexing(start), mapping(), doubling(), exporting(start), checking()];
  return all.map((work) => form(work, server, begun));
}

/** @param {DataStart} start @returns {Work} */
function importing({ readable }) {
  const path = field("Folder or file on this machine", {
    name: "path",
    placeholder: "/data/coco, pictures/, annotations.json, data.yaml …",
    required: true,
  });
  const format = choice("Format", "format", [["auto", "detect"], ...named(readable)]);
  const images = field("Pictures are in", { name: "images", placeholder: "the same folder" });
  const name = field("Call it", { name: "name", placeholder: "as the folder" });
  return {
    work: "import",
    title: "Import",
    words:
      "COCO, YOLO, FineHARD, FG-OVD, Parquet, Hugging Face, WebDataset, or just pictures. Pictures stay where they " +
      "are; the same import again adds only what is new.",
    fields: [path, make("div", { class: "fx-row-fields" }, format, images, name)],
    label: "Import",
    primary: true,
  };
}

/** @param {DataStart} start @returns {Work} */
const indexing = ({ card }) => ({
  work: "index",
  title: "Index",
  words:
    `One pass a picture gives it, its regions and their phrases their vectors from ${card.name}. ` +
    "What is indexed already is skipped, so it can be stopped and goes on later.",
  fields: [],
  label: "Index",
  primary: true,
});

/** @returns {Work} */
function mapping() {
  const kind = choice("Lay out", "kind", [
    ["region", "regions"],
    ["image", "pictures"],
    ["text", "phrases"],
  ]);
  const name = field("Call it", { name: "name", placeholder: "regions" });
  const how = make(
    "div",
    { class: "fx-row-fields" },
    number("Neighbours", { name: "neighbours", value: 15, min: 2, max: 200, step: 1 }),
    number("Least distance", { name: "min_dist", value: 0.1, min: 0, max: 1, step: 0.01 }),
    number("Seed", { name: "seed", value: 0, min: 0, max: 2 ** 31, step: 1 }),
    number("Fitted at most", { name: "fitted", value: 50000, min: 5, max: 10000000, step: 1 }),
  );
  return {
    work: "map",
    title: "Map",
    words: "UMAP, by cosine, in a process of its own; the first minute goes into compiling it.",
    fields: [make("div", { class: "fx-row-fields" }, kind, name), make("details", {}, make("summary", {}, "How"), how)],
    label: "Lay out",
    primary: true,
  };
}

/** @returns {Work} */
function doubling() {
  const among = choice("Look for", "among", [
    ["files", "equal files"],
    ["image", "pictures that look alike"],
    ["region", "regions that look alike"],
  ]);
  const close = number("Cosine at least", {
    name: "close",
    value: 0.97,
    min: 0.01,
    max: 1,
    step: 0.01,
    disabled: true,
    title: "How alike two must be to the model: 1 for the same",
  });
  among.addEventListener("change", ({ target }) => {
    const cosine = close.querySelector("input");
    if (cosine && target instanceof HTMLSelectElement) cosine.disabled = target.value === "files";
  });
  return {
    work: "duplicates",
    title: "Duplicates",
    words:
      "What is there twice, under other names or nearly the same. Every pair is compared; regions, across pictures.",
    fields: [make("div", { class: "fx-row-fields" }, among, close)],
    label: "Look",
  };
}

/** @param {DataStart} start @returns {Work} */
function exporting({ writable }) {
  const format = choice("Format", "format", named(writable));
  const name = field("File name", { name: "name", value: "export", maxlength: MAX_NAME });
  const where = field("Only pictures for which (SQL)", {
    name: "where",
    placeholder: "split = 'val' AND regions > 0",
  });
  return {
    work: "export",
    title: "Export",
    words: "Written into the workspace’s folder “exports”; what a format cannot hold is told.",
    fields: [make("div", { class: "fx-row-fields" }, format, name), where],
    label: "Export",
  };
}

/** @returns {Work} */
const checking = () => ({
  work: "check",
  title: "Check",
  words: "Proves that nothing is amiss: ids, boxes, vectors, files.",
  fields: [],
  label: "Check",
});

/** @param {DataStart["readable"]} formats @returns {[string, string][]} */
const named = (formats) => formats.map(({ name, title }) => [name, title]);

/** @param {string} label @param {Record<string, string | number | boolean>} attributes */
const number = (label, attributes) => field(label, { type: "number", ...attributes });

/**
 * @param {Work} work
 * @param {DataFunctions} server
 * @param {(work: string) => Promise<unknown>} begun
 */
function form({ work, title, words, fields, label, primary = false }, server, begun) {
  const note = fault();
  const button = make(
    "button",
    { type: "submit", class: `fx-button${primary ? " fx-primary" : ""}`, "data-work": work },
    label,
  );
  const element = make("form", {}, ...fields, note.element, make("div", { class: "fx-buttons" }, button));
  element.addEventListener("submit", async (event) => {
    event.preventDefault();
    note.clear();
    try {
      await ask(server, "start", questionOf(work, element));
      await begun(work);
    } catch (error) {
      note.show(messageOf(error), null, { kind: kindOf(error) });
    }
  });
  return make("section", { class: "fx-step" }, make("h2", {}, title), make("p", { class: "fx-quiet" }, words), element);
}

/**
 * What was filled in; the fields of a form have the names of its question's.
 *
 * @param {StartQuestion["work"]} work
 * @param {HTMLFormElement} element
 */
function questionOf(work, element) {
  const filled = [...new FormData(element)].filter(([, value]) => value !== "");
  const values = filled.map(([name, value]) => [name, NUMBERS.has(name) ? Number(value) : value]);
  return /** @type {StartQuestion} */ ({ work, ...Object.fromEntries(values) });
}
