// The buttons below the picture.

/**
 * @import {Size, Viewport} from "./viewport.js"
 * @import {Tool} from "./drags.js"
 */

import { make } from "../core/dom.js";
import { iconButton } from "../core/icons.js";

/**
 * What the buttons do.
 *
 * @typedef {object} ToolActs
 * @property {(name: Tool) => unknown} tool
 * @property {() => unknown} fit
 * @property {() => unknown} remove
 * @property {() => unknown} undo
 * @property {() => unknown} redo
 */

export class Toolbar {
  /**
   * @param {HTMLElement} root
   * @param {ToolActs} act
   * @param {HTMLElement[]} [more] buttons
   */
  constructor(root, act, more = []) {
    this.box = iconButton("box", "Draw boxes (b)", () => act.tool("box"));
    this.pan = iconButton("pan", "Move the picture (v, or hold space)", () => act.tool("pan"));
    this.undo = iconButton("undo", "Undo (ctrl+z)", act.undo);
    this.redo = iconButton("redo", "Redo (ctrl+shift+z)", act.redo);
    this.trash = iconButton("trash", "Delete the box (Delete)", act.remove);
    this.zoom = make("span", { class: "fx-zoom", title: "Size on the screen against the picture’s own pixels" });
    root.append(
      this.box,
      this.pan,
      iconButton("fit", "Fit the picture (0)", act.fit),
      this.zoom,
      gap(),
      this.undo,
      this.redo,
      this.trash,
      gap(),
      ...more,
    );
  }

  /**
   * Which tool is chosen, and what can be done.
   *
   * @param {{tool: Tool, selected: object | null}} canvas
   * @param {{past: unknown[], future: unknown[]}} history
   */
  show({ tool, selected }, { past, future }) {
    this.box.setAttribute("aria-pressed", String(tool === "box"));
    this.pan.setAttribute("aria-pressed", String(tool === "pan"));
    this.undo.disabled = !past.length;
    this.redo.disabled = !future.length;
    this.trash.disabled = !selected;
  }

  /** The zoom, unless the picture is fitted. @param {{picture: Size | null, view: Viewport}} canvas */
  showZoom({ picture, view }) {
    this.zoom.textContent = picture && !view.fitted ? `${Math.round(100 * view.scale)} %` : "";
  }
}

const gap = () => make("span", { class: "fx-gap" });
