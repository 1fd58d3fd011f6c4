"""The maps of a workspace: their points, clusters and colours, seen in parts or as a whole."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from fgclip.types import Ids, ItemKind
from fgclip.workspace import prebuilt
from fgclip.workspace.store import colouring, lasso, maps, points, viewport
from fgclip.workspace.store.colouring import Colouring
from fgclip.workspace.store.database import Database
from fgclip.workspace.store.lasso import Point
from fgclip.workspace.store.maps import Cluster, Coordinates, Frame, MapLayout, MapRun
from fgclip.workspace.store.vectors import IndexedModel
from fgclip.workspace.store.viewport import Viewport


class Maps(Collection[MapRun]):
    """All maps, the latest first. Each look reads them anew, for others may add or remove some."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def __iter__(self) -> Iterator[MapRun]:
        return iter(maps.maps(self._database))

    def __len__(self) -> int:
        return len(maps.maps(self._database))

    def __contains__(self, run: object) -> bool:
        return run in maps.maps(self._database)

    def __getitem__(self, place: int) -> MapRun:
        return maps.maps(self._database)[place]

    def find(self, map_id: int) -> MapRun:
        """The map of that number.

        Raises:
            WorkspaceError: There is none.
        """
        return maps.map_of(self._database, map_id)

    def add(
        self,
        *,
        name: str,
        model: IndexedModel,
        kind: ItemKind,
        method: str,
        parameters: Mapping[str, Any],
        layout: MapLayout,
        clusters: Sequence[Cluster] = (),
    ) -> MapRun:
        """Keep a map that was laid out, whole or not at all."""
        return maps.keep(
            self._database, name=name, model=model, kind=kind, method=method,
            parameters=parameters, layout=layout, clusters=clusters,
        )  # fmt: skip

    def remove(self, map_id: int) -> None:
        """Forget a map.

        Raises:
            WorkspaceError: There is none of that number.
        """
        maps.remove(self._database, self.find(map_id).id)

    def save(self, model: IndexedModel, run: MapRun, path: Path) -> None:
        """Write a map of regions to a file that fits every workspace with the same pictures.

        Raises:
            WorkspaceError: The map is of pictures or phrases.
        """
        prebuilt.save(self._database, model, run, path)

    def restore(self, model: IndexedModel, path: Path) -> MapRun | None:
        """Keep a saved map, if it is this model's and all its regions are there; else None."""
        return prebuilt.restore(self._database, model, path)

    def layout(self, run: MapRun) -> tuple[Ids, Coordinates]:
        """All points, ascending by owner: (N,) and (N, 2)."""
        return points.layout_of(self._database, run)

    def places(self, run: MapRun, owners: Ids) -> tuple[Ids, Coordinates]:
        """Those of the owners that are on a map, and where: (M,) and (M, 2), in their order."""
        return points.places_of(self._database, run, owners)

    def points(self, run: MapRun, owners: Ids) -> list[tuple[int, float, float, str]]:
        """Owner, x, y and name of the cluster, "" outside of all; ascending by owner."""
        return points.points_of(self._database, run, owners)

    def clusters(self, run: MapRun, *, among: Ids | None = None) -> list[Cluster]:
        """Its clusters, the largest first; `among`: as they are when these owners alone are seen.

        Then each counts those of its points and stands at the one closest to its midst.
        """
        if among is None:
            return maps.clusters_of(self._database, run)
        return points.clusters_among(self._database, run, among)

    def colours(self, run: MapRun) -> tuple[str, ...]:
        """Fields that tell its points apart, what is asked for most first."""
        return colouring.colours(self._database, run)

    def colouring(self, run: MapRun, field: str) -> Colouring:
        """The values of a field on a map.

        Raises:
            WorkspaceError: The map's kind has no such field.
        """
        return colouring.colouring_of(self._database, run, field)

    def view(
        self, run: MapRun, frame: Frame, coloured: Colouring, *, among: Ids | None = None
    ) -> Viewport:
        """What lies in a frame; `among`: only these owners, such as those of a filter."""
        return viewport.viewport(self._database, run, frame, coloured, among=among)

    def lasso(
        self, run: MapRun, corners: Sequence[Point], limit: int, *, among: Ids | None = None
    ) -> tuple[Ids, int]:
        """Owners inside a polygon: a fair sample of up to `limit`, and how many there are.

        Raises:
            WorkspaceError: It is no polygon.
        """
        return lasso.lasso(self._database, run, corners, limit, among=among)

    def inside(self, run: MapRun, corners: Sequence[Point], *, among: Ids | None = None) -> Ids:
        """Every owner inside a polygon, ascending.

        Raises:
            WorkspaceError: It is no polygon.
        """
        return lasso.inside_lasso(self._database, run, corners, among=among)
