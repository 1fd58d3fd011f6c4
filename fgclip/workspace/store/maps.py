"""Maps: named runs, their points in the order of a grid, and their clusters."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from fgclip.types import Ids, ItemKind
from fgclip.workspace.store.database import Database, WorkspaceError, appended
from fgclip.workspace.store.schema import points_tables
from fgclip.workspace.store.vectors import IndexedModel

Coordinates = NDArray[np.float32]
"""(N, 2) places on a map; its units mean nothing."""

DRAWS = 65_536  # different numbers that a point may have drawn
CELLS = 1024  # of the grid that orders the points, per side
MARGIN = 0.06  # around the points, share of the map
CLUSTERS = pa.schema(
    [
        ("map_id", pa.int32()), ("number", pa.int32()), ("label", pa.string()),
        ("x", pa.float32()), ("y", pa.float32()), ("size", pa.int64()),
        ("representative", pa.int64()),
    ]
)  # fmt: skip

Frame = tuple[float, float, float, float]
"""x0, y0, x1, y1 on a map, y upwards."""


@dataclass(frozen=True)
class MapRun:
    """A map that was made, and how."""

    id: int
    name: str
    model_id: int
    kind: ItemKind
    method: str
    parameters: Mapping[str, Any]
    fitted: int  # points that UMAP placed itself
    points: int
    frame: Frame  # of the whole


@dataclass(frozen=True)
class Cluster:
    """A dense place on a map."""

    number: int
    label: str
    x: float
    y: float
    size: int
    representative: int  # owner


@dataclass(frozen=True)
class MapLayout:
    """Where everything lies.

    Attributes:
        owners: (N,).
        coordinates: (N, 2).
        placed: (N,) True where a point lies among its neighbours and UMAP did not see it.
        cluster: (N,) number of the cluster, -1 outside of all.
    """

    owners: Ids
    coordinates: Coordinates
    placed: NDArray[np.bool_]
    cluster: NDArray[np.int32]


def maps(database: Database) -> list[MapRun]:
    """All maps, the latest first."""
    rows = database.rows(
        """
        SELECT id, name, model_id, kind, method, parameters, fitted, points, x0, y0, x1, y1
        FROM maps ORDER BY id DESC
        """
    )
    return [_run(row) for row in rows]


def map_of(database: Database, map_id: int) -> MapRun:
    """One map.

    Raises:
        WorkspaceError: There is none of that number.
    """
    for run in maps(database):
        if run.id == map_id:
            return run
    raise WorkspaceError(f"There is no map {map_id} in this workspace (any more).")


def keep(
    database: Database,
    *,
    name: str,
    model: IndexedModel,
    kind: ItemKind,
    method: str,
    parameters: Mapping[str, Any],
    layout: MapLayout,
    clusters: Sequence[Cluster] = (),
) -> MapRun:
    """Keep a map, whole or not at all."""
    with database.write() as cursor:
        ((number,),) = cursor.execute(
            "UPDATE map_numbers SET latest = latest + 1 RETURNING latest"
        ).fetchall()
        run = MapRun(
            number, name, model.id, kind, method, dict(parameters),
            int((~layout.placed).sum()), len(layout.owners), frame_of(layout.coordinates),
        )  # fmt: skip
        cursor.execute(
            """
            INSERT INTO maps
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, current_localtimestamp())
            """,
            [
                run.id, name, model.id, kind, method, json.dumps(run.parameters),
                run.fitted, run.points, *run.frame,
            ],
        )  # fmt: skip
        cursor.execute(points_tables(run.id))
        cells = _cells(layout.coordinates, run.frame)
        appended(cursor, f"points_{run.id}", _points(layout, cells))
        appended(cursor, f"cells_{run.id}", _density(cells))
        rows = [{"map_id": run.id, **vars(cluster)} for cluster in clusters]
        appended(cursor, "clusters", pa.Table.from_pylist(rows, CLUSTERS))
    database.changed("maps")
    return run


def add_placed(database: Database, run: MapRun, owners: Ids, coordinates: Coordinates) -> None:
    """Add points to a map, placed among their neighbours, in the frame that it has.

    A point takes the cluster that is commonest in its cell of the grid.
    """
    cells = _cells(coordinates, run.frame)
    layout = MapLayout(owners, coordinates, np.ones(len(owners), bool), np.full(len(owners), -1))
    with database.write() as cursor:
        cursor.register("added", _points(layout, cells))
        cursor.execute(
            f"""
            INSERT INTO points_{run.id}
            WITH known AS (
                SELECT {_cell_sql(run)} AS cell, mode(cluster) AS cluster
                FROM points_{run.id} GROUP BY 1
            )
            SELECT owner, x, y, coalesce(known.cluster, -1), placed, draw
            FROM (SELECT *, {_cell_sql(run)} AS cell FROM added) AS added
            LEFT JOIN known USING (cell)
            """
        )
        cursor.unregister("added")
        appended(cursor, f"cells_{run.id}", _density(cells))
        cursor.execute("UPDATE maps SET points = points + ? WHERE id = ?", [len(owners), run.id])
    database.changed("maps")


def _cell_sql(run: MapRun) -> str:
    """The coarse cell of a point, 64 a side."""
    x0, y0, x1, y1 = run.frame
    return (
        f"floor((x - {x0!r}) * {64 / (x1 - x0)!r})::INTEGER * 1000 "
        f"+ floor((y - {y0!r}) * {64 / (y1 - y0)!r})::INTEGER"
    )


def lacking(database: Database, run: MapRun, owners: Ids) -> Ids:
    """Those of the owners that are not on a map: ascending."""
    return database.ids(
        f"""
        SELECT owner FROM (SELECT unnest($owners::BIGINT[]) AS owner)
        ANTI JOIN points_{run.id} USING (owner) ORDER BY owner
        """,
        {"owners": owners.tolist()},
    )


def remove(database: Database, map_id: int) -> None:
    """Forget a map."""
    with database.write() as cursor:
        cursor.execute("DELETE FROM maps WHERE id = ?", [map_id])
        cursor.execute("DELETE FROM clusters WHERE map_id = ?", [map_id])
        for table in ("points", "cells"):
            cursor.execute(f"DROP TABLE IF EXISTS {table}_{map_id}")
    database.changed("maps")


def clusters_of(database: Database, run: MapRun) -> list[Cluster]:
    """Its clusters, the largest first."""
    rows = database.rows(
        """
        SELECT number, label, x, y, size, representative FROM clusters
        WHERE map_id = ? ORDER BY size DESC, number
        """,
        [run.id],
    )
    return [Cluster(*row) for row in rows]


def frame_of(coordinates: Coordinates) -> Frame:
    """The frame around all points, with a margin; never empty."""
    low, high = coordinates.min(axis=0), coordinates.max(axis=0)
    margin = np.maximum((high - low) * MARGIN, 1e-3)
    (x0, y0), (x1, y1) = (low - margin).tolist(), (high + margin).tolist()
    return x0, y0, x1, y1


def _run(row: Sequence[Any]) -> MapRun:
    id_, name, model_id, kind, method, parameters, fitted, points, *corners = row
    x0, y0, x1, y1 = corners
    frame = (x0, y0, x1, y1)
    given = json.loads(parameters)
    return MapRun(id_, name, model_id, kind, method, given, fitted, points, frame)


def _cells(coordinates: Coordinates, frame: Frame) -> NDArray[np.uint32]:
    """Column and row of the grid's cell that each point lies in: (N, 2)."""
    origin, end = np.array(frame[:2]), np.array(frame[2:])
    cells = ((coordinates - origin) / (end - origin) * CELLS).clip(0, CELLS - 1)
    return np.asarray(cells, np.uint32)


