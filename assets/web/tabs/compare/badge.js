// The letters that stand for the two models.

import { make } from "../../core/dom.js";

export const MARKS = /** @type {const} */ (["A", "B"]);

/**
 * A model's letter.
 *
 * @param {number} model 0 or 1
 */
export const badge = (model) =>
  make(
    "i",
    { class: `fx-mark fx-mark-${MARKS[model].toLowerCase()}`, role: "img", "aria-label": `model ${MARKS[model]}` },
    MARKS[model],
  );
