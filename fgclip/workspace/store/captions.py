"""What is said of owners of every kind: their phrases, and the strata they belong to."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from fgclip.types import Ids, ItemKind
from fgclip.workspace.store.database import Database

ENOUGH = 2000  # phrases that tell what a cluster is about

PHRASE: Mapping[ItemKind, tuple[str, str]] = {
    "image": ("images", "coalesce(nullif(short_caption, ''), long_caption)"),
    "region": ("regions", "coalesce(nullif(phrase, ''), category)"),
    "text": ("texts", "text"),
}
STRATUM: Mapping[ItemKind, tuple[str, str]] = {
    "image": ("images", "source || '/' || split"),
    "region": ("regions", "category"),
    "text": ("texts", "''"),
}


def said_of(database: Database, kind: ItemKind, owners: Ids) -> dict[int, str]:
    """What is said of each owner; "" where nothing is."""
    table, phrase = PHRASE[kind]
    rows = database.rows(
        f"""
        SELECT id, coalesce({phrase}, '') FROM {table}
        SEMI JOIN (SELECT unnest($owners::BIGINT[]) AS id) USING (id)
        """,
        {"owners": owners.tolist()},
    )
    return dict(rows)


def texts_of_regions(database: Database) -> tuple[Ids, Ids]:
    """Regions of which something is said, ascending, and the text that is."""
    _, phrase = PHRASE["region"]
    table = database.table(
        f"""
        SELECT regions.id AS region, texts.id AS text
        FROM regions JOIN texts ON texts.text = {phrase} ORDER BY region
        """
    )
    region, text = (
        np.asarray(table.column(name).to_numpy(), np.int64) for name in table.column_names
    )
    return region, text


def strata(database: Database, kind: ItemKind, owners: Ids) -> NDArray[np.int64]:
    """The number of the stratum of each owner, from 0."""
    table, stratum = STRATUM[kind]
    answer = database.table(
        f"SELECT id, dense_rank() OVER (ORDER BY {stratum}) - 1 AS stratum FROM {table} ORDER BY id"
    )
    ids = np.asarray(answer.column("id").to_numpy(), np.int64)
    numbers = np.asarray(answer.column("stratum").to_numpy(), np.int64)
    found: NDArray[np.int64] = np.unique(
        numbers[np.searchsorted(ids, owners)], return_inverse=True
    )[1]
    return found
