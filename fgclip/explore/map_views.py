"""What the Map tab sees of a map: points, their colours, and a density where they are many."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import reduce
from threading import Lock

import numpy as np

from fgclip.explore.replies import Answer, in_base64
from fgclip.explore.requests import Request
from fgclip.workspace.store import colouring, filters, points, viewport
from fgclip.workspace.store.colouring import CLUSTER, Colouring
from fgclip.workspace.store.database import Database, Ids
from fgclip.workspace.store.density import Density
from fgclip.workspace.store.filters import Filter
from fgclip.workspace.store.points import Cluster, MapRun
from fgclip.workspace.store.viewport import Viewport
from fgclip.workspace.workspace import WorkspaceError

Key = tuple[int | str | None, ...]

VIEWS = 32  # whole maps kept ready
COLOURINGS = 8  # kept ready, a byte a point each


@dataclass(frozen=True)
class Shown:
    """What a legend's value and a filter leave of a map.

    Attributes:
        owners: ascending; None for all.
        counts: points of each value of the legend, and of all others, that the filter leaves.
        clusters: as far as they are seen; None where all of them are.
    """

    owners: Ids | None
    counts: tuple[int, ...]
    clusters: Sequence[Cluster] | None


class MapViews:
    """Views of all maps; whole ones are kept ready. Threads may share it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = Lock()
        self._colourings: OrderedDict[Key, Colouring] = OrderedDict()
        self._latest: tuple[Key, Shown] | None = None
        self._whole: OrderedDict[Key, Answer] = OrderedDict()

    def seen(self, request: Request) -> Answer:
        """What lies in a frame: {"map", "frame", "colour", "only", "filter"}, all of it by default.

        Raises:
            WorkspaceError: The frame is empty, or there is no such colour, or the filter is none.
        """
        versions = self._versions  # before anything of them is read
        run = points.map_of(self._database, request.whole("map"))
        frame = tuple(request.numbers("frame", 4)) if request.has("frame") else run.frame
        coloured = self._colouring(run, request.text_or("colour", CLUSTER))
        key = (run.id, coloured.field, *self._wanted(request), *versions)
        whole = frame == run.frame
        with self._lock:
            if whole and key in self._whole:
                return self._whole[key]
        x0, y0, x1, y1 = frame
        if not (x0 < x1 and y0 < y1):
            raise WorkspaceError(f"The frame {list(frame)} holds nothing.")
        shown = self.shown(run, request)
        seen = viewport.viewport(
            self._database, run, (x0, y0, x1, y1), coloured, among=shown.owners
        )
        answer = {**_seen(seen), "total": run.points, **_legend(coloured, shown)}
        if whole:
            with self._lock:
                self._whole[key] = answer
                while len(self._whole) > VIEWS:
                    self._whole.popitem(last=False)
        return answer

    def shown(self, run: MapRun, request: Request) -> Shown:
        """What is left of a map: {"colour", "only", "filter"}.

        That of the latest question is kept.

        Raises:
            WorkspaceError: There is no such value or colour, or the filter is none.
        """
        only, where = self._wanted(request)
        versions = self._versions
        coloured = self._colouring(run, request.text_or("colour", CLUSTER))
        if only is None and not where:
            return Shown(None, coloured.counts, None)
        key = (run.id, coloured.field, only, where, *versions)
        kept = self._latest
        if kept is None or kept[0] != key:
            kept = key, self._left(run, coloured, only, where)
            self._latest = kept
        return kept[1]

    def codes(self, run: MapRun, request: Request, owners: Ids) -> list[int]:
        """Number of each owner's value in the legend: {"colour"}."""
        coloured = self._colouring(run, request.text_or("colour", CLUSTER))
        codes: list[int] = coloured.codes_of(owners).tolist()
        return codes

    def _left(self, run: MapRun, coloured: Colouring, only: str | None, where: str) -> Shown:
        if only is not None and only not in coloured.values:
            raise WorkspaceError(
                f"No colour of {coloured.field} stands for {only!r} here; "
                "choose another in the legend."
            )
        parts = [] if only is None else [coloured.owners_of(only)]
        counts = coloured.counts
        if where:
            passing = filters.matching(self._database, run.kind, Filter(where=where))
            counts = coloured.counts_among(passing)
            parts.append(passing)
        owners = reduce(np.intersect1d, parts)
        return Shown(owners, counts, points.clusters_among(self._database, run, owners))

    def _wanted(self, request: Request) -> tuple[str | None, str]:
        only = None if request.fields.get("only") is None else request.text("only")
        return only, request.text_or("filter")

    @property
    def _versions(self) -> tuple[int, int]:
        """What is kept is of the rows and the points as they were then."""
        return self._database.changes("records"), self._database.changes("maps")

    def _colouring(self, run: MapRun, field: str) -> Colouring:
        key = (run.id, field, *self._versions)
        with self._lock:
            if key in self._colourings:
                return self._colourings[key]
        coloured = colouring.colouring_of(self._database, run, field)
        with self._lock:
            self._colourings[key] = coloured
            while len(self._colourings) > COLOURINGS:
                self._colourings.popitem(last=False)
        return coloured


def _seen(seen: Viewport) -> Answer:
    return {
        "owners": in_base64(seen.owners.astype("<u4").tobytes()),
        "x": in_base64(seen.coordinates[:, 0].astype("<f4").tobytes()),
        "y": in_base64(seen.coordinates[:, 1].astype("<f4").tobytes()),
        "placed": in_base64(seen.placed.astype(np.uint8).tobytes()),
        "codes": in_base64(seen.codes.tobytes()),
        "inside": seen.inside,
        "density": None if seen.density is None else _density(seen.density),
    }


def _density(density: Density) -> Answer:
    """Cells on a logarithmic scale of 255 steps."""
    counted = density.points
    most = int(counted.max())
    levels = np.ceil(255 * np.log1p(counted) / np.log1p(max(1, most))).astype(np.uint8)
    height, width = counted.shape
    return {
        "cells": in_base64(levels.tobytes()),
        "width": width,
        "height": height,
        "frame": list(density.frame),
        "most": most,
    }


def _legend(coloured: Colouring, shown: Shown) -> Answer:
    *counts, others = shown.counts
    legend = zip(coloured.values, counts, strict=True)
    return {
        "legend": [{"value": value, "count": count} for value, count in legend],
        "others": others,
        "ordered": coloured.ordered,
        "several": bool(coloured.holders),
        "clusters": None if shown.clusters is None else list(map(asdict, shown.clusters)),
    }
