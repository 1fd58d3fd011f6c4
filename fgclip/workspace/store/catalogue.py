"""What a workspace holds: pictures and regions read back, counted, and found at fault."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from fgclip.boxes import Boxes
from fgclip.data.records import Negative, Record, Region
from fgclip.types import Ids
from fgclip.workspace.store.database import Database

BATCH = 1000  # records in memory at a time

WANTED = "WITH wanted AS (SELECT unnest($ids::BIGINT[]) AS id)"
RECORDS = f"""
    {WANTED},
    rewritten AS (
        SELECT region_id, list({{'text': text, 'attribute': attribute}} ORDER BY rank) AS negatives
        FROM negatives
        WHERE region_id IN (SELECT id FROM regions WHERE image_id IN (SELECT id FROM wanted))
        GROUP BY region_id
    ),
    drawn AS (
        SELECT image_id, list({{
            'box': [x0, y0, x1, y1], 'phrase': phrase, 'long_phrase': long_phrase,
            'category': category, 'meta': meta, 'negatives': negatives
        }} ORDER BY place) AS regions
        FROM regions LEFT JOIN rewritten ON region_id = id
        WHERE image_id IN (SELECT id FROM wanted) GROUP BY image_id
    )
    SELECT images.*, drawn.regions
    FROM images SEMI JOIN wanted USING (id) LEFT JOIN drawn ON image_id = images.id
    ORDER BY images.id
"""
PICTURES = f"""
    {WANTED},
    drawn AS (
        SELECT image_id, list({{'id': id, 'box': [x0, y0, x1, y1]}} ORDER BY place) AS regions
        FROM regions WHERE image_id IN (SELECT id FROM wanted) GROUP BY image_id
    )
    SELECT id, path, sha256, width, height, regions
    FROM images SEMI JOIN wanted USING (id) LEFT JOIN drawn ON image_id = id
    ORDER BY id
