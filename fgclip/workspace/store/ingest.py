"""Pictures that come in: added once, merged into what is there, nothing of it lost."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Literal

import pyarrow as pa

from fgclip.data.records import Corners, Record, Region
from fgclip.types import DECIMALS
from fgclip.workspace.store.captions import add_texts
from fgclip.workspace.store.database import Cursor, Database, appended

IMAGES = pa.schema(
    [
        ("id", pa.int64()), ("path", pa.string()), ("sha256", pa.string()), ("bytes", pa.int64()),
        ("width", pa.int32()), ("height", pa.int32()), ("split", pa.string()),
        ("source", pa.string()), ("short_caption", pa.string()), ("long_caption", pa.string()),
        ("meta", pa.string()),
    ]
)  # fmt: skip
REGIONS = pa.schema(
    [
        ("id", pa.int64()), ("image_id", pa.int64()), ("place", pa.int32()),
        ("x0", pa.float64()), ("y0", pa.float64()), ("x1", pa.float64()), ("y1", pa.float64()),
        ("phrase", pa.string()), ("long_phrase", pa.string()), ("category", pa.string()),
        ("origin", pa.string()), ("score", pa.float32()), ("verdict", pa.string()),
        ("meta", pa.string()),
    ]
)  # fmt: skip
NEGATIVES = pa.schema(
    [
        ("region_id", pa.int64()), ("rank", pa.int32()), ("text", pa.string()),
        ("attribute", pa.string()), ("origin", pa.string()),
    ]
)  # fmt: skip

Key = tuple[float, float, float, float, str, str]
Origin = Literal["import", "user", "proposal"]


@dataclass(frozen=True)
class NewPicture:
    """A record and the facts of its file."""

    record: Record
    sha256: str
    bytes: int
    width: int  # pixels, upright
    height: int


@dataclass(frozen=True)
class Added:
    """What became of pictures that came in."""

    images: int = 0  # new ones
    regions: int = 0  # new ones, of new and known pictures
    changed: int = 0  # known pictures whose file is another now: their vectors were dropped
    known: int = 0  # pictures that were there

    def __add__(self, other: Added) -> Added:
        pairs = ((getattr(self, each.name), getattr(other, each.name)) for each in fields(Added))
        return Added(*(one + two for one, two in pairs))


def add(
    database: Database, pictures: Sequence[NewPicture], source: str, origin: Origin = "import"
) -> Added:
    """Add pictures, each with all that is said of it, in one transaction.

    A path is one picture. Of a known one, captions that are given replace those that are there,
    and regions are added whose box, phrase and category are not there yet. Nothing is removed.

    Args:
        database: the workspace.
        pictures: with one path each.
        source: name of the import.
        origin: of the regions.
    """
    with database.write() as cursor:
        known = _known(cursor, [str(each.record.path) for each in pictures])
        new = [each for each in pictures if str(each.record.path) not in known]
        old = [each for each in pictures if str(each.record.path) in known]
        changed = _refresh(cursor, old, known)
        ids = _add_images(cursor, new, source)
        ids |= {path: each.id for path, each in known.items()}
        regions = _add_regions(cursor, pictures, ids, origin)
    database.changed("records")
    if changed:
        database.changed("vectors")
    return Added(images=len(new), regions=regions, changed=changed, known=len(old))


@dataclass(frozen=True)
class _Known:
    """A picture that is there, as it was."""

    id: int
    sha256: str
    short_caption: str
    long_caption: str
    split: str


def _known(cursor: Cursor, paths: Sequence[str]) -> dict[str, _Known]:
    """Those paths that are there."""
    cursor.register("given", pa.table({"path": pa.array(paths, pa.string())}))
    rows = cursor.execute(
        """
        SELECT path, id, sha256, short_caption, long_caption, split
        FROM images SEMI JOIN given USING (path)
        """
    ).fetchall()
    cursor.unregister("given")
    return {path: _Known(*facts) for path, *facts in rows}


def _refresh(cursor: Cursor, old: Sequence[NewPicture], known: Mapping[str, _Known]) -> int:
    """Bring known pictures up to date; return how many files are others now."""
    changed = []
    for each in old:
        record, there = each.record, known[str(each.record.path)]
        for column in ("short_caption", "long_caption", "split"):
            value = getattr(record, column)
            if value and value != getattr(there, column):
                cursor.execute(f"UPDATE images SET {column} = ? WHERE id = ?", [value, there.id])
        if there.sha256 != each.sha256:
            changed.append(there.id)
            cursor.execute(
                "UPDATE images SET sha256 = ?, bytes = ?, width = ?, height = ? WHERE id = ?",
                [each.sha256, each.bytes, each.width, each.height, there.id],
            )
    if changed:
        drop_vectors(cursor, changed)
    return len(changed)


def drop_vectors(cursor: Cursor, image_ids: Sequence[int]) -> None:
    """Forget what models made of pictures and their regions."""
    for (model_id,) in cursor.execute("SELECT id FROM models").fetchall():
        cursor.execute(
            f"""
            DELETE FROM vectors_{model_id} WHERE
                (kind = 'image' AND owner IN (SELECT unnest($ids::BIGINT[])))
                OR (kind = 'region' AND owner IN (
                    SELECT id FROM regions WHERE image_id IN (SELECT unnest($ids::BIGINT[]))))
            """,
            {"ids": list(image_ids)},
        )


def _add_images(cursor: Cursor, new: Sequence[NewPicture], source: str) -> dict[str, int]:
    """Ids of new pictures by path."""
    first = _next_id(cursor, "images")
    rows = [
        {
            "id": first + number,
            "path": str(each.record.path),
            "sha256": each.sha256,
            "bytes": each.bytes,
            "width": each.width,
            "height": each.height,
            "split": each.record.split,
            "source": source,
            "short_caption": each.record.short_caption,
            "long_caption": each.record.long_caption,
            "meta": _json(each.record.meta),
        }
        for number, each in enumerate(new)
    ]
    appended(cursor, "images", pa.Table.from_pylist(rows, IMAGES))
    return {row["path"]: row["id"] for row in rows}  # type: ignore[misc]


def _add_regions(
    cursor: Cursor, pictures: Sequence[NewPicture], ids: Mapping[str, int], origin: Origin
) -> int:
    there = _regions_there(cursor, [ids[str(each.record.path)] for each in pictures])
    first = next_id = _next_id(cursor, "regions")
    regions: list[dict[str, Any]] = []
    negatives: list[dict[str, Any]] = []
    for each in pictures:
        image_id = ids[str(each.record.path)]
        keys = there[image_id]
        for region in each.record.regions:
            key = _key(region.box, region.phrase, region.category)
            if key in keys:
                continue
            keys.append(key)
            regions.append(_region_row(region, next_id, image_id, len(keys) - 1, origin))
            negatives += _negative_rows(region, next_id)
            next_id += 1
    appended(cursor, "regions", pa.Table.from_pylist(regions, REGIONS))
    appended(cursor, "negatives", pa.Table.from_pylist(negatives, NEGATIVES))
    add_texts(cursor, f"regions WHERE id >= {first}")
    return len(regions)


def _regions_there(cursor: Cursor, image_ids: Sequence[int]) -> dict[int, list[Key]]:
    rows = cursor.execute(
        """
        SELECT image_id, x0, y0, x1, y1, phrase, category FROM regions
        WHERE image_id IN (SELECT unnest($ids::BIGINT[])) ORDER BY image_id, place
        """,
        {"ids": list(image_ids)},
    ).fetchall()
    there: dict[int, list[Key]] = defaultdict(list)
    for image_id, x0, y0, x1, y1, phrase, category in rows:
        there[image_id].append(_key((x0, y0, x1, y1), phrase, category))
    return there


def _key(box: Corners, phrase: str, category: str) -> Key:
    x0, y0, x1, y1 = (round(edge, DECIMALS) for edge in box)
    return x0, y0, x1, y1, phrase, category


def _region_row(
    region: Region, id_: int, image_id: int, place: int, origin: Origin
) -> dict[str, Any]:
    x0, y0, x1, y1 = region.box
    given = region.meta.get("score")
    score = given if isinstance(given, int | float) else None
    return {
        "id": id_, "image_id": image_id, "place": place, "x0": x0, "y0": y0, "x1": x1, "y1": y1,
        "phrase": region.phrase, "long_phrase": region.long_phrase, "category": region.category,
        "origin": origin, "score": score, "verdict": "", "meta": _json(region.meta),
    }  # fmt: skip


def _negative_rows(region: Region, region_id: int) -> Iterable[dict[str, Any]]:
    for rank, negative in enumerate(region.negatives):
        yield {
            "region_id": region_id, "rank": rank, "text": negative.text,
            "attribute": negative.attribute, "origin": "import",
        }  # fmt: skip


def _next_id(cursor: Cursor, table: str) -> int:
    ((last,),) = cursor.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchall()
    return int(last) + 1


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(dict(value), ensure_ascii=False)
