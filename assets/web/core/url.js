// The one reader and writer of the address. A tab declares its parts once, in an `Address`, and reads and writes them
// there; parts of other tabs stay as they are. The kinds of parts are in `url_parts.js`.

/**
 * One part of an address, under one key or several.
 *
 * `aliases` are older names of a key: they are read where the key is not there, and taken out with what is written.
 * `wanted` says in words what the text should be. `read` gets the texts in the order of the keys, the first of them
 * never null, and gives undefined where they make no sense; what it leaves out itself it tells `fault`, in words.
 * `write` gives a text for each key; null takes one out.
 *
 * @template T
 * @typedef {{
 *   keys: string[],
 *   aliases?: {[key: string]: string[]},
 *   wanted: string,
 *   read(texts: [string, ...(string | null)[]], fault: (words: string) => void): T | undefined,
 *   write(value: T): (string | null)[],
 * }} Part
 */

/**
 * What a tab keeps in the address.
 *
 * @template {Record<string, unknown>} Values
 */
export class Address {
  #parts;
  #longest;
  #spare;
  #store;

  /**
   * @param {{[Name in keyof Values]: Part<Values[Name]>}} parts
   * @param {{longest?: number, spare?: (keyof Values & string)[], store?: string}} [limit] an address of more
   *   characters leaves the spare parts out; sessionStorage keeps them, under the name of the store, for a reload
   */
  constructor(parts, { longest = Infinity, spare = [], store = "" } = {}) {
    this.#parts = parts;
    this.#longest = longest;
    this.#spare = spare;
    this.#store = store;
  }

  /**
   * What an address says.
   *
   * @param {string} [search]
   * @returns {{values: Partial<Values>, faults: string[]}} parts that are not named, or make no sense, are absent;
   *   faults say in words what was left out
   */
  read(search = location.search) {
    const query = new URLSearchParams(search);
    const values = /** @type {Partial<Values>} */ ({ ...this.#recall(search) });
    /** @type {string[]} */
    const faults = [];
    for (const name in this.#parts) {
      const part = this.#parts[name];
      const [first, ...others] = part.keys.map((key) => textUnder(query, part, key));
      if (first === null) continue;
      const value = part.read([first, ...others], (words) => faults.push(words));
      if (value === undefined) faults.push(`${part.keys[0]} “${first}”, which should be ${part.wanted}`);
      else values[name] = value;
    }
    return { values, faults };
  }

  /**
   * Put values into the address, without a new entry in the history; those that are null or absent are taken out.
   *
   * @param {{[Name in keyof Values]?: Values[Name] | null}} values
   * @returns {boolean} whether all went in; if not, this browser tab alone remembers the spare ones
   */
  write(values) {
    const query = new URLSearchParams(location.search);
    this.#put(query, values);
    const whole = query.toString().length <= this.#longest;
    if (!whole) this.#put(query, { ...values, ...Object.fromEntries(this.#spare.map((name) => [name, null])) });
    replaceWith(query);
    if (this.#store) this.#keep(whole ? null : values, readable(query));
    return whole;
  }

  /**
   * @param {URLSearchParams} query
   * @param {{[Name in keyof Values]?: Values[Name] | null}} values
   */
  #put(query, values) {
    for (const name in this.#parts) {
      const part = this.#parts[name];
      const value = values[name];
      const texts = value == null ? [] : part.write(value);
      part.keys.forEach((key, i) => {
        for (const alias of part.aliases?.[key] ?? []) query.delete(alias);
        const text = texts[i] ?? null;
        if (text === null) query.delete(key);
        else query.set(key, text);
      });
    }
  }

  /**
   * @param {{[Name in keyof Values]?: Values[Name] | null} | null} values
   * @param {string} search
   */
  #keep(values, search) {
    try {
      const spare = values && Object.fromEntries(this.#spare.map((name) => [name, values[name]]));
      if (spare) sessionStorage.setItem(this.#store, JSON.stringify({ search, ...spare }));
      else sessionStorage.removeItem(this.#store);
    } catch {
      // Storage is full or forbidden: `write` has told that the address is not whole.
    }
  }

  /** @param {string} search */
  #recall(search) {
    if (!this.#store) return null;
    try {
      const { search: of, ...spare } = JSON.parse(sessionStorage.getItem(this.#store) ?? "{}");
      return of !== undefined && readable(new URLSearchParams(of)) === readable(new URLSearchParams(search))
        ? spare
        : null;
    } catch {
      return null; // forbidden, or not written by this page
    }
  }
}

/**
 * @param {URLSearchParams} query
 * @param {Pick<Part<unknown>, "aliases">} part
 * @param {string} key
 */
function textUnder(query, { aliases }, key) {
  const present = [key, ...(aliases?.[key] ?? [])].find((name) => query.has(name));
  return present === undefined ? null : query.get(present);
}

/** Commas, colons and semicolons are safe in a query and far easier to read than %2C. @param {URLSearchParams} query */
const readable = (query) => query.toString().replaceAll("%2C", ",").replaceAll("%3A", ":").replaceAll("%3B", ";");

/** @param {URLSearchParams} query */
function replaceWith(query) {
  const text = readable(query);
  history.replaceState(history.state, "", location.pathname + (text && `?${text}`) + location.hash);
}

/** Begin a new entry in the history: Back comes to what the address says now. */
export function keepInHistory() {
  history.pushState(history.state, "", location.href);
}

/**
 * Put names and values into the address; null, and an empty text, take one out.
 *
 * @param {{[key: string]: string | number | null | undefined}} values
 */
export function putInAddress(values) {
  const query = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(values)) {
    if (value == null || value === "") query.delete(name);
    else query.set(name, String(value));
  }
  replaceWith(query);
}

/**
 * The text under a key of the address; null where it has none.
 *
 * @param {string} key
 * @param {string} [search]
 */
export const textInAddress = (key, search = location.search) => new URLSearchParams(search).get(key);
