"""Boxes: x0 y0 x1 y1 as fractions of the picture. Other formats are converted at the border."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Boxes = NDArray[np.float32]
"""(N, 4) corners x0 y0 x1 y1, fractions in [0, 1], y downwards."""

TOLERANCE = 1e-3  # of the picture; rounding in annotation files stays below it


class BoxError(ValueError):
    """A box that encloses nothing, with its number and its values."""


def check_boxes(boxes: ArrayLike) -> Boxes:
    """Validate boxes and clip rounding errors at the picture's edges.

    Args:
        boxes: (N, 4) or one (4,); fractions of the picture.

    Returns:
        (N, 4) float32 within [0, 1].

    Raises:
        BoxError: A box is not finite, inverted, without area, or outside the picture.
    """
    try:
        corners = np.asarray(boxes, dtype=np.float32)
    except (TypeError, ValueError, OverflowError) as error:
        raise BoxError(f"boxes must be rows of four numbers x0 y0 x1 y1: {error}") from error
    if corners.size == 0:
        return np.zeros((0, 4), np.float32)
    corners = np.atleast_2d(corners)
    if corners.ndim != 2 or corners.shape[1] != 4:
        raise BoxError(f"boxes have shape {corners.shape}; give rows of x0 y0 x1 y1")
    for number, box in enumerate(corners, start=1):
        fault = _fault(box)
        if fault:
            values = ", ".join(f"{value:g}" for value in box)
            raise BoxError(f"box {number} ({values}) {fault}")
    return corners.clip(0, 1).astype(np.float32)


def from_pixels(pixel_boxes: ArrayLike, width: int, height: int) -> Boxes:
    """Corners in pixels → fractions. Not validated: (N, 4) → (N, 4)."""
    size = np.array([width, height] * 2, np.float32)
    return np.asarray(np.asarray(pixel_boxes, np.float32) / size, np.float32)


def to_pixels(boxes: ArrayLike, width: int, height: int) -> NDArray[np.float32]:
    """Fractions → corners in pixels: (N, 4) → (N, 4)."""
    size = np.array([width, height] * 2, np.float32)
    return np.asarray(np.asarray(boxes, np.float32) * size, np.float32)


def intersection_over_union(first: ArrayLike, second: ArrayLike) -> NDArray[np.float32]:
    """Overlap of every box with every other: (N, 4), (M, 4) → (N, M) in [0, 1]."""
    one = np.asarray(first, np.float32).reshape(-1, 1, 4)
    other = np.asarray(second, np.float32).reshape(1, -1, 4)
    sides = np.minimum(one[..., 2:], other[..., 2:]) - np.maximum(one[..., :2], other[..., :2])
    sides = np.clip(sides, 0, None)
    shared = sides[..., 0] * sides[..., 1]
    union = _area(one) + _area(other) - shared
    overlap: NDArray[np.float32] = np.zeros_like(shared)
    np.divide(shared, union, out=overlap, where=union > 0)
    return overlap


def _area(boxes: NDArray[np.float32]) -> NDArray[np.float32]:
    sides = np.clip(boxes[..., 2:] - boxes[..., :2], 0, None)
    area: NDArray[np.float32] = np.multiply(sides[..., 0], sides[..., 1])
    return area


def _fault(box: NDArray[np.float32]) -> str | None:
    if not np.isfinite(box).all():
        return "holds NaN or infinite values"
    if box.min() < -TOLERANCE or box.max() > 1 + TOLERANCE:
        return "leaves the picture; corners are fractions from 0 to 1"
    x0, y0, x1, y1 = np.clip(box, 0, 1)
    if x1 < x0 or y1 < y0:
        return "is inverted; give the upper left corner first"
    if x1 == x0 or y1 == y0:
        return "has no area; drag a larger one"
    return None
