// What is known of phrases: where other pictures stand, and which have boxes.

import { hasPhrase, isSamePhrase, phraseKey } from "./boxes.js";

/**
 * @import {Phrase, PhraseFacts} from "../../core/wire.js"
 * @import {DetectBox} from "./boxes.js"
 * @import {How} from "./controls.js"
 */

/**
 * A phrase without a box, and what is known of it; `twin` is the place of an equal one above it.
 *
 * @typedef {{prompt: Phrase, facts: PhraseFacts, twin?: undefined}
 *   | {prompt: Phrase, facts?: undefined, twin: number}} Missing
 */

/** @typedef {{prompts: () => Phrase[], boxes: () => DetectBox[], how: () => How}} PhraseSources the current ones */

const FEW = 20; // other pictures; thresholds of fewer are a guess

export class Phrases {
  /** @type {Map<string, PhraseFacts>} */
  #facts = new Map();

  /** @param {PhraseSources} sources what is known holds for one way of looking alone */
  constructor(sources) {
    this.sources = sources;
  }

  /** Another picture: nothing is known yet. */
  forget() {
    this.#facts.clear();
  }

  /** @param {PhraseFacts[]} phrases */
  learn(phrases) {
    for (const phrase of phrases) this.#facts.set(this.#key(phrase), phrase);
  }

  /** @param {Phrase} phrase */
  of(phrase) {
    return this.#facts.get(this.#key(phrase));
  }

  /** @param {Phrase} phrase */
  placeOf(phrase) {
    return this.sources.prompts().findIndex((each) => isSamePhrase(each, phrase));
  }

  /** Phrases without a box, with what is known of them; of equal ones the later ones point at the first. */
  get missing() {
    const found = this.#found;
    const prompts = this.sources.prompts();
    const keys = prompts.map(phraseKey);
    return prompts.flatMap((prompt, i) => {
      const first = keys.indexOf(keys[i]);
      const facts = this.of(prompt);
      /** @type {Missing[]} */
      const told = first < i ? [{ prompt, twin: first + 1 }] : facts && !found.has(keys[i]) ? [{ prompt, facts }] : [];
      return told;
    });
  }

  /** How many boxes a phrase has. @param {Phrase} phrase */
  countOf(phrase) {
    return this.sources.boxes().filter((box) => isSamePhrase(phrase, box.prompt)).length;
  }

  /** How many boxes for how many phrases, in words. */
  get summary() {
    const [boxes, phrases] = [this.sources.boxes().length, this.sources.prompts().length];
    const [facts] = this.#facts.values();
    if (!phrases || !facts) return "";
    const others = facts.elsewhere.length;
    const measured = `measured against ${others} other ${others === 1 ? "picture" : "pictures"}`;
    const few = others < FEW ? ": few, so take thresholds as a guess" : "";
    const found = `${boxes} ${boxes === 1 ? "box" : "boxes"} for ${this.#found.size} of ${phrases}`;
    return `${found} ${phrases === 1 ? "phrase" : "phrases"}, ${measured}${few}`;
  }

  get #found() {
    return new Set(
      this.sources
        .boxes()
        .filter(hasPhrase)
        .map(({ prompt }) => phraseKey(prompt)),
    );
  }

  /** @param {Phrase} phrase */
  #key(phrase) {
    return `${JSON.stringify(this.sources.how())}\n${phraseKey(phrase)}`;
  }
}
