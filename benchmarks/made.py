"""A workspace with as many regions as a benchmark needs: made up, and attached as shards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from fgclip.workspace import IndexedModel, Workspace
from fgclip.workspace.shards import PICTURE, schema, write_card

SOURCES = ("first half", "second half")  # imports, each with half of the pictures and regions
PICTURES = 500  # of a source
KINDS = 40  # categories
DIMENSIONS = 8  # of the pictures' vectors; regions have none
AT_ONCE = 500_000  # rows written together


def fill(workspace: Workspace, count: int) -> IndexedModel:
    """Give an empty workspace `count` regions, of ids from 1; returns the model of its shards."""
    for half, source in enumerate(SOURCES):
        folder = workspace.folder / "shards" / source.replace(" ", "-")
        write_card(folder, {"name": "none", "sha256": "none", "dimensions": DIMENSIONS})
        paths = pa.array([f"p{half}-{number}" for number in range(PICTURES)])
        with pq.ParquetWriter(folder / "made.parquet", schema(DIMENSIONS)) as writer:
            writer.write_table(_pictures(paths))
            regions = np.arange(half, count, len(SOURCES))
            for start in range(0, len(regions), AT_ONCE):
                writer.write_table(_regions(paths, regions[start : start + AT_ONCE]))
        workspace.attach(folder, name=source)
    (model,) = workspace.models
    return model


def _pictures(paths: pa.Array) -> pa.Table:
    rows = len(paths)
    vectors = np.zeros((rows, DIMENSIONS), np.float32)
    vectors[:, 0] = 1
    return _table(
        rows,
        {
            "path": paths,
            "sha256": pa.repeat("", rows),
            "bytes": np.zeros(rows, np.int64),
            "width": np.full(rows, 640, np.int32),
            "height": np.full(rows, 480, np.int32),
            "place": np.full(rows, PICTURE, np.int32),
            "embedding": list(vectors),
        },
    )


def _regions(paths: pa.Array, numbers: np.ndarray) -> pa.Table:
    rows = len(numbers)
    kinds = pa.array([f"kind {number}" for number in range(KINDS)])
    place, picture = np.divmod(numbers // len(SOURCES), PICTURES)
    return _table(
        rows,
        {
            "path": paths.take(pa.array(picture)),
            "place": place.astype(np.int32),
            "x0": np.zeros(rows),
            "y0": np.zeros(rows),
            "x1": numbers % 97 / 97 + 0.01,
            "y1": np.ones(rows),
            "phrase": pa.repeat("a thing", rows),
            "category": kinds.take(pa.array(numbers % KINDS)),
        },
    )


def _table(rows: int, columns: Mapping[str, Any]) -> pa.Table:
    """Rows of a shard; columns that are not given are empty."""
    known = {"fault": pa.repeat("", rows), **columns}
    fields = schema(DIMENSIONS)
    return pa.table(
        {each.name: known.get(each.name, pa.nulls(rows, each.type)) for each in fields}, fields
    )
