// Where the tags of boxes go: by their boxes, on the stage, and none over another.

const GAP = 7; // CSS pixels between a tag and the edge of its box
const APART = 3; // … and between tags

/**
 * @param {{left: number, top: number, width: number}[]} tags where each would begin, the upper edge of its box, and its
 *   own width, in CSS pixels of the stage; earlier ones have the better place
 * @param {number} height of a tag
 * @param {{width: number, height: number}} stage
 * @returns {{x: number, y: number}[]} upper left corners
 */
export function tagPlaces(tags, height, stage) {
  const taken = [];
  for (const tag of tags) {
    const covers = (one, other) =>
      one.x < other.x + other.width + APART &&
      other.x < one.x + one.width + APART &&
      Math.abs(one.y - other.y) < height + APART;
    const places = candidates(tag, height, stage, taken.length);
    taken.push(places.find((place) => !taken.some((other) => covers(place, other))) ?? places[0]);
  }
  return taken.map(({ x, y }) => ({ x, y }));
}

/** Above the box, inside it where there is no room above; then ever farther up and down, as long as that is on the stage. */
function candidates({ left, top, width }, height, stage, others) {
  const place = (y, aside = 0) => ({ x: Math.min(left + aside, Math.max(0, stage.width - width)), y, width });
  const above = top - GAP - height;
  if (above > stage.height - height) return [place(above)]; // its box is not seen
  const inside = Math.max(top, 0) + GAP;
  const found = [...(above >= 0 ? [place(above)] : []), place(inside, GAP)];
  for (let step = 1; step <= 2 * others; step++) {
    // each of the others may stand in the way of two
    const far = step * (height + APART);
    if (above - far >= 0) found.push(place(above - far));
    if (inside + far <= stage.height - height) found.push(place(inside + far, GAP));
  }
  return found;
}
