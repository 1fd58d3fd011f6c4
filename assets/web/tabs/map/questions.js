// What the Map tab asks of the app, by name.

/** @import {Job} from "../../core/jobs.js" */
/** @import {ViewReply} from "../../plot/decode_view.js" */
/** @import {Frame, Place} from "../../plot/frames.js" */
/** @import {MapEntry} from "./bar.js" */
/** @import {About} from "./detail.js" */
/** @import {Sought} from "./found.js" */
/** @import {Hit} from "./plot.js" */
/** @import {OpenMap, Shown} from "./seen.js" */
/** @import {Item} from "./side.js" */

/** @typedef {{images: number, regions: number}} Counts what could be laid out */
/** @typedef {{map: number}} OfMap */
/** @typedef {{items: (Item & Hit)[], searched: number, place: Place|null, route?: string}} FindAnswer */
/** @typedef {{items: Item[], selected: number}} LassoAnswer */
/** @typedef {{csv: string, rows: number, selected: number}} TableAnswer */

/**
 * @typedef {object} MapServer
 * @property {() => Promise<{maps: MapEntry[]} & Counts>} maps
 * @property {(question: OfMap) => Promise<OpenMap>} open
 * @property {(question: OfMap & Shown & {frame: Frame|null}) => Promise<ViewReply>} view
 * @property {(question: OfMap & Shown & Sought & {limit: number, route: string|null}) => Promise<FindAnswer>} find
 * @property {(question: OfMap & Shown & {corners: Place[], limit: number}) => Promise<LassoAnswer>} lasso
 * @property {(question: OfMap & Shown & Sought) => Promise<TableAnswer>} table
 * @property {(question: OfMap & {owner: number}) => Promise<About>} about
 * @property {(question: {work: string, kind: string}) => Promise<unknown>} start
 * @property {() => Promise<{job: Job|null}>} job
 * @property {() => Promise<unknown>} stop
 */

/**
 * Does something, and says what goes wrong.
 *
 * @typedef {ReturnType<typeof import("../../core/api.js").telling>} Told
 */

export {};
