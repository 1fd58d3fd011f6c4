"""Answers to the Compare tab about the data set: who is fooled where, ranks, two maps as one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable
from dataclasses import asdict
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from fgclip.analysis import map_alignment, ranks
from fgclip.analysis.comparison import indexed_by, latest_map, maps_of, rival_phrases
from fgclip.analysis.hard_negatives import RUN, fooled_by_either, metric, shared_routes
from fgclip.analysis.map_alignment import Aligned
from fgclip.analysis.ranks import Rankings, RankSummary
from fgclip.explore.api.requests import Request, RequestError
from fgclip.explore.api.responses import Answer, answered, in_base64
from fgclip.probe.failures import attribute_of
from fgclip.types import DECIMALS, ITEM_KINDS, Ids, ItemKind
from fgclip.workspace import SIGNS, IndexedModel, Workspace
from fgclip.workspace.matrix import Matrix

if TYPE_CHECKING:
    from fgclip.encoder import Encoder

SHOWN = 60  # regions of a list
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

    def compared(self, data: Any) -> Answer:
        """How far both models have been through the workspace: {}."""
        return answered(self._compared, data)

    def wrong(self, data: Any) -> Answer:
        """Who is fooled by hard negatives, by attribute and route: {}."""
        return answered(self._wrong, data)

    def fooled(self, data: Any) -> Answer:
        """Regions of one figure of that: {"attribute", "route", "sign"}."""
        return answered(self._fooled, data)

    def ranks(self, data: Any) -> Answer:
        """Where each region's own phrase stands among all, and what moved most: {}."""
        return answered(self._ranks, data)

    def rivals(self, data: Any) -> Answer:
        """Phrases that either model puts near a region, its own left out: {"owner"}."""
        return answered(self._rivals, data)

    def aligned(self, data: Any) -> Answer:
        """Both maps of a kind, the second laid over the first: {"kind"}."""
        return answered(self._aligned, data)

    def near(self, data: Any) -> Answer:
        """A point's nearest neighbours by either model, on these maps: {"kind", "owner"}."""
        return answered(self._near, data)

    def said(self, data: Any) -> Answer:
        """What is said of points of these maps: {"kind", "owners"}."""
        return answered(self._said, data)

    def seat(self, data: Any) -> Answer:
        """Where a point of these maps is seen, and what is said there: {"kind", "owner"}."""
        return answered(self._seat, data)

    @property
    def _models(self) -> tuple[IndexedModel, IndexedModel]:
        first, second = map(self._workspace.model_of, self._encoders)
        return first, second

    def _compared(self, _: Request) -> Answer:
        counts = self._workspace.counts
        return {
            "models": [
                {
                    "name": model.name,
                    "indexed": self._workspace.vector_counts(model),
                    "asked": self._workspace.results.samples(RUN, model),
                }
                for model in self._models
            ],
            "maps": [
                kind
                for kind in ITEM_KINDS
                if all(latest_map(self._workspace, model, kind) for model in self._models)
            ],
            "hard": self._workspace.regions_with_negatives(),
            **counts,
        }

    def _wrong(self, _: Request) -> Answer:
        found = fooled_by_either(self._workspace, self._models, self._routes)
        return {
            "cells": [
                {
                    "attribute": attribute,
                    "route": route,
                    **{sign: getattr(each, sign) for sign in SIGNS},
                    "regions": each.rows,
                    "chance": ranks.chance(each.first, each.second),
                }
                for attribute, route, each in found
            ]
        }

    def _fooled(self, request: Request) -> Answer:
        sign = request.text("sign")
        if sign not in SIGNS:
            raise RequestError(f"sign {sign!r} is not one of {', '.join(SIGNS)}")
        route = request.text("route")
        if route not in self._routes:
            raise RequestError(f"route {route!r} is not one of {', '.join(self._routes)}")
        rows = self._workspace.results.pairs(RUN, *self._models,
            metric=metric(request.text("attribute"), route),
            sign=sign, limit=SHOWN,
        )  # fmt: skip
        return {"items": self._told(np.array([row[0] for row in rows], np.int64), rows)}

    def _ranks(self, _: Request) -> Answer:
        found = self._rankings()
        moved = ranks.moved(found)
        return {
            "regions": len(found.regions),
            "phrases": found.phrases,
            "agree": float(found.agree.mean()),
            "first": asdict(RankSummary.of(found.first)),
            "second": asdict(RankSummary.of(found.second)),
            "better": len(moved.risen),
            "worse": len(moved.fallen),
            "risen": self._moved(found, moved.risen[:SHOWN]),
            "fallen": self._moved(found, moved.fallen[:SHOWN]),
        }

    def _rivals(self, request: Request) -> Answer:
        owner = request.whole("owner")
        return {"texts": rival_phrases(self._workspace, self._models, owner, most=RIVALS)}

    def _moved(self, found: Rankings, rows: NDArray[np.intp]) -> list[Answer]:
        told = zip(found.regions[rows], found.first[rows], found.second[rows], strict=True)
        return self._told(found.regions[rows], [(int(a), int(b), int(c)) for a, b, c in told])

    def _told(self, owners: Ids, rows: Any) -> list[Answer]:
        """Regions with what both models make of them."""
        captions = self._workspace.captions("region", owners)
        return [
            {
                "owner": owner,
                "said": captions[owner],
                "first": round(first, DECIMALS),
                "second": round(second, DECIMALS),
            }
            for owner, first, second in rows
            if owner in captions
        ]

    def _aligned(self, request: Request) -> Answer:
        kind = _kind(request)
        found, _ = self._laid(kind)
        return {
            "kind": kind,
            "owners": found.owners.tolist(),
            "first": _half(found.first),
            "second": _half(found.second),
            "drift": _half(found.drift),
            "overlap": _half(found.overlap),
            "neighbours": found.neighbours,
        }

    def _near(self, request: Request) -> Answer:
        kind, owner = _kind(request), request.whole("owner")
        laid, matrices = self._laid(kind)
        if owner not in laid.owners:
            raise RequestError(f"{kind} {owner} is not on both maps.")
        found = [map_alignment.neighbours_of(matrix, laid, owner) for matrix in matrices]
        captions = self._workspace.captions(kind, np.union1d(*(hits.owners for hits in found)))
        first, second = (
            [
                {"owner": each, "said": captions.get(each, ""), "score": round(score, DECIMALS)}
                for each, score in zip(hits.owners.tolist(), hits.scores.tolist(), strict=True)
            ]
            for hits in found
        )
        return {"first": first, "second": second}

    def _said(self, request: Request) -> Answer:
        owners = request.wholes("owners", SHOWN)
        captions = self._workspace.captions(_kind(request), np.array(owners, np.int64))
        return {"said": [captions.get(owner, "") for owner in owners]}

    def _seat(self, request: Request) -> Answer:
        kind, owner = _kind(request), request.whole("owner")
        one = np.array([owner])
        caption = self._workspace.captions(kind, one).get(owner)
        if caption is None:
            raise RequestError(f"There is no {kind} {owner} (any more).")
        image = self._workspace.image_of(kind, owner)
        place = self._workspace.locations(kind, one).get(owner) if kind != "text" else None
        return {
            "owner": owner,
            "kind": kind,
            "said": caption,
            "picture": {"id": image, "name": place.name, "source": place.source} if place else None,
            "box": list(place.box) if place and place.box else None,
            "negatives": self._negatives(owner, place.image) if kind == "region" and place else [],
        }

    def _negatives(self, owner: int, image: int) -> list[Answer]:
        """Of one region, with what each gets wrong."""
        ids = [each.id for each in self._workspace.regions(image)]
        (record,) = self._workspace.records(np.array([image]))
        region = record.regions[ids.index(owner)]
        return [
            {"text": each.text, "attribute": attribute_of(region.phrase, each)}
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


def _kind(request: Request) -> ItemKind:
    kind = request.text("kind")
    if kind not in ITEM_KINDS:
        raise RequestError(f"kind {kind!r} is not one of {', '.join(ITEM_KINDS)}")
    return cast(ItemKind, kind)


def _half(values: NDArray[np.float32]) -> str:
    """As little-endian float16."""
    return in_base64(values.astype("<f2").tobytes())
