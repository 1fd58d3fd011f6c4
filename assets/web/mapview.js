// What a view's answer says, as arrays.

import { base64Bytes } from "./scoring.js";

const typed = (Kind, text) => new Kind(base64Bytes(text).slice().buffer);

/** Owners, places, codes and density of what is drawn. */
export function viewFrom(reply) {
  const owners = typed(Uint32Array, reply.owners);
  const { density } = reply;
  return {
    owners,
    x: typed(Float32Array, reply.x),
    y: typed(Float32Array, reply.y),
    placed: base64Bytes(reply.placed),
    codes: base64Bytes(reply.codes),
    rows: Array.from(owners.keys()),
    inside: reply.inside,
    total: reply.total,
    legend: reply.legend,
    ordered: reply.ordered,
    density: density && { ...density, cells: base64Bytes(density.cells) },
  };
}
