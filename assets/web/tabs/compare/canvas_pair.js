// Two canvases that show one picture.

/** @import {Box} from "../../canvas/box_geometry.js" */
/** @import {PictureCanvas} from "../../canvas/picture_canvas.js" */

import { CanvasEventTarget } from "../../canvas/canvas_events.js";

/** @typedef {Parameters<PictureCanvas["hover"]>[0]} PointedAt */
/** @typedef {{box: Box, point: PointedAt}} Detail of a canvas's events, as far as each has it */

const RELAYED = ["draft", "commit", "select", "view", "rest", "fault", "tool"]; // events of a canvas

/**
 * Both canvases have the same boxes, choice, zoom and tool; what is done on one happens on the other. To a tab they
 * are one.
 */
/** @extends {CanvasEventTarget<Box>} */
export class CanvasPair extends CanvasEventTarget {
  #isFollowing = false; // while one copies the other

  /**
   * @param {PictureCanvas} first
   * @param {PictureCanvas} second
   */
  constructor(first, second) {
    super();
    this.both = [first, second];
    this.#link(first, second);
    this.#link(second, first);
  }

  get boxes() {
    return this.both[0].boxes;
  }

  get snapshot() {
    return this.both[0].snapshot;
  }

  get selected() {
    return this.both[0].selected;
  }

  get image() {
    return this.both[0].image;
  }

  get tool() {
    return this.both[0].tool;
  }

  get picture() {
    return this.both[0].picture;
  }

  get view() {
    return this.both[0].view;
  }

  /**
   * @param {HTMLImageElement} image
   * @param {{width: number, height: number}} facts
   */
  showPicture(image, facts) {
    const twin = /** @type {HTMLImageElement} */ (image.cloneNode());
    this.#together(() => {
      this.both[0].showPicture(image, facts);
      this.both[1].showPicture(twin, facts);
    });
  }

  /** @param {Parameters<PictureCanvas["setBoxes"]>[0]} boxes */
  setBoxes(boxes) {
    this.#together(() => {
      const [first, second] = this.both;
      first.setBoxes(boxes);
      copy(first, second);
    });
  }

  conclude() {
    return this.both.map((canvas) => canvas.conclude()).some(Boolean);
  }

  /** The one that is used, or was last. */
  get active() {
    return this.both.find((canvas) => canvas.stage.contains(document.activeElement)) ?? this.both[0];
  }

  /** @param {number|null} id */
  select(id) {
    this.active.select(id);
  }

  /** @param {number} step */
  selectNeighbour(step) {
    this.active.selectNeighbour(step);
  }

  addInMiddle() {
    this.active.addInMiddle();
  }

  /**
   * @param {number} dx pixels
   * @param {number} dy pixels
   * @param {{grow?: boolean}} [options]
   */
  nudge(dx, dy, options) {
    this.active.nudge(dx, dy, options);
  }

  removeSelected() {
    this.active.removeSelected();
  }

  letGo() {
    this.active.letGo();
  }

  /** @param {PictureCanvas["tool"]} tool */
  setTool(tool) {
    this.active.setTool(tool);
  }

  fit() {
    this.active.fit();
  }

  /** @param {boolean} held */
  holdSpace(held) {
    for (const canvas of this.both) canvas.holdSpace(held);
  }

  /**
   * Something that is done to both by themselves; nobody is told.
   *
   * @param {() => void} act
   */
  #together(act) {
    this.#isFollowing = true;
    try {
      act();
    } finally {
      this.#isFollowing = false;
    }
  }

  /**
   * @param {PictureCanvas} from
   * @param {PictureCanvas} to what happens on the one happens there, too
   */
  #link(from, to) {
    /** @type {Record<string, (detail: Detail) => void>} */
    const follow = {
      draft: ({ box }) => place(from, to, box),
      commit: () => copy(from, to),
      select: () => {
        if (from.boxes.length === to.boxes.length) to.select(from.selectedId);
        else copy(from, to); // one that was drawn too small is gone
      },
      view: () => {
        const { fitted, place: seen } = from.view;
        if (seen && !fitted) to.goTo(seen);
        else to.fit();
      },
      tool: () => to.setTool(from.tool),
    };
    for (const type of RELAYED) {
      from.addEventListener(type, (event) => {
        if (this.#isFollowing) return;
        const detail = detailOf(event);
        this.#together(() => follow[type]?.(detail));
        this.dispatchEvent(new CustomEvent(type, { detail }));
      });
    }
    from.addEventListener("hover", (event) => {
      if (!this.#isFollowing) this.#together(() => to.hover(detailOf(event).point));
    });
  }
}

/** @param {Event} event of a canvas */
const detailOf = (event) => /** @type {CustomEvent<Detail>} */ (event).detail;

/**
 * @param {PictureCanvas} from
 * @param {PictureCanvas} to
 * @param {Box} box that has changed
 */
function place(from, to, box) {
  const twin = to.boxes.find(({ id }) => id === box.id);
  if (!twin) {
    copy(from, to);
    return;
  }
  twin.corners = box.corners;
  to.drawn.place(twin);
}

/**
 * @param {PictureCanvas} from
 * @param {PictureCanvas} to
 */
function copy(from, to) {
  to.setBoxes(from.boxes);
  to.select(from.selectedId);
}
