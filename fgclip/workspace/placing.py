"""Points among their neighbours: where a new vector lies on a map that is there already."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

from fgclip.types import Embeddings
from fgclip.workspace.progress import Meter, Watch, unwatched
from fgclip.workspace.store.maps import Coordinates

NEIGHBOURS = 15
ROWS = 512  # placed at a time
POWER = 4  # of the distance: the nearest few decide, which keeps points out of empty space
CLOSEST = 1e-4  # distance below which two vectors are the same
BLOCK = 64  # columns of which the best alone is looked at first


def placed_among(
    vectors: Embeddings,
    fitted: Embeddings,
    coordinates: Coordinates,
    *,
    neighbours: int = NEIGHBOURS,
    watch: Watch = unwatched,
) -> Coordinates:
    """Place vectors by those that are on the map: the weighted mean of their nearest.

    A neighbour's weight is an inverse power of its distance, one minus the cosine (Shepard 1968): a
    vector that is on the map already comes to lie where it is.

    Args:
        vectors: (N, D) unit vectors.
        fitted: (M, D) unit vectors of points on the map.
        coordinates: (M, 2) where these lie.
        neighbours: how many of them count.
        watch: is told of progress; may cancel.

    Returns:
        (N, 2).
    """
    found = np.empty((len(vectors), 2), np.float32)
    for rows, places in placements(
        vectors, fitted, coordinates, neighbours=neighbours, watch=watch
    ):
        found[rows] = places
    return found


def placements(
    vectors: Embeddings,
    fitted: Embeddings,
    coordinates: Coordinates,
    *,
    neighbours: int = NEIGHBOURS,
    watch: Watch = unwatched,
) -> Iterator[tuple[slice, Coordinates]]:
    """The same, `ROWS` at a time: rows of the vectors, and their places."""
    meter = Meter(watch, unit="points", stage="placing by neighbours", total=len(vectors))
    neighbours = min(neighbours, len(fitted))
    against = torch.from_numpy(fitted).bfloat16().T.contiguous()
    places = torch.from_numpy(coordinates)
    for start in range(0, len(vectors), ROWS):
        rows = torch.from_numpy(np.ascontiguousarray(vectors[start : start + ROWS]))
        similarity, nearest = _nearest(rows.bfloat16() @ against, neighbours)
        weights = _weights(similarity.float())
        mean = (weights[..., None] * places[nearest]).sum(dim=1)
        yield slice(start, start + len(rows)), mean.numpy()
        meter.advance(len(rows))


def _nearest(similarity: Tensor, count: int) -> tuple[Tensor, Tensor]:
    """The best columns of each row: the best blocks of columns first, then within them.

    The k best columns lie in the k blocks with the best maxima, so nothing is missed.
    """
    rows, columns = similarity.shape
    blocks = columns // BLOCK
    if blocks <= 2 * count:
        values, places = similarity.topk(count, dim=1)
        return values, places
    whole = blocks * BLOCK
    maxima = similarity[:, :whole].view(rows, blocks, BLOCK).amax(dim=2)
    chosen = maxima.topk(count, dim=1).indices
    places = (chosen[..., None] * BLOCK + torch.arange(BLOCK)).flatten(1)
    rest = torch.arange(whole, columns).expand(rows, -1)
    places = torch.cat([places, rest], dim=1)
    values, best = similarity.gather(1, places).topk(count, dim=1)
    return values, places.gather(1, best)


def _weights(similarity: Tensor) -> Tensor:
    """(N, K) cosines, best first → weights that sum to 1."""
    distance = (1 - similarity).clamp(min=CLOSEST)
    weights = (distance[:, :1] / distance) ** POWER
    return weights / weights.sum(dim=1, keepdim=True)
