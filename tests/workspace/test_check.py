from __future__ import annotations

import pytest

from fgclip.encoder import Encoder
from fgclip.workspace import check
from fgclip.workspace.store import catalogue
from fgclip.workspace.workspace import Workspace


def test_a_sound_workspace_has_no_faults(indexed: Workspace) -> None:
    assert list(check.faults(indexed.database)) == []


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("INSERT INTO images SELECT * FROM images WHERE id = 3", "images share their id: 3"),
        ("DELETE FROM images WHERE id = 3", "regions belong to images that are not there: 3"),
        ("UPDATE regions SET x1 = x0 WHERE id = 4", "regions have no area: 4"),
        ("INSERT INTO vectors_1 SELECT * FROM vectors_1 WHERE kind = 'text' AND owner = 2",
         "vectors of model are there twice: text 2"),
        ("UPDATE vectors_1 SET embedding = list_transform(embedding, lambda x: 2 * x)::FLOAT[24] "
         "WHERE owner = 5 AND kind = 'image'", "vectors of model are not of length 1: image 5"),
        ("INSERT INTO vectors_1 SELECT 'region', 999, embedding FROM vectors_1 LIMIT 1",
         "vectors of model belong to a region that is not there: 999"),
    ],
)  # fmt: skip
def test_whatever_is_amiss_is_found(
    indexed: Workspace, encoder: Encoder, statement: str, fault: str
) -> None:
    with indexed.database.write() as cursor:
        cursor.execute(statement)

    found = " / ".join(check.faults(indexed.database)).replace(encoder.card.name, "model")

    assert fault in found


def test_files_that_are_gone_or_changed_are_found(indexed: Workspace) -> None:
    first, second, *_ = catalogue.pictures(indexed.database, range(1, 11))
    first.path.unlink()
    second.path.write_bytes(b"other")

    gone, changed = check.faults(indexed.database)

    assert gone == f"1 pictures are gone from their place: {first.path}"
    assert "import them again" in changed
    assert str(second.path) in changed
