// What a canvas tells, and who listens.

/** @import {Box, Point} from "./box_geometry.js" */

/**
 * "draft" while a box changes, "commit" once it has changed, "rest" after a gesture without a change, "view" of zoom
 * and pan, "hover" with a point in fractions, or null.
 *
 * @template {Box} [Drawn=Box]
 * @typedef {object} CanvasEvents
 * @property {{box: Drawn}} draft
 * @property {{box: Drawn}} commit
 * @property {object} rest
 * @property {object} select
 * @property {object} view
 * @property {object} tool
 * @property {{point: Point | null}} hover
 * @property {{sentence: string}} fault
 */

/**
 * As an `EventTarget` has it, and with the details of these events.
 *
 * @template {Box} Drawn
 * @typedef {(<Type extends keyof CanvasEvents>(type: Type,
 *   act: (event: CustomEvent<CanvasEvents<Drawn>[Type]>) => unknown) => void) & EventTarget["addEventListener"]} Listen
 */

/** @template {Box} [Drawn=Box] */
export class CanvasEventTarget extends EventTarget {
  /**
   * @override
   * @type {Listen<Drawn>}
   */
  addEventListener = /** @type {Listen<Drawn>} */ (super.addEventListener);

  /**
   * @template {keyof CanvasEvents} Type
   * @param {Type} type
   * @param {CanvasEvents<Drawn>[Type]} detail
   */
  tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
