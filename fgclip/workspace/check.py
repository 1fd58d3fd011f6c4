"""Whether a workspace is sound: every promise that the tables make, looked at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from fgclip.workspace.progress import Meter, Watch, unwatched
from fgclip.workspace.store import maps, vectors
from fgclip.workspace.store.database import Database
from fgclip.workspace.store.vectors import OWNERS, IndexedModel

UNIT = 1e-3  # how far from 1 a vector's length may be
SHOWN = 3  # examples in a message

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


def faults(database: Database, *, watch: Watch = unwatched) -> Iterator[str]:
    """What is wrong with a workspace, in words; nothing where all is well.

    Args:
        database: the workspace.
        watch: is told of progress; may cancel.
    """
    for table, column in UNIQUE:
        rows = database.rows(
            f"SELECT {column} FROM {table} GROUP BY 1 HAVING count(*) > 1 ORDER BY 1"
        )
        yield from _told(rows, f"{table} share their {column}")
    for table, column, owner in OWNED:
        rows = database.rows(
            f"SELECT DISTINCT {column} FROM {table} WHERE {column} NOT IN (SELECT id FROM {owner})"
        )
        yield from _told(rows, f"{table} belong to {owner} that are not there")
    yield from _told(database.rows(f"SELECT id FROM regions WHERE {BOXES}"), "regions have no area")
    for model in vectors.models(database):
        yield from _vector_faults(database, model)
    for run in maps.maps(database):
        rows = database.rows(
            f"SELECT owner FROM points_{run.id} WHERE owner NOT IN "
            f"(SELECT id FROM {OWNERS[run.kind]})"
        )
        yield from _told(rows, f"points of map {run.id} have no {run.kind}")
    yield from _file_faults(database, watch)


def _vector_faults(database: Database, model: IndexedModel) -> Iterator[str]:
    table, name = vectors.all_vectors(model), f"vectors of {model.name}"
    rows = database.rows(
        f"SELECT kind || ' ' || owner FROM {table} GROUP BY kind, owner HAVING count(*) > 1"
    )
    yield from _told(rows, f"{name} are there twice")
    rows = database.rows(
        f"""
        SELECT kind || ' ' || owner FROM {table}
        WHERE NOT abs(sqrt(array_inner_product(embedding, embedding)) - 1) <= {UNIT}
        """
    )
    yield from _told(rows, f"{name} are not of length 1")
    for kind, owners in OWNERS.items():
        rows = database.rows(
            f"SELECT owner FROM {table} WHERE kind = ? AND owner NOT IN (SELECT id FROM {owners})",
            [kind],
        )
        yield from _told(rows, f"{name} belong to a {kind} that is not there")


def _file_faults(database: Database, watch: Watch) -> Iterator[str]:
    """Files that are gone, or of another size than they had."""
    rows = database.rows("SELECT path, bytes FROM images ORDER BY id")
    meter = Meter(watch, unit="pictures", stage="looking for files", total=len(rows))
    gone, changed = [], []
    for path, size in rows:
        try:
            if Path(path).stat().st_size != size:
                changed.append((path,))
        except OSError:
            gone.append((path,))
        meter.advance(1)
    yield from _told(gone, "pictures are gone from their place")
    yield from _told(changed, "pictures have changed since they were imported; import them again")


def _told(rows: Sequence[tuple[object, ...]], fault: str) -> Iterator[str]:
    if rows:
        examples = ", ".join(str(row[0]) for row in rows[:SHOWN])
        more = ", …" if len(rows) > SHOWN else ""
        yield f"{len(rows)} {fault}: {examples}{more}"
