"""Unit vectors of pictures, regions and phrases, for any number of models."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from fgclip.types import ITEM_KINDS, Embeddings, Ids, ItemKind
from fgclip.workspace.store.database import Cursor, Database, WorkspaceError, appended
from fgclip.workspace.store.schema import vectors_table

OWNERS: Mapping[ItemKind, str] = {"image": "images", "region": "regions", "text": "texts"}
BATCH = 20_000  # vectors in memory beside the matrix that they go to


@dataclass(frozen=True)
class IndexedModel:
    """A model that vectors were made with."""

    id: int
    name: str
    sha256: str  # of the weights; and how pictures were read, where not in the model's own way
    dimensions: int  # D
    card: Mapping[str, Any]


@dataclass(frozen=True)
class VectorBatch:
    """Vectors of one kind."""

    kind: ItemKind
    owners: Sequence[int]
    embeddings: Embeddings  # (N, D) unit length


def all_vectors(model: IndexedModel) -> str:
    """The view of a model's vectors: those in the file, and those in shards beside it."""
    return f"all_vectors_{model.id}"


def models(database: Database) -> list[IndexedModel]:
    """In the order of their arrival."""
    rows = database.rows("SELECT id, name, sha256, dimensions, card FROM models ORDER BY id")
    return [
        IndexedModel(id_, name, sha256, dimensions, json.loads(card))
        for id_, name, sha256, dimensions, card in rows
    ]


def register(
    database: Database, *, name: str, sha256: str, dimensions: int, card: Mapping[str, Any]
) -> IndexedModel:
    """The model with these weights, made known if it is not yet."""
    for model in models(database):
        if model.sha256 == sha256:
            return model
    with database.write() as cursor:
        ((last,),) = cursor.execute("SELECT coalesce(max(id), 0) FROM models").fetchall()
        model = IndexedModel(last + 1, name, sha256, dimensions, card)
        cursor.execute(
            "INSERT INTO models VALUES (?, ?, ?, ?, ?)",
            [model.id, name, sha256, dimensions, json.dumps(dict(card), ensure_ascii=False)],
        )
        cursor.execute(vectors_table(model.id, dimensions))
        cursor.execute(
            f"CREATE VIEW {all_vectors(model)} AS "
            f"SELECT kind, owner, embedding FROM vectors_{model.id}"
        )
    return model


def pending_pictures(database: Database, model: IndexedModel) -> Ids:
    """Pictures that lack their vector, or that of one of their regions; ascending ids."""
    return database.ids(
        f"""
        SELECT id FROM images ANTI JOIN (
            SELECT owner AS id FROM {all_vectors(model)} WHERE kind = 'image') USING (id)
        UNION
        SELECT image_id FROM regions ANTI JOIN (
            SELECT owner AS id FROM {all_vectors(model)} WHERE kind = 'region') USING (id)
        ORDER BY 1
        """
    )


def pending_texts(database: Database, model: IndexedModel) -> list[tuple[int, str]]:
    """Phrases that lack their vector: (id, text)."""
    return database.rows(
        f"""
        SELECT id, text FROM texts ANTI JOIN (
            SELECT owner AS id FROM {all_vectors(model)} WHERE kind = 'text') USING (id)
        ORDER BY id
        """
    )


def lacking(
    database: Database, model: IndexedModel, kind: ItemKind, owners: Sequence[int]
) -> set[int]:
    """Those of the owners that have no vector yet."""
    rows = database.rows(
        f"""
        SELECT owner FROM (SELECT unnest($owners::BIGINT[]) AS owner) ANTI JOIN (
            SELECT owner FROM {all_vectors(model)} WHERE kind = $kind) USING (owner)
        """,
        {"owners": list(owners), "kind": kind},
    )
    return {owner for (owner,) in rows}


def append(database: Database, model: IndexedModel, batches: Sequence[VectorBatch]) -> None:
    """Keep vectors: all of them or none."""
    with database.write() as cursor:
        for batch in batches:
            _append(cursor, model, batch)
    database.changed("vectors")


def load(
    database: Database, model: IndexedModel, kind: ItemKind
) -> Iterator[tuple[Ids, Embeddings]]:
    """All vectors of a kind, ascending by owner, some at a time: (N,) and (N, D)."""
    with database.reading() as cursor:
        answer = cursor.sql(
            f"SELECT owner, embedding FROM {all_vectors(model)} WHERE kind = ? ORDER BY owner",
            params=[kind],
        )
        for batch in answer.to_arrow_reader(BATCH):
            yield batch.column(0).to_numpy(), _matrix(batch.column(1), model.dimensions)


def fetch(database: Database, model: IndexedModel, kind: ItemKind, owner: int) -> Embeddings:
    """The vector (D,) of one owner.

    Raises:
        WorkspaceError: There is none.
    """
    table = database.table(
        f"SELECT embedding FROM {all_vectors(model)} WHERE kind = ? AND owner = ?", [kind, owner]
    )
    if not table.num_rows:
        raise WorkspaceError(
            f"{kind} {owner} has no vector of {model.name} yet; index the workspace first."
        )
    (row,) = _matrix(table.column(0).combine_chunks(), model.dimensions)
    return np.asarray(row, np.float32)


def is_empty(database: Database, model: IndexedModel) -> bool:
    """Whether nothing was indexed with a model yet."""
    return not database.rows(f"SELECT 1 FROM {all_vectors(model)} LIMIT 1")


def counts(database: Database, model: IndexedModel) -> dict[ItemKind, int]:
    """Vectors of each kind."""
    found = dict(database.rows(f"SELECT kind, count(*) FROM {all_vectors(model)} GROUP BY kind"))
    return {kind: found.get(kind, 0) for kind in ITEM_KINDS}


def _append(cursor: Cursor, model: IndexedModel, batch: VectorBatch) -> None:
    if not len(batch.owners):
        return
    flat = pa.array(np.ascontiguousarray(batch.embeddings, np.float32).reshape(-1))
    table = pa.table(
        {
            "kind": pa.array([batch.kind] * len(batch.owners), pa.string()),
            "owner": pa.array(batch.owners, pa.int64()),
            "embedding": pa.FixedSizeListArray.from_arrays(flat, model.dimensions),
        }
    )
    appended(cursor, f"vectors_{model.id}", table)


def _matrix(column: pa.Array, dimensions: int) -> Embeddings:
    rows = np.array(column.flatten(), np.float32)
    rows.shape = (-1, dimensions)
    return rows
