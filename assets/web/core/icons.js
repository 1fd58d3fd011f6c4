// Line icons, and the buttons that carry them.

/** @import {Attributes} from "./dom.js" */

import { make } from "./dom.js";

const ICONS = {
  box: "M4 5h12v10H4z",
  pan:
    "M10 2v16M2 10h16M10 2 8 4.5M10 2l2 2.5M10 18l-2-2.5M10 18l2-2.5M2 10l2.5-2M2 10l2.5 2" +
    "M18 10l-2.5-2M18 10l-2.5 2",
  undo: "M4 8h8a4 4 0 0 1 0 8H8M4 8l3.5-3.5M4 8l3.5 3.5",
  redo: "M16 8H8a4 4 0 0 0 0 8h4M16 8l-3.5-3.5M16 8l-3.5 3.5",
  fit: "M3 7V3h4M13 3h4v4M17 13v4h-4M7 17H3v-4",
  remove: "M5 5l10 10M15 5 5 15",
  trash: "M4 6h12M8 6V4h4v2M6 6l.7 10h6.6L14 6",
  upload: "M10 13V4M6.5 7.5 10 4l3.5 3.5M4 13v3h12v-3",
  picture: "M3 4h14v12H3zM3 13l4-4 4 4 2-2 4 4",
  table: "M3 4h14v12H3zM3 8h14M8 8v8",
  help: "M7.9 8a2.1 2.1 0 1 1 3 1.9c-.6.3-.9.7-.9 1.5M10 14v.1M10 2.5a7.5 7.5 0 1 1 0 15 7.5 7.5 0 0 1 0-15z",
  moon: "M16 11.5A6.5 6.5 0 0 1 8.5 4 6.5 6.5 0 1 0 16 11.5z",
  sun:
    "M10 6.5a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7zM10 1.5v2M10 16.5v2M1.5 10h2M16.5 10h2M4 4l1.4 1.4" +
    "M14.6 14.6 16 16M16 4l-1.4 1.4M5.4 14.6 4 16",
  info: "M10 9v4.5M10 6.4v.1M10 2.5a7.5 7.5 0 1 1 0 15 7.5 7.5 0 0 1 0-15z",
  talk: "M3 4h14v9H3zM10 13v3M6.5 16.5h7",
  lasso: "M10 3c4.5 0 7.5 2.2 7.5 5s-3 5-7.5 5-7.5-2.2-7.5-5 3-5 7.5-5zM6 12.5c-1.5 1-1.5 3 0 3.5s2.5.5 2 1.5",
  search: "M9 3a6 6 0 1 1 0 12A6 6 0 0 1 9 3zM13.5 13.5 17 17",
  filter: "M3 5h14M6 10h8M8.5 15h3",
  plus: "M10 4v12M4 10h12",
  minus: "M4 10h12",
  probe: "M10 2.5v4M10 13.5v4M2.5 10h4M13.5 10h4M10 8.2a1.8 1.8 0 1 1 0 3.6 1.8 1.8 0 0 1 0-3.6z",
  negatives: "M4 5h12M4 9.5h8M4 14h6M13 12.5l4 4M17 12.5l-4 4",
  heat: "M10 3c3 3.5 5 6 5 8.5a5 5 0 0 1-10 0C5 9 7 6.5 10 3z",
};

/** @typedef {keyof typeof ICONS} IconName */

/**
 * A line icon; decoration only, the control carries the words.
 *
 * @param {IconName} name
 */
export function icon(name) {
  const holder = document.createElement("span");
  holder.className = "fx-icon";
  holder.innerHTML =
    `<svg viewBox="0 0 20 20" aria-hidden="true" fill="none" stroke="currentColor" ` +
    `stroke-width="1.7" stroke-linecap="round" stroke-linejoin="round"><path d="${ICONS[name]}"/></svg>`;
  return holder;
}

/**
 * A button with an icon, a tooltip that names its key, and a spoken label.
 *
 * @param {IconName} name
 * @param {string} title
 * @param {(event: MouseEvent) => unknown} onclick
 * @param {Attributes & {"aria-label"?: string}} [attributes]
 */
export function iconButton(name, title, onclick, attributes = {}) {
  const button = make("button", { type: "button", class: "fx-tool", title, onclick, ...attributes });
  button.setAttribute("aria-label", attributes["aria-label"] ?? title.replace(/\s*\(.*\)$/, ""));
  button.append(icon(name));
  return button;
}
