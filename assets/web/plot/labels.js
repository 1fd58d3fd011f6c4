// Over the map: names of clusters with a picture each, the legend, and what lies under the pointer.

import { make } from "../core/dom.js";
import { huesOf, OTHER } from "./colour_scale.js";
import { thumb } from "./thumbnails.js";

const ROOM = 6; // pixels between labels
const STAR = 12; // half of the star that marks what was asked for, its words above it
const DOT = 6; // half of one that was found
const FEW = 30; // dots; a name stands above them, for it would cover them

/** Names of clusters, and the words of what was asked for above their star. */
export class ClusterLabels {
  /** @param {Function} choose a cluster was clicked */
  constructor(stage, plot, choose) {
    Object.assign(this, { plot, choose, labels: [], shown: "" });
    this.root = make("div", { class: "fx-clusters" });
    this.asked = make("div", { class: "fx-asked", hidden: true });
    stage.append(this.root);
    this.root.append(this.asked);
  }

  /** Those of a map, as far as they are seen. */
  set(kind, clusters) {
    const shown = JSON.stringify([kind, clusters]);
    if (shown === this.shown) return;
    this.shown = shown;
    this.labels = clusters.map((cluster) => {
      const element = make(
        "button",
        {
          type: "button",
          class: "fx-cluster",
          hidden: true,
          title: `${cluster.label}: ${cluster.size.toLocaleString()}; click to come closer`,
          onclick: () => this.choose(cluster),
        },
        thumb(kind, cluster.representative, "", { loading: "eager" }),
        make("span", {}, cluster.label),
      );
      return { cluster, element };
    });
    this.root.replaceChildren(...this.labels.map(({ element }) => element), this.asked);
  }

  /** Ring faces in the colours of their clusters, where the view has these; null for none. */
  tint(view) {
    const hues = view && huesOf(view);
    for (const { cluster, element } of this.labels) {
      const code = view ? view.legend.findIndex(({ value }) => value === cluster.label) : -1;
      element.style.setProperty("--fx-hue", code < 0 ? "transparent" : hues[code]);
    }
  }

  /** Put labels where their clusters are; larger ones first, none over another or over what was asked for or found. */
  place() {
    const { width, height } = this.root.getBoundingClientRect();
    const { hits, places } = this.plot.parts;
    const dots = hits.filter(({ place }) => place).map(({ place }) => around(this.plot.pixels(place), DOT, DOT));
    const taken = [...dots, ...this.#placeAsked(places, dots, width)];
    for (const { cluster, element } of this.labels) {
      element.hidden = false;
      const [x, y] = this.plot.pixels([cluster.x, cluster.y]);
      const [w, h] = [element.offsetWidth / 2, element.offsetHeight / 2];
      const rings = [1, 2, 3].flatMap((far) =>
        [
          [0, -1],
          [0, 1],
          [-1, -1],
          [1, -1],
          [-1, 1],
          [1, 1],
        ].map(([right, down]) => [x + right * w, y + far * down * 2 * h]),
      );
      const spots = cluster.size < FEW ? rings : [[x, y], ...rings];
      const box = spots
        .map((spot) => around(spot, w, h))
        .find((each) => within(each, width, height) && !taken.some((other) => overlap(each, other)));
      element.hidden = !box;
      if (box) this.#put(element, box, taken);
    }
  }

  /** Room that the star and its words take; they stand beside it where they cover nothing that was found. */
  #placeAsked([place], dots, width) {
    this.asked.hidden = !place?.text;
    if (!place) return [];
    this.asked.textContent = place.text;
    const [x, y] = this.plot.pixels(place.at);
    const taken = [around([x, y], STAR, STAR)];
    const [w, h] = [this.asked.offsetWidth / 2, this.asked.offsetHeight / 2];
    const middle = Math.max(w, Math.min(width - w, x)); // its words stay readable at the edge
    const spots = [
      [middle, y - STAR - h],
      [middle, y + STAR + h],
      [x + STAR + w, y],
      [x - STAR - w, y],
    ].map((spot) => around(spot, w, h));
    this.asked.hidden ||= x < 0 || x > width;
    if (!this.asked.hidden)
      this.#put(this.asked, spots.find((spot) => !dots.some((dot) => overlap(spot, dot))) ?? spots[0], taken);
    return taken;
  }

  #put(element, box, taken) {
    taken.push(box);
    element.style.transform = `translate(${Math.round(box.left)}px, ${Math.round(box.top)}px)`;
  }
}

