"""Two maps of the same things: one laid over the other, and what moved between them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import orthogonal_procrustes

from fgclip.analysis.errors import AnalysisError
from fgclip.types import Embeddings, Ids
from fgclip.workspace import Coordinates, MapRun, Workspace
from fgclip.workspace.matrix import Hits, Matrix

MOST = 10_000  # points that are shown, evenly spread over those on both maps
LEAST = 5  # points that two maps must share
NEIGHBOURS = 10  # whose overlap is counted
AT_ONCE = 1024  # points held against all others at a time

Shares = NDArray[np.float32]


@dataclass(frozen=True)
class Aligned:
    """Points that two maps share; the second map is laid over the first.

    Attributes:
        owners: (N,) ids, ascending.
        first: (N, 2) places on the first map, centred, in units of its radius (root mean square).
        second: (N, 2) the same of the second, turned or mirrored to lie over them.
        drift: (N,) distance between the two, in the same units.
        overlap: (N,) share of a point's nearest neighbours, by cosine and among these points, that
            both models agree on.
        neighbours: how many those are.
    """

    owners: Ids
    first: Coordinates
    second: Coordinates
    drift: Shares
    overlap: Shares
    neighbours: int


def align(
    workspace: Workspace, first: tuple[Matrix, MapRun], second: tuple[Matrix, MapRun]
) -> Aligned:
    """Lay the second model's map over the first's.

    Raises:
        AnalysisError: They share too few points, or show different kinds.
    """
    (one, one_run), (other, other_run) = first, second
    kind = one_run.kind
    if other_run.kind != kind:
        raise AnalysisError(f"A map of {kind}s cannot lie over one of {other_run.kind}s.")
    owners, places = workspace.maps.layout(one_run)
    other_owners, other_places = workspace.maps.layout(other_run)
    shared, rows, other_rows = np.intersect1d(owners, other_owners, return_indices=True)
    known = np.isin(shared, one.owners) & np.isin(shared, other.owners)
    (chosen,) = known.nonzero()
    if len(chosen) < LEAST:
        raise AnalysisError(
            f"The two maps share {len(chosen)} {kind}s; they need {LEAST} to be compared."
        )
    spread = np.linspace(0, len(chosen) - 1, min(MOST, len(chosen)), dtype=np.int64)
    chosen = chosen[np.unique(spread)]
    owners = shared[chosen]
    mine, theirs = overlaid(places[rows[chosen]], other_places[other_rows[chosen]])
    neighbours = min(NEIGHBOURS, len(owners) - 1)
    return Aligned(
        owners=owners,
        first=mine,
        second=theirs,
        drift=np.linalg.norm(mine - theirs, axis=1).astype(np.float32),
        overlap=neighbour_overlap(one.rows(owners), other.rows(owners), neighbours),
        neighbours=neighbours,
    )


def neighbours_of(matrix: Matrix, aligned: Aligned, owner: int) -> Hits:
    """The nearest neighbours of one aligned point by a model, among the aligned ones, best first.

    Args:
        matrix: the model's vectors of the kind; all aligned points are in it.
        aligned: what `align` gave.
        owner: one of its owners.
    """
    (vector,) = matrix.rows(np.array([owner]))
    found = matrix.best(vector, aligned.neighbours + 1, among=aligned.owners)
    (others,) = (found.owners != owner).nonzero()  # itself may come after equal ones
    others = others[: aligned.neighbours]
    return Hits(found.owners[others], found.scores[others], found.searched)


def overlaid(first: Coordinates, second: Coordinates) -> tuple[Coordinates, Coordinates]:
    """Two layouts of the same N points, the second laid over the first (Procrustes).

    Both are centred and scaled to radius 1; then the second is turned or mirrored so that the
    squared distances between the points are least.
    """
    one, other = (
        np.asarray(layout - layout.mean(axis=0), np.float64) for layout in (first, second)
    )
    one, other = (layout / max(_radius(layout), 1e-12) for layout in (one, other))
    rotation, _ = orthogonal_procrustes(other, one)
    return one.astype(np.float32), (other @ rotation).astype(np.float32)


def _radius(layout: NDArray[np.float64]) -> float:
    """Root mean square distance from the middle."""
    return float(np.sqrt((layout**2).sum(axis=1).mean()))


def neighbour_overlap(first: Embeddings, second: Embeddings, neighbours: int) -> Shares:
    """Share of each row's nearest neighbours by cosine that two models agree on.

    Args:
        first: (N, D) unit vectors of one model.
        second: (N, E) of the other, of the same things.
        neighbours: K, below N; a row is none of its own.

    Returns:
        (N,) from 0 to 1.
    """
    shares = np.empty(len(first), np.float32)
    for start in range(0, len(first), AT_ONCE):
        rows = slice(start, min(start + AT_ONCE, len(first)))
        mine, theirs = (_nearest(vectors, rows, neighbours) for vectors in (first, second))
        common = (mine[:, :, None] == theirs[:, None, :]).any(axis=2)
        shares[rows] = common.mean(axis=1)
    return shares


def _nearest(vectors: Embeddings, rows: slice, neighbours: int) -> NDArray[np.intp]:
    """The nearest neighbours of some rows: (n, K)."""
    cosines = vectors[rows] @ vectors.T
    cosines[np.arange(len(cosines)), np.arange(rows.start, rows.stop)] = -np.inf
    return np.argpartition(cosines, -neighbours, axis=1)[:, -neighbours:]
