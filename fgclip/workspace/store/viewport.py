"""What of a map is seen: every point where they are few, else a fair share and a density."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fgclip.workspace.store.database import Database, Ids, WorkspaceError
from fgclip.workspace.store.density import Density, density_in
from fgclip.workspace.store.filters import COLOURS, ROWS
from fgclip.workspace.store.points import DRAWS, Coordinates, Frame, MapRun

MOST_POINTS = 20_000
LEGEND = 11  # values with a colour of their own
OTHER = LEGEND  # the code of all other values


@dataclass(frozen=True)
class Colouring:
    """A field and its commonest values, each with a colour; all others share one.

    Attributes:
        field: of the map's kind.
        values: up to `LEGEND`, the commonest first.
        counts: points of each.
        codes: (largest owner + 1,) number of each owner's value, `OTHER` for all others.
    """

    field: str
    values: tuple[str, ...]
    counts: tuple[int, ...]
    codes: NDArray[np.uint8]


@dataclass(frozen=True)
class Viewport:
    """What is seen.

    Attributes:
        owners: (N,) of the points that are drawn.
        coordinates: (N, 2).
        placed: (N,) True where the place is approximate.
        codes: (N,) number of the point's value in the colouring, `OTHER` for others.
        inside: points that lie in the frame, drawn or not.
        density: points in each cell of a grid, rows upwards; None where all are drawn.
    """

    owners: Ids
    coordinates: Coordinates
    placed: NDArray[np.bool_]
    codes: NDArray[np.uint8]
    inside: int
    density: Density | None


def viewport(
    database: Database,
    run: MapRun,
    frame: Frame,
    colouring: Colouring,
    isolated: str | None = None,
) -> Viewport:
    """What lies in a frame.

    Args:
        database: the workspace.
        run: the map.
        frame: x0, y0, x1, y1.
        colouring: of the points; from `colouring_of`.
        isolated: show only points with this value of the colouring's field.
    """
    condition, values = _inside(frame)
    if isolated is not None:
        condition += f" AND {_has_value(run, colouring.field)}"
        values = [*values, isolated]
    with database.reading() as cursor:
        ((inside,),) = cursor.execute(
            f"SELECT count(*) FROM points_{run.id} WHERE {condition}", values
        ).fetchall()
        density, drawn = None, ""
        if inside > MOST_POINTS:
            density = density_in(cursor, run, frame, condition, values, all_=isolated is None)
            drawn = f" AND draw < {DRAWS * MOST_POINTS // inside}"
        table = cursor.sql(
            f"""
            SELECT owner, x, y, placed FROM points_{run.id}
            WHERE {condition}{drawn} LIMIT {MOST_POINTS}
            """,
            params=values,
        ).to_arrow_table()
    xy = [np.asarray(table.column(axis).to_numpy(), np.float32) for axis in "xy"]
    owners = np.asarray(table.column("owner").to_numpy(), np.int64)
    return Viewport(
        owners=owners,
        coordinates=np.stack(xy, axis=1),
        placed=np.asarray(table.column("placed").to_numpy(), bool),
        codes=colouring.codes[owners],
        inside=inside,
        density=density,
    )


def colouring_of(database: Database, run: MapRun, field: str) -> Colouring:
    """The values of a field on a map.

    Raises:
        WorkspaceError: The map's kind has no such field.
    """
    if field not in ("cluster", *COLOURS[run.kind]):
        known = ", ".join(("cluster", *COLOURS[run.kind]))
        raise WorkspaceError(f"A map of {run.kind}s has no colour by {field!r}; choose {known}.")
    told = _values_sql(run, field)
    common = f"""
        SELECT value, count(*) AS points,
            row_number() OVER (ORDER BY points DESC, value) - 1 AS code
        FROM ({told}) GROUP BY value ORDER BY code LIMIT {LEGEND}
    """
    legend = database.rows(common)
    table = database.table(
        f"SELECT owner, coalesce(code, {OTHER})::UTINYINT AS code "
        f"FROM ({told}) LEFT JOIN ({common}) AS common USING (value)"
    )
    owners = table.column("owner").to_numpy()
    codes = np.full(int(owners.max(initial=0)) + 1, OTHER, np.uint8)
    codes[owners] = table.column("code").to_numpy()
    values, counts = tuple(row[0] for row in legend), tuple(row[1] for row in legend)
    return Colouring(field, values, counts, codes)


def nearest_point(database: Database, run: MapRun, x: float, y: float) -> int:
    """The owner of the point that lies closest to a place."""
    ((owner,),) = database.rows(
        f"""
        SELECT owner FROM points_{run.id}
        ORDER BY (x - $x) * (x - $x) + (y - $y) * (y - $y), owner LIMIT 1
        """,
        {"x": x, "y": y},
    )
    return int(owner)


def _inside(frame: Frame) -> tuple[str, list[object]]:
    x0, y0, x1, y1 = frame
    return "x BETWEEN ?::FLOAT AND ?::FLOAT AND y BETWEEN ?::FLOAT AND ?::FLOAT", [x0, x1, y0, y1]


def _values_sql(run: MapRun, field: str) -> str:
    """Owner and value, a text, of every point."""
    if field == "cluster":
        return f"""
            SELECT owner, coalesce(label, '') AS value FROM points_{run.id} AS points
            LEFT JOIN clusters ON map_id = {run.id} AND number = points.cluster
        """
    return f"""
        SELECT owner, coalesce(told.value, '') AS value FROM points_{run.id}
        LEFT JOIN (SELECT id, {field} AS value FROM {ROWS[run.kind]}) AS told ON told.id = owner
    """


def _has_value(run: MapRun, field: str) -> str:
    if field == "cluster":
        return (
            "cluster IN (SELECT coalesce(max(number), -1) FROM clusters "
            f"WHERE map_id = {run.id} AND label = ?)"
        )
    return f"owner IN (SELECT id FROM {ROWS[run.kind]} WHERE coalesce({field}, '') = ?)"
