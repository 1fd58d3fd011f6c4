// Two models that are asked the same.

import { Session } from "../../scoring/session.js";

const FIRST = 16; // prompts that are read first: something to look at soon
const CHUNK = 96;

/** The same questions to both models, as far as the parts of a tab ask them of one. */
export class SessionPair {
  /**
   * @param server functions of the component; the second model's begin with `other_`
   * @param {string[][]} routes that training gave each model
   */
  constructor(server, upload, routes) {
    const sent = new Map(); // file that is being opened → how it is sent: both open the one that was
    const once = (file) => {
      if (!sent.has(file)) return upload(file); // opened again by one of them
      if (!sent.get(file)) sent.set(file, upload(file));
      return sent.get(file);
    };
    const other = Object.fromEntries(
      ["open", "read", "score"].map((name) => [name, (request) => server[`other_${name}`](request)]),
    );
    this.sent = sent;
    this.server = server;
    this.both = [new Session(server, once, routes[0]), new Session(other, once, routes[1])];
  }

  get token() {
    return this.both[0].token;
  }

  async open(source) {
    this.sent.set(source.file, null);
    try {
      const [first, second] = [await this.both[0].open(source), await this.both[1].open(source)];
      return { ...first, second };
    } finally {
      this.sent.delete(source.file);
    }
  }

  accept(source, opened) {
    this.both[0].accept(source, opened);
    this.both[1].accept(source, opened.second);
  }

  display(opened) {
    return this.both[0].display(opened);
  }

  count(text, route) {
    return this.both[0].count(text, route);
  }

  /** Have prompts read by both: `facts` are the first model's, `other` the second's. */
  async read(prompts, { progress, signal }) {
    let end = 0;
    while (end < prompts.length && !signal.aborted) {
      const chunk = prompts.slice(end, end + (end ? CHUNK : FIRST));
      const twins = chunk.map(({ text, route }) => ({ text, route }));
      const quiet = { progress: () => {}, signal };
      await Promise.all([this.both[0].read(chunk, quiet), this.both[1].read(twins, quiet)]);
      if (signal.aborted || twins.some(({ facts }) => !facts)) return; // of another picture by now
      twins.forEach(({ facts }, i) => (chunk[i].other = facts));
      end += chunk.length;
      progress(end, chunk);
    }
  }

  /** Region cosines of one box with prompts, by each model: two lists; null for another picture's. */
  async score(box, prompts) {
    const replies = await Promise.all(this.both.map((session) => session.score([box], prompts)));
    return replies.every(Boolean) ? replies.map(({ region }) => region[0]) : null;
  }
}
