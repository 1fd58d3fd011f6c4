"""Which drawings a viewer cannot tell apart, so that no phrase asks for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from PIL import Image

THUMBNAIL = 16  # pixels per side
SAME = 4.0  # grey levels RMS; below it two thumbnails are one drawing
SAME_TURNED = 22.0  # grey levels RMS; below it turning upside down is hard to notice
GROUND = 127  # grey behind transparent pixels


def thumbnail(picture: Image.Image) -> NDArray[np.float32]:
    """Return an RGBA picture, centred in a square on grey, as (16, 16, 3) in grey levels."""
    side = max(picture.size)
    square = Image.new("RGBA", (side, side), (GROUND, GROUND, GROUND, 255))
    corner = ((side - picture.width) // 2, (side - picture.height) // 2)
    square.alpha_composite(picture, corner)
    small = square.convert("RGB").resize((THUMBNAIL, THUMBNAIL), Image.Resampling.BOX)
    return np.asarray(small, np.float32)


def upside_down_looks_same(picture: Image.Image) -> bool:
    """Whether half a turn changes little, mirrored or not."""
    upright = thumbnail(picture)
    turned = upright[::-1, ::-1]
    return min(_rms(upright, turned), _rms(upright, turned[:, ::-1])) < SAME_TURNED


def looks_alike_pairs(
    drawings: Iterable[tuple[str, int, Image.Image]],
) -> dict[str, dict[int, frozenset[int]]]:
    """Find concepts that a style draws the same way.

    Args:
        drawings: style, concept number and RGBA picture of every untoned drawing.

    Returns:
        style → concept → the other concepts with the same drawing; concepts without are absent.
    """
    styles: dict[str, list[tuple[int, NDArray[np.float32]]]] = defaultdict(list)
    for style, concept, picture in drawings:
        styles[style].append((concept, thumbnail(picture).reshape(-1)))
    return {style: _groups(entries) for style, entries in styles.items()}


def _groups(entries: list[tuple[int, NDArray[np.float32]]]) -> dict[int, frozenset[int]]:
    numbers = np.array([number for number, _ in entries])
    matrix = np.stack([pixels for _, pixels in entries]).astype(np.float64)
    squares = (matrix**2).sum(1)
    distance = squares[:, None] + squares[None] - 2 * matrix @ matrix.T
    same = distance / matrix.shape[1] < SAME**2
    np.fill_diagonal(same, val=False)
    return {
        int(numbers[row]): frozenset(int(other) for other in numbers[same[row]])
        for row in np.flatnonzero(same.any(1))
    }


def _rms(first: NDArray[np.float32], second: NDArray[np.float32]) -> float:
    return float(np.sqrt(((first - second) ** 2).mean()))
