"""What of a map is seen: every point where they are few, else a fair share and a density."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fgclip.workspace.store.colouring import Colouring
from fgclip.workspace.store.database import Database, Ids
from fgclip.workspace.store.density import Density, density_in
from fgclip.workspace.store.points import DRAWS, Coordinates, Frame, MapRun

MOST_POINTS = 20_000


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
    *,
    among: Ids | None = None,
) -> Viewport:
    """What lies in a frame.

    Args:
        database: the workspace.
        run: the map.
        frame: x0, y0, x1, y1.
        colouring: of the points; from `colouring.colouring_of`.
        among: show only these owners, such as those that pass a filter.
    """
    condition, values = _inside(frame)
    if among is not None:
        condition += " AND owner IN (SELECT id FROM among)"
    with database.reading(among=among) as cursor:
        ((inside,),) = cursor.execute(
            f"SELECT count(*) FROM points_{run.id} WHERE {condition}", values
        ).fetchall()
        density, drawn = None, ""
        if inside > MOST_POINTS:
            density = density_in(cursor, run, frame, condition, values, all_=among is None)
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
        codes=colouring.codes_of(owners),
        inside=inside,
        density=density,
    )


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
