// A picture on which boxes are drawn. Knows nothing of models: any tab can use it.

/**
 * @import {Corners} from "../core/corners.js"
 * @import {Box, Point} from "./box_geometry.js"
 * @import {Tool} from "./drags.js"
 * @import {Label} from "./box_layer.js"
 * @import {Place, Size} from "./viewport.js"
 */

import { make } from "../core/dom.js";
import * as geometry from "./box_geometry.js";
import { BoxLayer } from "./box_layer.js";
import { CanvasEventTarget } from "./canvas_events.js";
import { Gestures } from "./gestures.js";
import { Nudge } from "./nudge.js";
import { Viewport } from "./viewport.js";

const STAGE = {
  class: "fx-stage fx-empty",
  tabindex: "0",
  role: "application",
  "data-tool": "box",
  "aria-label": "Picture. Drag to draw a box; arrow keys move the selected one.",
};

/** @typedef {Omit<Box, "id"> & {id?: number}} NewBox gets an id where it has none */

/**
 * @template {Box} [Drawn=Box] a tab's boxes may have more than a box needs
 * @extends {CanvasEventTarget<Drawn>}
 */
export class PictureCanvas extends CanvasEventTarget {
  view = new Viewport();
  /** @type {Drawn[]} */
  boxes = [];
  /** @type {number | null} */
  selectedId = null;
  /** @type {Tool} */
  tool = "box";
  /** @type {Size | null} in pixels */
  picture = null;
  nextId = 1;
  /** @type {Nudge<Drawn>} */
  #nudge = new Nudge((box) => this.finished(box));
  image = make("img", { class: "fx-picture", alt: "" });
  heat = make("canvas", { class: "fx-heat", hidden: true });
  world = make("div", { class: "fx-world" }, this.image, this.heat);
  drawn = new BoxLayer(this.view);
  stage = make("div", STAGE, this.world, this.drawn.element);

