"""Where owners lie on a map, and where clusters stand when only some of them are seen."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from fgclip.types import Ids
from fgclip.workspace.store.database import Database
from fgclip.workspace.store.maps import Cluster, Coordinates, MapRun


def places_of(database: Database, run: MapRun, owners: Ids) -> tuple[Ids, Coordinates]:
    """Those of the owners that are on a map, and where: (M,) and (M, 2), in the owners' order."""
    table = database.table(
        f"""
        WITH wanted AS (
            SELECT unnest($owners::BIGINT[]) AS owner, unnest(range(len($owners))) AS place
        )
        SELECT owner, x, y FROM points_{run.id} JOIN wanted USING (owner) ORDER BY place
        """,
        {"owners": owners.tolist()},
    )
    return _owners_and_places(table)


def layout_of(database: Database, run: MapRun, *, fitted: bool = False) -> tuple[Ids, Coordinates]:
    """All points of a map, ascending by owner; or only those that UMAP placed itself."""
    condition = "NOT placed" if fitted else "true"
    table = database.table(
        f"SELECT owner, x, y FROM points_{run.id} WHERE {condition} ORDER BY owner"
    )
    return _owners_and_places(table)


def points_of(database: Database, run: MapRun, owners: Ids) -> list[tuple[int, float, float, str]]:
    """Owner, place and name of the cluster, "" outside of all; ascending by owner."""
    sql = f"""
        SELECT owner, points.x, points.y, coalesce(label, '')
        FROM points_{run.id} AS points
        LEFT JOIN clusters ON map_id = {run.id} AND number = cluster
        WHERE owner IN (SELECT id FROM among) ORDER BY owner
    """
    with database.reading(among=owners) as cursor:
        return cursor.execute(sql).fetchall()


def clusters_among(database: Database, run: MapRun, owners: Ids) -> list[Cluster]:
    """Clusters as they are when these owners alone are seen, the largest first.

    Each counts those of its points that are seen and stands at the one closest to its midst.
    """
    sql = f"""
        WITH seen AS (
            SELECT number, label, points.owner, points.x, points.y,
                (points.x - clusters.x) ** 2 + (points.y - clusters.y) ** 2 AS away
            FROM points_{run.id} AS points JOIN clusters ON number = cluster AND map_id = {run.id}
            WHERE owner IN (SELECT id FROM among)
        ), counted AS (
            SELECT number, label, count(*) AS size,
                arg_min({{'x': x, 'y': y, 'owner': owner}}, away) AS nearest
            FROM seen GROUP BY number, label
        )
        SELECT number, label, nearest.x, nearest.y, size, nearest.owner
        FROM counted ORDER BY size DESC, number
    """
    with database.reading(among=owners) as cursor:
        return [Cluster(*row) for row in cursor.execute(sql).fetchall()]


def _owners_and_places(table: pa.Table) -> tuple[Ids, Coordinates]:
    owners = np.asarray(table.column("owner").to_numpy(), np.int64)
    xy = [np.asarray(table.column(axis).to_numpy(), np.float32) for axis in "xy"]
    return owners, np.stack(xy, axis=1)
