// Over a plot: names of clusters with a picture each, and the words of what was asked for.

import { make } from "../core/dom.js";
import { huesOf } from "./colour_scale.js";
import { besideStar, dotRoom, nameRoom, starRoom } from "./label_layout.js";
import { thumb } from "./thumbnails.js";

/** @import {MapCluster} from "../core/wire.js" */
/** @import {Coding} from "./colour_scale.js" */
/** @import {Place} from "./frames.js" */
/** @import {Pixels, Rectangle} from "./label_layout.js" */

/** @typedef {{at: Place, text: string}} Star where what was asked for belongs, and its words, if any */

/** Names of clusters, and the words of what was asked for beside their star. */
export class ClusterLabels {
  /** @type {{cluster: MapCluster, element: HTMLElement}[]} */
  #labels = [];
  #shown = "";
  #asked = make("div", { class: "fx-asked", hidden: true });

  /**
   * @param {HTMLElement} stage
   * @param {{pixels: (place: Place) => Pixels}} plot
   * @param {(cluster: MapCluster) => void} choose a cluster was clicked
   */
  constructor(stage, plot, choose) {
    this.plot = plot;
    this.choose = choose;
    this.root = make("div", { class: "fx-clusters" }, this.#asked);
    stage.append(this.root);
  }

  /**
   * Those of a map, as far as they are seen.
   *
   * @param {string} kind of what the dots stand for
   * @param {MapCluster[]} clusters
   */
  set(kind, clusters) {
    const shown = JSON.stringify([kind, clusters]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#labels = clusters.map((cluster) => {
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
    this.root.replaceChildren(...this.#labels.map(({ element }) => element), this.#asked);
  }

  /**
   * Ring faces in the colours of their clusters, where dots have these; null for none.
   *
   * @param {Coding|null} coding
   */
  tint(coding) {
    const hues = coding && huesOf(coding);
    for (const { cluster, element } of this.#labels) {
      const code = coding ? coding.legend.findIndex(({ value }) => value === cluster.label) : -1;
      element.style.setProperty("--fx-hue", hues && code >= 0 ? hues[code] : "transparent");
    }
  }

  /**
   * Put labels where their clusters are; larger ones first, none over another or over what was asked for or found.
   *
   * @param {Place[]} found
   * @param {Star|null} star
   */
  place(found, star) {
    const stage = this.root.getBoundingClientRect();
    const dots = found.map((place) => dotRoom(this.plot.pixels(place)));
    const taken = [...dots, ...this.#placeAsked(star, dots, stage.width)];
    for (const { cluster, element } of this.#labels) {
      element.hidden = false;
      const middle = this.plot.pixels([cluster.x, cluster.y]);
      const room = nameRoom(middle, halfOf(element), cluster.size, stage, taken);
      element.hidden = !room;
      if (!room) continue;
      taken.push(room);
      put(element, room);
    }
  }

  /**
   * Room that the star and its words take.
   *
   * @param {Star|null} star
   * @param {Rectangle[]} dots
   * @param {number} width of the stage
   */
  #placeAsked(star, dots, width) {
    this.#asked.hidden = !star?.text;
    if (!star) return [];
    this.#asked.textContent = star.text;
    const middle = this.plot.pixels(star.at);
    const room = besideStar(middle, halfOf(this.#asked), width, dots);
    this.#asked.hidden ||= middle[0] < 0 || middle[0] > width;
    if (this.#asked.hidden) return [starRoom(middle)];
    put(this.#asked, room);
    return [starRoom(middle), room];
  }
}

/**
 * @param {HTMLElement} element
 * @returns {Pixels}
 */
const halfOf = ({ offsetWidth, offsetHeight }) => [offsetWidth / 2, offsetHeight / 2];

/**
 * @param {HTMLElement} element
 * @param {Rectangle} room
 */
function put(element, { left, top }) {
  element.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
}
