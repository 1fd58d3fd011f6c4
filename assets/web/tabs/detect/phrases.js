// What is known of phrases: where other pictures stand, and which have boxes.

/** Text and route, which make a phrase. */
export const phraseKey = ({ text, route }) => `${route}\n${text}`;

export class Phrases {
  /**
   * @param list the PromptList that holds them
   * @param canvas holds the boxes
   * @param {Function} how boxes are looked for: what is known holds for that alone
   */
  constructor(list, canvas, how) {
    Object.assign(this, { list, canvas, how, facts: new Map() });
  }

  /** Another picture: nothing is known yet. */
  forget() {
    this.facts.clear();
  }

  /** @param {object[]} phrases {text, route, best, box, baseline, elsewhere} each */
  learn(phrases) {
    for (const phrase of phrases) this.facts.set(this.#key(phrase), phrase);
  }

  of(phrase) {
    return this.facts.get(this.#key(phrase));
  }

  placeOf(phrase) {
    return this.list.prompts.findIndex((each) => phraseKey(each) === phraseKey(phrase));
  }

  /** Phrases without a box, with what is known of them; of equal ones the later ones point at the first. */
  get missing() {
    const found = this.#found;
    const keys = this.list.prompts.map(phraseKey);
    return this.list.prompts.flatMap((prompt, i) => {
      const first = keys.indexOf(keys[i]);
      const known = this.of(prompt);
      if (first < i) return [{ prompt, twin: first + 1 }];
      return found.has(keys[i]) || !known ? [] : [{ prompt, facts: known }];
    });
  }

  /** Boxes of a phrase. */
  countOf(phrase) {
    return this.canvas.boxes.filter(({ prompt }) => prompt && phraseKey(prompt) === phraseKey(phrase)).length;
  }

  /** How many boxes for how many phrases, in words. */
  get summary() {
    const [boxes, phrases] = [this.canvas.boxes.length, this.list.prompts.length];
    if (!phrases || !this.facts.size) return "";
    const [{ elsewhere }] = this.facts.values();
    const others = `measured against ${elsewhere.length} other ${elsewhere.length === 1 ? "picture" : "pictures"}`;
    const few = elsewhere.length < 20 ? ": few, so take thresholds as a guess" : "";
    return `${boxes} ${boxes === 1 ? "box" : "boxes"} for ${this.#found.size} of ${phrases} ${phrases === 1 ? "phrase" : "phrases"}, ${others}${few}`;
  }

  get #found() {
    return new Set(this.canvas.boxes.flatMap(({ prompt }) => (prompt ? [phraseKey(prompt)] : [])));
  }

  #key(phrase) {
    return `${JSON.stringify(this.how())}\n${phraseKey(phrase)}`;
  }
}
