"""Boxes that may hold a thing, whatever it is: windows, and segments of the patches."""

from __future__ import annotations

from functools import cache
from heapq import heapify, heappop, heappush

import numpy as np
from numpy.typing import NDArray

from fgclip.boxes import Boxes
from fgclip.probe.prompts import DenseField

SIZES = (0.18, 0.25, 0.35, 0.5, 0.7)  # of a window: root of its share of the picture
RATIOS = (1.0, 1.5, 1 / 1.5)  # width by height, of a square picture
STRIDE = 1 / 3  # of a window's size
STEPS = 1e6  # steps of a fraction as boxes are reported
LARGEST = 0.15  # what a segment of the whole picture loses against one of nothing, in cosine

Corners = tuple[int, int, int, int]


def proposals(field: DenseField) -> Boxes:
    """Windows and segments of a picture: (N, 4) fractions, no two alike.

    They have the decimals with which boxes are reported in files and links, so that what is
    reported is the box itself; and lie within the whole patches that they are made of.
    """
    found = np.concatenate([windows(), segments(field)]).astype(np.float64) * STEPS
    inward = np.concatenate([np.ceil(found[:, :2]), np.floor(found[:, 2:])], axis=1) / STEPS
    return np.unique(inward.astype(np.float32), axis=0)


@cache
def windows() -> Boxes:
    """Windows of every size and ratio, a third of their size apart: (N, 4) fractions."""
    found = []
    for size in SIZES:
        for ratio in RATIOS:
            width, height = size * ratio**0.5, size / ratio**0.5
            for x in np.arange(0, 1 - width + 1e-6, size * STRIDE):
                found += [
                    (x, y, x + width, y + height)
                    for y in np.arange(0, 1 - height + 1e-6, size * STRIDE)
                ]
    return np.clip(np.array(found, np.float32), 0, 1)


def segments(field: DenseField) -> Boxes:
    """Boxes around segments of patches that are alike, of every size: (M, 4) fractions.

    Neighbours whose mean directions are most alike become one, small ones first, until one is left,
    as selective search does with colours (Uijlings et al., IJCV 2013); each that existed on the way
    gives its box.
    """
    grown = _Grown(field.features)
    while grown.step():
        pass
    height, width = field.grid
    corners = np.array(sorted(set(grown.boxes)), np.float32)
    return np.asarray(corners / np.array([width, height, width, height], np.float32), np.float32)


class _Grown:
    """Segments that grow together."""

    def __init__(self, features: NDArray[np.float32]) -> None:
        height, width, _ = features.shape
        self._count = height * width
        directions = features / np.linalg.norm(features, axis=-1, keepdims=True).clip(1e-12)
        self._sums = list(directions.reshape(self._count, -1))
        self._sizes = [1] * self._count
        self.boxes: list[Corners] = [
            (n % width, n // width, n % width + 1, n // width + 1) for n in range(self._count)
        ]
        self._near: list[set[int]] = [set() for _ in range(self._count)]
        for n in range(self._count):
            for other in ([n + 1] if (n + 1) % width else []) + [n + width]:
                if other < self._count:
                    self._near[n].add(other)
                    self._near[other].add(n)
        self._alive = set(range(self._count))
        self._heap = [
            (-self._likeness(one, other), one, other)
            for one in range(self._count)
            for other in self._near[one]
            if one < other
        ]
        heapify(self._heap)

    def step(self) -> bool:
        """Make one of the two most alike neighbours; whether there were two."""
        while self._heap:
            _, one, other = heappop(self._heap)
            if one in self._alive and other in self._alive:
                self._merge(one, other)
                return True
        return False

    def _merge(self, one: int, other: int) -> None:
        both = len(self.boxes)
        first, second = self.boxes[one], self.boxes[other]
        self.boxes.append(
            (
                min(first[0], second[0]), min(first[1], second[1]),
                max(first[2], second[2]), max(first[3], second[3]),
            )
        )  # fmt: skip
        self._sums.append(self._sums[one] + self._sums[other])
        self._sizes.append(self._sizes[one] + self._sizes[other])
        self._alive -= {one, other}
        near = {each for each in self._near[one] | self._near[other] if each in self._alive}
        self._near.append(near)
        for each in near:
            self._near[each].add(both)
            heappush(self._heap, (-self._likeness(each, both), each, both))
        self._alive.add(both)

    def _likeness(self, one: int, other: int) -> float:
        first, second = self._sums[one], self._sums[other]
        length = float(np.linalg.norm(first) * np.linalg.norm(second))
        size = (self._sizes[one] + self._sizes[other]) / self._count
        return float(float(first @ second) / max(length, 1e-12) - LARGEST * size)
