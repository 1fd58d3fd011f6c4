"""Phrases → boxes, without a trained detector: a region fits, and its surroundings do not.

A part of a thing fits its phrase as well as the whole thing does, so the cosine alone does not find
its edges. The contrast does: the cosine of the region minus the mean cosine of the patches around
it is largest where all of the thing is inside and nothing of it outside.

Two things may order the boxes that pass the threshold better, where they are to be had: how much
each looks like a thing at all, and the boxes cut out and encoded as pictures of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fgclip.boxes import Boxes
from fgclip.probe.prompts import DenseField
from fgclip.probe.proposals import proposals, windows
from fgclip.types import Embeddings

AROUND = 0.4  # of a box's size on either side: what counts as its surroundings
OVERLAP = 0.5  # of the smaller of two boxes of a phrase; then the weaker one is dropped
MOST = 100  # boxes of a picture
SHARE = 0.95  # of pictures without the thing that stay without a box
WEIGHT = 0.5  # of the contrast against the objectness: their plain geometric mean
SCALE = 20.0  # multiplies a contrast before the logistic; keeps 0.02 and 0.8 apart, is not tuned
CROPPED = 32  # boxes of a phrase that are cut out, at most; a crop costs a pass of the model
NO_THING = 1e-12  # objectness below this counts as this; its logarithm stays finite

Rows = NDArray[np.intp]
Crops = Embeddings | Callable[[Boxes], Embeddings]
"""(N, D) unit vectors of the crops of N boxes, or what makes them: (M, 4) → (M, D)."""


@dataclass(frozen=True)
class Detection:
    """A box for a phrase.

    Attributes:
        phrase: its number.
        box: x0, y0, x1, y1 as fractions of the picture.
        score: cosine of the region with the phrase.
        contrast: the score minus the mean cosine of the patches around the box; ranks boxes. With
            crops, the cosine of region and crop together takes the place of the score.
        baseline: score that it had to reach.
        percentile: share of other pictures whose best score with the phrase is lower.
        objectness: how much the box looks like a thing, 0 to 1, where that was given; `fused` with
            the contrast, it ranks boxes.
    """

    phrase: int
    box: tuple[float, float, float, float]
    score: float
    contrast: float
    baseline: float
    percentile: float
    objectness: float | None = None


class Baseline:
    """What phrases score on pictures that mostly lack them: how high is high, for each phrase."""

    def __init__(self, vectors: Sequence[Embeddings]) -> None:
        """Keep the region vectors of each picture, (N, D) each."""
        if not vectors:
            raise ValueError("A baseline needs one picture at least.")
        self._vectors = [each.astype(np.float16) for each in vectors]

    @classmethod
    def of(cls, fields: Iterable[DenseField]) -> Baseline:
        """From pictures: the windows of each."""
        return cls([field.regions(windows()) for field in fields])

    def best(self, texts: Embeddings) -> NDArray[np.float32]:
        """The best cosine of each text on each picture: (P, D) → (P, R)."""
        columns = [(texts @ each.T.astype(np.float32)).max(axis=1) for each in self._vectors]
        return np.stack(columns, axis=1)


def detect(
    field: DenseField,
    texts: Embeddings,
    elsewhere: NDArray[np.float32],
    *,
    share: float = SHARE,
    boxes: Boxes | None = None,
    objectness: NDArray[np.float32] | None = None,
    weight: float = WEIGHT,
    crops: Crops | None = None,
) -> list[Detection]:
    """Boxes of a picture that fit phrases, the best first: those with the most contrast.

    A box passes by its region's cosine whatever else is given, as the baseline was measured with
    regions. Objectness ranks what passes, and so says which of two that overlap stays. Crops rank
    what is left after that, the `CROPPED` best of each phrase; the rest of them is left out.

    Args:
        field: the picture's patches.
        texts: (P, D) unit vectors of the phrases.
        elsewhere: (P, R) their best cosines on other pictures, from `Baseline.best`.
        share: of the other pictures that shall stay without a box for a phrase, 0 to 1.
        boxes: (N, 4) to choose from; `proposals` by default.
        objectness: (N,) how much each of `boxes` looks like a thing, 0 to 1.
        weight: of the contrast against the objectness, 0 to 1; see `fused`.
        crops: the boxes cut out and encoded, or what does that; see `Crops`.

    Raises:
        ValueError: Objectness, weight or crops are out of range, or not one for each box.
    """
    candidates = proposals(field) if boxes is None else boxes
    _check(candidates, objectness, weight, crops)
    regions = field.regions(candidates)
    around = surroundings(field.similarity(texts), candidates)
    scores = texts @ regions.T
    contrasts = scores - around
    ranks = contrasts if objectness is None else fused(contrasts, objectness, weight)
    least = np.quantile(elsewhere, share, axis=1)
    stay = _staying(candidates, scores >= least[:, None], ranks)
    if crops is not None:
        stay = _strongest(stay, ranks)
        contrasts = texts @ _with_crops(regions, candidates, crops, stay).T - around
        ranks = contrasts if objectness is None else fused(contrasts, objectness, weight)
    found: list[tuple[float, Detection]] = []
    for phrase, rows in enumerate(stay):
        for row in rows.tolist():
            score = float(scores[phrase, row])
            detection = Detection(
                phrase=phrase,
                box=tuple(candidates[row].tolist()),
                score=score,
                contrast=float(contrasts[phrase, row]),
                baseline=float(least[phrase]),
                percentile=float((elsewhere[phrase] < score).mean()),
                objectness=None if objectness is None else float(objectness[row]),
            )
            found.append((float(ranks[phrase, row]), detection))
    return [each for _, each in sorted(found, key=lambda pair: -pair[0])[:MOST]]


def fused(
    contrasts: NDArray[np.float32], objectness: NDArray[np.float32], weight: float = WEIGHT
) -> NDArray[np.float64]:
    """Logarithm of objectness^(1 - weight) · p^weight, the weighted geometric mean.

    A contrast may be negative, so p is its logistic, 1 / (1 + exp(-SCALE · contrast)): the share
    that the region has of a phrase when a softmax splits it between the region and what lies
    around. Logarithms keep p apart where it rounds to 1.

    Args:
        contrasts: (..., N) of boxes.
        objectness: (N,) of the same boxes, 0 to 1.
        weight: 0 for the objectness alone, 1 for the contrast alone.

    Returns:
        (..., N), never above 0.
    """
    fits = -np.logaddexp(0.0, -SCALE * contrasts.astype(np.float64))
    things = np.log(np.maximum(objectness.astype(np.float64), NO_THING))
    return np.asarray((1 - weight) * things + weight * fits)


def _check(
    boxes: Boxes, objectness: NDArray[np.float32] | None, weight: float, crops: Crops | None
) -> None:
    if not 0 <= weight <= 1:
        raise ValueError(f"weight {weight:g} is not between 0 and 1")
    if objectness is not None:
        if objectness.shape != (len(boxes),):
            raise ValueError(
                f"objectness has shape {objectness.shape}; give one number for each of the "
                f"{len(boxes)} boxes"
            )
        if not ((objectness >= 0) & (objectness <= 1)).all():
            raise ValueError("objectness is not between 0 and 1 everywhere; give probabilities")
    if isinstance(crops, np.ndarray) and len(crops) != len(boxes):
        raise ValueError(f"{len(crops)} crops are not one for each of the {len(boxes)} boxes")


def _staying(boxes: Boxes, passes: NDArray[np.bool_], ranks: NDArray[Any]) -> list[Rows]:
    """Rows of boxes that pass for a phrase, the weaker of two that overlap dropped: P times."""
    passing = [np.flatnonzero(row) for row in passes]
    return [rows[_apart(boxes[rows], ranks[phrase, rows])] for phrase, rows in enumerate(passing)]


def _strongest(stay: list[Rows], ranks: NDArray[Any]) -> list[Rows]:
    """Of each phrase the `CROPPED` rows with the highest ranks."""
    orders = [np.argsort(-ranks[phrase, rows], kind="stable") for phrase, rows in enumerate(stay)]
    return [rows[order[:CROPPED]] for rows, order in zip(stay, orders, strict=True)]


def _with_crops(regions: Embeddings, boxes: Boxes, crops: Crops, stay: list[Rows]) -> Embeddings:
    """Unit vectors of regions, of those that stay together with their crops: (N, D)."""
    rows = np.unique(np.concatenate([np.empty(0, np.intp), *stay]))
    if not len(rows):
        return regions
    both = regions[rows] + (crops[rows] if isinstance(crops, np.ndarray) else crops(boxes[rows]))
    together = regions.copy()
    together[rows] = both / np.linalg.norm(both, axis=1, keepdims=True).clip(1e-12)
    return together


def surroundings(similarity: NDArray[np.float32], boxes: Boxes) -> NDArray[np.float32]:
    """Mean cosine of the patches around boxes: (P, H, W) and (N, 4) → (P, N)."""
    sizes = np.concatenate([boxes[:, 2:] - boxes[:, :2]] * 2, axis=1)
    grown = boxes + AROUND * sizes * np.array([-1, -1, 1, 1], np.float32)
    outer = grown.clip(0, 1).astype(np.float32)
    sums = np.pad(similarity.astype(np.float64).cumsum(1).cumsum(2), ((0, 0), (1, 0), (1, 0)))
    inside, whole = _sum_inside(sums, boxes), _sum_inside(sums, outer)
    height, width = similarity.shape[1:]
    patches = (_areas(outer) - _areas(boxes)) * height * width
    mean = (whole - inside) / np.maximum(patches, 1e-3)
    return np.asarray(np.where(patches > 1e-3, mean, 0.0), np.float32)


def _sum_inside(sums: NDArray[np.float64], boxes: Boxes) -> NDArray[np.float64]:
    """Sums over boxes, patches by their share: (P, H + 1, W + 1) and (N, 4) → (P, N)."""
    height, width = sums.shape[1] - 1, sums.shape[2] - 1
    x0, y0, x1, y1 = (boxes * np.array([width, height, width, height], np.float32)).T

    def at(y: NDArray[np.float32], x: NDArray[np.float32]) -> NDArray[np.float64]:
        row, column = np.floor(y).astype(int), np.floor(x).astype(int)
        below, right = np.minimum(row + 1, height), np.minimum(column + 1, width)
        down, along = y - row, x - column
        upper = sums[:, row, column] * (1 - along) + sums[:, row, right] * along
        lower = sums[:, below, column] * (1 - along) + sums[:, below, right] * along
        return np.asarray(upper * (1 - down) + lower * down)

    return at(y1, x1) - at(y0, x1) - at(y1, x0) + at(y0, x0)


def _areas(boxes: Boxes) -> NDArray[np.float32]:
    return np.asarray((boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1]))


def _apart(boxes: Boxes, strengths: NDArray[Any]) -> NDArray[np.bool_]:
    """Which of some boxes stay when of two that overlap the weaker one goes."""
    # Imported here: it takes a second.
    from supervision.detection.utils.iou_and_nms import OverlapMetric, box_non_max_suppression

    if not len(boxes):
        return np.zeros(0, bool)
    stays: NDArray[np.bool_] = box_non_max_suppression(
        np.column_stack([boxes, strengths]),
        iou_threshold=OVERLAP,
        overlap_metric=OverlapMetric.IOS,
    )
    return stays
