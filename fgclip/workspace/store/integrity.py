"""Rows that break a promise of the tables: none of them has a key that would keep it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from fgclip.workspace.store import maps, vectors
from fgclip.workspace.store.database import Database
from fgclip.workspace.store.vectors import OWNERS, IndexedModel

UNIT = 1e-3  # how far from 1 a vector's length may be

UNIQUE = (
    ("images", "id"),
    ("images", "path"),
    ("regions", "id"),
    ("texts", "id"),
    ("texts", "text"),
)
OWNED = (
    ("regions", "image_id", "images"),
    ("negatives", "region_id", "regions"),
    ("clusters", "map_id", "maps"),
    ("maps", "model_id", "models"),
)
BOXES = "NOT (0 <= x0 AND x0 < x1 AND x1 <= 1 AND 0 <= y0 AND y0 < y1 AND y1 <= 1)"

Broken = tuple[Sequence[tuple[Any, ...]], str]
"""Rows, each beginning with what names it, and what is wrong with them, as after their number."""


def broken_rows(database: Database) -> Iterator[Broken]:
    """Every promise with the rows that break it, often none."""
    for table, column in UNIQUE:
        rows = database.rows(
            f"SELECT {column} FROM {table} GROUP BY 1 HAVING count(*) > 1 ORDER BY 1"
        )
        yield rows, f"{table} share their {column}"
    for table, column, owner in OWNED:
        rows = database.rows(
            f"SELECT DISTINCT {column} FROM {table} WHERE {column} NOT IN (SELECT id FROM {owner})"
        )
        yield rows, f"{table} belong to {owner} that are not there"
    yield database.rows(f"SELECT id FROM regions WHERE {BOXES}"), "regions have no area"
    for model in vectors.models(database):
        yield from _broken_vectors(database, model)
    for run in maps.maps(database):
        rows = database.rows(
            f"SELECT owner FROM points_{run.id} WHERE owner NOT IN "
            f"(SELECT id FROM {OWNERS[run.kind]})"
        )
        yield rows, f"points of map {run.id} have no {run.kind}"


def files(database: Database) -> list[tuple[str, int]]:
    """The path of every picture, and how many bytes it had when it was imported."""
    return database.rows("SELECT path, bytes FROM images ORDER BY id")


def _broken_vectors(database: Database, model: IndexedModel) -> Iterator[Broken]:
    table, name = vectors.all_vectors(model), f"vectors of {model.name}"
    rows = database.rows(
        f"SELECT kind || ' ' || owner FROM {table} GROUP BY kind, owner HAVING count(*) > 1"
    )
    yield rows, f"{name} are there twice"
    rows = database.rows(
        f"""
        SELECT kind || ' ' || owner FROM {table}
        WHERE NOT abs(sqrt(array_inner_product(embedding, embedding)) - 1) <= {UNIT}
        """
    )
    yield rows, f"{name} are not of length 1"
    for kind, owners in OWNERS.items():
        rows = database.rows(
            f"SELECT owner FROM {table} WHERE kind = ? AND owner NOT IN (SELECT id FROM {owners})",
            [kind],
        )
        yield rows, f"{name} belong to a {kind} that is not there"
