// What the page asks of the server about the open picture, and what it keeps of the answers.

/**
 * @import {AnswerOf, QuestionOf} from "../core/api.js"
 * @import {Route} from "../core/routes.js"
 * @import {OpenQuestion, OpenedPicture, ProbeFunctions, PromptText, ReadPrompts} from "../core/wire.js"
 * @import {Prompt, PromptFacts, ScoredBox} from "./prompts.js"
 */

import { Fault, ask, kindOf } from "../core/api.js";
import { Latest } from "../core/latest.js";
import { Features, Gram, Scorer, base64Bytes, decodeHalf } from "./roi_scores.js";

const FIRST = 16; // prompts of the first request: something to look at soon
const DIGEST = 12; // characters that tell uploads apart
const CHUNK = 96; // of the others: small enough for progress, large enough for a batch

/**
 * A picture that is open, or to be opened: of the gallery, of the workspace, or one of the reader's own, whose digest
 * is known once it was sent.
 *
 * @typedef {{sample: string, image?: undefined, file?: undefined, digest?: undefined}} SampleSource
 * @typedef {{image: number, sample?: undefined, file?: undefined, digest?: undefined}} ImageSource
 * @typedef {{file: File, digest?: string, sample?: undefined, image?: undefined}} FileSource
 * @typedef {SampleSource | ImageSource | FileSource} Source
 */

/**
 * Functions that every tab with a picture has.
 *
 * @typedef {Pick<ProbeFunctions, "open" | "read" | "score" | "count" | "display">} PictureServer
 */

/** @typedef {OpenedPicture & {scorer: Scorer}} OpenPicture */

/** A text, and the name of the route that it is to be read by. @typedef {{text: string, route: string}} RoutedText */

/** @typedef {(file: File) => Promise<{path?: string} | null | undefined>} Upload */

/** @template {PictureServer} [Server=PictureServer] */
export class Session {
  answered = () => {}; // called after every answer: the app is there
  #picture = new Latest(); // answers about an old one come too late
  /** @type {Source | null} */
  source = null;
  /** @type {string | null} */
  token = null;
  /** @type {Scorer | null} */
  scorer = null;

  /**
   * @param {Server} server functions of the component
   * @param {Upload} upload sends a file
   * @param {Route[]} routes that training gave the model; a prompt of another, a copy, is read as "auto"
   */
  constructor(server, upload, routes) {
    this.server = server;
    this.upload = upload;
    this.routes = routes;
  }

  /**
   * Have a picture opened. Nothing changes here until it is accepted.
   *
   * @param {Source} source a file's gets its `digest`
   * @returns {Promise<OpenPicture>}
   */
  async open(source) {
    const reply = await this.#ask("open", await this.#questionOf(source));
    const [height, width] = reply.grid;
    const halves = (/** @type {string} */ text) => decodeHalf(base64Bytes(text));
    const patches = reply.features
      ? new Features(halves(reply.features), height * width)
      : new Gram(halves(reply.gram ?? ""), height * width);
    return { ...reply, scorer: new Scorer(height, width, patches) };
  }

  /**
   * From now on all questions are about this picture; answers about another are dropped.
   *
   * @param {Source} source
   * @param {Pick<OpenPicture, "token" | "scorer">} opened
   */
  accept(source, { token, scorer }) {
    this.#picture.begin();
    this.source = source;
    this.token = token;
    this.scorer = scorer;
  }

