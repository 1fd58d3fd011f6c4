// Two canvases that show one picture.

const RELAYED = ["draft", "commit", "select", "view", "rest", "fault", "tool"]; // events of a canvas

/**
 * Both canvases have the same boxes, choice, zoom and tool; what is done on one happens on the other. To a tab they
 * are one.
 */
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
      select: () => {
        if (from.boxes.length === to.boxes.length) to.select(from.selectedId);
        else this.#copy(from, to); // one that was drawn too small is gone
      },
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
