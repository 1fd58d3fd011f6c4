// Above the map: what to look for, what to show, which map, and what colours mean.

import { make } from "../../core/dom.js";
import { icon, iconButton } from "../../core/icons.js";

const FILTERED = "Show, and search, only those for which this holds, in SQL.";
const IDEAS = ["area > 0.1", "area < 0.02", "phrase LIKE '%red%'", "split = 'val'", "width > height", "regions > 3"];

export class MapBar {
  /** @param {{search: Function, forget: Function, upload: Function, open: Function, recolour: Function}} acts */
  constructor(acts) {
    this.input = make("input", {
      type: "search",
      class: "fx-find",
      placeholder: "a red boat + snow − people",
      "aria-label": "Find on the map",
      title: "What to look for; + and − between prompts add and subtract (/)",
    });
    this.ideas = make("datalist", { id: "fx-filter-ideas" });
    this.filter = make("input", {
      type: "search",
      class: "fx-filter",
      list: this.ideas.id,
      autocomplete: "off",
      spellcheck: "false",
      placeholder: "filter: area > 0.1",
      "aria-label": "Filter in SQL",
      title: FILTERED,
    });
    const byPicture = iconButton("picture", "Find what looks like a picture of yours (u)", () => this.file.click());
    this.file = make("input", { type: "file", accept: "image/*", hidden: true, "aria-label": "Picture to search by" });
    this.maps = make("select", { "aria-label": "Map", title: "Which map" });
    this.colours = make("select", { "aria-label": "Colour by", title: "What colours mean" });
    this.element = make(
      "form",
      { class: "fx-map-bar" },
      icon("search"),
      this.input,
      byPicture,
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

  set where(condition) {
    this.filter.value = condition ?? "";
    this.mark(true);
  }

  /** Whether what is written can be used. */
  mark(usable) {
    this.filter.setAttribute("aria-invalid", String(!usable));
  }

  showMaps(maps) {
    this.maps.replaceChildren(
      ...maps.map(({ id, name, kind, points, fitted, model }) =>
        make(
          "option",
          { value: id },
          `${name} · ${points.toLocaleString()} ${kind}s${fitted < points ? `, ${fitted.toLocaleString()} fitted` : ""} · ${model}`,
        ),
      ),
    );
  }

  /** Colours and fields of a map. */
  showFields({ id, colours, columns, meanings }, colour) {
    this.maps.value = id;
    const told = (name) => (meanings[name] ? `${name} – ${meanings[name]}` : name);
    const named = colour in columns && !colours.includes(colour) ? [colour] : []; // by a link, though it tells nothing apart
    this.colours.replaceChildren(...[...colours, ...named].map((name) => make("option", { value: name }, told(name))));
    if (colour in columns || colours.includes(colour)) this.colours.value = colour;
    this.columns = columns;
    this.filter.title = [FILTERED, "", "Fields:", ...Object.keys(columns).sort().map(told)].join("\n");
  }

  /** Filters that make sense here, for those who do not write SQL. */
  suggest({ legend, ordered }) {
    const field = this.colours.value;
    const named = !ordered && this.columns[field] === "VARCHAR";
    const values = named
      ? legend.filter(({ value }) => value).map(({ value }) => `${field} = '${value.replaceAll("'", "''")}'`)
      : [];
    const known = IDEAS.filter((idea) => idea.split(" ")[0] in this.columns);
    this.ideas.replaceChildren(...[...values, ...known].map((value) => make("option", { value })));
  }

  #listen({ search, forget, upload, open, recolour }) {
    this.element.addEventListener("submit", (event) => event.preventDefault());
    for (const field of [this.input, this.filter])
      field.addEventListener("keydown", (event) => event.key === "Enter" && search());
    this.input.addEventListener("search", () => !this.input.value && forget());
    this.filter.addEventListener("search", () => !this.filter.value && search());
    this.file.addEventListener("change", () => {
      const [file] = this.file.files;
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
