// Two canvases that show one picture, and two models that are asked the same.

import { Session } from "../../scoring/session.js";

const RELAYED = ["draft", "commit", "select", "view", "rest", "fault", "tool"]; // events of a canvas
const FIRST = 16; // prompts that are read first: something to look at soon
const CHUNK = 96;

/** Both canvases have the same boxes, choice, zoom and tool; what is done on one happens on the other. To a tab they are one. */
export class CanvasPair extends EventTarget {
  constructor(first, second) {
    super();
    this.both = [first, second];
    this.following = false; // while one copies the other
    this.#link(first, second);
    this.#link(second, first);
  }

  get boxes() {
    return this.both[0].boxes;
  }

  get snapshot() {
    return this.both[0].snapshot;
  }

  get selected() {
    return this.both[0].selected;
  }

  get image() {
    return this.both[0].image;
  }

  get tool() {
    return this.both[0].tool;
  }

  get picture() {
    return this.both[0].picture;
  }

  get view() {
    return this.both[0].view;
  }

  showPicture(image, facts) {
    const twin = image.cloneNode();
    this.#together(() => {
      this.both[0].showPicture(image, facts);
      this.both[1].showPicture(twin, facts);
    });
  }

  setBoxes(boxes) {
    this.#together(() => {
      const [first, second] = this.both;
      first.setBoxes(boxes);
      this.#copy(first, second);
    });
  }

  conclude() {
    return this.both.map((canvas) => canvas.conclude()).some(Boolean);
  }

  /** The one that is used, or was last. */
  get active() {
    return this.both.find((canvas) => canvas.stage.contains(document.activeElement)) ?? this.both[0];
  }

  select(id) {
    this.active.select(id);
  }

  selectNeighbour(step) {
    this.active.selectNeighbour(step);
  }

  addInMiddle() {
    this.active.addInMiddle();
  }

  nudge(dx, dy, options) {
    this.active.nudge(dx, dy, options);
  }

  removeSelected() {
    this.active.removeSelected();
  }

  letGo() {
    this.active.letGo();
  }

  setTool(tool) {
    this.active.setTool(tool);
  }

  fit() {
    this.active.fit();
  }

  holdSpace(held) {
    for (const canvas of this.both) canvas.holdSpace(held);
  }

  /** Something that is done to both by themselves; nobody is told. */
  #together(act) {
    this.following = true;
    try {
      act();
    } finally {
      this.following = false;
    }
  }

  #link(from, to) {
    const follow = {
      draft: ({ box }) => this.#place(from, to, box),
      commit: () => this.#copy(from, to),
      select: () => (from.boxes.length === to.boxes.length ? to.select(from.selectedId) : this.#copy(from, to)), // one that was drawn too small is gone
      view: () => (from.view.fitted ? to.fit() : to.goTo(from.view.place)),
      tool: () => to.setTool(from.tool),
    };
    for (const type of RELAYED) {
      from.addEventListener(type, ({ detail }) => {
        if (this.following) return;
        this.#together(() => follow[type]?.(detail));
        this.dispatchEvent(new CustomEvent(type, { detail }));
      });
    }
    from.addEventListener("hover", ({ detail }) => {
      if (!this.following) this.#together(() => to.hover(detail.point));
    });
  }

  #place(from, to, box) {
    const twin = to.boxes.find(({ id }) => id === box.id);
    if (!twin) return this.#copy(from, to);
    twin.corners = box.corners;
    return to.drawn.place(twin);
  }

  #copy(from, to) {
    to.setBoxes(from.boxes);
    to.select(from.selectedId);
  }
}

/** The same questions to both models, as far as the parts of a tab ask them of one. */
export class SessionPair {
  /**
   * @param server functions of the component; the second model's begin with `other_`
   * @param {string[][]} routes that training gave each model
   */
  constructor(server, upload, routes) {
    const sent = new Map(); // file that is being opened → how it is sent: both open the one that was
    const once = (file) => {
      if (!sent.has(file)) return upload(file); // opened again by one of them
      if (!sent.get(file)) sent.set(file, upload(file));
      return sent.get(file);
    };
    const other = Object.fromEntries(
      ["open", "read", "score"].map((name) => [name, (request) => server[`other_${name}`](request)]),
    );
    this.sent = sent;
    this.server = server;
    this.both = [new Session(server, once, routes[0]), new Session(other, once, routes[1])];
  }

  get token() {
    return this.both[0].token;
  }

  async open(source) {
    this.sent.set(source.file, null);
    try {
      const [first, second] = [await this.both[0].open(source), await this.both[1].open(source)];
      return { ...first, second };
    } finally {
      this.sent.delete(source.file);
    }
  }

  accept(source, opened) {
    this.both[0].accept(source, opened);
    this.both[1].accept(source, opened.second);
  }

  display(opened) {
    return this.both[0].display(opened);
  }

  count(text, route) {
    return this.both[0].count(text, route);
  }

  /** Have prompts read by both: `facts` are the first model's, `other` the second's. */
  async read(prompts, { progress, signal }) {
    let end = 0;
    while (end < prompts.length && !signal.aborted) {
      const chunk = prompts.slice(end, end + (end ? CHUNK : FIRST));
      const twins = chunk.map(({ text, route }) => ({ text, route }));
      const quiet = { progress: () => {}, signal };
      await Promise.all([this.both[0].read(chunk, quiet), this.both[1].read(twins, quiet)]);
      if (signal.aborted || twins.some(({ facts }) => !facts)) return; // of another picture by now
      twins.forEach(({ facts }, i) => (chunk[i].other = facts));
      end += chunk.length;
      progress(end, chunk);
    }
  }

  /** Region cosines of one box with prompts, by each model: two lists; null for another picture's. */
  async score(box, prompts) {
    const replies = await Promise.all(this.both.map((session) => session.score([box], prompts)));
    return replies.every(Boolean) ? replies.map(({ region }) => region[0]) : null;
  }
}
