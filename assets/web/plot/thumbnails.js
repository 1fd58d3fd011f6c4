// Beside the map: what was found or circled, and all about one point.

import { make } from "../core/dom.js";
import { icon } from "../core/icons.js";
import { cosineText } from "../core/format.js";

const thumbUrl = (kind, owner) => `media/thumb/${kind}/${owner}`;

/** A small picture of an owner; the words alone where it has none. */
export function thumb(kind, owner, said, attributes = {}) {
  return make("img", {
    src: thumbUrl(kind, owner),
    alt: said,
    loading: "lazy",
    decoding: "async",
    draggable: "false",
    ...attributes,
  });
}

export class MapSide {
  /**
   * @param {string[]} routes that training gave the model
   * @param {{choose: Function, alike: Function, probe: Function, csv: Function, clear: Function}} acts
   */
  constructor(root, routes, acts) {
    this.acts = acts;
    this.title = make("h2", {});
    this.route = make(
      "select",
      {
        class: "fx-route",
        "aria-label": "Text route",
        title: "How the model reads the words: as a caption (short, long) or as a phrase for a region (box)",
        hidden: true,
        onchange: () => {
          this.route.blur();
          acts.route();
        },
      },
      make("option", { value: "" }, "auto"),
      ...routes.map((route) => make("option", { value: route }, route)),
    );
    this.csv = make(
      "button",
      {
        type: "button",
        class: "fx-button",
        hidden: true,
        title: "All of the selection as a table (c)",
        onclick: () => acts.csv(),
      },
      "CSV",
    );
    this.clear = make(
      "button",
      {
        type: "button",
        class: "fx-button",
        hidden: true,
        title: "Let go of it all (Esc)",
        onclick: () => acts.clear(),
      },
      "Clear",
    );
    this.grid = make("div", { class: "fx-grid", role: "listbox", "aria-label": "Found or selected" });
    this.detail = make("section", { class: "fx-detail", "aria-label": "One point", hidden: true });
    this.hint = make(
      "div",
      { class: "fx-side-hint" },
      make("p", {}, "Point at a dot to see what it is; click it to see where it comes from."),
      make("p", {}, "Search with words, or circle dots with the lasso."),
    );
    this.keys = make(
      "p",
      { class: "fx-side-keys" },
      ...[["n"], " next · ", ["p"], " previous · ", ["a"], " alike · ", ["Enter"], " in Probe"].map((part) =>
        Array.isArray(part) ? make("kbd", {}, ...part) : part,
      ),
    );
    root.append(
      make("div", { class: "fx-bar" }, this.title, this.route, this.csv, this.clear),
      this.hint,
      this.keys,
      this.grid,
      this.detail,
    );
    this.grid.addEventListener("click", ({ target }) => {
      const button = target instanceof Element && target.closest(".fx-item");
      if (button) acts.choose(Number(button.dataset.owner));
    });
    this.showItems(null);
  }

  /** As an address has it; a route that was never trained is none. */
  setRoute(route) {
    this.route.value = route;
    if (this.route.selectedIndex < 0) this.route.value = "";
  }

  /** Things with pictures, or null for none; `title` says what they are. */
  showItems(items, { kind = "region", title = "", table = false, route = null } = {}) {
    this.title.textContent = items ? title : "Everything, by likeness";
    this.csv.hidden = !table;
    this.route.hidden = !route;
    this.route.options[0].textContent = route && !this.route.value ? `auto: ${route}` : "auto";
    this.clear.hidden = !items;
    this.grid.replaceChildren(...(items ?? []).map((item) => this.#item(kind, item)));
    this.grid.hidden = this.keys.hidden = !items?.length;
    this.grid.scrollTop = 0;
    this.#hint();
  }

  /** All about one point, or null. */
  showPoint(about) {
    this.detail.hidden = !about;
    if (about) this.detail.replaceChildren(...this.#about(about));
    this.mark(about?.owner);
    this.#hint();
  }

  mark(owner) {
    for (const button of this.grid.children)
      button.setAttribute("aria-selected", Number(button.dataset.owner) === owner);
  }

  /** The owner beside this one in the grid. */
  neighbour(owner, by) {
    const owners = [...this.grid.children].map(({ dataset }) => Number(dataset.owner));
    if (!owners.length) return null;
    const at = owners.indexOf(owner);
    return at < 0 ? owners[0] : owners[(at + by + owners.length) % owners.length];
  }

  #hint() {
    this.hint.hidden = !this.grid.hidden || !this.detail.hidden;
  }

  #item(kind, { owner, said, score }) {
    return make(
      "button",
      { type: "button", class: "fx-item", role: "option", "data-owner": owner, title: said || `${kind} ${owner}` },
      thumb(kind, owner, said),
      score === undefined ? null : make("b", {}, cosineText(score)),
    );
  }

  #about(about) {
    const { picture, said, kind, owner } = about;
    const places = [picture.source, picture.split, picture.name].filter(Boolean).join(" · ");
    return [
      make("h2", { title: said }, said || picture.name),
      this.#picture(about),
      make(
        "p",
        { class: "fx-quiet fx-where", title: picture.path },
        `${places} · ${picture.width} × ${picture.height}`,
      ),
      make(
        "div",
        { class: "fx-detail-acts" },
        make(
          "button",
          { type: "button", class: "fx-button", title: "What is most like it (a)", onclick: () => this.acts.alike() },
          icon("search"),
          "Alike",
        ),
        make(
          "button",
          {
            type: "button",
            class: "fx-button",
            title: "Hold what is said of it against rewrites",
            onclick: () => this.acts.negatives(),
          },
          "Negatives",
        ),
        make(
          "button",
          {
            type: "button",
            class: "fx-button",
            title: "Draw boxes and ask about this picture (Enter)",
            onclick: () => this.acts.probe(),
          },
          icon("box"),
          "Open in Probe",
        ),
      ),
      make("h3", {}, "Nearest"),
      make(
        "div",
        { class: "fx-nearest" },
        ...about.neighbours.map((each) =>
          make(
            "button",
            {
              type: "button",
              class: "fx-item",
              title: `${each.said} · cosine ${cosineText(each.score)}`,
              onclick: () => this.acts.choose(each.owner),
            },
            thumb(kind, each.owner, each.said),
            make("b", {}, cosineText(each.score)),
          ),
        ),
      ),
    ];
  }

  /** The picture with its regions: a click on one goes to its point. */
  #picture({ picture, regions, owner, kind }) {
    const frame = make("div", {
      class: "fx-shown",
      style: `aspect-ratio: ${picture.width} / ${picture.height}; --ratio: ${picture.width / picture.height}`,
    });
    frame.append(make("img", { src: `media/picture/${picture.id}`, alt: picture.short_caption, draggable: "false" }));
    const ofRegions = kind === "region";
    for (const {
      id,
      box: [x0, y0, x1, y1],
      phrase,
      category,
    } of regions) {
      const chosen = ofRegions && id === owner;
      const place = `left:${100 * x0}%; top:${100 * y0}%; width:${100 * (x1 - x0)}%; height:${100 * (y1 - y0)}%; z-index:${Math.round(1000 * (1 - (x1 - x0) * (y1 - y0)))}`;
      frame.append(
        make("button", {
          type: "button",
          class: "fx-region-box",
          style: place,
          "data-region": id,
          title: phrase || category,
          "aria-pressed": String(chosen),
          disabled: !ofRegions,
          "aria-label": phrase || category || `region ${id}`,
          onclick: () => this.acts.choose(id),
        }),
      );
    }
    return frame;
  }
}
