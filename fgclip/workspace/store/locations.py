"""Where an owner of a vector is seen: its picture, and its box there."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from fgclip.data.records import Corners
from fgclip.types import Ids, ItemKind
from fgclip.workspace.store.database import Database
from fgclip.workspace.store.schema import REGION_NAME
from fgclip.workspace.store.vectors import OWNERS

CALLED = f"{REGION_NAME} = (SELECT text FROM texts WHERE id = ?)"  # of regions: as a phrase says


def pictures_of(database: Database, owners: Ids) -> Ids:
    """The picture of each region, in the order of the regions."""
    with database.reading(among=owners) as cursor:
        table = cursor.sql(
            "SELECT id, image_id FROM regions WHERE id IN (SELECT id FROM among) ORDER BY id"
        ).to_arrow_table()
    known = table.column("id").to_numpy()
    pictures: Ids = table.column("image_id").to_numpy()[np.searchsorted(known, owners)]
    return pictures


@dataclass(frozen=True)
class Location:
    """Where an owner is: its picture, and its box there as fractions of it; None for a picture."""

    owner: int
    image: int
    name: str
    source: str
    phrase: str
    box: Corners | None


def paths_of(database: Database, kind: ItemKind, owners: Ids) -> dict[int, str]:
    """The picture of each owner; phrases have none."""
    if kind == "text":
        return {}
    picture = "id" if kind == "image" else "image_id"
    rows = database.rows(
        f"""
        WITH wanted AS (SELECT unnest($owners::BIGINT[]) AS id)
        SELECT owned.id, path FROM (
            SELECT id, {picture} AS image_id FROM {OWNERS[kind]} SEMI JOIN wanted USING (id)
        ) AS owned JOIN images ON images.id = owned.image_id
        """,
        {"owners": owners.tolist()},
    )
    return dict(rows)


def locations(database: Database, kind: ItemKind, owners: Ids) -> dict[int, Location]:
    """Where pictures or regions are."""
    regions = "regions.id, image_id, phrase, x0, y0, x1, y1 FROM regions"
    pictures = "images.id, images.id AS image_id, '' AS phrase, 0, 0, 1, 1 FROM images"
    rows = database.rows(
        f"""
        WITH wanted AS (SELECT unnest($owners::BIGINT[]) AS id)
        SELECT owned.id, image_id, parse_filename(path), source, owned.* EXCLUDE (id, image_id)
        FROM (
            SELECT {regions if kind == "region" else pictures} SEMI JOIN wanted USING (id)
        ) AS owned JOIN images ON images.id = image_id
        """,
        {"owners": owners.tolist()},
    )
    return {
        owner: Location(
            owner, image, name, source, phrase, tuple(box) if kind == "region" else None
        )
        for owner, image, name, source, phrase, *box in rows
    }


def shown_of(database: Database, kind: ItemKind, owner: int) -> tuple[Path, Corners | None] | None:
    """The picture that shows an owner, and the box that it is in it; None where there is none.

    A phrase is shown by the first region that is called so.
    """
    if kind == "image":
        rows = database.rows(
            "SELECT path, NULL, NULL, NULL, NULL FROM images WHERE id = ?", [owner]
        )
    else:
        condition = CALLED if kind == "text" else "regions.id = ?"
        rows = database.rows(
            f"""
            SELECT path, x0, y0, x1, y1 FROM regions JOIN images ON images.id = image_id
            WHERE {condition} ORDER BY regions.id LIMIT 1
            """,
            [owner],
        )
    if not rows:
        return None
    path, *corners = rows[0]
    x0, y0, x1, y1 = corners
    return Path(path), None if x0 is None else (x0, y0, x1, y1)


def image_of(database: Database, kind: ItemKind, owner: int) -> int | None:
    """The picture that an owner belongs to, or is shown by."""
    if kind == "image":
        return owner
    condition = CALLED if kind == "text" else "id = ?"
    rows = database.rows(
        f"SELECT image_id FROM regions WHERE {condition} ORDER BY id LIMIT 1", [owner]
    )
    return int(rows[0][0]) if rows else None
