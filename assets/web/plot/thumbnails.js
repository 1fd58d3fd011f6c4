// Small pictures of what dots stand for.

import { make } from "../core/dom.js";

/**
 * A small picture of an owner; the words alone where it has none.
 *
 * @param {string} kind
 * @param {number} owner
 * @param {string} words
 * @param {Record<string, string>} attributes
 */
export const thumb = (kind, owner, words, attributes = {}) =>
  make("img", {
    src: `media/thumb/${kind}/${owner}`,
    alt: words,
    loading: "lazy",
    decoding: "async",
    draggable: "false",
    ...attributes,
  });
