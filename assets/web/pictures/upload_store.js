// Uploaded pictures, kept in this browser so that a reload or a link of one's own finds them.

const NAME = "fgclip-explorer";
const SHELF = "pictures";
const MOST = 8; // pictures; the oldest goes first

/** @typedef {{file: File, at: number}} KeptPicture kept at that time, in ms */

/** Keep a file under the digest of its content. @param {string} digest @param {File} file */
export async function keepPicture(digest, file) {
  await onShelf("readwrite", (shelf) => shelf.put({ file, at: Date.now() }, digest));
  const digests = (await onShelf("readonly", (shelf) => shelf.getAllKeys())) ?? [];
  /** @type {KeptPicture[]} */
  const kept = (await onShelf("readonly", (shelf) => shelf.getAll())) ?? [];
  const newest = digests.map((key, i) => ({ key, at: kept[i]?.at ?? 0 })).sort((a, b) => b.at - a.at);
  for (const { key } of newest.slice(MOST)) await onShelf("readwrite", (shelf) => shelf.delete(key));
}

/**
 * The kept file, or undefined.
 *
 * @param {string} digest
 * @returns {Promise<File | undefined>}
 */
export const keptPicture = async (digest) => (await onShelf("readonly", (shelf) => shelf.get(digest)))?.file;

/**
 * Run one request; a browser that forbids storage simply keeps nothing.
 *
 * @template Result
 * @param {IDBTransactionMode} mode
 * @param {(shelf: IDBObjectStore) => IDBRequest<Result>} ask
 * @returns {Promise<Result | undefined>}
 */
function onShelf(mode, ask) {
  return new Promise((resolve) => {
    const opening = openStore();
    if (!opening) {
      resolve(undefined);
      return;
    }
    opening.onupgradeneeded = () => opening.result.createObjectStore(SHELF);
    opening.onerror = () => resolve(undefined);
    opening.onsuccess = () => {
      const database = opening.result;
      const transaction = database.transaction(SHELF, mode);
      const request = ask(transaction.objectStore(SHELF));
      const end = (/** @type {Result | undefined} */ result) => {
        database.close();
        resolve(result);
      };
      transaction.oncomplete = () => end(request.result);
      transaction.onabort = () => end(undefined); // the disk is full
    };
  });
}

function openStore() {
  try {
    return indexedDB.open(NAME, 1);
  } catch {
    return null;
  }
}
