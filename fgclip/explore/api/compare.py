"""Answers to the Compare tab about the data set: who is fooled where, ranks, two maps as one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from fgclip.analysis import map_alignment, ranks
from fgclip.analysis.comparison import indexed_by, latest_map, maps_of, rival_phrases
from fgclip.analysis.hard_negatives import RUN, fooled_by_either, metric, shared_routes
from fgclip.analysis.map_alignment import Aligned
from fgclip.analysis.ranks import Rankings, RankSummary
from fgclip.explore.api.errors import RequestError
from fgclip.explore.api.schemas.compare import (
    MOST_OWNERS,
    AlignedPoints,
    Captions,
    Compared,
    ComparedModel,
    ComparedRanks,
    ComparedRegion,
    ComparedRegions,
    FooledCell,
    FooledQuestion,
    FooledTable,
    KindQuestion,
    NamedPicture,
    Neighbour,
    Neighbours,
    OwnerQuestion,
    OwnersQuestion,
    PointLocation,
    Recall,
    RegionQuestion,
    RivalPhrases,
    VectorCounts,
)
from fgclip.explore.api.schemas.fields import Nothing, half_in_base64
from fgclip.explore.api.schemas.negatives import KnownNegative
from fgclip.probe.failures import attribute_of
from fgclip.types import ITEM_KINDS, Ids, ItemKind
from fgclip.workspace import SIGNS, IndexedModel, Workspace
from fgclip.workspace.matrix import Hits, Matrix

if TYPE_CHECKING:
    from fgclip.encoder import Encoder

SHOWN = MOST_OWNERS  # regions of a list
RIVALS = 6  # phrases that each model puts nearest a region
T = TypeVar("T")


class CompareAnswers:
    """Everything the Compare tab asks of the workspace. Threads may share it."""

    def __init__(self, workspace: Workspace, first: Encoder, second: Encoder) -> None:
        self._workspace = workspace
        self._encoders = (first, second)
        self._routes = shared_routes(first, second)
        self._locks: defaultdict[str, Lock] = defaultdict(Lock)
        self._kept: dict[str, tuple[Hashable, Any]] = {}

    def compared(self, _: Nothing) -> Compared:
        """How far both models have been through the workspace."""
        first, second = map(self._how_far, self._models)
        return Compared(
            models=(first, second),
            maps=[
                kind
                for kind in ITEM_KINDS
                if all(latest_map(self._workspace, model, kind) for model in self._models)
            ],
            hard=self._workspace.regions_with_negatives(),
            **self._workspace.counts,
        )

    def wrong(self, _: Nothing) -> FooledTable:
        """Who is fooled by hard negatives, by attribute and route."""
        found = fooled_by_either(self._workspace, self._models, self._routes)
        cells = [
            {
                "attribute": attribute,
                "route": route,
                **{sign: getattr(each, sign) for sign in SIGNS},
                "regions": each.rows,
                "chance": ranks.chance(each.first, each.second),
            }
            for attribute, route, each in found
        ]
        return FooledTable(cells=[FooledCell.model_validate(cell) for cell in cells])

    def fooled(self, question: FooledQuestion) -> ComparedRegions:
        """Regions of one figure of that."""
        route = question.route
        if route not in self._routes:
            raise RequestError(f"route {route!r} is not one of {', '.join(self._routes)}")
        rows = self._workspace.results.pairs(RUN, *self._models,
            metric=metric(question.attribute, route), sign=question.sign, limit=SHOWN,
        )  # fmt: skip
        return ComparedRegions(
            items=self._regions(np.array([row[0] for row in rows], np.int64), rows)
        )

    def ranks(self, _: Nothing) -> ComparedRanks:
        """Where each region's own phrase stands among all, and what moved most."""
        found = self._rankings()
        moved = ranks.moved(found)
        return ComparedRanks(
            regions=len(found.regions),
            phrases=found.phrases,
            agree=float(found.agree.mean()),
            first=Recall.model_validate(RankSummary.of(found.first)),
            second=Recall.model_validate(RankSummary.of(found.second)),
            better=len(moved.risen),
            worse=len(moved.fallen),
            risen=self._moved(found, moved.risen[:SHOWN]),
            fallen=self._moved(found, moved.fallen[:SHOWN]),
        )

    def rivals(self, question: RegionQuestion) -> RivalPhrases:
        """Phrases that either model puts near a region, its own left out."""
        owner = question.owner
        return RivalPhrases(texts=rival_phrases(self._workspace, self._models, owner, most=RIVALS))

    def aligned(self, question: KindQuestion) -> AlignedPoints:
        """Both maps of a kind, the second laid over the first."""
        found, _ = self._laid(question.kind)
        return AlignedPoints(
            kind=question.kind,
            owners=found.owners.tolist(),
            first=half_in_base64(found.first),
            second=half_in_base64(found.second),
            drift=half_in_base64(found.drift),
            overlap=half_in_base64(found.overlap),
            neighbours=found.neighbours,
        )

    def near(self, question: OwnerQuestion) -> Neighbours:
        """A point's nearest neighbours by either model, on these maps."""
        kind, owner = question.kind, question.owner
        laid, matrices = self._laid(kind)
        if owner not in laid.owners:
            raise RequestError(f"{kind} {owner} is not on both maps.")
        found = [map_alignment.neighbours_of(matrix, laid, owner) for matrix in matrices]
        captions = self._workspace.captions(kind, np.union1d(*(hits.owners for hits in found)))
        first, second = (_neighbours(hits, captions) for hits in found)
        return Neighbours(first=first, second=second)

    def captions(self, question: OwnersQuestion) -> Captions:
        """What points of these maps are called."""
        owners = np.array(question.owners, np.int64)
        captions = self._workspace.captions(question.kind, owners)
        return Captions(captions=[captions.get(owner, "") for owner in question.owners])

    def location(self, question: OwnerQuestion) -> PointLocation:
        """Where a point of these maps is seen, and what it is called."""
        kind, owner = question.kind, question.owner
        one = np.array([owner])
        caption = self._workspace.captions(kind, one).get(owner)
        if caption is None:
            raise RequestError(f"There is no {kind} {owner} (any more).")
        image = self._workspace.image_of(kind, owner)
        place = self._workspace.locations(kind, one).get(owner) if kind != "text" else None
        picture = (
            NamedPicture(id=image, name=place.name, source=place.source)
            if place and image is not None
            else None
        )
        return PointLocation(
            owner=owner,
            kind=kind,
            caption=caption,
            picture=picture,
            box=place.box if place else None,
            negatives=self._negatives(owner, place.image) if kind == "region" and place else [],
        )

    @property
    def _models(self) -> tuple[IndexedModel, IndexedModel]:
        first, second = map(self._workspace.model_of, self._encoders)
        return first, second

    def _how_far(self, model: IndexedModel) -> ComparedModel:
        return ComparedModel(
            name=model.name,
            indexed=VectorCounts.model_validate(self._workspace.vector_counts(model)),
            asked=self._workspace.results.samples(RUN, model),
        )

    def _moved(self, found: Rankings, rows: NDArray[np.intp]) -> list[ComparedRegion]:
        told = zip(found.regions[rows], found.first[rows], found.second[rows], strict=True)
        return self._regions(found.regions[rows], [(int(a), int(b), int(c)) for a, b, c in told])

    def _regions(
        self, owners: Ids, rows: Sequence[tuple[int, float, float]]
    ) -> list[ComparedRegion]:
        """Regions with what both models make of them."""
        captions = self._workspace.captions("region", owners)
        return [
            ComparedRegion(owner=owner, caption=captions[owner], first=first, second=second)
            for owner, first, second in rows
            if owner in captions
        ]

    def _negatives(self, owner: int, image: int) -> list[KnownNegative]:
        """Of one region, with what each gets wrong."""
        ids = [each.id for each in self._workspace.regions(image)]
        (record,) = self._workspace.records(np.array([image]))
        region = record.regions[ids.index(owner)]
        return [
            KnownNegative(text=each.text, attribute=attribute_of(region.phrase, each))
            for each in region.negatives
        ]

    def _rankings(self) -> Rankings:
        first, second = (indexed_by(self._workspace, model) for model in self._models)
        matrices = (first.regions, first.texts, second.regions, second.texts)  # may lag behind
        key = (self._workspace.changes("records"), *matrices)
        return self._once("ranks", key, lambda: ranks.rankings(self._workspace, first, second))

    def _laid(self, kind: ItemKind) -> tuple[Aligned, list[Matrix]]:
        """Both maps as one, and the vectors behind each."""
        maps = maps_of(self._workspace, self._models, kind)
        if maps is None:
            raise RequestError(
                f"Both models need a map of {kind}s; compare them on the data set first."
            )
        matrices = [matrix for matrix, _ in maps]
        key = (self._workspace.changes("maps"), *matrices)
        laid = self._once(
            f"aligned {kind}", key, lambda: map_alignment.align(self._workspace, *maps)
        )
        return laid, matrices

    def _once(self, name: str, key: Hashable, make: Callable[[], T]) -> T:
        """What was made of the same things; one is kept by name."""
        with self._locks[name]:
            known = self._kept.get(name)
            if known is None or known[0] != key:
                known = (key, make())
                self._kept[name] = known
            return cast(T, known[1])


def _neighbours(hits: Hits, captions: Mapping[int, str]) -> list[Neighbour]:
    return [
        Neighbour(owner=owner, caption=captions.get(owner, ""), score=score)
        for owner, score in zip(hits.owners.tolist(), hits.scores.tolist(), strict=True)
    ]
