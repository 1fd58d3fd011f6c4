"""What boxes are worth that nobody found: drawn by hand, or the best of a picture that has none."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fgclip.boxes import Boxes
from fgclip.probe.detect import SHARE, Detection, surroundings
from fgclip.probe.prompts import DenseField
from fgclip.types import DECIMALS, Embeddings


def measured(
    field: DenseField,
    texts: Embeddings,
    elsewhere: NDArray[np.float32],
    boxes: Boxes,
    *,
    share: float = SHARE,
) -> list[Detection]:
    """Boxes as `detect` would describe them, whatever they score.

    Args:
        field: the picture's patches.
        texts: (N, D) unit vectors, one a box.
        elsewhere: (N, R) their best cosines on other pictures.
        boxes: (N, 4) fractions of the picture.
        share: of the other pictures that shall stay without a box.
    """
    if not len(boxes):
        return []
    scores = (texts * field.regions(boxes)).sum(axis=1)
    around = np.diagonal(surroundings(field.similarity(texts), boxes))
    least = np.quantile(elsewhere, share, axis=1)
    return [
        Detection(
            phrase=number,
            box=tuple(box),
            score=float(score),
            contrast=float(score - outside),
            baseline=float(baseline),
            percentile=float((others < score).mean()),
        )
        for number, (box, score, outside, baseline, others) in enumerate(
            zip(boxes.tolist(), scores, around, least, elsewhere, strict=True)
        )
    ]


def strongest(
    field: DenseField, texts: Embeddings, boxes: Boxes
) -> tuple[NDArray[np.float32], NDArray[np.intp]]:
    """The best cosine of each text among boxes of a picture, and the row of the box that has it.

    Args:
        field: the picture's patches.
        texts: (P, D) unit vectors.
        boxes: (N, 4) fractions of the picture, N > 0.
    """
    cosines: NDArray[np.float32] = texts @ field.regions(boxes).T
    return cosines.max(axis=1), cosines.argmax(axis=1)


def facts(found: Detection) -> dict[str, float]:
    """The numbers of a box as they are reported, to six decimals."""
    numbers = {
        "score": found.score, "contrast": found.contrast, "baseline": found.baseline,
        "percentile": found.percentile,
    }  # fmt: skip
    if found.objectness is not None:
        numbers["objectness"] = found.objectness
    return {name: round(number, DECIMALS) for name, number in numbers.items()}