  /**
   * Have prompts read; fills in their facts.
   *
   * @template {RoutedText & Pick<Prompt, "facts">} Text
   * @param {Text[]} prompts
   * @param {{progress: (done: number, prompts: Text[]) => unknown, signal: AbortSignal}} options progress tells after
   *   each request how many are done, and the newly read ones
   */
  async read(prompts, { progress, signal }) {
    const picture = this.#picture.signal;
    let end = 0;
    while (end < prompts.length) {
      const chunk = prompts.slice(end, end + (end ? CHUNK : FIRST));
      const asked = chunk.map(this.#asked);
      const reply = await this.#about((token) => this.#ask("read", { token, prompts: asked }));
      if (picture.aborted || signal.aborted) return;
      chunk.forEach((prompt, i) => (prompt.facts = factsFrom(reply.prompts[i])));
      end += chunk.length;
      progress(end, chunk);
    }
  }

  /**
   * Region and crop cosines from the server; null for another picture's.
   *
   * @param {Pick<ScoredBox, "corners">[]} boxes
   * @param {RoutedText[]} prompts
   */
  async score(boxes, prompts) {
    const picture = this.#picture.signal;
    const asked = { boxes: boxes.map((box) => box.corners), prompts: prompts.map(this.#asked) };
    const reply = await this.#about((token) => this.#ask("score", { token, ...asked }));
    return picture.aborted ? null : reply;
  }

  /**
   * Any question about the open picture; null when it is another's by the time of the answer.
   *
   * @template {keyof Server} Name
   * @param {Name} name
   * @param {Omit<QuestionOf<Server[Name]>[0], "token">} request
   * @returns {Promise<AnswerOf<Server[Name]> | null>}
   */
  async inquire(name, request) {
    const picture = this.#picture.signal;
    const question = (/** @type {string} */ token) =>
      /** @type {QuestionOf<Server[Name]>} */ (/** @type {unknown} */ ([{ token, ...request }]));
    const reply = await this.#about((token) => this.#heard(ask(this.server, name, ...question(token))));
    return picture.aborted ? null : reply;
  }

  /**
   * Tokens of a text that is still being typed; null when the server is busy or away.
   *
   * @param {string} text
   * @param {string} route
   */
  async count(text, route) {
    try {
      return await this.#ask("count", this.#asked({ text, route }));
    } catch {
      return null; // a hint beside a field; the same fault shows when the prompt is added
    }
  }

  /** A picture that was opened as JPEG, for files that a browser cannot show. @param {{token: string}} opened */
  async display({ token }) {
    return (await this.#ask("display", { token })).url;
  }

  /** @param {RoutedText} prompt @returns {PromptText} */
  #asked = ({ text, route }) => ({ text, route: this.routes.find((each) => each === route) ?? "auto" });

  /** A file is sent first. @param {Source} source @returns {Promise<OpenQuestion>} */
  async #questionOf(source) {
    if (source.sample !== undefined) return { sample: source.sample };
    if (source.image !== undefined) return { image: source.image };
    const { name } = source.file;
    const path = await this.#send(source.file);
    if (!path) throw new Fault(`${name} could not be sent; is it too large?`);
    source.digest = path.split(/[\\/]/).at(-2)?.slice(0, DIGEST); // uploads lie under one of their content
    return { upload: path };
  }

  /** @param {File} file */
  async #send(file) {
    try {
      return (await this.upload(file))?.path;
    } catch {
      throw new Fault("The picture could not be sent. Is the app still running? Then try again.", "away");
    }
  }

  /**
   * Ask about the open picture; if the server has let go of it, show it again first.
   *
   * @template Answer
   * @param {(token: string) => Promise<Answer>} question
   */
  async #about(question) {
    try {
      return await question(this.token ?? "");
    } catch (fault) {
      if (kindOf(fault) !== "gone" || !this.source) throw fault;
      const picture = this.#picture.signal;
      const { token, scorer } = await this.open(this.source);
      if (!picture.aborted) {
        this.token = token;
        this.scorer = scorer;
      }
      return question(this.token ?? "");
    }
  }

  /**
   * @template {keyof PictureServer} Name
   * @param {Name} name
   * @param {QuestionOf<PictureServer[Name]>} question
   */
  #ask(name, ...question) {
    return this.#heard(ask(/** @type {PictureServer} */ (this.server), name, ...question));
  }

  /**
   * Whoever waits for the app hears that it answers, be it with a refusal.
   *
   * @template Answer
   * @param {Promise<Answer>} answer
   */
  async #heard(answer) {
    try {
      const reply = await answer;
      this.answered();
      return reply;
    } catch (fault) {
      if (kindOf(fault) !== "away") this.answered();
      throw fault;
    }
  }
}

/** @param {ReadPrompts["prompts"][number]} read @returns {PromptFacts} */
function factsFrom({ products, ...facts }) {
  return { ...facts, product: decodeHalf(base64Bytes(products)) };
}
