// A box is looked at in another tab.

import { showTab, tell } from "../../core/navigation.js";
import { hasPhrase } from "./boxes.js";

/**
 * @import {Sample} from "../../core/start.js"
 * @import {Shown} from "../../pictures/source.js"
 * @import {Source} from "../../scoring/session.js"
 * @import {DetectBox} from "./boxes.js"
 */

const HEARD = { probe: "fx-open", negatives: "fx-negatives" };

/**
 * @param {keyof typeof HEARD} tab
 * @param {DetectBox | null} box the chosen one
 * @param {Source | null} source of the open picture
 * @param {Sample | undefined} sample that it is, if it is from the gallery
 * @param {(sentence: string) => unknown} refuse
 */
export function openIn(tab, box, source, sample, refuse) {
  if (!source || !box || !hasPhrase(box)) return refuse("Choose a box first.");
  if (source.file) {
    const { name } = source.file;
    return refuse(`${name} is open here only: upload it there, or keep its boxes and open it from the Map.`);
  }
  const picture = sample ? { source: "gallery", name: `${sample.id}.png` } : { id: source.image };
  /** @type {Shown} */
  const shown = { picture, box: box.corners, phrase: box.prompt.text };
  showTab(tab, { leaving: true });
  return tell(HEARD[tab], shown);
}
