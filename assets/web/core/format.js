// How numbers are written, everywhere the same.

/** A cosine with three decimals and no leading zero: .412, −.029, 1.000. @param {number | null | undefined} value */
export function cosineText(value) {
  if (value == null || !Number.isFinite(value)) return "–";
  const text = Math.abs(value).toFixed(3).replace(/^0\./, ".");
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}

/** A share of one, as the softmax gives it: .91, <.01, >.99. @param {number | null | undefined} value */
export function shareText(value) {
  if (value == null || !Number.isFinite(value)) return "–";
  if (value > 0 && value < 0.005) return "<.01";
  if (value < 1 && value >= 0.995) return ">.99";
  return value.toFixed(2).replace(/^0\./, ".");
}

/** A learned scale: 100, 14.3. @param {number} value */
export const scaleText = (value) => (value >= 99.95 ? value.toFixed(0) : value.toFixed(1));

/** Bytes in the unit a person would use. @param {number} bytes */
export function bytesText(bytes) {
  if (bytes < 1e6) return `${Math.round(bytes / 1e3)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
}

/** Counts with thin groups: 12 345. @param {number} count */
export const countText = (count) => count.toLocaleString("en-US").replaceAll(",", "\u2009");
