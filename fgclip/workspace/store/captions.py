"""What owners of every kind are called, and the strata they belong to."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from fgclip.types import Ids, ItemKind
from fgclip.workspace.store.database import Cursor, Database
from fgclip.workspace.store.schema import REGION_NAME

ENOUGH = 2000  # captions that tell what a cluster is about

CAPTION: Mapping[ItemKind, tuple[str, str]] = {
    "image": ("images", "coalesce(nullif(short_caption, ''), long_caption)"),
    "region": ("regions", REGION_NAME),
    "text": ("texts", "text"),
}
STRATUM: Mapping[ItemKind, tuple[str, str]] = {
    "image": ("images", "source || '/' || split"),
    "region": ("regions", "category"),
    "text": ("texts", "''"),
}


def captions_of(database: Database, kind: ItemKind, owners: Ids) -> dict[int, str]:
    """What each owner is called; "" where it has no name."""
    table, caption = CAPTION[kind]
    rows = database.rows(
        f"""
        SELECT id, coalesce({caption}, '') FROM {table}
        SEMI JOIN (SELECT unnest($owners::BIGINT[]) AS id) USING (id)
        """,
        {"owners": owners.tolist()},
    )
    return dict(rows)


def texts_of_regions(database: Database) -> tuple[Ids, Ids]:
    """Regions that are called something, ascending, and the phrase that is."""
    table = database.table(
        f"""
        SELECT regions.id AS region, texts.id AS text
        FROM regions JOIN texts ON texts.text = {REGION_NAME} ORDER BY region
        """
    )
    region, text = (
        np.asarray(table.column(name).to_numpy(), np.int64) for name in table.column_names
    )
    return region, text


def add_texts(cursor: Cursor, regions: str) -> None:
    """Keep what regions are called, each name once; those that are known stay.

    Args:
        cursor: of the transaction that adds the regions.
        regions: SQL of rows that have a phrase and a category, as after FROM.
    """
    cursor.execute(
        f"""
        INSERT INTO texts SELECT
            (SELECT coalesce(max(id), 0) FROM texts) + row_number() OVER (ORDER BY name), name
        FROM (SELECT DISTINCT {REGION_NAME} AS name FROM {regions})
        WHERE name <> '' AND name NOT IN (SELECT text FROM texts)
        """
    )


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
