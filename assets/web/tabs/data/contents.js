// What is in the workspace: figures, sources, vectors, maps, and what was left out.

import { make } from "../../core/dom.js";
import { bytesText } from "../../core/format.js";
import { showTab } from "../../core/navigation.js";
import { table } from "./fields.js";

/** @import {LeftOut, MapRun, ModelCounts, SourceCounts, WorkspaceState} from "../../core/wire.js" */

/**
 * What the buttons beside a map do.
 *
 * @typedef {{place: (run: MapRun) => unknown, remove: (run: MapRun) => unknown}} MapActs
 */

/** @param {WorkspaceState} state */
export function figures({ folder, disk, pictures, memory, images, regions, texts, negatives }) {
  const counts = Object.entries({ pictures: images, regions, phrases: texts, negatives });
  const sizes = `${bytesText(disk + pictures)} on disk · ${bytesText(memory)} of vectors in memory`;
  return [
    make("h2", {}, "Workspace"),
    make("p", { class: "fx-quiet fx-path" }, `${folder} · ${sizes}`),
    make(
      "div",
      { class: "fx-figures" },
      ...counts.map(([name, count]) => make("div", {}, make("b", {}, count.toLocaleString()), make("span", {}, name))),
    ),
  ];
}

/** @param {SourceCounts[]} sources */
export function sourceTable(sources) {
  if (!sources.length) return [make("p", { class: "fx-quiet" }, "Nothing is here yet: import something on the left.")];
  const rows = sources.map(({ source, split, images, regions }) => [source, split || "–", images, regions]);
  return [make("h3", {}, "Sources"), table(["source", "split", "#pictures", "#regions"], rows)];
}

/** @param {WorkspaceState} state */
export function modelTable({ models, images, regions, texts }) {
  if (!models.length) return [];
  const rows = models.map((each) => [
    each.loaded ? `${each.name} (in use)` : each.name,
    each.dimensions,
    share(each.image, images),
    share(each.region, regions),
    share(each.text, texts),
  ]);
  return [make("h3", {}, "Vectors"), table(["model", "#dimensions", "#pictures", "#regions", "#phrases"], rows)];
}

/** How many are indexed, with a word on those that are not. @param {number} count @param {number} all */
function share(count, all) {
  const title = count < all ? `${(all - count).toLocaleString()} are not indexed yet` : "all of them";
  return make("span", { class: count < all ? "fx-lacking" : "", title }, count.toLocaleString());
}

/**
 * @param {MapRun[]} maps
 * @param {ModelCounts[]} models
 * @param {Element} note where faults of its buttons are said
 * @param {MapActs} acts
 */
export function mapTable(maps, models, note, acts) {
  if (!maps.length) return [];
  /** @param {MapRun} run */
  const modelOf = ({ model_id }) => models.find(({ id }) => id === model_id);
  const rows = maps.map((run) => [
    run.name,
    `${run.kind}s`,
    run.points,
    run.fitted,
    modelOf(run)?.name ?? "",
    `${run.parameters.neighbours} neighbours, seed ${run.parameters.seed}`,
    mapButtons(run, (modelOf(run)?.[run.kind] ?? 0) - run.points, acts),
  ]);
  return [
    make("h3", {}, "Maps"),
    note,
    table(["map", "of", "#points", "#fitted", "model", "made with", ""], rows),
    make(
      "p",
      {},
      make("button", { type: "button", class: "fx-button", onclick: () => showTab("map") }, "Look at the map"),
    ),
  ];
}

/** @param {MapRun} run @param {number} left how many were indexed since @param {MapActs} acts */
function mapButtons(run, left, acts) {
  /** @param {string} label @param {string} title @param {keyof MapActs} work */
  const button = (label, title, work) =>
    make(
      "button",
      { type: "button", class: "fx-button", title, "data-work": work, onclick: () => acts[work](run) },
      label,
    );
  const count = left.toLocaleString();
  const words = `Put ${count} that were indexed since among their nearest neighbours`;
  return make(
    "span",
    { class: "fx-row-acts" },
    left > 0 ? button(`Place ${count} new`, words, "place") : null,
    button("Remove", "Forget this map", "remove"),
  );
}

/** @param {LeftOut[]} listed the latest @param {number} faults of all */
export function leftOutTable(listed, faults) {
  if (!faults) return [];
  const more = faults > listed.length ? ` (the latest ${listed.length} of ${faults.toLocaleString()})` : "";
  const rows = listed.map(({ source, place, reason }) => [
    source,
    make("span", {}, place ? `${place}: ${reason}` : reason),
  ]);
  return [
    make("h3", {}, `Left out${more}`),
    make("div", { class: "fx-scroll" }, table(["source", "what is wrong"], rows)),
  ];
}
