"""What the Map tab sees of a map: points, their colours, and a density where they are many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce
from typing import Any

import numpy as np

from fgclip.explore.api.schemas.fields import in_base64
from fgclip.explore.api.schemas.map_views import (
    DensityCells,
    ShownQuestion,
    Viewed,
    ViewQuestion,
)
from fgclip.types import Ids
from fgclip.workspace import (
    ABSENT,
    Cluster,
    Colouring,
    Density,
    Filter,
    Frame,
    MapRun,
    Viewport,
    Workspace,
    WorkspaceError,
)

Versions = tuple[int, int]
"""Of the rows and of the points: what is kept is of them as they were then."""

WHOLE = 32  # views of whole maps that are kept ready
COLOURINGS = 8  # kept ready, a byte a point each; three where points have several values


@dataclass(frozen=True)
class Shown:
    """What values of a legend and a filter leave of a map.

    Attributes:
        owners: ascending; None for all.
        count: how many points that are.
        counts: points of each value of the legend, and of all others, that the filter leaves.
        clusters: as far as they are seen; None where all of them are.
        colouring: of what is left.
    """

    owners: Ids | None
    count: int
    counts: tuple[int, ...]
    clusters: Sequence[Cluster] | None
    colouring: Colouring


@dataclass(frozen=True)
class _Asked:
    """A map as somebody wants to see it."""

    map_id: int
    field: str
    only: tuple[str, ...]  # values of the legend; none for all
    where: str
    versions: Versions


class MapViews:
    """Views of all maps; whole ones are kept ready. Threads may share it."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._colours = lru_cache(WHOLE)(self._read_colours)
        self._colouring = lru_cache(COLOURINGS)(self._read_colouring)
        self._left = lru_cache(1)(self._choose)
        self._whole = lru_cache(WHOLE)(self._look)

    def colours(self, run: MapRun) -> tuple[str, ...]:
        """What its points may be coloured by."""
        return self._colours(run.id, self._versions)

    def seen(self, question: ViewQuestion) -> Viewed:
        """What lies in a frame; all of the map by default.

        Raises:
            WorkspaceError: The frame is empty, or there is no such colour, or the filter is none.
        """
        asked = self._asked(question)
        if question.frame is None:
            return self._whole(asked, None)
        x0, y0, x1, y1 = question.frame
        if not (x0 < x1 and y0 < y1):
            raise WorkspaceError(f"The frame {[x0, y0, x1, y1]} holds nothing.")
        return self._look(asked, (x0, y0, x1, y1))

    def shown(self, question: ShownQuestion) -> Shown:
        """What is left of a map. The latest is kept.

        Raises:
            WorkspaceError: There is no such value or colour, or the filter is none.
        """
        return self._shown(self._asked(question))

    def codes(self, question: ShownQuestion, owners: Ids) -> list[int]:
        """Number of each owner's value in the legend."""
        codes: list[int] = self.shown(question).colouring.codes_of(owners).tolist()
        return codes

    def _asked(self, question: ShownQuestion) -> _Asked:
        return _Asked(
            map_id=question.map,
            field=question.colour,
            only=tuple(question.only),
            where=question.filter or "",
            versions=self._versions,
        )

    @property
    def _versions(self) -> Versions:
        return self._workspace.changes("records"), self._workspace.changes("maps")

    def _look(self, asked: _Asked, frame: Frame | None) -> Viewed:
        run = self._workspace.maps.find(asked.map_id)
        shown = self._shown(asked)
        seen = self._workspace.maps.view(
            run, frame or run.frame, shown.colouring, among=shown.owners
        )
        return Viewed.model_validate(
            {**_seen(seen), "total": run.points, "left": shown.count, **_legend(shown)}
        )

    def _shown(self, asked: _Asked) -> Shown:
        if not asked.only and not asked.where:
            run = self._workspace.maps.find(asked.map_id)
            coloured = self._coloured(asked)
            return Shown(None, run.points, coloured.counts, None, coloured)
        return self._left(asked)

    def _choose(self, asked: _Asked) -> Shown:
        run = self._workspace.maps.find(asked.map_id)
        coloured, only = self._coloured(asked), asked.only
        for value in only:
            if value not in coloured.values:
                raise WorkspaceError(
                    f"No colour of {coloured.field} stands for {value!r} here; "
                    "choose another in the legend."
                )
        parts = [coloured.owners_of(*only)] if only else []
        counts = coloured.counts
        if asked.where:
            passing = self._workspace.matching(run.kind, Filter(where=asked.where))
            counts = coloured.counts_among(passing)
            parts.append(passing)
        owners = reduce(np.intersect1d, parts)
        count = int(np.count_nonzero(coloured.codes_of(owners) != ABSENT))
        clusters = self._workspace.maps.clusters(run, among=owners)
        return Shown(owners, count, counts, clusters, coloured.limited(*only) if only else coloured)

    def _coloured(self, asked: _Asked) -> Colouring:
        return self._colouring(asked.map_id, asked.field, asked.versions)

    def _read_colouring(self, map_id: int, field: str, _: Versions) -> Colouring:
        run = self._workspace.maps.find(map_id)
        return self._workspace.maps.colouring(run, field)

    def _read_colours(self, map_id: int, _: Versions) -> tuple[str, ...]:
        return self._workspace.maps.colours(self._workspace.maps.find(map_id))


def _seen(seen: Viewport) -> dict[str, Any]:
    return {
        "owners": in_base64(seen.owners.astype("<u4").tobytes()),
        "x": in_base64(seen.coordinates[:, 0].astype("<f4").tobytes()),
        "y": in_base64(seen.coordinates[:, 1].astype("<f4").tobytes()),
        "placed": in_base64(seen.placed.astype(np.uint8).tobytes()),
        "codes": in_base64(seen.codes.tobytes()),
        "inside": seen.inside,
        "density": None if seen.density is None else _density(seen.density),
    }


def _density(density: Density) -> DensityCells:
    """Cells on a logarithmic scale of 255 steps."""
    counted = density.points
    most = int(counted.max())
    levels = np.ceil(255 * np.log1p(counted) / np.log1p(max(1, most))).astype(np.uint8)
    height, width = counted.shape
    return DensityCells(
        cells=in_base64(levels.tobytes()),
        width=width,
        height=height,
        frame=density.frame,
        most=most,
    )


def _legend(shown: Shown) -> dict[str, Any]:
    coloured = shown.colouring
    *counts, others = shown.counts
    legend = zip(coloured.values, counts, strict=True)
    return {
        "legend": [{"value": value, "count": count} for value, count in legend],
        "others": others,
        "ordered": coloured.ordered,
        "several": coloured.held is not None,
        "clusters": shown.clusters,
    }
