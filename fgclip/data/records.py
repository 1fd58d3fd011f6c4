"""The one record schema: a picture with captions, boxes, phrases and near-miss rewrites."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Corners = tuple[float, float, float, float]


@dataclass(frozen=True)
class Negative:
    """A phrase that is wrong about its region in exactly one respect.

    Attributes:
        text: the wrong phrase.
        attribute: what was changed: "colour", "size", "orientation", "tone", "gender", "kind", ...;
            empty when the source does not say.
    """

    text: str
    attribute: str = ""


@dataclass(frozen=True)
class Region:
    """One box of a picture and what is true, or nearly true, of it.

    Attributes:
        box: x0, y0, x1, y1 as fractions of the picture, in [0, 1].
        phrase: short description of what is inside.
        long_phrase: longer description; empty when there is none.
        negatives: rewrites of `phrase`, in the order of the file.
        category: class name, empty when unknown.
        meta: anything else the source says, as JSON values.
    """

    box: Corners
    phrase: str
    long_phrase: str = ""
    negatives: tuple[Negative, ...] = ()
    category: str = ""
    meta: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Record:
    """One picture of a data set.

    Attributes:
        path: where the picture lies.
        short_caption: about 20 words.
        long_caption: several sentences.
        regions: in the order of the file.
        split: "train", "val", ...; empty when the source does not say.
        size: width and height in pixels, upright, where the source says them.
        meta: anything else the source says, as JSON values.
    """

    path: Path
    short_caption: str = ""
    long_caption: str = ""
    regions: tuple[Region, ...] = ()
    split: str = ""
    size: tuple[int, int] | None = None
    meta: Mapping[str, Any] = field(default_factory=dict)
