"""Rows inside a polygon that somebody drew on a map."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from fgclip.types import Ids
from fgclip.workspace.store.database import Database, WorkspaceError
from fgclip.workspace.store.maps import MapRun

MOST_CORNERS = 200

Point = tuple[float, float]


def lasso(
    database: Database,
    run: MapRun,
    corners: Sequence[Point],
    limit: int,
    *,
    among: Ids | None = None,
) -> tuple[Ids, int]:
    """All rows inside a polygon, drawn or not: owners of up to `limit`, and how many there are.

    The owners are a fair sample: those who drew the lowest numbers.

    Args:
        database: the workspace.
        run: the map.
        corners: of the polygon, in the map's coordinates.
        limit: owners that are given at most.
        among: count only these owners, such as those that pass a filter.

    Raises:
        WorkspaceError: It is no polygon.
    """
    sql = f"""
        WITH chosen AS (SELECT owner, draw FROM points_{run.id} WHERE {_inside(corners, among)})
        SELECT owner, (SELECT count(*) FROM chosen) AS selected
        FROM chosen ORDER BY draw, owner LIMIT ?
    """
    with database.reading(among=among) as cursor:
        rows = cursor.sql(sql, params=[limit]).to_arrow_table()
    owners = np.asarray(rows.column(0).to_numpy(), np.int64)
    return owners, int(rows.column(1)[0].as_py()) if len(owners) else 0


def inside_lasso(
    database: Database, run: MapRun, corners: Sequence[Point], *, among: Ids | None = None
) -> Ids:
    """Every owner inside a polygon, ascending; `among` as for `lasso`."""
    sql = f"SELECT owner FROM points_{run.id} WHERE {_inside(corners, among)} ORDER BY owner"
    with database.reading(among=among) as cursor:
        table = cursor.sql(sql).to_arrow_table()
    return np.asarray(table.column(0).to_numpy(), np.int64)


def _inside(corners: Sequence[Point], among: Ids | None) -> str:
    chosen = "" if among is None else " AND owner IN (SELECT id FROM among)"
    return f"{_bounds(corners)} AND ({_crossings(corners)}) % 2 = 1{chosen}"


def _bounds(corners: Sequence[Point]) -> str:
    if not 3 <= len(corners) <= MOST_CORNERS:
        raise WorkspaceError(
            f"A lasso has 3 to {MOST_CORNERS} corners, and this one {len(corners)}; draw it anew."
        )
    if not np.isfinite(corners).all():
        raise WorkspaceError("A corner of the lasso is no number; draw it anew.")
    (x0, y0), (x1, y1) = np.min(corners, axis=0).tolist(), np.max(corners, axis=0).tolist()
    return f"x BETWEEN {x0!r} AND {x1!r} AND y BETWEEN {y0!r} AND {y1!r}"


def _crossings(corners: Sequence[Point]) -> str:
    """How many edges lie to the right of a point: odd inside (the even-odd rule)."""
    edges = []
    for (x0, y0), (x1, y1) in zip(corners, [*corners[1:], corners[0]], strict=True):
        if y0 != y1:
            slope = (float(x1) - float(x0)) / (float(y1) - float(y0))
            right = f"x < {float(x0)!r} + (y - {float(y0)!r}) * {slope!r}"
            edges.append(f"(((y < {float(y0)!r}) <> (y < {float(y1)!r})) AND {right})::UTINYINT")
    return " + ".join(edges) or "0"