"""
WITH_NEGATIVES = "FROM regions WHERE phrase <> '' AND id IN (SELECT region_id FROM negatives)"


@dataclass(frozen=True)
class StoredPicture:
    """A picture and those of its regions that were asked for."""

    id: int
    path: Path
    sha256: str
    width: int  # pixels
    height: int
    region_ids: tuple[int, ...]
    boxes: Boxes  # (N, 4) fractions


@dataclass(frozen=True)
class StoredRegion:
    """A region as the page shows it."""

    id: int
    box: tuple[float, float, float, float]
    phrase: str
    category: str


def counts(database: Database) -> dict[str, int]:
    """Rows of the tables that people ask for."""
    names = ("images", "regions", "negatives", "texts", "faults")
    parts = ", ".join(f"(SELECT count(*) FROM {name})" for name in names)
    (row,) = database.rows(f"SELECT {parts}")
    return dict(zip(names, row, strict=True))


def sources(database: Database) -> list[dict[str, Any]]:
    """Each import with its pictures and regions, and each split of it."""
    return database.dicts(
        """
        SELECT source, split, count(*) AS images, sum(regions)::BIGINT AS regions
        FROM image_rows GROUP BY ALL ORDER BY source, split
        """
    )


def records(database: Database, ids: Ids | None = None) -> Iterator[Record]:
    """Pictures with all that is known of them, in order of id.

    Args:
        database: the workspace.
        ids: of the pictures; all by default.
    """
    wanted = image_ids(database) if ids is None else np.sort(ids)
    for start in range(0, len(wanted), BATCH):
        rows = database.dicts(RECORDS, {"ids": wanted[start : start + BATCH].tolist()})
        yield from (_record(row) for row in rows)


def image_ids(database: Database) -> Ids:
    """Of all pictures, ascending."""
    return database.ids("SELECT id FROM images ORDER BY id")


def find_image(database: Database, path: Path) -> int | None:
    """The id of the picture at a path; None where it was not imported."""
    rows = database.rows("SELECT id FROM images WHERE path = ?", [str(path)])
    return int(rows[0][0]) if rows else None


def same_files(database: Database) -> list[list[int]]:
    """Groups of pictures whose files are equal, largest first."""
    rows = database.rows(
        """
        SELECT list(id ORDER BY id) AS ids FROM images GROUP BY sha256 HAVING count(*) > 1
        ORDER BY len(ids) DESC, ids[1]
        """
    )
    return [ids for (ids,) in rows]


def with_negatives(database: Database) -> tuple[Ids, Ids]:
    """Regions that have a phrase and hard negatives of it, ascending, and the picture of each."""
    table = database.table(f"SELECT id, image_id {WITH_NEGATIVES} ORDER BY id")
    regions, images = (np.asarray(column.to_numpy(), np.int64) for column in table.columns)
    return regions, images


def regions_with_negatives(database: Database) -> int:
    """How many of these there are."""
    ((count,),) = database.rows(f"SELECT count(*) {WITH_NEGATIVES}")
    return int(count)


def pictures(database: Database, ids: Sequence[int]) -> list[StoredPicture]:
    """Pictures with all their regions, in the order of their ids."""
    rows = database.dicts(PICTURES, {"ids": list(ids)})
    return [_picture(row) for row in rows]


def regions_of(database: Database, image_id: int) -> list[StoredRegion]:
    """The regions of a picture, in order."""
    rows = database.rows(
        """
        SELECT id, x0, y0, x1, y1, phrase, category FROM regions
        WHERE image_id = ? ORDER BY place
        """,
        [image_id],
    )
    return [
        StoredRegion(id_, (x0, y0, x1, y1), phrase, category)
        for id_, x0, y0, x1, y1, phrase, category in rows
    ]


def image_fields(database: Database, image_id: int) -> dict[str, Any] | None:
    """What is known of a picture, by the names of its columns; None where there is none."""
    rows = database.dicts("SELECT * FROM images WHERE id = ?", [image_id])
    return rows[0] if rows else None


def report_faults(database: Database, source: str, found: Sequence[tuple[str, str]]) -> None:
    """Keep what could not be read: (place, reason) each; what is kept already is not repeated."""
    rows = [{"source": source, "place": place, "reason": reason} for place, reason in found]
    if not rows:
        return
    schema = pa.schema([(name, pa.string()) for name in ("source", "place", "reason")])
    with database.write() as cursor:
        cursor.register("found", pa.Table.from_pylist(rows, schema))
        cursor.execute(
            """
            INSERT INTO faults SELECT current_localtimestamp(), source, place, reason FROM found
            WHERE (source, place, reason) NOT IN (SELECT source, place, reason FROM faults)
            """
        )
        cursor.unregister("found")


def faults(database: Database, limit: int) -> list[dict[str, str]]:
    """The latest things that could not be read."""
    return database.dicts(
        "SELECT source, place, reason FROM faults ORDER BY moment DESC, place LIMIT ?", [limit]
    )


def forget_faults(database: Database, source: str) -> None:
    """Before a source is read anew: what is wrong with it will be told anew."""
    with database.write() as cursor:
        cursor.execute("DELETE FROM faults WHERE source = ?", [source])


def _picture(row: dict[str, Any]) -> StoredPicture:
    regions = row["regions"] or []
    boxes = np.array([region["box"] for region in regions], np.float32).reshape(-1, 4)
    return StoredPicture(
        id=row["id"],
        path=Path(row["path"]),
        sha256=row["sha256"],
        width=row["width"],
        height=row["height"],
        region_ids=tuple(region["id"] for region in regions),
        boxes=boxes,
    )


def _record(row: dict[str, Any]) -> Record:
    return Record(
        path=Path(row["path"]),
        short_caption=row["short_caption"],
        long_caption=row["long_caption"],
        regions=tuple(_region(region) for region in row["regions"] or []),
        split=row["split"],
        size=(row["width"], row["height"]),
        meta=json.loads(row["meta"]),
    )


def _region(row: dict[str, Any]) -> Region:
    return Region(
        box=tuple(row["box"]),
        phrase=row["phrase"],
        long_phrase=row["long_phrase"],
        negatives=tuple(Negative(**negative) for negative in row["negatives"] or []),
        category=row["category"],
        meta=json.loads(row["meta"]),
    )
