"""Phrases → boxes, without a trained detector: a region fits, and its surroundings do not.

A part of a thing fits its phrase as well as the whole thing does, so the cosine alone does not find
its edges. The contrast does: the cosine of the region minus the mean cosine of the patches around
it is largest where all of the thing is inside and nothing of it outside.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fgclip.boxes import Boxes
from fgclip.probe.prompts import Embeddings, Field
from fgclip.probe.proposals import proposals, windows

AROUND = 0.4  # of a box's size on either side: what counts as its surroundings
OVERLAP = 0.5  # of the smaller of two boxes of a phrase; then the weaker one is dropped
MOST = 100  # boxes of a picture
SHARE = 0.95  # of pictures without the thing that stay without a box


@dataclass(frozen=True)
class Detection:
    """A box for a phrase.

    Attributes:
        phrase: its number.
        box: x0, y0, x1, y1 as fractions of the picture.
        score: cosine of the region with the phrase.
        contrast: the score minus the mean cosine of the patches around the box; ranks boxes.
        baseline: score that it had to reach.
        percentile: share of other pictures whose best score with the phrase is lower.
    """

    phrase: int
    box: tuple[float, float, float, float]
    score: float
    contrast: float
    baseline: float
    percentile: float


class Baseline:
    """What phrases score on pictures that mostly lack them: how high is high, for each phrase."""

    def __init__(self, vectors: Sequence[Embeddings]) -> None:
        """Keep the region vectors of each picture, (N, D) each."""
        if not vectors:
            raise ValueError("A baseline needs one picture at least.")
        self._vectors = [each.astype(np.float16) for each in vectors]

    @classmethod
    def of(cls, fields: Iterable[Field]) -> Baseline:
        """From pictures: the windows of each."""
        return cls([field.regions(windows()) for field in fields])

    def best(self, texts: Embeddings) -> NDArray[np.float32]:
        """The best cosine of each text on each picture: (P, D) → (P, R)."""
        columns = [(texts @ each.T.astype(np.float32)).max(axis=1) for each in self._vectors]
        return np.stack(columns, axis=1)


def detect(
    field: Field,
    texts: Embeddings,
    elsewhere: NDArray[np.float32],
    *,
    share: float = SHARE,
    boxes: Boxes | None = None,
) -> list[Detection]:
    """Boxes of a picture that fit phrases, those with the most contrast first.

    Args:
        field: the picture's patches.
        texts: (P, D) unit vectors of the phrases.
        elsewhere: (P, R) their best cosines on other pictures, from `Baseline.best`.
        share: of the other pictures that shall stay without a box for a phrase, 0 to 1.
        boxes: (N, 4) to choose from; `proposals` by default.
    """
    candidates = proposals(field) if boxes is None else boxes
    scores = texts @ field.regions(candidates).T
    contrasts = scores - surroundings(field.similarity(texts), candidates)
    least = np.quantile(elsewhere, share, axis=1)
    found: list[Detection] = []
    for phrase in range(len(texts)):
        kept = np.flatnonzero(scores[phrase] >= least[phrase])
        for row in kept[_apart(candidates[kept], contrasts[phrase, kept])].tolist():
            score = float(scores[phrase, row])
            found.append(
                Detection(
                    phrase=phrase,
                    box=tuple(candidates[row].tolist()),
                    score=score,
                    contrast=float(contrasts[phrase, row]),
                    baseline=float(least[phrase]),
                    percentile=float((elsewhere[phrase] < score).mean()),
                )
            )
    return sorted(found, key=lambda each: -each.contrast)[:MOST]


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


def _apart(boxes: Boxes, strengths: NDArray[np.float32]) -> NDArray[np.bool_]:
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
