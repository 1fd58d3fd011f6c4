// What is known of every box: cosines from the page at once, the server's and the crops' on release.

/**
 * @import {Corners} from "../core/corners.js"
 * @import {Prompt, PromptFacts, ScoredBox, ScoresOf} from "./prompts.js"
 * @import {Scorer} from "./roi_scores.js"
 */

import { leaderOf } from "./standing.js";

const AGREE = 1e-3; // between the page's region scores and the server's
const AT_ONCE = 8; // boxes a request

/** @typedef {Prompt & {facts: PromptFacts}} ReadPrompt */

/**
 * Cosines of a box where it lies now, by prompt id.
 *
 * @typedef {{corners: Corners, region: Map<number, number>, crop: Map<number, number>}} BoxScores
 */

/**
 * Answers requests, and holds the scorer.
 *
 * @typedef {object} ScoringSession
 * @property {Scorer | null} scorer
 * @property {(boxes: ScoredBox[], prompts: Prompt[]) => Promise<{region: number[][], crop: number[][]} | null>} score
 */

/**
 * @typedef {object} ScoresHooks
 * @property {() => ScoredBox[]} boxes the current ones
 * @property {() => Prompt[]} prompts the current ones
 * @property {() => unknown} arrived the server's values came
 * @property {(fault: unknown) => unknown} failed they did not
 * @property {(difference: number) => unknown} apart page and server
 */

export class RegionScores {
  /** @type {Map<number, BoxScores>} by box id */
  known = new Map();
  /** @type {Set<number>} ids of boxes whose server values are wanted */
  unsettled = new Set();
  settling = false;

  /**
   * @param {ScoringSession} session
   * @param {ScoresHooks} hooks
   */
  constructor(session, hooks) {
    this.session = session;
    this.hooks = hooks;
  }

  clear() {
    this.known.clear();
  }

  /** @param {{id: number}} box */
  forget(box) {
    this.known.delete(box.id);
  }

  /** @type {ScoresOf} */
  of = (box, prompt) => {
    const found = this.known.get(box.id);
    return { region: found?.region.get(prompt.id), crop: found?.crop.get(prompt.id) };
  };

  /** The prompt that fits a box best, or null; of prompts that tie, none does. @param {ScoredBox} box */
  best(box) {
    const prompts = this.hooks.prompts();
    const leader = leaderOf(box, { prompts, scores: this.of });
    const prompt = prompts.find(({ id }) => id === leader);
    const region = prompt && this.of(box, prompt).region;
    return prompt && region !== undefined ? { prompt, region } : null;
  }

  /**
   * Region scores from what the page holds; values that the server gave for this very box stay.
   *
   * @param {ScoredBox} box
   */
  estimate({ id, corners }) {
    const { scorer } = this.session;
    const ready = this.hooks.prompts().filter(isRead);
    if (!scorer || !ready.length) return;
    const products = ready.map(({ facts }) => facts.product);
    const values = scorer.score(corners, products);
    const region = new Map(ready.map((prompt, i) => [prompt.id, values[i]]));
    const old = this.known.get(id);
    const measured = old && equal(old.corners, corners) ? old : null;
    if (measured) for (const each of measured.crop.keys()) region.set(each, measured.region.get(each) ?? NaN);
    this.known.set(id, { corners, region, crop: measured?.crop ?? new Map() });
  }

  /**
   * Fetch the server's region scores and the crop scores of boxes; one request at a time.
   *
   * @param {{id: number}[]} boxes
   */
  async settle(boxes) {
    for (const box of boxes) this.unsettled.add(box.id);
    if (this.settling) return;
    this.settling = true;
    try {
      while (this.unsettled.size) await this.#settleSome();
    } catch (fault) {
      this.unsettled.clear();
      this.hooks.failed(fault);
    } finally {
      this.settling = false;
    }
  }

  async #settleSome() {
    const boxes = this.hooks
      .boxes()
      .filter(({ id }) => this.unsettled.has(id))
      .slice(0, AT_ONCE);
    if (!boxes.length) this.unsettled.clear();
    for (const box of boxes) this.unsettled.delete(box.id);
    const lacking = (/** @type {Prompt} */ prompt) =>
      prompt.facts && boxes.some((box) => this.of(box, prompt).crop === undefined);
    const prompts = this.hooks.prompts().filter(lacking);
    if (!boxes.length || !prompts.length) return;
    const asked = boxes.map(({ id, corners }) => ({ id, corners }));
    const reply = await this.session.score(asked, prompts);
    if (!reply) return;
    asked.forEach((box, row) => this.#accept(box, prompts, reply.region[row], reply.crop[row]));
    this.hooks.arrived();
  }

  /**
   * @param {ScoredBox} box
   * @param {Prompt[]} prompts
   * @param {number[]} region
   * @param {number[]} crop
   */
  #accept({ id, corners }, prompts, region, crop) {
    const found = this.known.get(id);
    if (!found || !equal(found.corners, corners)) return; // moved meanwhile
    const apart = prompts.map((prompt, i) => Math.abs(region[i] - (found.region.get(prompt.id) ?? region[i])));
    const most = apart.reduce((a, b) => Math.max(a, b), 0);
    if (most > AGREE) console.warn(`Region scores of page and server differ by ${most}`);
    this.hooks.apart(most);
    prompts.forEach((prompt, i) => {
      found.region.set(prompt.id, region[i]);
      found.crop.set(prompt.id, crop[i]);
    });
  }
}

/** @param {Prompt} prompt @returns {prompt is ReadPrompt} */
const isRead = (prompt) => prompt.facts !== null;

/** @param {Corners} a @param {Corners} b */
const equal = (a, b) => a.every((value, i) => value === b[i]);
