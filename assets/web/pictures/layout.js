// The skeleton of a tab with a picture: which part stands where.

import { make } from "../core/dom.js";
import { icon } from "../core/icons.js";
import { fault, note, progress } from "../core/notices.js";

/** @param {string} name @param {Record<string, string>} [attributes] */
export const part = (name, attributes = {}) => make("div", { class: `fx-${name}`, ...attributes });

/**
 * The stage of a picture, with what teaches while it is empty, and where pictures come from.
 *
 * @param {{title: string, words: string}} teaching
 */
export function pictureFrame({ title, words }) {
  const parts = {
    stage: part("stage-frame"),
    empty: make("div", { class: "fx-empty-stage" }, make("h2", {}, title), make("p", {}, words)),
    drop: make("div", { class: "fx-drop-hint" }, icon("upload"), "Drop the picture"),
    picker: part("picker"),
    pictureFault: fault(),
    progress: progress(),
  };
  parts.stage.append(parts.empty, parts.drop, parts.pictureFault.element);
  return parts;
}

/**
 * A picture at the left; prompts and what the model says of them at the right.
 *
 * @param {HTMLElement} root
 * @param {{title: string, words: string}} teaching
 */
export function layOut(root, teaching) {
  const frame = pictureFrame(teaching);
  const tools = part("tools", { role: "toolbar", "aria-label": "Canvas" });
  const heat = part("heat-controls");
  const parts = {
    ...frame,
    tools,
    heat,
    bar: make("div", { class: "fx-under" }, tools, heat),
    note: note(),
    promptFault: fault(),
    prompts: part("prompt-panel"),
    table: part("score-panel"),
  };
  root.append(
    make(
      "section",
      { class: "fx-left", "aria-label": "Picture" },
      parts.stage,
      parts.note.element,
      parts.bar,
      parts.picker,
    ),
    make(
      "section",
      { class: "fx-right", "aria-label": "Prompts and scores" },
      parts.progress.element,
      parts.promptFault.element,
      parts.prompts,
      parts.table,
    ),
  );
  return parts;
}

/** @typedef {ReturnType<typeof pictureFrame>} FrameParts */
/** @typedef {ReturnType<typeof layOut>} PictureParts */
