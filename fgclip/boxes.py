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
    corners = _rows(boxes)
    return _checked(corners, corners, "corners are fractions from 0 to 1")


def check_pixel_boxes(pixel_boxes: ArrayLike, width: int, height: int) -> Boxes:
    """Validate boxes in pixels, clip rounding errors at the picture's edges, and convert them.

    Args:
        pixel_boxes: (N, 4) or one (4,); corners in pixels.
        width: of the picture, pixels.
        height: of the picture, pixels.

    Returns:
        (N, 4) float32 within [0, 1].

    Raises:
        BoxError: As of `check_boxes`, told in pixels.
    """
    pixels = _rows(pixel_boxes)
    remedy = f"it has {width} × {height} pixels"
    return _checked(from_pixels(pixels, width, height), pixels, remedy)


def from_pixels(pixel_boxes: ArrayLike, width: int, height: int) -> Boxes:
    """Corners in pixels → fractions. Not validated: (N, 4) → (N, 4)."""
    size = np.array([width, height] * 2, np.float32)
    return np.asarray(np.asarray(pixel_boxes, np.float32) / size, np.float32)


def to_pixels(boxes: ArrayLike, width: int, height: int) -> NDArray[np.float32]:
    """Fractions → corners in pixels: (N, 4) → (N, 4)."""
    size = np.array([width, height] * 2, np.float32)
    return np.asarray(np.asarray(boxes, np.float32) * size, np.float32)


def _rows(values: ArrayLike) -> NDArray[np.float32]:
    try:
        rows = np.asarray(values, dtype=np.float32)
    except (TypeError, ValueError, OverflowError) as error:
        raise BoxError(f"boxes must be rows of four numbers x0 y0 x1 y1: {error}") from error
    if rows.size == 0:
        return np.zeros((0, 4), np.float32)
    rows = np.atleast_2d(rows)
    if rows.ndim != 2 or rows.shape[1] != 4:
        raise BoxError(f"boxes have shape {rows.shape}; give rows of x0 y0 x1 y1")
    return rows


def _checked(corners: Boxes, given: NDArray[np.float32], inside: str) -> Boxes:
    """Clip fractions; a fault is told with the values that were given and what lies inside."""
    for number, (box, values) in enumerate(zip(corners, given, strict=True), start=1):
        fault = _fault(box, inside)
        if fault:
            shown = ", ".join(f"{value:g}" for value in values)
            raise BoxError(f"box {number} ({shown}) {fault}")
    return corners.clip(0, 1).astype(np.float32)


def _fault(box: NDArray[np.float32], inside: str) -> str | None:
    if not np.isfinite(box).all():
        return "holds NaN or infinite values"
    if box.min() < -TOLERANCE or box.max() > 1 + TOLERANCE:
        return f"leaves the picture; {inside}"
    x0, y0, x1, y1 = np.clip(box, 0, 1)
    if x1 < x0 or y1 < y0:
        return "is inverted; give the upper left corner first"
    if x1 == x0 or y1 == y0:
        return "has no area; give or draw a larger one"
    return None
