// The last uploaded picture, kept in this browser so that a reload does not lose it.

const NAME = "fgclip-explorer";
const SHELF = "pictures";

export const keepPicture = (file) => onShelf("readwrite", (shelf) => shelf.put(file, "last"));

/** The kept File, or undefined. */
export const keptPicture = () => onShelf("readonly", (shelf) => shelf.get("last"));

/** Run one request; a browser that forbids storage simply keeps nothing. */
function onShelf(mode, ask) {
  return new Promise((resolve) => {
    let opening;
    try {
      opening = indexedDB.open(NAME, 1);
    } catch {
      resolve(undefined);
      return;
    }
    opening.onupgradeneeded = () => opening.result.createObjectStore(SHELF);
    opening.onerror = () => resolve(undefined);
    opening.onsuccess = () => {
      const request = ask(opening.result.transaction(SHELF, mode).objectStore(SHELF));
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => resolve(undefined);
    };
  });
}
