"""CSV for spreadsheets: one row a region, and one for a picture without any."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from fgclip.data.reading import Lost
from fgclip.data.records import Record, Region
from fgclip.files import written_whole

COLUMNS = (
    "path", "split", "width", "height", "short_caption", "long_caption", "picture_meta",
    "x0", "y0", "x1", "y1", "category", "phrase", "long_phrase", "negatives", "meta",
)  # fmt: skip


def write_csv(records: Iterable[Record], path: Path) -> Lost:
    """Write a table; boxes are fractions, lists and facts are JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with (
        written_whole(path) as partial,
        partial.open("w", encoding="utf-8", newline="") as file,
    ):
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        for record in records:
            writer.writerows(_rows(record))
    return Lost()


def _rows(record: Record) -> Iterator[dict[str, Any]]:
    width, height = record.size or ("", "")
    picture = {
        "path": str(record.path), "split": record.split, "width": width, "height": height,
        "short_caption": record.short_caption, "long_caption": record.long_caption,
        "picture_meta": _json(record.meta),
    }  # fmt: skip
    if not record.regions:
        yield picture
    for region in record.regions:
        yield {**picture, **_region(region)}


def _region(region: Region) -> dict[str, Any]:
    negatives = [{"text": each.text, "attribute": each.attribute} for each in region.negatives]
    return {
        **dict(zip(("x0", "y0", "x1", "y1"), region.box, strict=True)),
        "category": region.category, "phrase": region.phrase, "long_phrase": region.long_phrase,
        "negatives": _json(negatives), "meta": _json(region.meta),
    }  # fmt: skip


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=dict) if value else ""
