"""The Map tab's view: which points of a map are seen, and in which colours."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from fgclip.explore.api.schemas.fields import (
    Answer,
    Condition,
    Edges,
    ListOf,
    Question,
    Text,
    Whole,
)
from fgclip.explore.api.schemas.places import Frame
from fgclip.workspace import CLUSTER

MOST_VALUES = 100  # of a legend at once; it has far fewer


class MapQuestion(Question):
    """A map."""

    map: Whole


class ShownQuestion(MapQuestion):
    """Which points of a map, in which colours.

    Attributes:
        colour: a field of the points, or the clusters.
        only: values of the legend that are shown; none for all.
        filter: a condition in SQL; none for all.
    """

    colour: Text = CLUSTER
    only: Annotated[list[Text], ListOf("texts", MOST_VALUES)] = Field(default_factory=list)
    filter: Condition | None = None


class ViewQuestion(ShownQuestion):
    """What lies in a frame; in the map's own by default."""

    frame: Frame | None = None


class MapCluster(Answer):
    """A dense place on a map; it is shown by a representative's picture."""

    number: int
    label: str
    x: float
    y: float
    size: int
    representative: int


class DensityCells(Answer):
    """How many points lie where.

    Attributes:
        cells: bytes in base64, rows upwards, on a logarithmic scale.
        width: cells.
        height: cells.
        frame: of the whole grid; a little larger than what is seen.
        most: points of the fullest.
    """

    cells: str
    width: int
    height: int
    frame: Edges
    most: int


class LegendEntry(Answer):
    """A value with a colour of its own, and how many points a filter leaves of it."""

    value: str
    count: int


class Viewed(Answer):
    """What lies in a frame: points, arrays in base64, and what their colours mean.

    Attributes:
        owners: uint32.
        x: float32.
        y: float32.
        placed: a byte each, not 0 where a point lies among its neighbours, approximately.
        codes: a byte each: number of its value in the legend.
        inside: points that lie in the frame, drawn or not.
        density: of all points, shown or not; null where all are drawn.
        total: points of the map.
        left: those that legend and filter leave.
        legend: values by their code.
        others: points without a colour of their own.
        ordered: whether the values are numbers.
        several: whether a point may have several.
        clusters: as far as they are seen; null where all of them are.
    """

    owners: str
    x: str
    y: str
    placed: str
    codes: str
    inside: int
    density: DensityCells | None
    total: int
    left: int
    legend: list[LegendEntry]
    others: int
    ordered: bool
    several: bool
    clusters: list[MapCluster] | None
