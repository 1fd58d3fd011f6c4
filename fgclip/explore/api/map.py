"""Answers to the Map tab: what is in view, what is found, what a lasso holds, what a point is."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from fgclip.explore.api.map_views import MapViews
from fgclip.explore.api.requests import Request
from fgclip.explore.api.responses import Answer, answered
from fgclip.explore.pictures import Pictures
from fgclip.types import DECIMALS, ITEM_KINDS, Embeddings, Ids, RouteChoice
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

    def maps(self, data: Any) -> Answer:
        """The maps that are there: {}."""
        return answered(self._maps, data)

    def open(self, data: Any) -> Answer:
        """What a map is made of: {"map"}."""
        return answered(self._open, data)

    def view(self, data: Any) -> Answer:
        """What lies in a frame: {"map", "frame", "colour", "only", "filter"}."""
        return answered(self._views.seen, data)

    def find(self, data: Any) -> Answer:
        """What is closest of what is shown: {"map", "limit"} and one of these.

        "text" with "route"; the id of a "region" or an "image"; an "upload" or the "token" of an
        open picture, either with a "box" or without. {"colour", "only", "filter"} say what is
        shown, as for a view; the "corners" of a lasso narrow it down.
        """
        return answered(self._find, data)

    def lasso(self, data: Any) -> Answer:
        """What lies inside a polygon: {"map", "corners", "limit"} of what is shown.

        {"colour", "only", "filter"} say what that is, as for a view.
        """
        return answered(self._lasso, data)

    def table(self, data: Any) -> Answer:
        """The same as CSV."""
        return answered(self._table, data)

    def about(self, data: Any) -> Answer:
        """What a point is: {"map", "owner"}."""
        return answered(self._about, data)

    def _maps(self, _: Request) -> Answer:
        names = {model.id: model.name for model in self._workspace.models}
        return {
            "maps": [
                {**asdict(run), "model": names.get(run.model_id, "?")}
                for run in self._workspace.maps
                if self._model(run) is not None
            ],
            "others": sum(self._model(run) is None for run in self._workspace.maps),
            **self._workspace.counts,
        }

    def _open(self, request: Request) -> Answer:
        run = self._run(request)
        return {
            **asdict(run),
            "colours": list(self._views.colours(run)),
            "columns": self._workspace.fields(run.kind),
            "meanings": dict(MEANINGS),
            "clusters": [asdict(each) for each in self._workspace.maps.clusters(run)],
        }

    def _find(self, request: Request) -> Answer:
        run = self._run(request)
        model = self._known(run)
        query, told = self._query(request, run, model)
        limit = min(int(request.number("limit", 200)), MOST_FOUND)
        among = self._views.shown(request).owners
        if request.has("corners"):
            corners = request.points("corners")
            among = self._workspace.maps.inside(run, corners, among=among)
        hits = self._workspace.search.nearest(model, run.kind, query, limit=limit, among=among)
        return {
            **told,
            "searched": hits.searched,
            "items": self._coloured(run, request, hits),
            "place": self._place(run, model, query),
        }

    def _query(
        self, request: Request, run: MapRun, model: IndexedModel
    ) -> tuple[Embeddings, Answer]:
        """The vector that is asked for, and what the page is told of it."""
        if request.has("text"):
            usual: RouteChoice = "auto" if run.kind == "image" else self._encoder.card.region_route
            route = cast(RouteChoice, request.text_or("route", usual))
            return text_query(self._encoder, request.text("text"), route), {"route": route}
        for kind in ITEM_KINDS:
            if request.has(kind):
                owner = request.whole(kind)
                return self._workspace.vector(model, kind, owner), {}
        if request.has("upload"):
            picture = self._pictures.open_upload(Path(request.text("upload")))
        else:
            picture = self._pictures[request.text("token")]
        if request.has("box"):
            corners = request.numbers("box", 4)
            return np.asarray(picture.patches.regions([corners])[0]), {}
        return picture.patches.image_embedding, {}

    def _place(self, run: MapRun, model: IndexedModel, query: Embeddings) -> list[float] | None:
        """Where a new vector belongs on the map: among those of its neighbours that are on it."""
        hits = self._workspace.search.nearest(model, run.kind, query, limit=50)
        owners, places = self._workspace.maps.places(run, hits.owners)
        if not len(owners):
            return None
        rows = self._workspace.search.matrix(model, run.kind).rows(owners)
        (place,) = placed_among(query[None], rows, places).tolist()
        return [float(place[0]), float(place[1])]

    def _items(self, run: MapRun, hits: Hits) -> list[Answer]:
        captions = self._workspace.captions(run.kind, hits.owners)
        owners, places = self._workspace.maps.places(run, hits.owners)
        place = dict(zip(owners.tolist(), places.tolist(), strict=True))
        return [
            {
                "owner": owner,
                "score": round(float(score), DECIMALS),
                "said": captions.get(owner, ""),
                "place": place.get(owner),
            }
            for owner, score in zip(hits.owners.tolist(), hits.scores, strict=True)
        ]

    def _coloured(self, run: MapRun, request: Request, hits: Hits) -> list[Answer]:
        codes = self._views.codes(request, hits.owners)
        items = self._items(run, hits)
        return [{**item, "code": code} for item, code in zip(items, codes, strict=True)]

    def _lasso(self, request: Request) -> Answer:
        run = self._run(request)
        limit = min(int(request.number("limit", 200)), MOST_FOUND)
        among = self._views.shown(request).owners
        corners = request.points("corners")
        owners, selected = self._workspace.maps.lasso(run, corners, limit, among=among)
        captions = self._workspace.captions(run.kind, owners)
        items = [{"owner": owner, "said": captions.get(owner, "")} for owner in owners.tolist()]
        return {"selected": selected, "items": items}

    def _table(self, request: Request) -> Answer:
        run = self._run(request)
        among = self._views.shown(request).owners
        corners = request.points("corners")
        inside = self._workspace.maps.inside(run, corners, among=among)
        owners = inside[:EXPORTED]
        stream = io.StringIO()
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow((run.kind, "said", "picture", *BOX, "map_x", "map_y", "cluster"))
        writer.writerows(self._table_rows(run, owners))
        return {"csv": stream.getvalue(), "rows": len(owners), "selected": len(inside)}

    def _table_rows(self, run: MapRun, owners: Ids) -> Iterator[tuple[Any, ...]]:
        captions = self._workspace.captions(run.kind, owners)
        paths = self._workspace.paths(run.kind, owners)
        boxes = self._workspace.locations(run.kind, owners) if run.kind == "region" else {}
        for owner, x, y, label in self._workspace.maps.points(run, owners):
            box = boxes[owner].box if owner in boxes else None
            corners = box or (None,) * len(BOX)
            yield owner, captions.get(owner, ""), paths.get(owner, ""), *corners, x, y, label

    def _about(self, request: Request) -> Answer:
        run = self._run(request)
        owner = request.whole("owner")
        image_id = self._workspace.image_of(run.kind, owner)
        facts = self._workspace.image_fields(image_id) if image_id else None
        if facts is None or image_id is None:
            raise WorkspaceError(f"There is no {run.kind} {owner} (any more).")
        one = np.array([owner])
        _, place = self._workspace.maps.places(run, one)
        model = self._known(run)
        vector = self._workspace.vector(model, run.kind, owner)
        near = self._workspace.search.nearest(model, run.kind, vector, limit=NEIGHBOURS + 1)
        items = [each for each in self._items(run, near) if each["owner"] != owner]
        return {
            "owner": owner,
            "kind": run.kind,
            "said": self._workspace.captions(run.kind, one).get(owner, ""),
            "place": place[0].tolist() if len(place) else None,
            "picture": {**facts, "name": Path(facts["path"]).name},
            "regions": [asdict(each) for each in self._workspace.regions(image_id)],
            "neighbours": items[:NEIGHBOURS],
        }

    def _run(self, request: Request) -> MapRun:
        return self._workspace.maps.find(request.whole("map"))

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
