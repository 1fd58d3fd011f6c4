// The map's part of the address: what is read from it is checked, what is written is short.

export const encloses = ([x0, y0, x1, y1], [left, bottom, right, top]) =>
  x0 <= left && y0 <= bottom && x1 >= right && y1 >= top;

/** Four edges, or null. */
export function frameFrom(text) {
  const edges = (text ?? "").split(",").map(Number);
  return edges.length === 4 && edges.every(Number.isFinite) && edges[0] < edges[2] && edges[1] < edges[3]
    ? edges
    : null;
}

export const frameText = (frame) => frame.map((edge) => Number(edge.toPrecision(7))).join(",");

/** A polygon, or null. */
export function cornersFrom(text) {
  const corners = (text ?? "").split(";").map((corner) => corner.split(",").map(Number));
  return corners.length > 2 && corners.every((corner) => corner.length === 2 && corner.every(Number.isFinite))
    ? corners
    : null;
}

export const cornersText = (corners) =>
  corners.map((corner) => corner.map((value) => Number(value.toPrecision(5))).join(",")).join(";");

const ESCAPES = { "\\": "\\\\", "\n": "\\n" };

/** Values of a legend, one a line; the empty one alone is a line break. */
export function onlyText(values) {
  const lines = values.map((value) => value.replace(/[\\\n]/g, (sign) => ESCAPES[sign]));
  return lines.length === 1 && !lines[0] ? "\n" : lines.join("\n");
}

export function onlyFrom(text) {
  const lines = text === null ? [] : text.split("\n");
  return [...new Set(lines.map((line) => line.replace(/\\([\\n])/g, (_, sign) => (sign === "n" ? "\n" : sign))))];
}
