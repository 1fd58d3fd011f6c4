"""Vectors that were made elsewhere, as Parquet files: read where they lie, never copied.

A row is a picture or one of its regions, with all that is known of it and its vector.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from fgclip.workspace.store import sharded, vectors
from fgclip.workspace.store.database import Database, WorkspaceError
from fgclip.workspace.store.vectors import IndexedModel

MODEL = "_model.json"  # the model's card beside the shards
PICTURE = -1  # the place of a row that is no region


def schema(dimensions: int) -> pa.Schema:
    """Columns of a shard for a model with so many dimensions."""
    return pa.schema(
        [
            ("path", pa.string()), ("sha256", pa.string()), ("bytes", pa.int64()),
            ("width", pa.int32()), ("height", pa.int32()),
            ("place", pa.int32()),  # of the region in its picture, from 0; PICTURE for the whole
            ("x0", pa.float64()), ("y0", pa.float64()), ("x1", pa.float64()), ("y1", pa.float64()),
            ("phrase", pa.string()), ("category", pa.string()),
            ("fault", pa.string()),  # why a picture could not be read; it has no vector then
            ("embedding", pa.list_(pa.float32(), dimensions)),
        ]
    )  # fmt: skip


@dataclass(frozen=True)
class Attached:
    """What shards brought."""

    images: int
    regions: int
    vectors: int
    faults: int


def attach(database: Database, folder: Path, source: str) -> Attached:
    """Make shards part of a workspace: their pictures and regions are listed, vectors stay there.

    The same shards again add nothing.

    Args:
        database: the workspace, opened with `folder` among its `shard_folders`.
        folder: of *.parquet files and `_model.json`.
        source: name of the import.

    Raises:
        WorkspaceError: These are no shards.
    """
    folder = folder.resolve()
    files = sorted(folder.glob("*.parquet"))
    if not files:
        raise WorkspaceError(f"{folder} holds no *.parquet.")
    model = _model(database, folder)
    for file in files:
        if not set(schema(model.dimensions).names) <= set(pq.read_schema(file).names):
            raise WorkspaceError(f"{file} is no shard of vectors; its columns are others.")
    return Attached(*sharded.attach(database, model, str(folder), source))


def write_card(folder: Path, card: Mapping[str, Any]) -> None:
    """Say which model the shards of a folder are of."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MODEL).write_text(json.dumps(dict(card), ensure_ascii=False), encoding="utf-8")


def _model(database: Database, folder: Path) -> IndexedModel:
    try:
        card = json.loads((folder / MODEL).read_text(encoding="utf-8"))
        name, sha256, dimensions = card["name"], card["sha256"], int(card["dimensions"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WorkspaceError(
            f"{folder / MODEL} does not say which model these vectors are of ({error})."
        ) from error
    return vectors.register(database, name=name, sha256=sha256, dimensions=dimensions, card=card)
