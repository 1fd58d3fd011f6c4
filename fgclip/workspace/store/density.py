"""How many points of a map lie where, on a grid that suits the view."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from fgclip.workspace.store.database import Cursor
from fgclip.workspace.store.maps import CELLS, Frame, MapRun

BINS = 192  # of a density, per side, at most


@dataclass(frozen=True)
class Density:
    """How many points lie where.

    Attributes:
        points: (H, W) of each cell, rows upwards.
        frame: of the whole grid; a little larger than what is seen.
    """

    points: NDArray[np.int64]
    frame: Frame


def density_in(cursor: Cursor, run: MapRun, frame: Frame) -> Density:
    """The density of a frame: of all its points, whatever a filter leaves of them."""
    grid = _grid(run, frame)
    sql = _coarser_sql(run, grid) if grid.step else _finer_sql(run, grid)
    return _density(cursor.sql(sql).to_arrow_table(), grid)


@dataclass(frozen=True)
class _Grid:
    """Cells of a density: some of the map's as one, or finer ones of the view alone."""

    frame: Frame
    width: int  # cells
    height: int
    step: int = 0  # cells of the map in one of these, per side; 0 for finer ones
    column: int = 0  # of the map's cells, where this grid begins
    row: int = 0


def _grid(run: MapRun, frame: Frame) -> _Grid:
    x0, y0, x1, y1 = run.frame
    origin, cell = np.array([x0, y0]), np.array([x1 - x0, y1 - y0]) / CELLS
    first = np.floor((np.array(frame[:2]) - origin) / cell).clip(0, CELLS - 1).astype(int)
    last = np.floor((np.array(frame[2:]) - origin) / cell).clip(0, CELLS - 1).astype(int)
    count = last - first + 1
    if count.max() < BINS // 2:
        return _Grid(frame, BINS, BINS)
    step = int(-(-count.max() // BINS))
    width, height = (-(-count // step)).tolist()
    low, high = origin + first * cell, origin + (first + np.array([width, height]) * step) * cell
    (left, bottom), (right, top) = low.tolist(), high.tolist()
    return _Grid((left, bottom, right, top), width, height, step, *first.tolist())


def _coarser_sql(run: MapRun, grid: _Grid) -> str:
    column, row = grid.column, grid.row
    across, up = column + grid.width * grid.step, row + grid.height * grid.step
    return f"""
        SELECT ((cell_row - {row}) // {grid.step}) * {grid.width}
            + (cell_column - {column}) // {grid.step} AS cell, sum(points)::BIGINT AS points
        FROM cells_{run.id}
        WHERE cell_column >= {column} AND cell_column < {across}
            AND cell_row >= {row} AND cell_row < {up}
        GROUP BY 1
    """


def _finer_sql(run: MapRun, grid: _Grid) -> str:
    x0, y0, x1, y1 = grid.frame
    # A point at an edge may lie beyond it by as much as float32 is coarser than the frame.
    column = _between(f"floor((x - {x0!r}) * {grid.width / (x1 - x0)!r})", grid.width)
    row = _between(f"floor((y - {y0!r}) * {grid.height / (y1 - y0)!r})", grid.height)
    return f"""
        SELECT ({row} * {grid.width} + {column})::INTEGER AS cell, count(*) AS points
        FROM points_{run.id} WHERE {within(grid.frame)} GROUP BY 1
    """


def _between(cell: str, count: int) -> str:
    return f"greatest(least({cell}, {count - 1}), 0)"


def within(frame: Frame) -> str:
    """SQL for: the point lies in a frame."""
    x0, y0, x1, y1 = frame
    return (
        f"x BETWEEN {x0!r}::FLOAT AND {x1!r}::FLOAT AND y BETWEEN {y0!r}::FLOAT AND {y1!r}::FLOAT"
    )


def _density(table: pa.Table, grid: _Grid) -> Density:
    points = np.zeros(grid.height * grid.width, np.int64)
    points[table.column("cell").to_numpy()] = table.column("points").to_numpy()
    return Density(points.reshape(grid.height, grid.width), grid.frame)
