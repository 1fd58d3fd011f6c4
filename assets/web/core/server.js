// The wire: a question is posted as JSON, and so is its answer.

/**
 * Functions that ask the app; each gives the answer, or a refusal `{error, kind}`.
 *
 * @param {Record<string, string>} addresses by the names of the functions, relative to the page
 * @returns {Record<string, (question: unknown) => Promise<unknown>>}
 */
export function connect(addresses) {
  const functions = Object.entries(addresses).map(([name, path]) => {
    /** @param {unknown} question */
    const ask = (question) => post(path, question);
    return [name, ask];
  });
  return Object.fromEntries(functions);
}

/**
 * @param {string} path
 * @param {unknown} question
 * @returns {Promise<unknown>}
 */
async function post(path, question) {
  const reply = await fetch(new URL(path, document.baseURI), {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(question),
  });
  return reply.json();
}
