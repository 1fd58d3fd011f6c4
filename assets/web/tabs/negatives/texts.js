// The true caption and its negatives, and what the model made of each by every route.

export class NegativesTexts {
  /** @param {{arrived: Function}} hooks arrived(done, all): more texts are read */
  constructor(session, { arrived }) {
    Object.assign(this, { session, arrived, rows: [], aborter: new AbortController(), queue: Promise.resolve() });
  }

  get caption() {
    return this.rows[0]?.text ?? "";
  }

  get negatives() {
    return this.rows.slice(1);
  }

  /** A caption and its negatives: {text, kinds, spans}; what is read already stays read. */
  set(caption, negatives) {
    const known = new Map(this.rows.map((row) => [row.text, row.read]));
    const row = (each) => ({ ...each, read: known.get(each.text) ?? {} });
    this.rows = caption ? [{ text: caption, kinds: [], spans: [] }, ...negatives].map(row) : [];
  }

  /** What an undo step remembers. */
  get snapshot() {
    return this.rows.map(({ text, kinds, spans }) => ({ text, kinds, spans }));
  }

  /** A caption and its negatives as a snapshot has them. */
  restore([caption, ...negatives]) {
    this.set(caption?.text, negatives);
  }

  /** A negative in place of another; it may come with what `ahead` gave. */
  replace(row, negative) {
    this.rows = this.rows.map((each) => (each === row ? { read: {}, ...negative } : each));
  }

  append(negative) {
    this.rows = [...this.rows, { read: {}, ...negative }];
  }

  /** Have a text read before it has a row; gives its `read`. */
  async ahead(text, route) {
    const prompt = { text, route };
    await this.session.read([prompt], { progress: () => {}, signal: this.aborter.signal });
    return prompt.facts ? { [route]: prompt.facts } : {};
  }

  remove(row) {
    this.rows = this.rows.filter((each) => each !== row);
  }

  /** Another picture: nothing is read against it yet. */
  forget() {
    this.aborter.abort();
    this.aborter = new AbortController();
    for (const row of this.rows) row.read = {};
  }

  prompts(route) {
    return this.rows.map(({ text }) => ({ text, route }));
  }

  /** Have texts read that are not yet, by these routes; what is under way is waited for, and not asked twice. */
  read(routes) {
    const reading = this.queue.then(() => this.#read(routes));
    this.queue = reading.catch(() => {}); // told to who asked
    return reading;
  }

  async #read(routes) {
    const { signal } = this.aborter;
    const waiting = routes.flatMap((route) =>
      this.rows.filter(({ read }) => !read[route]).map((row) => ({ row, prompt: { text: row.text, route } })),
    );
    if (!waiting.length) return;
    const keep = (prompts) => {
      for (const { row, prompt } of waiting) if (prompts.includes(prompt)) row.read[prompt.route] = prompt.facts;
    };
    const progress = (done, chunk) => {
      keep(chunk);
      this.arrived(done, waiting.length);
    };
    await this.session.read(
      waiting.map(({ prompt }) => prompt),
      { progress, signal },
    );
  }

  /** Cosine of each text with a box, or with the whole picture; NaN while it is not read. */
  values(route, box, scorer) {
    const facts = this.rows.map(({ read }) => read[route]);
    if (!box) return facts.map((each) => each?.picture ?? NaN);
    const known = facts.filter(Boolean);
    const scores = known.length
      ? scorer.score(
          box.corners,
          known.map(({ product }) => product),
        )
      : [];
    let next = 0;
    return facts.map((each) => (each ? scores[next++] : NaN));
  }
}
