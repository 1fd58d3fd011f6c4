// A picture on which boxes are drawn. Knows nothing of models: any tab can use it.
//
// Events (CustomEvent): "draft" while a box changes, "commit" once it has changed (both with
// {box}), "rest" after a gesture without a change, "select", "view" (zoom or pan), "hover" with a
// point in fractions or null, "fault" with a sentence. Boxes: {id, number, corners}, corners as
// fractions of the picture; one with a `hue` has the colour of the box of that number.

import { BoxLayer } from "./box_layer.js";
import * as geometry from "./box_geometry.js";
import { make } from "../core/dom.js";
import { Gestures } from "./gestures.js";
import { Viewport } from "./viewport.js";

const PAUSE = 250; // ms without an arrow key after which a nudge is over

export class PictureCanvas extends EventTarget {
  constructor(root) {
    super();
    this.view = new Viewport();
    this.boxes = [];
    this.selectedId = null;
    this.tool = "box";
    this.picture = null; // {width, height} in pixels
    this.nextId = 1;
    this.nudged = null; // the box that arrow keys are moving
    this.#build(root);
    this.gestures = new Gestures(this);
    new ResizeObserver(() => this.#resize()).observe(this.stage);
    this.#resize();
  }

  /** Show a decoded picture: an img of class fx-picture, and the size that boxes are fractions of. */
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

  /** Replace all boxes; the selection stays where its box does. No event but "select". */
  setBoxes(boxes) {
    this.gestures.abandon();
    this.#forgetNudge();
    this.boxes = boxes.map((box) => ({ ...box, id: box.id ?? this.nextId++, corners: geometry.rounded(box.corners) }));
    this.nextId = Math.max(this.nextId, ...this.boxes.map((box) => box.id + 1));
    if (!this.selected) this.selectedId = this.boxes[0]?.id ?? null;
    this.drawn.draw(this.boxes, this.selectedId);
    this.#emit("select");
  }

  add(corners) {
    const box = { id: this.nextId++, number: geometry.freeNumber(this.boxes), corners };
    this.boxes.push(box);
    return box;
  }

  select(id) {
    if (id === this.selectedId) return;
    this.finishNudge();
    this.selectedId = id;
    this.drawn.draw(this.boxes, this.selectedId);
    this.#emit("select");
  }

  /** Select the next (or previous) box, round and round. */
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
    this.#finish(box);
  }

  duplicateSelected() {
    if (!this.selected) return;
    this.finishNudge();
    const step = this.view.span(16);
    const { corners } = this.selected;
    let copy = geometry.moved(corners, step.x, step.y);
    if (geometry.same(copy, corners)) copy = geometry.moved(corners, -step.x, -step.y);
    this.#added(this.add(copy));
  }

  /** A box in the middle of what is seen, for those without a mouse. */
  addInMiddle() {
    if (!this.picture) return;
    this.finishNudge();
    const { width, height } = this.view.stage;
    const a = this.view.toFraction({ x: width * 0.35, y: height * 0.35 });
    const b = this.view.toFraction({ x: width * 0.65, y: height * 0.65 });
    const corners = geometry.between(a, b);
    if (geometry.area(corners) > 0) this.#added(this.add(corners));
  }

  /** Move (or grow) the selected box by CSS pixels. */
  nudge(dx, dy, { grow = false } = {}) {
    const box = this.selected;
    if (!box) return;
    const unit = this.view.span(1);
    box.corners = grow
      ? geometry.grown(box.corners, dx * unit.x, dy * unit.y, this.view.span(4))
      : geometry.moved(box.corners, dx * unit.x, dy * unit.y);
    this.changed(box);
    clearTimeout(this.nudging);
    this.nudged = box;
    this.nudging = setTimeout(() => this.finishNudge(), PAUSE);
  }

  /** Give up what is under way, or else the choice. */
  letGo() {
    if (this.gestures.busy) this.gestures.cancel();
    else this.select(null);
  }

  /** While it is held, dragging moves the picture. */
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
    const box = this.nudged;
    this.#forgetNudge();
    if (box) this.#finish(box);
  }

  zoom(factor, point = { x: this.view.stage.width / 2, y: this.view.stage.height / 2 }) {
    if (!this.picture) return;
    this.view.zoomAt(point, factor);
    this.refreshView();
  }

  fit() {
    this.view.fit();
    this.refreshView();
  }

  /** Zoom to a place that `view.place` gave. */
  goTo(place) {
    this.view.goTo(place);
    this.refreshView();
  }

  setTool(tool) {
    this.tool = tool;
    this.stage.dataset.tool = tool;
    this.#emit("tool");
  }

  /** Words beside a box's number: {text, score, doubtful}. Cheap: called while a box is dragged. */
  setLabel(id, label) {
    this.drawn.setLabel(id, label);
  }

  /** Show where a box would lie; null: no longer. */
  hint(corners, hue) {
    this.drawn.hint(corners, hue);
  }

  get labels() {
    return this.drawn.labels;
  }

  /** Lay the painted heat canvas over the picture. */
  showHeat(opacity) {
    this.heat.hidden = false;
    this.heat.style.opacity = opacity;
  }

  clearHeat() {
    this.heat.hidden = true;
  }

  // --- for the gestures ---

  /** A box is being changed. */
  changed(box) {
    this.drawn.place(box);
    this.#emit("draft", { box });
  }

  /** A gesture has ended; `box` is what it changed. */
  finished(box) {
    this.#finish(box);
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
    this.#emit("view");
  }

  redraw() {
    this.drawn.draw(this.boxes, this.selectedId);
  }

  /** A gesture was given up; everything is as before it. */
  settle(box) {
    this.drawn.draw(this.boxes, this.selectedId);
    this.#emit("select");
    if (this.boxes.includes(box)) this.#emit("draft", { box });
  }

  report(sentence) {
    this.#emit("fault", { sentence });
  }

  hover(point) {
    this.#emit("hover", { point });
  }

  /** A gesture that changed no box is over. */
  rest() {
    this.#emit("rest");
  }

  // --- inside ---

  #forgetNudge() {
    clearTimeout(this.nudging);
    this.nudged = null;
  }

  #build(root) {
    this.image = make("img", { class: "fx-picture", alt: "" });
    this.heat = make("canvas", { class: "fx-heat", hidden: true });
    this.world = make("div", { class: "fx-world" }, this.image, this.heat);
    this.drawn = new BoxLayer(this.view);
    this.stage = make(
      "div",
      {
        class: "fx-stage fx-empty",
        tabindex: "0",
        role: "application",
        "data-tool": "box",
        "aria-label": "Picture. Drag to draw a box; arrow keys move the selected one.",
      },
      this.world,
      this.drawn.element,
    );
    root.append(this.stage);
  }

  #resize() {
    this.view.setStage(this.stage.clientWidth, this.stage.clientHeight);
    this.drawn.draw(this.boxes, this.selectedId);
    this.refreshView();
  }

  #added(box) {
    this.selectedId = box.id;
    this.drawn.draw(this.boxes, this.selectedId);
    this.#emit("draft", { box });
    this.#finish(box);
  }

  #finish(box) {
    box.corners = geometry.rounded(box.corners);
    this.drawn.draw(this.boxes, this.selectedId);
    this.#emit("select");
    this.#emit("commit", { box });
  }

  #emit(type, detail = {}) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
