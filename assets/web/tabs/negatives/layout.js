// The skeleton of the Negatives tab: a picture at the left; caption, rewrites and failures at the right.

import { make } from "../../core/dom.js";
import { fault } from "../../core/notices.js";
import { pictureFrame } from "../../pictures/layout.js";

const TEACHING = {
  title: "Can the model tell them apart?",
  words: "Open a picture, draw a box, and write what is in it: the rewrites get one attribute wrong each.",
};

/** @param {HTMLElement} root */
export function layOut(root) {
  const parts = { ...pictureFrame(TEACHING), note: fault() };
  const controls = make("div", {});
  const routes = make("div", {});
  const rows = make("div", {});
  const failures = make("div", {});
  root.classList.add("fx-probe", "fx-neg");
  root.replaceChildren(
    make("section", { class: "fx-left", "aria-label": "Picture" }, parts.stage, parts.picker),
    make(
      "section",
      { class: "fx-right", "aria-label": "Caption and rewrites" },
      make("div", { class: "fx-neg-head" }, parts.progress.element, parts.note.element, controls, routes),
      rows,
      failures,
    ),
  );
  return { ...parts, controls, routes, rows, failures };
}
