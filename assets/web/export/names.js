// What saved files are called, and what they say of picture and model.

const DIGITS = 12; // of the weights' sha256: enough to tell any two apart
const LONGEST = 80; // characters of a file's name

/** @typedef {{sample?: string, file?: {name: string}}} NamedSource a picture of the gallery, or somebody's own */

/** @param {NamedSource | null} source */
export const pictureName = (source) => source?.sample ?? source?.file?.name ?? "";

/** @param {{name: string, sha256: string}} card */
export const modelName = ({ name, sha256 }) => `${name} ${sha256.slice(0, DIGITS)}`;

/**
 * fgclip-holiday-snap.csv: the picture's own name, without what a file system may dislike.
 *
 * @param {NamedSource | null} source
 * @param {string} ending
 */
export function fileName(source, ending) {
  const stem = source?.file ? source.file.name.replace(/\.[^.]*$/, "") : (source?.sample ?? "");
  const safe = stem
    .replace(/[^\p{L}\p{N}._-]+/gu, "-")
    .replace(/^[-.]+|[-.]+$/g, "")
    .slice(0, LONGEST);
  return `fgclip-${safe || "picture"}.${ending}`;
}