/** Colours and what they mean; a click shows one value alone. */
export class Legend {
  /** @param {Function} choose choose(value, more): that value alone, or beside the others */
  constructor(root, choose) {
    this.root = root;
    this.choose = choose;
  }

  /** Counts are those of what a filter leaves; values without any are left out. `only` lists those that are shown, if not all are. */
  show(view, only, { approximate }) {
    const { legend, others, ordered, several } = view;
    const hues = huesOf(view);
    const row = (attributes, ...parts) => make("div", { class: "fx-legend-row", ...attributes }, ...parts);
    const rows = legend.map(({ value, count }, code) =>
      count || only.includes(value) ? this.#row(value || "(none)", count, hues[code], value, only) : null,
    );
    if (others)
      rows.push(
        row(
          {},
          swatch(hues[OTHER]),
          make("span", {}, ordered ? "(none)" : "others"),
          make("i", {}, others.toLocaleString()),
        ),
      );
    if (several)
      rows.push(
        row(
          { class: "fx-legend-row fx-quiet", title: "Several hold for a dot at once, and it counts for each" },
          make("span", {}, "a dot has the colour of its rarest"),
        ),
      );
    if (approximate)
      rows.push(
        row(
          {
            class: "fx-legend-row fx-quiet",
            title: "UMAP laid out a sample; these lie among their nearest neighbours in it",
          },
          make("em", { class: "fx-ring" }),
          make("span", {}, "placed by neighbours, approximate"),
        ),
      );
    if (only.length)
      rows.push(row({ class: "fx-legend-row fx-quiet" }, make("span", {}, "Shift-click: several at once")));
    const focused = this.root.contains(document.activeElement) ? document.activeElement.dataset.value : null;
    this.root.replaceChildren(...rows.filter(Boolean));
    if (focused !== null) this.root.querySelector(`[data-value="${CSS.escape(focused)}"]`)?.focus();
    this.root.hidden = !this.root.childElementCount;
  }

  #row(name, count, hue, value, only) {
    const shown = only.includes(value);
    const alone = shown && only.length === 1;
    const more = only.length && !alone ? `; with Shift, ${shown ? "without it" : "beside the others"}` : "";
    return make(
      "button",
      {
        type: "button",
        class: "fx-legend-row",
        "aria-pressed": String(shown),
        title: alone ? "Show all again" : `Show “${name}” alone${more}`,
        "data-value": value,
        onclick: ({ shiftKey, ctrlKey, metaKey }) => this.choose(value, shiftKey || ctrlKey || metaKey),
      },
      swatch(hue),
      make("span", {}, name),
      make("i", {}, count.toLocaleString()),
    );
  }
}

/** A picture and words at the pointer, fetched when it rests. */
export class Hover {
  constructor(stage, about) {
    this.element = make("div", { class: "fx-hover", hidden: true });
    this.stage = stage;
    this.about = about;
    stage.append(this.element);
  }

  show(kind, at) {
    clearTimeout(this.timer);
    const asked = (this.asked = { at });
    if (!at) {
      this.element.hidden = true;
      return;
    }
    this.timer = setTimeout(async () => {
      const said = await this.about(at.owner);
      if (asked !== this.asked) return; // the pointer has gone on
      const frame = this.stage.getBoundingClientRect();
      const [x, y] = [at.x - frame.left, at.y - frame.top];
      this.element.replaceChildren(thumb(kind, at.owner, "", { loading: "eager" }), make("span", {}, said));
      this.element.style.left = `${x + (x > frame.width / 2 ? -14 : 14)}px`;
      this.element.style.top = `${y + (y > frame.height / 2 ? -14 : 14)}px`;
      this.element.style.translate = `${x > frame.width / 2 ? "-100%" : "0"} ${y > frame.height / 2 ? "-100%" : "0"}`;
      this.element.hidden = false;
    }, 60);
  }
}

const around = ([x, y], w, h) => ({ left: x - w, right: x + w, top: y - h, bottom: y + h });

const within = (box, width, height) => box.left >= 0 && box.top >= 0 && box.right <= width && box.bottom <= height;

const swatch = (hue) => make("em", { style: `background: ${hue}` });

function overlap(one, other) {
  return (
    one.left < other.right + ROOM &&
    other.left < one.right + ROOM &&
    one.top < other.bottom + ROOM &&
    other.top < one.bottom + ROOM
  );
}
