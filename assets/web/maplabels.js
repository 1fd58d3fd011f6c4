// Over the map: names of clusters with a picture each, the legend, and what lies under the pointer.

import { make } from "./dom.js";
import { huesOf, OTHER } from "./mapplot.js";
import { thumb } from "./mapside.js";

const ROOM = 6; // pixels between labels
const STAR = 12; // half of the star that marks what was asked for, its words above it
const LETTER = 7; // about the width of one of them

export class ClusterLabels {
  /** @param {Function} choose a cluster was clicked */
  constructor(stage, plot, choose) {
    this.plot = plot;
    this.root = make("div", { class: "fx-clusters" });
    stage.append(this.root);
    this.choose = choose;
    this.labels = [];
  }

  set(kind, clusters) {
    this.labels = clusters.map((cluster) => {
      const element = make(
        "button", { type: "button", class: "fx-cluster", title: `${cluster.size.toLocaleString()} here; click to come closer`, onclick: () => this.choose(cluster) },
        thumb(kind, cluster.representative, "", { loading: "eager" }), make("span", {}, cluster.label),
      );
      return { cluster, element };
    });
    this.root.replaceChildren(...this.labels.map(({ element }) => element));
  }

  /** Put labels where their clusters are; larger ones first, none over another or over what was asked for. */
  place() {
    const taken = this.plot.parts.places.map(({ at, text }) => {
      const [x, y] = this.plot.pixels(at);
      const half = Math.max(STAR, (text.length * LETTER) / 2);
      return { left: x - half, right: x + half, top: y - 2 * STAR, bottom: y + STAR };
    });
    const { width, height } = this.root.getBoundingClientRect();
    for (const { cluster, element } of this.labels) {
      element.hidden = false;
      const [x, y] = this.plot.pixels([cluster.x, cluster.y]);
      const [w, h] = [element.offsetWidth, element.offsetHeight];
      const box = { left: x - w / 2, top: y - h / 2, right: x + w / 2, bottom: y + h / 2 };
      const outside = box.left < 0 || box.top < 0 || box.right > width || box.bottom > height;
      element.hidden = outside || taken.some((other) => overlap(box, other));
      if (element.hidden) continue;
      taken.push(box);
      element.style.transform = `translate(${Math.round(box.left)}px, ${Math.round(box.top)}px)`;
    }
  }
}

/** Colours and what they mean; a click shows one value alone. */
export class Legend {
  constructor(root, isolate) {
    this.root = root;
    this.isolate = isolate;
  }

  show({ legend, ordered, total }, only, { approximate }) {
    const hues = huesOf({ legend, ordered });
    const shown = legend.reduce((sum, { count }) => sum + count, 0);
    const rows = legend.map(({ value, count }, code) => this.#row(value || "(none)", count, hues[code], value, only));
    if (total > shown) rows.push(make("div", { class: "fx-legend-row" }, swatch(hues[OTHER]), make("span", {}, ordered ? "(none)" : "others"), make("i", {}, (total - shown).toLocaleString())));
    if (approximate) rows.push(make("div", { class: "fx-legend-row fx-quiet", title: "UMAP laid out a sample; these lie among their nearest neighbours in it" }, make("em", { class: "fx-ring" }), make("span", {}, "placed by neighbours, approximate")));
    this.root.replaceChildren(...rows);
    this.root.hidden = !rows.length;
  }

  #row(name, count, hue, value, only) {
    return make(
      "button", { type: "button", class: "fx-legend-row", "aria-pressed": String(only === value), title: only === value ? "Show all again" : `Show “${name}” alone`, onclick: () => this.isolate(only === value ? null : value) },
      swatch(hue), make("span", {}, name), make("i", {}, count.toLocaleString()),
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

const swatch = (hue) => make("em", { style: `background: ${hue}` });

function overlap(one, other) {
  return one.left < other.right + ROOM && other.left < one.right + ROOM && one.top < other.bottom + ROOM && other.top < one.bottom + ROOM;
}
