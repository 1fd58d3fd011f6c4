"""Parquet: one row a picture. Our own tables hold all of a record; others are guessed at."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from fgclip.data.columns import KNOWN, picture_column, record_of_row
from fgclip.data.pictures import name_beside
from fgclip.data.reading import DEFAULT, FormatError, Lost, Reading
from fgclip.data.records import Negative, Record, Region
from fgclip.files import written_whole

ROWS = 1000  # in memory at a time
ROWS_OF_PICTURES = 16  # the same where a row may hold the content of a picture
SPLITS = ("train", "validation", "val", "test")
MARK = b"fgclip_records"  # key of the schema's metadata that tells our own tables

REGION = pa.struct(
    [
        ("box", pa.list_(pa.float64(), 4)),
        ("phrase", pa.string()),
        ("long_phrase", pa.string()),
        ("category", pa.string()),
        ("negatives", pa.list_(pa.struct([("text", pa.string()), ("attribute", pa.string())]))),
        ("meta", pa.string()),
    ]
)
SCHEMA = pa.schema(
    [
        ("path", pa.string()),
        ("short_caption", pa.string()),
        ("long_caption", pa.string()),
        ("split", pa.string()),
        ("width", pa.int32()),
        ("height", pa.int32()),
        ("meta", pa.string()),
        ("regions", pa.list_(REGION)),
    ],
    metadata={MARK: b"1"},
)


def read_parquet(path: Path | str, reading: Reading = DEFAULT) -> Iterator[Record]:
    """Records of a table, or of all tables of a folder, some rows in memory at a time.

    Raises:
        FormatError: There is no table, or it has no pictures.
    """
    path = Path(path)
    files = sorted(path.rglob("*.parquet")) if path.is_dir() else [path]
    if not files:
        raise FormatError(f"{path} holds no *.parquet.")
    for file in files:
        try:
            table = pq.ParquetFile(file)
        except (OSError, pa.ArrowInvalid) as error:
            raise FormatError(f"{file} is no Parquet table: {error}") from error
        with table:
            yield from _records(table, file, reading)


def _records(table: pq.ParquetFile, file: Path, reading: Reading) -> Iterator[Record]:
    own = MARK in (table.schema_arrow.metadata or {})
    if not own:
        picture_column(table.schema_arrow.names)
    for number, row in enumerate(_rows(table, file, own, reading)):
        if own:
            yield _record(row, file.parent, reading)
            continue
        found = record_of_row(
            row,
            where=f"{file}, row {number}",
            beside=file.parent,
            reading=reading,
            split=_split_of(file),
        )
        if found:
            yield found


def _rows(
    table: pq.ParquetFile, file: Path, own: bool, reading: Reading
) -> Iterator[dict[str, Any]]:
    """Rows up to where the table is damaged."""
    names = [name for name in table.schema_arrow.names if own or name in KNOWN]
    size = ROWS if own else ROWS_OF_PICTURES
    try:
        for batch in table.iter_batches(size, columns=names):
            yield from batch.to_pylist()
    except (OSError, pa.ArrowException) as error:
        reading.fault(f"{file} cannot be read any further, get it anew: {error}")


def write_parquet(records: Iterable[Record], path: Path) -> Lost:
    """Write one table; `read_parquet` gives the same records back."""
    remaining = iter(records)
    path.parent.mkdir(parents=True, exist_ok=True)
    with written_whole(path) as partial, pq.ParquetWriter(partial, SCHEMA) as writer:
        while rows := [_row(record, path.parent) for record in islice(remaining, ROWS)]:
            writer.write_table(pa.Table.from_pylist(rows, SCHEMA))
    return Lost()


def _split_of(file: Path) -> str:
    """As Hugging Face names files: train-00000-of-00002.parquet, or train/0000.parquet."""
    names = (file.stem.split("-")[0], file.parent.name)
    return next((name for name in names if name in SPLITS), "")


def _row(record: Record, folder: Path) -> dict[str, Any]:
    width, height = record.size or (None, None)
    return {
        "path": name_beside(record.path, folder),
        "short_caption": record.short_caption,
        "long_caption": record.long_caption,
        "split": record.split,
        "width": width,
        "height": height,
        "meta": json.dumps(dict(record.meta), ensure_ascii=False),
        "regions": [
            {
                "box": list(region.box),
                "phrase": region.phrase,
                "long_phrase": region.long_phrase,
                "category": region.category,
                "negatives": [
                    {"text": each.text, "attribute": each.attribute} for each in region.negatives
                ],
                "meta": json.dumps(dict(region.meta), ensure_ascii=False),
            }
            for region in record.regions
        ],
    }


def _record(row: dict[str, Any], folder: Path, reading: Reading) -> Record:
    return Record(
        path=reading.picture(row["path"], folder),
        short_caption=row["short_caption"],
        long_caption=row["long_caption"],
        regions=tuple(_region(each) for each in row["regions"]),
        split=row["split"],
        size=(row["width"], row["height"]) if row["width"] else None,
        meta=json.loads(row["meta"]),
    )


def _region(row: dict[str, Any]) -> Region:
    x0, y0, x1, y1 = row["box"]
    return Region(
        box=(x0, y0, x1, y1),
        phrase=row["phrase"],
        long_phrase=row["long_phrase"],
        negatives=tuple(Negative(**each) for each in row["negatives"]),
        category=row["category"],
        meta=json.loads(row["meta"]),
    )
