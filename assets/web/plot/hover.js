// A picture and words at the pointer, fetched when it rests.

import { make } from "../core/dom.js";
import { Latest } from "../core/latest.js";
import { thumb } from "./thumbnails.js";

/** @typedef {{owner: number, x: number, y: number}} Pointed whose dot, and the pointer's place in the window */

const REST = 60; // ms until a pointer rests
const ASIDE = 14; // pixels from the pointer

export class Hover {
  element = make("div", { class: "fx-hover", hidden: true });
  #latest = new Latest();

  /**
   * @param {HTMLElement} stage
   * @param {(owner: number) => Promise<string>} about gives words for an owner
   */
  constructor(stage, about) {
    this.stage = stage;
    this.about = about;
    stage.append(this.element);
  }

  /**
   * @param {string} kind of the owner
   * @param {Pointed|null} at
   */
  show(kind, at) {
    const signal = this.#latest.begin();
    if (!at) {
      this.element.hidden = true;
      return;
    }
    const timer = setTimeout(async () => {
      const words = await this.about(at.owner);
      if (signal.aborted) return; // the pointer has gone on
      this.element.replaceChildren(thumb(kind, at.owner, "", { loading: "eager" }), make("span", {}, words));
      this.#put(at);
      this.element.hidden = false;
    }, REST);
    signal.addEventListener("abort", () => clearTimeout(timer));
  }

  /**
   * Towards the middle of the stage.
   *
   * @param {Pointed} at
   */
  #put(at) {
    const frame = this.stage.getBoundingClientRect();
    const [x, y] = [at.x - frame.left, at.y - frame.top];
    const [isRight, isLow] = [x > frame.width / 2, y > frame.height / 2];
    this.element.style.left = `${x + (isRight ? -ASIDE : ASIDE)}px`;
    this.element.style.top = `${y + (isLow ? -ASIDE : ASIDE)}px`;
    this.element.style.translate = `${isRight ? "-100%" : "0"} ${isLow ? "-100%" : "0"}`;
  }
}
