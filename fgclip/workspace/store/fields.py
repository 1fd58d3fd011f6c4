"""Fields of pictures, regions and phrases that people name: in filters, and as colours of a map."""

from __future__ import annotations

from collections.abc import Mapping

from fgclip.types import ItemKind
from fgclip.workspace.store.database import Database
from fgclip.workspace.store.vectors import OWNERS

ROWS: Mapping[ItemKind, str] = {"image": "image_rows", "region": "region_rows", "text": "text_rows"}
"""The view whose columns are a kind's fields."""

MEANINGS: Mapping[str, str] = {
    "area": "share of the picture",
    "attributes": "that a hard negative changes",
    "bytes": "size of the file",
    "height": "of the picture, pixels",
    "origin": "import, user or proposal",
    "place": "among the picture's regions, from 0",
    "regions": "how many",
    "score": "of the proposal",
    "sha256": "of the file",
    "source": "name of the import",
    "width": "of the picture, pixels",
    "x0": "left edge, share of the width",
    "x1": "right edge, share of the width",
    "y0": "upper edge, share of the height",
    "y1": "lower edge, share of the height",
}
"""Of the fields whose names do not say it all."""

UNWRITTEN = frozenset({"verdict"})
"""Columns for what is to come: no field before something writes them."""


def columns(database: Database, kind: ItemKind) -> dict[str, str]:
    """Names and SQL types of a kind's fields."""
    described = database.rows(f"DESCRIBE {ROWS[kind]}")
    return {name: type_ for name, type_, *_ in described if name not in UNWRITTEN}


def table_of(database: Database, kind: ItemKind, field: str) -> str:
    """Where a field is read: the kind's own table if it is there, for the view joins others."""
    own = {name for name, *_ in database.rows(f"DESCRIBE {OWNERS[kind]}")}
    return OWNERS[kind] if field in own else ROWS[kind]
