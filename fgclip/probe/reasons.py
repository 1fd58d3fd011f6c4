"""What boxes are worth that nobody found: drawn by hand, or the best of a picture that has none."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fgclip.boxes import Boxes
from fgclip.probe.detect import SHARE, Detection, surroundings
from fgclip.probe.prompts import Embeddings, Field
from fgclip.probe.proposals import proposals


def measured(
    field: Field,
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


def strongest(field: Field, texts: Embeddings) -> NDArray[np.float32]:
    """The best cosine of each text in a picture: (P, D) → (P,)."""
    best: NDArray[np.float32] = (texts @ field.regions(proposals(field)).T).max(axis=1)
    return best