  /** @param {HTMLElement} root */
  constructor(root) {
    super();
    root.append(this.stage);
    this.gestures = new Gestures(this);
    new ResizeObserver(() => this.#resize()).observe(this.stage);
    this.#resize();
  }

  /** Show a picture, of class fx-picture, and its own size. @param {HTMLImageElement} image @param {Size} size */
  showPicture(image, { width, height }) {
    this.picture = { width, height };
    this.image.replaceWith(image);
    this.image = image;
    this.clearHeat();
    this.stage.classList.remove("fx-empty");
    this.view.setPicture(width, height);
    this.refreshView();
  }

  get selected() {
    return this.boxes.find((box) => box.id === this.selectedId) ?? null;
  }

  /** Boxes as an undo step remembers them. */
  get snapshot() {
    return this.boxes.map(({ id, number, corners }) => ({ id, number, corners }));
  }

  /** Replace all boxes; the selection stays where its box does. No event but "select". @param {NewBox[]} boxes */
  setBoxes(boxes) {
    this.gestures.abandon();
    this.#nudge.forget();
    const whole = boxes.map((box) => ({ ...box, id: box.id ?? this.nextId++, corners: geometry.rounded(box.corners) }));
    this.boxes = /** @type {Drawn[]} */ (whole);
    this.nextId = Math.max(this.nextId, ...this.boxes.map((box) => box.id + 1));
    if (!this.selected) this.selectedId = this.boxes[0]?.id ?? null;
    this.redraw();
    this.tell("select", {});
  }

  /** @param {Corners} corners */
  add(corners) {
    const box = /** @type {Drawn} */ ({ id: this.nextId++, number: geometry.freeNumber(this.boxes), corners });
    this.boxes.push(box);
    return box;
  }

  /** @param {number | null} id */
  select(id) {
    if (id === this.selectedId) return;
    this.finishNudge();
    this.selectedId = id;
    this.redraw();
    this.tell("select", {});
  }

  /** Select the next (or previous) box, round and round. @param {number} step */
  selectNeighbour(step) {
    if (!this.boxes.length) return;
    const at = this.boxes.findIndex((box) => box.id === this.selectedId);
    const next = at < 0 ? 0 : (at + step + this.boxes.length) % this.boxes.length;
    this.select(this.boxes[next].id);
  }

  /** Remove the chosen box; the next one is chosen, or none. */
  removeSelected({ next = true } = {}) {
    const box = this.selected;
    if (!box) return;
    this.finishNudge();
    const at = this.boxes.indexOf(box);
    this.boxes.splice(at, 1);
    this.selectedId = (next && (this.boxes[at] ?? this.boxes[at - 1])?.id) || null;
    this.finished(box);
  }

  duplicateSelected() {
    if (!this.selected) return;
    this.finishNudge();
    const step = this.view.span(16);
    this.#added(this.add(geometry.beside(this.selected.corners, step)));
  }

  /** A box in the middle of what is seen, for those without a mouse. */
  addInMiddle() {
    if (!this.picture) return;
    this.finishNudge();
    const { width, height } = this.view.stage;
    const at = (/** @type {number} */ share) => this.view.toFraction({ x: width * share, y: height * share });
    const corners = geometry.between(at(0.35), at(0.65));
    if (geometry.area(corners) > 0) this.#added(this.add(corners));
  }

  /** Move or grow the chosen box by pixels. @param {number} dx @param {number} dy @param {{grow?: boolean}} [how] */
  nudge(dx, dy, { grow = false } = {}) {
    const box = this.selected;
    if (!box) return;
    const unit = this.view.span(1);
    box.corners = grow
      ? geometry.grown(box.corners, dx * unit.x, dy * unit.y, this.view.span(4))
      : geometry.moved(box.corners, dx * unit.x, dy * unit.y);
    this.changed(box);
    this.#nudge.press(box);
  }

  /** Give up what is under way, or else the choice. */
  letGo() {
    if (this.gestures.busy) this.gestures.cancel();
    else this.select(null);
  }

  /** While it is held, dragging moves the picture. @param {boolean} held */
  holdSpace(held) {
    this.gestures.holdSpace(held);
  }

  /** What is under way ends: a drag is given up, a nudge counts. Returns whether a drag was. */
  conclude() {
    const { busy } = this.gestures;
    if (busy) this.gestures.cancel();
    this.finishNudge();
    return busy;
  }

  /** Arrow keys make one change until they pause; this ends it now. */
  finishNudge() {
    this.#nudge.finish();
  }

  /** @param {number} factor @param {Point} [point] */
  zoom(factor, point = { x: this.view.stage.width / 2, y: this.view.stage.height / 2 }) {
    if (!this.picture) return;
    this.view.zoomAt(point, factor);
    this.refreshView();
  }

  fit() {
    this.view.fit();
    this.refreshView();
  }

  /** Zoom to a place that `view.place` gave. @param {Place} place */
  goTo(place) {
    this.view.goTo(place);
    this.refreshView();
  }

  /** @param {Tool} tool */
  setTool(tool) {
    this.tool = tool;
    this.stage.dataset.tool = tool;
    this.tell("tool", {});
  }

  /** Words beside a box's number. Cheap: called while a box is dragged. @param {number} id @param {Label} label */
  setLabel(id, label) {
    this.drawn.setLabel(id, label);
  }

  /** Show where a box would lie; null: no longer. @param {Corners | null} corners @param {number} [hue] */
  hint(corners, hue) {
    this.drawn.hint(corners, hue);
  }

  get labels() {
    return this.drawn.labels;
  }

  /** Lay the painted heat canvas over the picture. @param {number} opacity */
  showHeat(opacity) {
    this.heat.hidden = false;
    this.heat.style.opacity = String(opacity);
  }

  clearHeat() {
    this.heat.hidden = true;
  }

  // --- for the gestures ---

  /** A box is being changed. @param {Drawn} box */
  changed(box) {
    this.drawn.place(box);
    this.tell("draft", { box });
  }

  /** A gesture has ended; `box` is what it changed. @param {Drawn} box */
  finished(box) {
    box.corners = geometry.rounded(box.corners);
    this.redraw();
    this.tell("select", {});
    this.tell("commit", { box });
  }

  refreshView() {
    const { x, y, scale } = this.view;
    if (this.picture) {
      this.world.style.width = `${this.picture.width * scale}px`;
      this.world.style.height = `${this.picture.height * scale}px`;
      this.world.style.transform = `translate(${x}px, ${y}px)`;
      this.world.classList.toggle("fx-pixels", scale > 3);
    }
    this.drawn.placeAll();
    this.tell("view", {});
  }

  redraw() {
    this.drawn.draw(this.boxes, this.selectedId);
  }

  /** A gesture was given up; everything is as before it. @param {Drawn} box */
  settle(box) {
    this.redraw();
    this.tell("select", {});
    if (this.boxes.includes(box)) this.tell("draft", { box });
  }

  /** @param {string} sentence */
  report(sentence) {
    this.tell("fault", { sentence });
  }

  /** @param {Point | null} point */
  hover(point) {
    this.tell("hover", { point });
  }

  /** A gesture that changed no box is over. */
  rest() {
    this.tell("rest", {});
  }

  // --- inside ---

  #resize() {
    this.view.setStage(this.stage.clientWidth, this.stage.clientHeight);
    this.redraw();
    this.refreshView();
  }

  /** @param {Drawn} box */
  #added(box) {
    this.selectedId = box.id;
    this.redraw();
    this.tell("draft", { box });
    this.finished(box);
  }
}
