// Questions to the app, and what is said when it does not answer.

const SILENCE =
  "The app does not answer. Nothing here is lost: see its terminal, start it again if need be, and retry.";
const PATIENCE = 300; // ms until work is shown as such

/**
 * "input": refused in words; "gone": the app has let go of what was asked about; "away": nobody answers.
 *
 * @typedef {"input" | "gone" | "away"} FaultKind
 */

/**
 * A server is the functions of the app that a tab asks, by name:
 * `{read: (question: ReadQuestion) => Promise<ReadAnswer>, …}`.
 *
 * @template Asked
 * @typedef {Asked extends (...question: infer Question) => unknown ? Question : never} QuestionOf
 */

/**
 * @template Asked
 * @typedef {Asked extends (...question: never) => infer Answer ? Awaited<Answer> : never} AnswerOf
 */

/** A refusal in words, to be shown beside its cause. */
export class Fault extends Error {
  /**
   * @param {string} message
   * @param {FaultKind} [kind]
   */
  constructor(message, kind = "input") {
    super(message);
    this.kind = kind;
  }
}

/**
 * The kind of what went wrong; undefined of a mistake in the page itself.
 *
 * @param {unknown} error
 */
export const kindOf = (error) => (error instanceof Fault ? error.kind : undefined);

/** @param {unknown} error */
export const messageOf = (error) => (error instanceof Error ? error.message : String(error));

/**
 * Ask a function of the app.
 *
 * @template Server
 * @template {keyof Server} Name
 * @param {Server} server
 * @param {Name} name
 * @param {QuestionOf<Server[Name]>} question
 * @returns {Promise<AnswerOf<Server[Name]>>}
 * @throws {Fault} a refusal of kind "input" or "gone", or "away" when nobody answers
 */
export async function ask(server, name, ...question) {
  const reply = await replyOf(/** @type {(question: unknown) => unknown} */ (server[name]), question[0] ?? {});
  const { detail, error, kind } = /** @type {{detail?: unknown, error?: string, kind?: FaultKind}} */ (reply ?? {});
  if (!reply || detail || (error && !kind)) throw new Fault(SILENCE, "away");
  if (error) throw new Fault(error, kind);
  return /** @type {AnswerOf<Server[Name]>} */ (reply);
}

/**
 * @param {(question: unknown) => unknown} answer
 * @param {unknown} question
 */
async function replyOf(answer, question) {
  try {
    return await answer(question);
  } catch {
    return null; // nobody answers, or not in JSON
  }
}

/**
 * What shows a fault, as `fault()` of the notices makes it.
 *
 * @typedef {object} FaultNote
 * @property {(sentence: string, again?: (() => unknown) | null, fault?: {kind?: FaultKind}) => void} show
 * @property {() => void} clear
 */

/**
 * Does something, and says what goes wrong.
 *
 * @typedef {ReturnType<typeof telling>} Told
 */

/**
 * A way to do things: what goes wrong is said by the note, in place of what it said before.
 *
 * @param {FaultNote} note
 * @param {(on: boolean) => unknown} [busy] is told when something takes longer, and when all is over
 * @returns {(act: () => unknown, options?: {keep?: boolean}) => Promise<boolean>} gives whether all went well
 */
export function telling(note, busy = () => {}) {
  let under = 0; // acts within acts, or beside them
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @type {(act: () => unknown, options?: {keep?: boolean}) => Promise<boolean>} */
  return async function reported(act, { keep = false } = {}) {
    if (!keep && !under) note.clear();
    if (!under) timer = setTimeout(() => busy(true), PATIENCE);
    under += 1;
    try {
      await act();
      return true;
    } catch (error) {
      const kind = kindOf(error);
      note.show(messageOf(error), kind === "away" ? () => reported(act) : null, { kind });
      return false;
    } finally {
      under -= 1;
      if (!under) {
        clearTimeout(timer);
        busy(false);
      }
    }
  };
}
