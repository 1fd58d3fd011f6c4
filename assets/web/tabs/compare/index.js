// The Compare tab: two models on the same picture, texts and boxes, and on the whole data set.

import { whenSeen } from "../../core/dom.js";
import { teachTwo } from "./alone.js";
import { Compare } from "./compare_tab.js";
import { SessionPair } from "./session_pair.js";

/** Bring the tab to life inside the component's element, once somebody looks. */
export function mount(root, { start, server, upload }) {
  const { card, other } = start;
  if (!other) return teachTwo(root, card.name);
  const routes = [card.trained_routes, other.trained_routes];
  return whenSeen(root, () => new Compare(root, start, new SessionPair(server, upload, routes)));
}
