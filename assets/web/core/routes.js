// How the model reads a text.

/** @import {PromptText, TokenCount} from "./wire.js" */

/** @typedef {TokenCount["route"]} Route */
/** @typedef {NonNullable<PromptText["route"]>} RouteChoice a route, or the one that fits the text */

/** @type {readonly RouteChoice[]} */
const CHOICES = ["auto", "short", "long", "box"];

/** The route of a name; undefined where it is none. @param {string | null} [name] */
export const routeFrom = (name) => CHOICES.find((route) => route === name);
