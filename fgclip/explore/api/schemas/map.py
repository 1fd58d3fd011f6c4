"""The Map tab: everything that was indexed, laid out so that what is alike lies together."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from fgclip.explore.api.schemas.data import MapRun
from fgclip.explore.api.schemas.fields import (
    Answer,
    Box,
    Cosine,
    Edges,
    Place,
    Text,
    Whole,
    WorkspaceCounts,
    fault,
)
from fgclip.explore.api.schemas.map_views import MapCluster, MapQuestion, ShownQuestion
from fgclip.explore.api.schemas.places import Outline
from fgclip.types import ItemKind, RouteChoice

USUAL_LIMIT = 200

Limit = Annotated[Whole, Field(ge=1)]
"""How many are told at most; of a greater one, as many as are ever told."""


class TableQuestion(ShownQuestion):
    """What lies inside a polygon."""

    corners: Outline


class LassoQuestion(TableQuestion):
    """The same, a part of it."""

    limit: Limit = USUAL_LIMIT


class FindQuestion(ShownQuestion):
    """What is closest to one of these, of what is shown.

    Attributes:
        text: prompts with + and − between them.
        route: by which they are read.
        region: id of one.
        image: id of a picture.
        phrase: id of one.
        upload: where a picture lies that this page sent.
        token: of an open picture.
        box: on either; all of it by default.
        corners: of a polygon that narrows down what is shown.
        limit: how many.
    """

    text: Text | None = None
    route: RouteChoice | None = None
    region: Whole | None = None
    image: Whole | None = None
    phrase: Whole | None = None
    upload: Text | None = None
    token: Text | None = None
    box: Box | None = None
    corners: Outline | None = None
    limit: Limit = USUAL_LIMIT

    @model_validator(mode="after")
    def _one(self) -> Self:
        pictures = (self.upload, self.token)
        given = (self.text, *self.owners.values(), *pictures)
        if sum(each is not None for each in given) != 1:
            raise fault(
                "looks for one thing: give one of text, region, image, phrase, upload, token"
            )
        if self.box is not None and pictures == (None, None):
            raise fault("has a box without its picture: give upload or token beside it")
        return self

    @property
    def owners(self) -> dict[ItemKind, int | None]:
        """What has a vector in the workspace, by kind: one of them at most is given."""
        return {"region": self.region, "image": self.image, "text": self.phrase}


class PointQuestion(MapQuestion):
    """A point of a map by the id of what it stands for."""

    owner: Whole


class ListedMap(MapRun):
    """A map with the name of its model."""

    model: str


class Maps(WorkspaceCounts):
    """Those of the loaded model, the latest first; how many there are of others."""

    maps: list[ListedMap]
    others: int


class OpenedMap(MapRun):
    """What a map is made of.

    Attributes:
        colours: fields that tell its points apart, what is asked for most first.
        columns: SQL types of all fields, by name.
        meanings: of those fields whose names do not say it all.
        clusters: the largest first.
    """

    colours: list[str]
    columns: dict[str, str]
    meanings: dict[str, str]
    clusters: list[MapCluster]


class CaptionedPoint(Answer):
    """A point, and what it is called."""

    owner: int
    caption: str


class NearPoint(CaptionedPoint):
    """The same, with its cosine, and its place if it is on the map."""

    score: Cosine
    place: Place | None


class FoundPoint(NearPoint):
    """The same, with the number of its value in the legend."""

    code: int


class FoundPoints(Answer):
    """The best of a search, best first.

    Attributes:
        items: the points.
        searched: how many there were to choose from.
        place: where what was asked for belongs.
        route: by which words were read; null of anything else.
    """

    items: list[FoundPoint]
    searched: int
    place: Place | None
    route: RouteChoice | None


class CircledPoints(Answer):
    """A fair sample of what was circled, and how many there are."""

    items: list[CaptionedPoint]
    selected: int


class PointTable(Answer):
    """What was circled as CSV: so many rows of all."""

    csv: str
    rows: int
    selected: int


class PictureFacts(Answer):
    """What is known of a picture of the workspace."""

    id: int
    path: str
    name: str
    sha256: str
    bytes: int
    width: int
    height: int
    split: str
    source: str
    short_caption: str
    long_caption: str
    meta: str


class MarkedRegion(Answer):
    """A region of a picture."""

    id: int
    box: Edges
    phrase: str
    category: str


class PointFacts(CaptionedPoint):
    """All about a point: its picture with the regions on it, and what is nearest."""

    kind: ItemKind
    place: Place | None
    picture: PictureFacts
    regions: list[MarkedRegion]
    neighbours: list[NearPoint]
