"""Metrics as arithmetic: arrays in, numbers out. Ties count as `fgclip.ranking` has it."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from fgclip.boxes import Boxes
from fgclip.ranking import rivals


def recall_at_k(similarity: NDArray[np.float32], relevant: NDArray[np.bool_], k: int) -> float:
    """Fraction of queries with a relevant candidate among their k best.

    Args:
        similarity: (Q, C) score of every candidate, higher is better.
        relevant: (Q, C) True where the candidate answers the query; at least one per query.
        k: candidates a query may return.
    """
    best = np.where(relevant, similarity, -np.inf).max(axis=1, keepdims=True)
    ahead = (rivals(best, similarity) & ~relevant).sum(axis=1)
    return fraction(ahead < k)


def top_k(similarity: NDArray[np.float32], truth: NDArray[np.int64], k: int) -> NDArray[np.bool_]:
    """Whether each row's true column is among its k best.

    Args:
        similarity: (Q, C) score of every class.
        truth: (Q,) the right column.
        k: columns a row may name.

    Returns:
        (Q,) hits.
    """
    own = np.take_along_axis(similarity, truth[:, None], axis=1)
    ahead = rivals(own, similarity).sum(axis=1) - 1  # without the column itself
    return np.asarray(ahead < k)


def first_of_many(similarity: NDArray[np.float32], present: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Whether slot 0, the true caption, beats every rewrite that is present.

    Args:
        similarity: (M, 1 + K) score of every caption for its region.
        present: (M, 1 + K) False where a region has fewer than K rewrites.

    Returns:
        (M,) hits; a region without a rewrite is a hit.
    """
    ahead = rivals(similarity[:, :1], similarity[:, 1:]) & present[:, 1:]
    return np.asarray(~ahead.any(axis=1))


def pairwise_accuracy(
    similarity: NDArray[np.float32], attributes: Sequence[Sequence[str]]
) -> dict[str, tuple[float, int]]:
    """Fraction of rewrites that score below the true caption, by what they changed.

    Args:
        similarity: (M, 1 + K) score of every caption for its region; slot 0 is the true one.
        attributes: M lists of what each rewrite changed, at most K each.

    Returns:
        Attribute → accuracy and number of pairs, in alphabetical order.
    """
    hits: dict[str, list[bool]] = {}
    for scores, changed in zip(similarity, attributes, strict=True):
        for slot, attribute in enumerate(changed, start=1):
            hits.setdefault(attribute, []).append(not rivals(scores[0], scores[slot]))
    return {name: (fraction(np.array(hits[name])), len(hits[name])) for name in sorted(hits)}


def pointing_game(maps: NDArray[np.float32], boxes: Boxes) -> NDArray[np.bool_]:
    """Whether the centre of each map's hottest patch lies in the box that the map is about.

    Args:
        maps: (N, H, W) heat maps.
        boxes: (N, 4) corners, fractions of the picture.

    Returns:
        (N,) hits. Several equally hot patches are a hit only when all lie inside.
    """
    inside = patches_inside(boxes, (maps.shape[1], maps.shape[2]))
    hottest = ~(maps < maps.max(axis=(1, 2), keepdims=True))
    return np.asarray((~hottest | inside).all(axis=(1, 2)))


def patches_inside(boxes: Boxes, grid: tuple[int, int]) -> NDArray[np.bool_]:
    """Patches whose centre lies in each box: (N, 4) → (N, H, W)."""
    down, across = ((np.arange(size) + 0.5) / size for size in grid)
    x0, y0, x1, y1 = (boxes[:, side, None] for side in range(4))
    rows = (down >= y0) & (down <= y1)  # (N, H)
    columns = (across >= x0) & (across <= x1)  # (N, W)
    return np.asarray(rows[:, :, None] & columns[:, None, :])


def fraction(hits: NDArray[np.bool_]) -> float:
    """Share of hits; NaN of nothing."""
    return float(hits.mean()) if len(hits) else math.nan


def standard_error(share: float, count: int) -> float:
    """Standard error of a share of `count` independent trials; NaN of none."""
    return math.sqrt(share * (1 - share) / count) if count else math.nan
