"""Regions named by their picture's file name and their place there: so in every workspace."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from fgclip.workspace.store.database import Database
from fgclip.workspace.store.maps import MapRun

NAMED = """
    SELECT regions.id AS owner, parse_filename(path) AS picture, place
    FROM regions JOIN images ON images.id = image_id
"""


def owners_by_name(database: Database) -> dict[tuple[str, int], int]:
    """The id of every region by its picture's file name and its place there."""
    return {(picture, place): owner for owner, picture, place in database.rows(NAMED)}


def named_points(database: Database, run: MapRun) -> pa.Table:
    """Points of a map of regions: picture, place, x, y, cluster and placed."""
    return database.table(
        f"""
        SELECT picture, place, x, y, cluster, placed
        FROM points_{run.id} JOIN ({NAMED}) USING (owner) ORDER BY picture, place
        """
    )


def named_middles(database: Database, run: MapRun) -> list[dict[str, Any]]:
    """The region that shows each cluster: number, picture and place."""
    return database.dicts(
        f"SELECT number, picture, place FROM clusters JOIN ({NAMED}) ON owner = representative "
        "WHERE map_id = ? ORDER BY number",
        [run.id],
    )
