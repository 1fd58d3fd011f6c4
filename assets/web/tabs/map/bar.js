// Above the map: what to look for, what to show, which map, and what colours mean.

import { make } from "../../core/dom.js";
import { icon, iconButton } from "../../core/icons.js";

/** @import {ListedMap, OpenedMap} from "../../core/wire.js" */
/** @import {Coding} from "../../plot/colour_scale.js" */

/**
 * What the bar asks for.
 *
 * @typedef {object} BarActs
 * @property {() => void} search
 * @property {() => void} forget the words were taken out
 * @property {(file: File) => void} upload
 * @property {(id: number) => void} open
 * @property {() => void} recolour
 */

const FILTERED = "Show, and search, only those for which this holds, in SQL.";
const IDEAS = ["area > 0.1", "area < 0.02", "phrase LIKE '%red%'", "split = 'val'", "width > height", "regions > 3"];

export class MapBar {
  input = make("input", {
    type: "search",
    class: "fx-find",
    placeholder: "a red boat + snow − people",
    "aria-label": "Find on the map",
    title: "What to look for; + and − between prompts add and subtract (/)",
  });
  ideas = make("datalist", { id: "fx-filter-ideas" });
  filter = make("input", {
    type: "search",
    class: "fx-filter",
    list: this.ideas.id,
    autocomplete: "off",
    spellcheck: "false",
    placeholder: "filter: area > 0.1",
    "aria-label": "Filter in SQL",
    title: FILTERED,
  });
  file = make("input", { type: "file", accept: "image/*", hidden: true, "aria-label": "Picture to search by" });
  maps = make("select", { "aria-label": "Map", title: "Which map" });
  colours = make("select", { "aria-label": "Colour by", title: "What colours mean" });
  /** @type {Record<string, string>} types of the map's fields by name */
  #columns = {};

  /** @param {BarActs} acts */
  constructor(acts) {
    this.element = make(
      "form",
      { class: "fx-map-bar" },
      icon("search"),
      this.input,
      iconButton("picture", "Find what looks like a picture of yours (u)", () => this.file.click()),
      this.file,
      this.filter,
      this.ideas,
      make("label", {}, "map", this.maps),
      make("label", {}, "colour", this.colours),
    );
    this.#listen(acts);
  }

  get text() {
    return this.input.value.trim();
  }

  /** The condition as it is written, or null. */
  get where() {
    return this.filter.value.trim() || null;
  }

  /** @param {string|null} condition */
  set where(condition) {
    this.filter.value = condition ?? "";
    this.mark(true);
  }

  /** @param {boolean} usable whether what is written can be used */
  mark(usable) {
    this.filter.setAttribute("aria-invalid", String(!usable));
  }

  /** @param {ListedMap[]} maps */
  showMaps(maps) {
    this.maps.replaceChildren(
      ...maps.map(({ id, name, kind, points, fitted, model }) => {
        const sample = fitted < points ? `, ${fitted.toLocaleString()} fitted` : "";
        return make("option", { value: id }, `${name} · ${points.toLocaleString()} ${kind}s${sample} · ${model}`);
      }),
    );
  }

  /**
   * Colours and fields of a map.
   *
   * @param {OpenedMap} run
   * @param {string|undefined} colour that a link names, though it may tell nothing apart
   */
  showFields({ id, colours, columns, meanings }, colour) {
    this.maps.value = String(id);
    /** @param {string} name */
    const explained = (name) => (meanings[name] ? `${name} – ${meanings[name]}` : name);
    const named = colour !== undefined && colour in columns && !colours.includes(colour) ? [colour] : [];
    this.colours.replaceChildren(
      ...[...colours, ...named].map((name) => make("option", { value: name }, explained(name))),
    );
    if (colour !== undefined && (named.length || colours.includes(colour))) this.colours.value = colour;
    this.#columns = columns;
    this.filter.title = [FILTERED, "", "Fields:", ...Object.keys(columns).sort().map(explained)].join("\n");
  }

  /**
   * Filters that make sense here, for those who do not write SQL.
   *
   * @param {Coding} coding
   */
  suggest({ legend, ordered }) {
    const field = this.colours.value;
    const named = !ordered && this.#columns[field] === "VARCHAR";
    const values = named
      ? legend.filter(({ value }) => value).map(({ value }) => `${field} = '${value.replaceAll("'", "''")}'`)
      : [];
    const known = IDEAS.filter((idea) => idea.split(" ")[0] in this.#columns);
    this.ideas.replaceChildren(...[...values, ...known].map((value) => make("option", { value })));
  }

  /** @param {BarActs} acts */
  #listen({ search, forget, upload, open, recolour }) {
    this.element.addEventListener("submit", (event) => event.preventDefault());
    for (const field of [this.input, this.filter]) {
      field.addEventListener("keydown", (event) => event.key === "Enter" && search());
    }
    this.input.addEventListener("search", () => !this.input.value && forget());
    this.filter.addEventListener("search", () => !this.filter.value && search());
    this.file.addEventListener("change", () => {
      const file = this.file.files?.[0];
      this.file.value = "";
      if (file) upload(file);
    });
    this.maps.addEventListener("change", () => {
      this.maps.blur();
      open(Number(this.maps.value));
    });
    this.colours.addEventListener("change", () => {
      this.colours.blur();
      recolour();
    });
  }
}
