"""What a page needs to score boxes without asking again.

With F (HW, D) the raw patch features of a picture, t a unit text vector and w (HW,) the RoIAlign
weights of a box, the region's cosine with the text is (w·F·t) / |w·F| = (w·S) / √(wᵀ G w), where
S = F·t and G = F·Fᵀ. Both are sent as float16; where there are more than 2·D patches, F is smaller
than half of G, and is sent in its place. A common factor on F cancels; it is chosen so that
the mean squared length of a patch is 1, which keeps float16 away from its ends.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fgclip.probe.prompts import DenseField
from fgclip.types import Embeddings

Half = NDArray[np.float16]


def features_are_smaller(field: DenseField) -> bool:
    """Whether F takes less than the half of G that `gram_triangle` gives."""
    height, width, dimensions = field.features.shape
    return bool(height * width > 2 * dimensions)


def patch_features(field: DenseField) -> Half:
    """F, row by row of patches: (HW · D,)."""
    flat: Half = _features(field).astype(np.float16).ravel()
    return flat


def gram_triangle(field: DenseField) -> Half:
    """G, upper triangle with the diagonal, row by row: (HW · (HW + 1) / 2,)."""
    features = _features(field)
    gram = features @ features.T
    triangle: Half = gram[np.triu_indices(len(gram))].astype(np.float16)
    return triangle


def prompt_products(field: DenseField, text_embeddings: Embeddings) -> Half:
    """S of every prompt: (P, D) unit vectors → (P, HW).

    Each prompt has a product of its own: in one for all, last bits would depend on how many are
    asked at a time, and with them, which of two float16 some value becomes.
    """
    features = _features(field)
    return np.stack([(features @ text).astype(np.float16) for text in text_embeddings])


def little_endian(values: NDArray[np.float32] | Half) -> bytes:
    """float16 as the page reads them, whatever this machine's own order."""
    return values.astype("<f2").tobytes()


def _features(field: DenseField) -> NDArray[np.float32]:
    """(HW, D), scaled to a mean squared length of 1."""
    features = field.features.reshape(-1, field.features.shape[-1])
    size = float(np.sqrt((features**2).sum(axis=1).mean()))
    scaled: NDArray[np.float32] = features / max(size, 1e-30)
    return scaled
