// What is known of every box: cosines from the page at once, the server's and the crops' on release.

import { leaderOf } from "./standing.js";

const AGREE = 1e-3; // between the page's region scores and the server's
const AT_ONCE = 8; // boxes a request

export class RegionScores {
  /**
   * @param session answers requests and holds the scorer
   * @param {{boxes: Function, prompts: Function, arrived: Function, failed: Function, apart: Function}} hooks
   *   boxes() and prompts() give the current ones; arrived() after the server's values came;
   *   failed(fault) when they did not; apart(difference) between page and server
   */
  constructor(session, hooks) {
    this.session = session;
    this.hooks = hooks;
    this.known = new Map(); // box id → {corners, region: Map, crop: Map}, both by prompt id
    this.unsettled = new Set(); // ids of boxes whose server values are wanted
    this.settling = false;
  }

  clear() {
    this.known.clear();
  }

  forget(box) {
    this.known.delete(box.id);
  }

  /** {region, crop} of a box and a prompt, as far as known. */
  of = (box, prompt) => {
    const found = this.known.get(box.id);
    return { region: found?.region.get(prompt.id), crop: found?.crop.get(prompt.id) };
  };

  /** The prompt that fits a box best: {prompt, region}, or null; of prompts that tie, none does. */
  best(box) {
    const prompts = this.hooks.prompts();
    const leader = leaderOf(box, { prompts, scores: this.of });
    const prompt = prompts.find(({ id }) => id === leader);
    return prompt ? { prompt, region: this.of(box, prompt).region } : null;
  }

  /** Region scores from what the page holds; values that the server gave for this very box stay. */
  estimate(box) {
    const { scorer } = this.session;
    const ready = this.hooks.prompts().filter((prompt) => prompt.facts);
    if (!scorer || !ready.length) return;
    const old = this.known.get(box.id);
    const still = old && equal(old.corners, box.corners);
    const values = scorer.score(
      box.corners,
      ready.map((prompt) => prompt.facts.product),
    );
    const region = new Map(ready.map((prompt, i) => [prompt.id, values[i]]));
    if (still) for (const id of old.crop.keys()) region.set(id, old.region.get(id));
    this.known.set(box.id, { corners: box.corners, region, crop: still ? old.crop : new Map() });
  }

  /** Fetch the server's region scores and the crop scores of boxes; one request at a time. */
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
    const lacking = (prompt) => prompt.facts && boxes.some((box) => this.of(box, prompt).crop === undefined);
    const prompts = this.hooks.prompts().filter(lacking);
    if (!boxes.length || !prompts.length) return;
    const asked = boxes.map(({ id, corners }) => ({ id, corners }));
    const reply = await this.session.score(asked, prompts);
    if (!reply) return;
    asked.forEach((box, row) => this.#accept(box, prompts, reply.region[row], reply.crop[row]));
    this.hooks.arrived();
  }

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

const equal = (a, b) => a.every((value, i) => value === b[i]);
