"""What of a map is seen: every point where they are few, else a fair share and a density."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fgclip.types import Ids
from fgclip.workspace.store.colouring import Colouring
from fgclip.workspace.store.database import Database
from fgclip.workspace.store.density import Density, density_in, within
from fgclip.workspace.store.maps import DRAWS, Coordinates, Frame, MapRun

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
        density: of all points, shown or not; None where all are drawn.
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
    chosen = "" if among is None else " AND owner IN (SELECT id FROM among)"
    condition = within(frame) + chosen
    with database.reading(among=among) as cursor:
        ((inside,),) = cursor.execute(
            f"SELECT count(*) FROM points_{run.id} WHERE {condition}"
        ).fetchall()
        many = inside > MOST_POINTS
        density = density_in(cursor, run, frame) if many or among is not None else None
        drawn = f" AND draw < {DRAWS * MOST_POINTS // inside}" if many else ""
        table = cursor.sql(
            f"""
            SELECT owner, x, y, placed FROM points_{run.id}
            WHERE {condition}{drawn} LIMIT {MOST_POINTS}
            """
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
