"""Places on a map, as they are asked about."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from fgclip.explore.api.schemas.fields import ListOf
from fgclip.workspace import MOST_CORNERS

GREATEST = 1e15  # of a place; float64 tells wholes apart up to here
LEAST = 2.0**-126  # float32's least normal number: what is closer to zero is zero on a map


def _flushed(value: float) -> float:
    """Differences of what is left have quotients that a float can hold."""
    return value if abs(value) >= LEAST else 0.0


Coordinate = Annotated[float, Field(ge=-GREATEST, le=GREATEST), AfterValidator(_flushed)]
"""Of a place on a map."""

Pair = Annotated[
    list[Coordinate], ListOf("numbers [x, y]", 2, 2), Field(min_length=2, max_length=2)
]
"""A place on a map."""

Outline = Annotated[list[Pair], Field(fail_fast=True), ListOf("points [x, y]", MOST_CORNERS)]
"""Corners of a polygon on a map."""

Frame = Annotated[
    list[Coordinate],
    ListOf("numbers [x0, y0, x1, y1]", 4, 4),
    Field(min_length=4, max_length=4),
]
"""Edges of a part of a map."""
