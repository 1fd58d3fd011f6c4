// Long lists keep only the rows near the ones in sight in the page: its cost stays that of a short one.

const DRAWN_WHOLE = 80; // rows; shorter lists are drawn as they are
const ROW = 36; // pixels of one, before any is drawn
const SPARE = 20; // rows beyond either end of what is seen

export class RowWindow {
  /** @type {number[]} of all rows, in order */
  ids = [];
  /** @type {Map<number, HTMLElement>} of rows drawn so far, by id */
  elements = new Map();
  /** @type {[number, number] | null} places of the rows in the page: from, to */
  range = null;
  /** Pixels; 0 until one is drawn. */
  rowHeight = 0;

  /**
   * @param {HTMLElement} list holds the rows, all of one height
   * @param {(id: number) => HTMLElement} draw a row's element; called again after `reset`
   * @param {() => HTMLElement} scroller gives the element that scrolls
   */
  constructor(list, draw, scroller = () => list) {
    this.list = list;
    this.draw = draw;
    this.scroller = scroller;
  }

  /** Forget drawn rows, since they say something else now. */
  reset() {
    this.elements.clear();
  }

  /** Rows in this order. @param {number[]} ids */
  show(ids) {
    this.ids = ids;
    this.range = null;
    this.arrange();
  }

  /** After a scroll: bring the rows in. @returns {number[]} the ids that came */
  arrange() {
    const [first, last] = this.#span();
    if (this.range && first >= this.range[0] && last <= this.range[1]) return [];
    const [start, end] = [Math.max(0, first - SPARE), Math.min(this.ids.length, last + SPARE)];
    this.range = [start, end];
    const shown = this.ids.slice(start, end);
    const fresh = shown.filter((id) => !this.elements.has(id));
    const rows = shown.map((id) => this.#element(id));
    this.list.replaceChildren(this.#space(start), ...rows, this.#space(this.ids.length - end));
    return fresh;
  }

  /** @param {number} id */
  #element(id) {
    const known = this.elements.get(id) ?? this.draw(id);
    this.elements.set(id, known);
    return known;
  }

  /** Ids of the rows in the page. */
  get present() {
    return this.range ? this.ids.slice(...this.range) : [];
  }

  /** Ids of the rows in sight, or about to be. */
  get seen() {
    return this.rowHeight ? this.ids.slice(...this.#inSight()) : this.present;
  }

  /** The element of a row that is in the page. @param {number} id */
  row(id) {
    const element = this.elements.get(id);
    return element?.isConnected ? element : null;
  }

  /** Scroll a row into sight and give it. @param {number} id */
  reveal(id) {
    const at = this.ids.indexOf(id);
    if (at >= 0 && !this.row(id)) {
      this.scroller().scrollTop = at * this.rowHeight;
      this.arrange();
    }
    const row = this.row(id);
    row?.scrollIntoView({ block: "nearest" });
    return row;
  }

  /** Room for rows that are not in the page; an element, since padding would hold a list open. @param {number} rows */
  #space(rows) {
    const space = document.createElement(this.list.tagName === "OL" ? "li" : "div");
    space.className = "fx-space";
    space.style.height = `${rows * this.rowHeight}px`;
    space.hidden = rows === 0;
    return space;
  }

  /** @returns {[number, number]} */
  #span() {
    /** @type {HTMLElement | null} */
    const drawn = this.list.querySelector(":scope > :not(.fx-space)");
    this.rowHeight = drawn?.offsetHeight || this.rowHeight || ROW;
    return this.ids.length <= DRAWN_WHOLE ? [0, this.ids.length] : this.#inSight();
  }

  /** @returns {[number, number]} */
  #inSight() {
    const { scrollTop, clientHeight } = this.scroller();
    const first = Math.min(Math.floor(scrollTop / this.rowHeight), this.ids.length);
    return [first, Math.min(first + Math.ceil(clientHeight / this.rowHeight) + 1, this.ids.length)];
  }
}
