// What a tab knows from the beginning, as the app writes it into the page. Types only.

/** @import {Corners} from "./corners.js" */
/** @import {Route} from "./routes.js" */

/**
 * Facts of a model.
 *
 * @typedef {object} ModelCard
 * @property {string} name
 * @property {string} family
 * @property {string} sha256 of its weights
 * @property {number} scale multiplies a cosine before the softmax
 * @property {Route[]} routes
 * @property {Route[]} trained_routes those that training gave weights or texts of their own
 * @property {number} short_context tokens of the short route
 * @property {number} long_context tokens of the long route
 * @property {number | null} doubtful_below cosine that a region's best prompt should reach
 * @property {Record<string, string>} notes
 */

/**
 * A picture of the gallery.
 *
 * @typedef {object} Sample
 * @property {string} id
 * @property {string} title
 * @property {string} url
 * @property {Corners[]} boxes that are shown at first
 * @property {string[]} prompts that come with it
 * @property {boolean} photograph whether it is one, and no drawn scene
 */

/**
 * What a tab with a picture knows.
 *
 * @typedef {object} PictureStart
 * @property {ModelCard} card
 * @property {Sample[]} gallery
 * @property {string | null} first id of the sample to begin with
 * @property {number} limit bytes of a file
 * @property {string[]} examples prompts for a picture that comes without
 */

export {};
