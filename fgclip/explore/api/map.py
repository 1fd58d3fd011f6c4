"""Answers to the Map tab: what is in view, what is found, what a lasso holds, what a point is."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from fgclip.explore.api.map_views import MapViews
from fgclip.explore.api.schemas.fields import Nothing, Place
from fgclip.explore.api.schemas.map import (
    CaptionedPoint,
    CircledPoints,
    FindQuestion,
    FoundPoint,
    FoundPoints,
    LassoQuestion,
    ListedMap,
    Maps,
    NearPoint,
    OpenedMap,
    PointFacts,
    PointQuestion,
    PointTable,
    TableQuestion,
)
from fgclip.explore.api.schemas.map_views import MapQuestion, Viewed, ViewQuestion
from fgclip.explore.pictures import Pictures
from fgclip.types import Embeddings, Ids, RouteChoice
from fgclip.workspace import MEANINGS, IndexedModel, MapRun, Workspace, WorkspaceError
from fgclip.workspace.matrix import Hits
from fgclip.workspace.placing import placed_among
from fgclip.workspace.search import text_query

if TYPE_CHECKING:
    from fgclip.encoder import Encoder

MOST_FOUND = 500
NEIGHBOURS = 40
EXPORTED = 100_000  # rows of a selection's table
BOX = ("x0", "y0", "x1", "y1")  # of a region, fractions of the picture; empty for others


class MapAnswers:
    """Everything the Map tab asks. Threads may share it."""

    def __init__(self, workspace: Workspace, encoder: Encoder, pictures: Pictures) -> None:
        self._workspace = workspace
        self._encoder = encoder
        self._pictures = pictures
        self._views = MapViews(workspace)

    def maps(self, _: Nothing) -> Maps:
        """The maps that are there."""
        names = {model.id: model.name for model in self._workspace.models}
        runs = list(self._workspace.maps)
        own = [run for run in runs if self._model(run) is not None]
        return Maps(
            maps=[ListedMap(**asdict(run), model=names.get(run.model_id, "?")) for run in own],
            others=len(runs) - len(own),
            **self._workspace.counts,
        )

    def open(self, question: MapQuestion) -> OpenedMap:
        """What a map is made of."""
        run = self._run(question)
        return OpenedMap.model_validate(
            {
                **asdict(run),
                "colours": self._views.colours(run),
                "columns": self._workspace.fields(run.kind),
                "meanings": MEANINGS,
                "clusters": self._workspace.maps.clusters(run),
            }
        )

    def view(self, question: ViewQuestion) -> Viewed:
        """What lies in a frame."""
        return self._views.seen(question)

    def find(self, question: FindQuestion) -> FoundPoints:
        """What is closest, of what is shown."""
        run = self._run(question)
        model = self._known(run)
        query, route = self._query(question, run, model)
        limit = min(question.limit, MOST_FOUND)
        among = self._views.shown(question).owners
        if question.corners is not None:
            among = self._workspace.maps.inside(run, _places(question.corners), among=among)
        hits = self._workspace.search.nearest(model, run.kind, query, limit=limit, among=among)
        codes = self._views.codes(question, hits.owners)
        return FoundPoints(
            items=[
                FoundPoint(**dict(each), code=code)
                for each, code in zip(self._items(run, hits), codes, strict=True)
            ],
            searched=hits.searched,
            place=self._place(run, model, query),
            route=route,
        )

    def lasso(self, question: LassoQuestion) -> CircledPoints:
        """What lies inside a polygon, of what is shown."""
        run = self._run(question)
        limit = min(question.limit, MOST_FOUND)
        among = self._views.shown(question).owners
        corners = _places(question.corners)
        owners, selected = self._workspace.maps.lasso(run, corners, limit, among=among)
        captions = self._workspace.captions(run.kind, owners)
        items = [
            CaptionedPoint(owner=owner, caption=captions.get(owner, ""))
            for owner in owners.tolist()
        ]
        return CircledPoints(items=items, selected=selected)

    def table(self, question: TableQuestion) -> PointTable:
        """The same as CSV."""
        run = self._run(question)
        among = self._views.shown(question).owners
        inside = self._workspace.maps.inside(run, _places(question.corners), among=among)
        owners = inside[:EXPORTED]
        stream = io.StringIO()
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow((run.kind, "caption", "picture", *BOX, "map_x", "map_y", "cluster"))
        writer.writerows(self._table_rows(run, owners))
        return PointTable(csv=stream.getvalue(), rows=len(owners), selected=len(inside))

    def about(self, question: PointQuestion) -> PointFacts:
        """What a point is."""
        run, owner = self._run(question), question.owner
        image_id = self._workspace.image_of(run.kind, owner)
        facts = self._workspace.image_fields(image_id) if image_id else None
        if facts is None or image_id is None:
            raise WorkspaceError(f"There is no {run.kind} {owner} (any more).")
        one = np.array([owner])
        _, place = self._workspace.maps.places(run, one)
        model = self._known(run)
        vector = self._workspace.vector(model, run.kind, owner)
        near = self._workspace.search.nearest(model, run.kind, vector, limit=NEIGHBOURS + 1)
        items = [each for each in self._items(run, near) if each.owner != owner]
        return PointFacts.model_validate(
            {
                "owner": owner,
                "kind": run.kind,
                "caption": self._workspace.captions(run.kind, one).get(owner, ""),
                "place": place[0].tolist() if len(place) else None,
                "picture": {**facts, "name": Path(facts["path"]).name},
                "regions": self._workspace.regions(image_id),
                "neighbours": items[:NEIGHBOURS],
            }
        )

    def _query(
        self, question: FindQuestion, run: MapRun, model: IndexedModel
    ) -> tuple[Embeddings, RouteChoice | None]:
        """The vector that is asked for, and the route by which words were read."""
        if question.text is not None:
            usual: RouteChoice = "auto" if run.kind == "image" else self._encoder.card.region_route
            route = question.route or usual
            return text_query(self._encoder, question.text, route), route
        for kind, owner in question.owners.items():
            if owner is not None:
                return self._workspace.vector(model, kind, owner), None
        return self._picture_query(question), None

    def _picture_query(self, question: FindQuestion) -> Embeddings:
        if question.upload is not None:
            picture = self._pictures.open_upload(Path(question.upload))
        else:
            picture = self._pictures[question.token or ""]
        if question.box is None:
            return picture.patches.image_embedding
        return np.asarray(picture.patches.regions([question.box])[0])

    def _place(self, run: MapRun, model: IndexedModel, query: Embeddings) -> Place | None:
        """Where a new vector belongs on the map: among those of its neighbours that are on it."""
        hits = self._workspace.search.nearest(model, run.kind, query, limit=50)
        owners, places = self._workspace.maps.places(run, hits.owners)
        if not len(owners):
            return None
        rows = self._workspace.search.matrix(model, run.kind).rows(owners)
        (place,) = placed_among(query[None], rows, places).tolist()
        return float(place[0]), float(place[1])

    def _items(self, run: MapRun, hits: Hits) -> list[NearPoint]:
        captions = self._workspace.captions(run.kind, hits.owners)
        owners, places = self._workspace.maps.places(run, hits.owners)
        place = dict(zip(owners.tolist(), places.tolist(), strict=True))
        return [
            NearPoint(
                owner=owner, score=score, caption=captions.get(owner, ""), place=place.get(owner)
            )
            for owner, score in zip(hits.owners.tolist(), hits.scores, strict=True)
        ]

    def _table_rows(self, run: MapRun, owners: Ids) -> Iterator[tuple[Any, ...]]:
        captions = self._workspace.captions(run.kind, owners)
        paths = self._workspace.paths(run.kind, owners)
        boxes = self._workspace.locations(run.kind, owners) if run.kind == "region" else {}
        for owner, x, y, label in self._workspace.maps.points(run, owners):
            box = boxes[owner].box if owner in boxes else None
            corners = box or (None,) * len(BOX)
            yield owner, captions.get(owner, ""), paths.get(owner, ""), *corners, x, y, label

    def _run(self, question: MapQuestion) -> MapRun:
        return self._workspace.maps.find(question.map)

    def _model(self, run: MapRun) -> IndexedModel | None:
        """The map's model, if it is the one that is loaded."""
        return next(
            (
                model
                for model in self._workspace.models
                if model.id == run.model_id and model.sha256 == self._encoder.card.identity
            ),
            None,
        )

    def _known(self, run: MapRun) -> IndexedModel:
        model = self._model(run)
        if model is None:
            raise WorkspaceError(
                "This map was made with another model than the one that is loaded; "
                "start the app with that one to search it."
            )
        return model


def _places(corners: list[list[float]]) -> list[Place]:
    return [(x, y) for x, y in corners]
