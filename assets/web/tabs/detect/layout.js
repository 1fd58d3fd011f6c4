// What the Detect tab puts in the place of the table of scores.

import { make } from "../../core/dom.js";
import { layOut } from "../../pictures/layout.js";

const TEACHING = {
  title: "Where is it?",
  words: "Open a picture and write what to look for: each phrase gets its boxes, and each box its reason.",
};

/** What the list of prompts is called here. */
export const WORDS = {
  title: "Phrases",
  add: "Add a phrase to look for; paste many lines at once",
  label: "Add a phrase",
  teach: "A phrase names what to look for: “a small purple owl”. It may be long.",
};

/** @param {HTMLElement} root */
export function layOutTab(root) {
  root.classList.add("fx-probe");
  root.replaceChildren();
  return layOut(root, TEACHING);
}

/**
 * @param {HTMLElement} table
 * @param {HTMLElement[]} elements from the top
 */
export const replaceTable = (table, elements) =>
  table.replaceWith(make("div", { class: "fx-detect-found" }, ...elements));