def _points(layout: MapLayout, cells: NDArray[np.uint32]) -> pa.Table:
    draws = np.random.default_rng(0).integers(0, DRAWS, len(cells), np.uint16)
    magnitude = np.ceil(np.log2(draws.astype(np.float32) + 1)).astype(np.uint8)
    order = np.lexsort((_interleaved(cells), magnitude))
    return pa.table(
        {
            "owner": layout.owners[order],
            "x": layout.coordinates[order, 0],
            "y": layout.coordinates[order, 1],
            "cluster": layout.cluster[order],
            "placed": layout.placed[order],
            "draw": draws[order],
        }
    )


def _density(cells: NDArray[np.uint32]) -> pa.Table:
    """Cells that hold points, and how many."""
    numbers, counts = np.unique(cells[:, 1] * CELLS + cells[:, 0], return_counts=True)
    rows, columns = np.divmod(numbers.astype(np.int32), CELLS)
    return pa.table({"cell_column": columns, "cell_row": rows, "points": counts})


def _interleaved(cells: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Morton codes of cells: (N, 2) of 10 bits → (N,). Neighbours stay near each other."""
    code = np.zeros(len(cells), np.uint32)
    for bit in range(10):
        for axis in range(2):
            code |= ((cells[:, axis] >> bit) & 1) << (2 * bit + axis)
    return code
