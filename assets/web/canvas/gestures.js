// Mouse, pen and fingers on a PictureCanvas: what a press means, and what follows it.

/**
 * @import {Corners} from "../core/corners.js"
 * @import {Handle, Point} from "./box_geometry.js"
 * @import {BoxDrag, Drag, DrawDrag, GestureCanvas} from "./drags.js"
 */

import * as geometry from "./box_geometry.js";

/** @type {Record<string, number>} */
const REACH = { mouse: 7, pen: 9, touch: 18 }; // CSS pixels around edges and handles
const START = 4; // CSS pixels before a press becomes a drag
const LEAST = 6; // CSS pixels a side: smaller boxes are slips of the hand
/** @type {Record<Handle, string>} */
const CURSORS = {
  nw: "nwse-resize",
  se: "nwse-resize",
  ne: "nesw-resize",
  sw: "nesw-resize",
  n: "ns-resize",
  s: "ns-resize",
  e: "ew-resize",
  w: "ew-resize",
};

export class Gestures {
  /** @type {Map<number, Point>} last stage point of each pointer */
  pointers = new Map();
  /** @type {Drag | null} */
  drag = null;
  spaceHeld = false;

  /** @param {GestureCanvas} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    const { stage } = canvas;
    stage.addEventListener("pointerdown", (event) => this.#down(event));
    stage.addEventListener("pointermove", (event) => this.#move(event));
    stage.addEventListener("pointerup", (event) => this.#up(event));
    stage.addEventListener("pointercancel", () => this.cancel());
    stage.addEventListener("pointerleave", () => canvas.hover(null));
    stage.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    stage.addEventListener("auxclick", (event) => event.preventDefault());
    stage.addEventListener("blur", () => stage.classList.remove("fx-by-mouse"));
    window.addEventListener("blur", () => this.holdSpace(false));
  }

  get busy() {
    return this.drag !== null;
  }

  /** @param {boolean} held */
  holdSpace(held) {
    this.spaceHeld = held;
    this.canvas.stage.classList.toggle("fx-panning", held);
  }

  /** Give up the gesture; the box is as it was before. */
  cancel() {
    const { drag, canvas } = this;
    this.abandon();
    if (!drag?.box) {
      canvas.rest();
      return;
    }
    if (drag.kind === "draw") {
      canvas.boxes = canvas.boxes.filter((box) => box !== drag.box);
      canvas.selectedId = drag.selectedBefore;
    } else {
      drag.box.corners = drag.corners;
    }
    canvas.settle(drag.box);
  }

  /** Let go without a word: the boxes are about to be replaced. */
  abandon() {
    this.drag = null;
    this.pointers.clear();
    this.canvas.stage.classList.remove("fx-grabbing");
  }

