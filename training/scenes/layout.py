"""Where things go: room for an object, and boxes of nothing but background."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from fgclip.data.records import Corners

OVERLAP = 0.12  # share of the smaller box that another object may cover
TRIES = 16


def free_corner(
    cut: tuple[int, int],
    size: int,
    pixel_boxes: Sequence[tuple[int, int, int, int]],
    rng: Random,
) -> tuple[int, int] | None:
    """Return the pixel where an object of this size overlaps no other much; None: not found."""
    width, height = cut
    for _ in range(TRIES):
        x, y = rng.randint(0, size - width), rng.randint(0, size - height)
        if all(_overlap((x, y, x + width, y + height), box) <= OVERLAP for box in pixel_boxes):
            return x, y
    return None


def empty_box(boxes: Sequence[Corners], rng: Random) -> Corners | None:
    """Return a box of at least a fifth of the side that touches no object; None when not found."""
    for _ in range(TRIES):
        width, height = rng.uniform(0.2, 0.5), rng.uniform(0.2, 0.5)
        x, y = rng.uniform(0, 1 - width), rng.uniform(0, 1 - height)
        if all(x + width < a or x > c or y + height < b or y > d for a, b, c, d in boxes):
            return x, y, x + width, y + height
    return None


def _overlap(first: tuple[int, int, int, int], second: tuple[int, int, int, int]) -> float:
    """Return the shared area of two pixel boxes as a share of the smaller."""
    across = min(first[2], second[2]) - max(first[0], second[0])
    down = min(first[3], second[3]) - max(first[1], second[1])
    if across <= 0 or down <= 0:
        return 0.0
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (first, second)]
    return across * down / min(areas)
