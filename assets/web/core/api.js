// Questions to the app, and what is said when it does not answer.

const SILENCE =
  "The app does not answer. Nothing here is lost: see its terminal, start it again if need be, and retry.";

/** A refusal in words, to be shown beside its cause. */
export class Fault extends Error {
  constructor(message, kind = "input") {
    super(message);
    this.kind = kind;
  }
}

/**
 * Ask a function of the component.
 *
 * @throws {Fault} a refusal of kind "input" or "gone", or "away" when nobody answers
 */
export async function ask(server, name, request = {}) {
  let reply = null;
  try {
    reply = await server[name](request);
  } catch {
    // Gradio rejects in some cases and gives nothing in others; both are told below.
  }
  if (!reply || reply.detail || (reply.error && !reply.kind)) throw new Fault(SILENCE, "away");
  if (reply.error) throw new Fault(reply.error, reply.kind);
  return reply;
}

const PATIENCE = 300; // ms until work is shown as such

/**
 * A way to do things: what goes wrong is said by the note, in place of what it said before. Gives whether all went well.
 *
 * @param {Function} busy is told when something takes longer, and when all is over
 */
export function telling(note, busy = () => {}) {
  let under = 0; // acts within acts, or beside them
  let timer = null;
  return async function told(act, { keep = false } = {}) {
    if (!keep && !under) note.clear();
    if (!under) timer = setTimeout(() => busy(true), PATIENCE);
    under += 1;
    try {
      await act();
      return true;
    } catch (error) {
      note.show(error.message, error.kind === "away" ? () => told(act) : null, error);
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
