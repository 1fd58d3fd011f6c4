// The Compare tab: two models on the same picture, texts and boxes, and on the whole data set.

import { whenSeen } from "../../core/dom.js";
import { teachTwo } from "./alone.js";
import { Compare } from "./compare_tab.js";
import { SessionPair } from "./session_pair.js";

/** @import {CompareTab} from "../../core/wire.js" */
/** @import {Upload} from "../../scoring/session.js" */
/** @import {CompareStart} from "./names.js" */

/**
 * Bring the tab to life inside the component's element, once somebody looks.
 *
 * @param {HTMLElement} root
 * @param {{start: CompareStart|{card: CompareStart["card"], other: null}, server: CompareTab, upload: Upload}} given
 *   without a second model, there is no more than the first one's card
 */
export function mount(root, { start, server, upload }) {
  if (!start.other) return teachTwo(root, start.card.name);
  const routes = [start.card.trained_routes, start.other.trained_routes];
  return whenSeen(root, () => new Compare(root, start, new SessionPair(server, upload, routes)));
}
