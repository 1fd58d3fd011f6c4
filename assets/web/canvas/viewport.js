// Where the picture lies on the stage: zoom and pan. Stage coordinates are CSS pixels.

/**
 * @import {Corners} from "../core/corners.js"
 * @import {Point} from "./box_geometry.js"
 */

/** @typedef {{width: number, height: number}} Size */

/** @typedef {[times: number, x: number, y: number]} Place times the fitted size; the fractions in the stage's middle */

const MOST_ZOOM = 32; // CSS pixels a picture pixel
const KEEP = 48; // CSS pixels of the picture that always stay on the stage

export class Viewport {
  constructor() {
    this.stage = { width: 1, height: 1 };
    this.picture = { width: 1, height: 1 };
    this.scale = 1; // CSS pixels a picture pixel
    this.x = 0; // of the picture's upper left corner
    this.y = 0;
    this.fitted = true;
  }

  /** The scale at which the whole picture is seen, small ones enlarged. */
  get fitScale() {
    const { stage, picture } = this;
    const scale = Math.min(stage.width / picture.width, stage.height / picture.height);
    return Math.min(scale, MOST_ZOOM);
  }

  /** @param {number} width @param {number} height */
  setPicture(width, height) {
    this.picture = { width, height };
    this.fit();
  }

  /** @param {number} width @param {number} height */
  setStage(width, height) {
    const { place } = this;
    this.stage = { width: Math.max(width, 1), height: Math.max(height, 1) };
    if (place) this.goTo(place);
    else this.fit();
  }

  fit() {
    this.scale = this.fitScale;
    this.x = (this.stage.width - this.picture.width * this.scale) / 2;
    this.y = (this.stage.height - this.picture.height * this.scale) / 2;
    this.fitted = true;
  }

  /** What is seen; null while fitted. @returns {Place | null} */
  get place() {
    if (this.fitted) return null;
    const { x, y } = this.toFraction({ x: this.stage.width / 2, y: this.stage.height / 2 });
    return [this.scale / this.fitScale, x, y];
  }

  /** @param {Place} place */
  goTo([times, x, y]) {
    const { stage, picture } = this;
    this.scale = Math.min(Math.max(times, 1) * this.fitScale, Math.max(MOST_ZOOM, this.fitScale));
    this.x = stage.width / 2 - x * picture.width * this.scale;
    this.y = stage.height / 2 - y * picture.height * this.scale;
    this.fitted = false;
    this.#keepInSight();
  }

  /**
   * Zoom by a factor; what lies under the point (stage coordinates) stays there.
   *
   * @param {Point} point
   * @param {number} factor
   */
  zoomAt(point, factor) {
    const least = this.fitScale;
    const scale = Math.min(Math.max(this.scale * factor, least), Math.max(MOST_ZOOM, least));
    if (scale <= least * 1.001) {
      this.fit();
      return;
    }
    const ratio = scale / this.scale;
    this.x = point.x - (point.x - this.x) * ratio;
    this.y = point.y - (point.y - this.y) * ratio;
    this.scale = scale;
    this.fitted = false;
    this.#keepInSight();
  }

  /** @param {number} dx @param {number} dy */
  panBy(dx, dy) {
    this.x += dx;
    this.y += dy;
    this.fitted = false;
    this.#keepInSight();
  }

  /** Stage point → fractions of the picture, not clamped. @param {Point} point @returns {Point} */
  toFraction({ x, y }) {
    return {
      x: (x - this.x) / (this.picture.width * this.scale),
      y: (y - this.y) / (this.picture.height * this.scale),
    };
  }

  /** Corners as fractions → left, top, width, height on the stage. @param {Corners} corners */
  toStage([x0, y0, x1, y1]) {
    const width = this.picture.width * this.scale;
    const height = this.picture.height * this.scale;
    return {
      left: this.x + x0 * width,
      top: this.y + y0 * height,
      width: (x1 - x0) * width,
      height: (y1 - y0) * height,
    };
  }

  /** CSS pixels → fractions, along both axes. @param {number} pixels @returns {Point} */
  span(pixels) {
    return {
      x: pixels / (this.picture.width * this.scale),
      y: pixels / (this.picture.height * this.scale),
    };
  }

  #keepInSight() {
    const width = this.picture.width * this.scale;
    const height = this.picture.height * this.scale;
    this.x = Math.min(Math.max(this.x, KEEP - width), this.stage.width - KEEP);
    this.y = Math.min(Math.max(this.y, KEEP - height), this.stage.height - KEEP);
  }
}
