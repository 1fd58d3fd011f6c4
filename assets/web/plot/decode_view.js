// What a view's answer says, as arrays.

import { base64Bytes } from "../scoring/roi_scores.js";

const typed = (Kind, text) => new Kind(base64Bytes(text).slice().buffer);

/** Owners, places, codes and density of what is drawn. */
export function viewFrom(reply) {
  const owners = typed(Uint32Array, reply.owners);
  const { density, legend, others, ordered, several, clusters, inside, left, total } = reply;
  return {
    inside,
    left,
    total,
    legend,
    others,
    ordered,
    several,
    clusters,
    owners,
    codes: base64Bytes(reply.codes),
    x: typed(Float32Array, reply.x),
    y: typed(Float32Array, reply.y),
    placed: base64Bytes(reply.placed),
    rows: Array.from(owners.keys()),
    density: density && { ...density, cells: base64Bytes(density.cells) },
  };
}
