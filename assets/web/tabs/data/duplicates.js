// What is there twice: a row of pictures for each group; one that is pressed opens in Probe.

import { make } from "../../core/dom.js";
import { showTab, tell } from "../../core/navigation.js";

/**
 * @import {Shown} from "../../pictures/source.js"
 * @import {DuplicateGroup, Duplicates, Member} from "../../core/wire.js"
 */

/** @param {Duplicates | null} found null before the first look */
export function duplicateRows(found) {
  if (!found) return [];
  const { title, kind, count, groups } = found;
  const more = count > groups.length ? `, the ${groups.length} largest here` : "";
  const told = count ? `${count.toLocaleString()} ${count === 1 ? "group" : "groups"}${more}` : "none";
  return [
    make("h3", { class: "fx-found" }, `${title}: ${told}`),
    make("div", { class: "fx-scroll" }, ...groups.map((group) => row(group, kind))),
  ];
}

/** @param {DuplicateGroup} group @param {Duplicates["kind"]} kind */
function row({ size, members }, kind) {
  const more = size - members.length;
  return make(
    "div",
    { class: "fx-twins" },
    ...members.map((member) => picture(member, kind)),
    more > 0 ? make("span", { class: "fx-quiet" }, `and ${more.toLocaleString()} more`) : null,
  );
}

/** @param {Member} location @param {Duplicates["kind"]} kind */
function picture(location, kind) {
  const { source, name, phrase, owner } = location;
  return make(
    "button",
    {
      type: "button",
      class: "fx-twin",
      title: `${source}: ${name}${phrase && ` · ${phrase}`}; open in Probe`,
      onclick: () => open(location),
    },
    make("img", {
      src: `media/thumb/${kind}/${owner}`,
      alt: phrase || name,
      loading: "lazy",
      decoding: "async",
    }),
  );
}

/** @param {Member} location */
function open({ image, name, source, phrase, box }) {
  /** @type {Shown} */
  const shown = { picture: { id: image, name, source }, box, phrase };
  showTab("probe", { leaving: true });
  tell("fx-open", shown);
}
