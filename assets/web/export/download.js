// Files that the page offers.

/**
 * Offer a blob as a file.
 *
 * @param {Blob} blob
 * @param {string} name
 */
export function download(blob, name) {
  const href = URL.createObjectURL(blob);
  const link = document.createElement("a");
  Object.assign(link, { href, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(href), KEPT);
}

const KEPT = 10_000; // ms: browsers read the blob some time after the click