  /** @param {PointerEvent} event */
  #down(event) {
    const { canvas } = this;
    if (!canvas.picture || event.button > 1) return;
    canvas.finishNudge();
    canvas.stage.classList.add("fx-by-mouse"); // a ring around the picture helps the keyboard only
    canvas.stage.focus({ preventScroll: true });
    canvas.stage.setPointerCapture(event.pointerId);
    const point = this.#point(event);
    this.pointers.set(event.pointerId, point);
    if (this.pointers.size === 2) {
      this.#cancelForPinch(point);
      return;
    }
    if (this.pointers.size > 2) return;
    event.preventDefault();
    const pan = event.button === 1 || this.spaceHeld || canvas.tool === "pan";
    this.drag = pan ? { kind: "pan", from: point } : this.#grab(event, point);
    canvas.stage.classList.toggle("fx-grabbing", pan);
  }

  /** @param {Point} from */
  #cancelForPinch(from) {
    const points = [...this.pointers];
    this.cancel();
    this.pointers = new Map(points);
    this.drag = { kind: "pinch", from };
  }

  /**
   * What a press takes hold of: a handle, the selected box, an outline, or nothing (draws).
   *
   * @param {PointerEvent} event
   * @param {Point} from
   * @returns {BoxDrag}
   */
  #grab(event, from) {
    const { canvas } = this;
    const place = canvas.view.toFraction(from);
    const reach = canvas.view.span(REACH[event.pointerType] ?? REACH.mouse);
    const chosen = canvas.selected;
    if (chosen && !event.altKey) {
      const handle = geometry.handleAt(chosen.corners, place, reach);
      if (handle) return { kind: "resize", from, handle, box: chosen, corners: chosen.corners, again: true };
      if (geometry.inside(chosen.corners, place)) {
        return { kind: "move", from, box: chosen, corners: chosen.corners, again: true };
      }
    }
    const edged = canvas.boxes.filter((box) => geometry.onEdge(box.corners, place, reach)).at(-1);
    if (edged && !event.altKey) {
      canvas.select(edged.id);
      return { kind: "move", from, box: edged, corners: edged.corners };
    }
    return { kind: "draw", from, box: null, start: place, selectedBefore: canvas.selectedId };
  }

  /** @param {PointerEvent} event */
  #move(event) {
    const point = this.#point(event);
    const { drag, canvas } = this;
    if (!drag) {
      this.#showCursor(event, point);
      canvas.hover(canvas.view.toFraction(point));
      return;
    }
    const before = this.pointers.get(event.pointerId);
    if (!before) return;
    if (drag.kind === "pinch") {
      this.#pinch(event.pointerId, point);
      return;
    }
    this.pointers.set(event.pointerId, point);
    if (drag.kind === "pan") {
      canvas.view.panBy(point.x - before.x, point.y - before.y);
      canvas.refreshView();
      return;
    }
    if (!drag.started && Math.hypot(point.x - drag.from.x, point.y - drag.from.y) < START) return;
    drag.started = true;
    this.#change(drag, point);
  }

  /** @param {BoxDrag} drag @param {Point} point */
  #change(drag, point) {
    const { canvas } = this;
    const unit = canvas.view.span(1);
    const dx = (point.x - drag.from.x) * unit.x;
    const dy = (point.y - drag.from.y) * unit.y;
    if (drag.kind === "draw") {
      const corners = geometry.between(drag.start, canvas.view.toFraction(point));
      if (drag.box) drag.box.corners = corners;
      else this.#begin(drag, corners);
    } else if (drag.kind === "move") drag.box.corners = geometry.moved(drag.corners, dx, dy);
    else drag.box.corners = geometry.resized(drag.corners, drag.handle, dx, dy);
    if (drag.box) canvas.changed(drag.box);
  }

  /** @param {DrawDrag} drag @param {Corners} corners */
  #begin(drag, corners) {
    const { canvas } = this;
    drag.box = canvas.add(corners);
    canvas.selectedId = drag.box.id;
    canvas.redraw();
  }

  /** @param {PointerEvent} event */
  #up(event) {
    const { drag, canvas } = this;
    this.pointers.delete(event.pointerId);
    if (drag?.kind === "pinch" && this.pointers.size) return;
    this.drag = null;
    canvas.stage.classList.remove("fx-grabbing");
    if (drag) this.#end(drag);
  }

  /** @param {Drag} drag */
  #end(drag) {
    const { canvas } = this;
    if (!drag.started || !drag.box) {
      if (drag.kind !== "pan" && drag.kind !== "pinch") this.#click(drag);
      canvas.rest();
      return;
    }
    const { width, height } = canvas.view.toStage(drag.box.corners);
    if (width < LEAST || height < LEAST) this.#refuse(drag);
    else canvas.finished(drag.box);
  }

  /** A slip of the hand is no box. @param {Drag} drag */
  #refuse(drag) {
    this.drag = drag;
    this.cancel();
    this.canvas.report("That box was too small to mean anything. Drag a larger one, or zoom in first.");
  }

  /**
   * A press without a drag selects the smallest box under it, then those around it; on none, it lets go.
   *
   * @param {BoxDrag} drag
   */
  #click(drag) {
    const { canvas } = this;
    const hit = geometry.boxesAt(canvas.boxes, canvas.view.toFraction(drag.from));
    if (drag.box && !(drag.again && hit.includes(drag.box))) return; // chosen by this press, or by a handle
    const next = hit[((drag.box ? hit.indexOf(drag.box) : -1) + 1) % hit.length];
    canvas.select(next?.id ?? null);
  }

  /** @param {number} id @param {Point} point */
  #pinch(id, point) {
    const { canvas, pointers } = this;
    const other = [...pointers].find(([key]) => key !== id)?.[1];
    const before = pointers.get(id);
    pointers.set(id, point);
    if (!other || !before) return;
    const apart = (/** @type {Point} */ p) => Math.hypot(p.x - other.x, p.y - other.y);
    const middle = (/** @type {Point} */ p) => ({ x: (p.x + other.x) / 2, y: (p.y + other.y) / 2 });
    canvas.view.zoomAt(middle(before), apart(point) / Math.max(apart(before), 1));
    canvas.view.panBy(middle(point).x - middle(before).x, middle(point).y - middle(before).y);
    canvas.refreshView();
  }

  /** @param {WheelEvent} event */
  #wheel(event) {
    if (!this.canvas.picture) return;
    event.preventDefault();
    const lines = event.deltaMode === 1 ? 33 : 1;
    this.canvas.zoom(Math.exp(-event.deltaY * lines * 0.0016), this.#point(event));
  }

  /** @param {PointerEvent} event @param {Point} point */
  #showCursor(event, point) {
    const { canvas } = this;
    if (!canvas.picture || canvas.tool === "pan" || this.spaceHeld) {
      canvas.stage.style.cursor = "";
      return;
    }
    const grab = this.#peek(event, point);
    canvas.stage.style.cursor = grab;
  }

  /** @param {PointerEvent} event @param {Point} point */
  #peek(event, point) {
    const { canvas } = this;
    const place = canvas.view.toFraction(point);
    const reach = canvas.view.span(REACH.mouse);
    const chosen = canvas.selected;
    if (event.altKey) return "crosshair";
    const handle = chosen && geometry.handleAt(chosen.corners, place, reach);
    if (handle) return CURSORS[handle];
    if (chosen && geometry.inside(chosen.corners, place)) return "move";
    return canvas.boxes.some((box) => geometry.onEdge(box.corners, place, reach)) ? "pointer" : "crosshair";
  }

  /** @param {MouseEvent} event @returns {Point} */
  #point(event) {
    const frame = this.canvas.stage.getBoundingClientRect();
    return { x: event.clientX - frame.left, y: event.clientY - frame.top };
  }
}
