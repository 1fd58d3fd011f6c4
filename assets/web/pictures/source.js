// Where a picture is from, and how an address names it.

/**
 * @import {Corners} from "../core/corners.js"
 * @import {Part} from "../core/url.js"
 * @import {ImageSource, SampleSource, Source} from "../scoring/session.js"
 */

/**
 * A picture as an address names it; one's own is only named.
 *
 * @typedef {{digest: string, name: string, sample?: undefined, image?: undefined}} NamedUpload
 * @typedef {SampleSource | ImageSource | NamedUpload} NamedPicture
 */

/**
 * A picture as the workspace tells it; those of the gallery go without a number.
 *
 * @typedef {{id?: number, name?: string, source?: string}} StoredPicture
 */

/**
 * What one tab sends another to be shown: a picture, a box on it, and what is said of it.
 *
 * @typedef {{picture: StoredPicture, box?: Corners | null, phrase?: string}} Shown
 */

/** A name for a picture, the same whenever it is opened. @param {Source | NamedPicture} source */
export function keyOf({ sample, image, digest }) {
  if (sample) return `sample ${sample}`;
  return image ? `image ${image}` : (digest ?? "");
}

/** How an address names an open picture. @param {Source} source @returns {NamedPicture} */
export const named = (source) => (source.file ? { digest: source.digest ?? "", name: source.file.name } : source);

/**
 * ID of the gallery, #NUMBER of the workspace, or @DIGEST,NAME of one's own.
 *
 * @param {NamedPicture} picture
 */
export function pictureText(picture) {
  if (picture.sample !== undefined) return picture.sample;
  return picture.image !== undefined ? `#${picture.image}` : `@${picture.digest},${picture.name}`;
}

/**
 * @param {string | null} text as `pictureText` gives it
 * @returns {NamedPicture | null} null where it names none
 */
export function pictureFrom(text) {
  if (!text) return null;
  if (text.startsWith("#")) return /^#[1-9]\d{0,14}$/.test(text) ? { image: Number(text.slice(1)) } : null;
  if (!text.startsWith("@")) return { sample: text };
  const [digest, ...name] = text.slice(1).split(",");
  return { digest, name: name.join(",") };
}

/** The picture in an address. @param {string} key @returns {Part<NamedPicture>} */
export const picture = (key) => ({
  keys: [key],
  wanted: "a sample, #NUMBER or @DIGEST,NAME",
  read: ([given]) => pictureFrom(given) ?? undefined,
  write: (source) => [pictureText(source)],
});
