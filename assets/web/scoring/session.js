// What the page asks of the server, and what it keeps of the answers.

import { Fault, ask } from "../core/api.js";
import { Features, Gram, Scorer, base64Bytes, decodeHalf } from "./roi_scores.js";

const FIRST = 16; // prompts of the first request: something to look at soon
const DIGEST = 12; // characters that tell uploads apart
const CHUNK = 96; // of the others: small enough for progress, large enough for a batch

export { Fault };

export class Session {
  /**
   * @param server functions of the component
   * @param upload sends a File, gives {path}
   * @param {string[]} routes that training gave the model; a prompt of another, a copy, is read as "auto"
   */
  constructor(server, upload, routes) {
    this.server = server;
    this.upload = upload;
    this.routes = routes;
    this.answered = () => {}; // called after every answer: the app is there
    this.visit = 0; // counts pictures, so that late answers about an old one are dropped
    this.source = null; // {sample}, or {file, digest}
    this.token = null;
    this.scorer = null;
  }

  /**
   * Have a picture opened. Nothing changes here until it is accepted.
   *
   * @param {{sample: string}|{image: number}|{file: File}} source a file's gets its `digest`
   * @returns {Promise<{token: string, width: number, height: number, scorer: Scorer}>}
   */
  async open(source) {
    const reply = await this.#open(source);
    const [height, width] = reply.grid;
    const halves = (text) => decodeHalf(base64Bytes(text));
    const patches = reply.features
      ? new Features(halves(reply.features), height * width)
      : new Gram(halves(reply.gram), height * width);
    return { ...reply, scorer: new Scorer(height, width, patches) };
  }

  /** From now on all questions are about this picture; answers about another are dropped. */
  accept(source, { token, scorer }) {
    this.visit++;
    Object.assign(this, { source, token, scorer });
  }

  /**
   * Have prompts read; fills in their facts.
   *
   * @param {object[]} prompts
   * @param {{progress: Function, signal: AbortSignal}} options progress(done, the newly read) after each request
   */
  async read(prompts, { progress, signal }) {
    const { visit } = this;
    let end = 0;
    while (end < prompts.length) {
      const chunk = prompts.slice(end, end + (end ? CHUNK : FIRST));
      const reply = await this.#about("read", { prompts: chunk.map(this.#asked) });
      if (visit !== this.visit || signal.aborted) return;
      chunk.forEach((prompt, i) => (prompt.facts = factsFrom(reply.prompts[i])));
      end += chunk.length;
      progress(end, chunk);
    }
  }

  /** Region and crop cosines from the server: (boxes × prompts) each; null for another picture's. */
  async score(boxes, prompts) {
    const { visit } = this;
    const reply = await this.#about("score", {
      boxes: boxes.map((box) => box.corners),
      prompts: prompts.map(this.#asked),
    });
    return visit === this.visit ? reply : null;
  }

  /** Any question about the open picture; null when it is another's by the time of the answer. */
  async inquire(name, request) {
    const { visit } = this;
    const reply = await this.#about(name, request);
    return visit === this.visit ? reply : null;
  }

  /** Tokens of a text that is still being typed; null when the server is busy or away. */
  async count(text, route) {
    try {
      return await this.#call("count", this.#asked({ text, route }));
    } catch {
      return null; // a hint beside a field; the same fault shows when the prompt is added
    }
  }

  /** A picture that was opened as JPEG, for files that a browser cannot show. */
  async display({ token }) {
    return (await this.#call("display", { token })).url;
  }

  #asked = ({ text, route }) => ({ text, route: this.routes.includes(route) ? route : "auto" });

  async #open(source) {
    if (source.sample) return this.#call("open", { sample: source.sample });
    if (source.image) return this.#call("open", { image: source.image });
    let sent;
    try {
      sent = await this.upload(source.file);
    } catch {
      throw new Fault("The picture could not be sent. Is the app still running? Then try again.", "away");
    }
    const path = sent?.path;
    if (!path) throw new Fault(`${source.file.name} could not be sent; is it too large?`);
    source.digest = path.split(/[\\/]/).at(-2).slice(0, DIGEST); // uploads lie under one of their content
    return this.#call("open", { upload: path, name: source.file.name });
  }

  /** Ask about the open picture; if the server has let go of it, show it again first. */
  async #about(name, request) {
    try {
      return await this.#call(name, { token: this.token, ...request });
    } catch (fault) {
      if (fault.kind !== "gone" || !this.source) throw fault;
      const { visit } = this;
      const { token, scorer } = await this.open(this.source);
      if (visit === this.visit) Object.assign(this, { token, scorer });
      return this.#call(name, { token: this.token, ...request });
    }
  }

  async #call(name, request) {
    try {
      const reply = await ask(this.server, name, request);
      this.answered();
      return reply;
    } catch (fault) {
      if (fault.kind !== "away") this.answered();
      throw fault;
    }
  }
}

function factsFrom({ products, ...facts }) {
  return { ...facts, product: decodeHalf(base64Bytes(products)) };
}
