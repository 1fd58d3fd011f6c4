"""The Compare tab: two models on the same data set."""

from __future__ import annotations

from typing import Annotated

from fgclip.explore.api.schemas.fields import (
    Answer,
    Cosine,
    Edges,
    ListOf,
    Question,
    Text,
    Whole,
    WorkspaceCounts,
)
from fgclip.explore.api.schemas.negatives import KnownNegative
from fgclip.types import ItemKind, Route
from fgclip.workspace import Sign

MOST_OWNERS = 60  # whose captions are told at once


class FooledQuestion(Question):
    """Regions of one figure of the table."""

    attribute: Text
    route: Route
    sign: Sign


class RegionQuestion(Question):
    """A region by its id."""

    owner: Whole


class KindQuestion(Question):
    """Both maps of a kind."""

    kind: ItemKind


class OwnerQuestion(KindQuestion):
    """A point of both maps."""

    owner: Whole


class OwnersQuestion(KindQuestion):
    """Points of both maps."""

    owners: Annotated[list[Whole], ListOf("owners", MOST_OWNERS)]


class VectorCounts(Answer):
    """How many vectors of each kind there are."""

    image: int
    region: int
    text: int


class ComparedModel(Answer):
    """How far a model has been through the workspace.

    Attributes:
        name: of the model.
        indexed: vectors that it made.
        asked: regions that it was held against their negatives.
    """

    name: str
    indexed: VectorCounts
    asked: int


class Compared(WorkspaceCounts):
    """How far both models have been.

    Attributes:
        models: the first and the second.
        maps: kinds of which both have a map.
        hard: regions with hard negatives.
    """

    models: tuple[ComparedModel, ComparedModel]
    maps: list[ItemKind]
    hard: int


class FooledCell(Answer):
    """How many regions fool which model, by attribute and route.

    Attributes:
        attribute: that the negatives get wrong.
        route: by which the texts were read.
        first: regions that fool the first model alone.
        second: those that fool the second alone.
        both: those that fool both.
        neither: those that fool none.
        regions: in all.
        chance: of so large a difference where both err equally often.
    """

    attribute: str
    route: Route
    first: int
    second: int
    both: int
    neither: int
    regions: int
    chance: float


class FooledTable(Answer):
    """What is asked most comes first."""

    cells: list[FooledCell]


class ComparedRegion(Answer):
    """A region with a figure of each model: a margin, or a rank."""

    owner: int
    caption: str
    first: Cosine
    second: Cosine


class ComparedRegions(Answer):
    """Those that differ most come first."""

    items: list[ComparedRegion]


class Recall(Answer):
    """Ranks of many regions as three figures."""

    recall_1: float
    recall_5: float
    median: float


class ComparedRanks(Answer):
    """Where each region's own phrase stands among all.

    Attributes:
        regions: that are ranked.
        phrases: among which each is.
        agree: share of the regions for which both put the same phrase first.
        first: the first model's ranks.
        second: the second's.
        better: regions that gain by the second model.
        worse: that lose.
        risen: those that gain most.
        fallen: those that lose most.
    """

    regions: int
    phrases: int
    agree: float
    first: Recall
    second: Recall
    better: int
    worse: int
    risen: list[ComparedRegion]
    fallen: list[ComparedRegion]


class RivalPhrases(Answer):
    """Phrases that either model puts near a region, its own left out."""

    texts: list[str]


class AlignedPoints(Answer):
    """Both maps, the second laid over the first; numbers as float16 in base64.

    Attributes:
        kind: of what the points stand for.
        owners: of the points.
        first: places on the first map.
        second: and on the second.
        drift: distance between the two, in radii of the map.
        overlap: share of the neighbours that both agree on.
        neighbours: how many are compared of each point.
    """

    kind: ItemKind
    owners: list[int]
    first: str
    second: str
    drift: str
    overlap: str
    neighbours: int


class Neighbour(Answer):
    """A point near another, with the cosine of the two."""

    owner: int
    caption: str
    score: Cosine


class Neighbours(Answer):
    """Of a point by either model, nearest first."""

    first: list[Neighbour]
    second: list[Neighbour]


class Captions(Answer):
    """In the order of the owners; empty for what is not called anything."""

    captions: list[str]


class NamedPicture(Answer):
    """A picture of the workspace."""

    id: int
    name: str
    source: str


class PointLocation(Answer):
    """Where a point is seen, and what it is called.

    Attributes:
        owner: of the point.
        kind: of what it stands for.
        caption: what that is called.
        picture: null for phrases.
        box: of a region in its picture.
        negatives: of a region.
    """

    owner: int
    kind: ItemKind
    caption: str
    picture: NamedPicture | None
    box: Edges | None
    negatives: list[KnownNegative]
