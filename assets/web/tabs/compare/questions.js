// What the Compare tab asks of the app about the data set, by name.

/** @import {Corners} from "../../core/corners.js" */
/** @import {Job} from "../../core/jobs.js" */
/** @import {PictureServer} from "../../scoring/session.js" */
/** @import {AlignedReply} from "./maps/aligned.js" */
/** @import {Neighbours} from "./maps/neighbours.js" */

/** @typedef {"first"|"second"|"both"} Sign which of the models is fooled */

/**
 * How many regions fool which model, by attribute and route.
 *
 * @typedef {object} Cell
 * @property {string} attribute
 * @property {string} route
 * @property {number} regions
 * @property {number} first that fool the first model alone
 * @property {number} second … the second alone
 * @property {number} both
 * @property {number} neither
 * @property {number} chance of so large a difference where both err equally often
 */

/** @typedef {{owner: number, said: string, first: number, second: number}} Item a region with a figure of each model */
/** @typedef {{recall_1: number, recall_5: number, median: number}} Recall */

/**
 * Where each region's own phrase ranks among all.
 *
 * @typedef {object} Ranks
 * @property {number} regions
 * @property {number} phrases
 * @property {number} agree share of the regions for which both put the same phrase first
 * @property {Recall} first
 * @property {Recall} second
 * @property {number} better regions that gain by the second model
 * @property {number} worse … that lose
 * @property {Item[]} risen those that gain most
 * @property {Item[]} fallen
 */

/**
 * How far both models have been through the workspace.
 *
 * @typedef {object} Compared
 * @property {{name: string, indexed: {region: number}, asked: number}[]} models
 * @property {string[]} maps kinds of which there are two
 * @property {number} hard regions with hard negatives
 * @property {number} images
 * @property {number} regions
 * @property {number} negatives
 */

/** @typedef {{kind: string, owner: number}} OnePoint */

/**
 * Where a point is seen, and what is said there.
 *
 * @typedef {object} PointFacts
 * @property {string} said
 * @property {{id: number, name: string, source: string}|null} picture
 * @property {Corners|null} box
 * @property {{text: string, attribute: string}[]} negatives of a region
 */

/**
 * What is asked of the second model about the open picture.
 *
 * @typedef {object} OtherServer
 * @property {PictureServer["open"]} other_open
 * @property {PictureServer["read"]} other_read
 * @property {PictureServer["score"]} other_score
 */

/** @typedef {PictureServer & OtherServer & DataSetServer} CompareServer */

/**
 * @typedef {object} DataSetServer
 * @property {() => Promise<Compared>} compared
 * @property {() => Promise<{cells: Cell[]}>} wrong
 * @property {(question: {attribute: string, route: string, sign: Sign}) => Promise<{items: Item[]}>} fooled
 * @property {() => Promise<Ranks>} ranks
 * @property {(question: {owner: number}) => Promise<{texts: string[]}>} rivals
 * @property {(question: {kind: string}) => Promise<AlignedReply>} aligned
 * @property {(question: OnePoint) => Promise<Neighbours>} near
 * @property {(question: {kind: string, owners: number[]}) => Promise<{said: string[]}>} said
 * @property {(question: OnePoint) => Promise<PointFacts>} seat
 * @property {(question: {caption: string, count: number}) => Promise<{negatives: {text: string}[]}>} rewrite
 * @property {(question: {work: string, kind: string}) => Promise<unknown>} start
 * @property {() => Promise<{job: Job|null}>} job
 * @property {() => Promise<unknown>} stop
 */

/**
 * Does something, and says what goes wrong.
 *
 * @typedef {ReturnType<typeof import("../../core/api.js").telling>} Told
 */

/**
 * What a region is held to when it is shown on its picture: phrases that either model puts near it, or its hard
 * negatives, of one attribute or all.
 *
 * @typedef {{rivals?: boolean, attribute?: string, route?: string}} Against
 */

/** @typedef {(point: OnePoint, against?: Against) => unknown} OpenPoint shows one on its picture */

export {};
