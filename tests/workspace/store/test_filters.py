from __future__ import annotations

from pathlib import Path

import pytest

from fgclip.types import ItemKind
from fgclip.workspace.store.database import WorkspaceError
from fgclip.workspace.store.fields import MEANINGS, columns
from fgclip.workspace.store.filters import Filter, matching
from fgclip.workspace.workspace import Workspace


@pytest.mark.parametrize(
    ("kind", "filter_", "count"),
    [
        ("image", Filter(), 10),
        ("image", Filter(split="train"), 5),
        ("image", Filter(where=" \n"), 10),
        ("image", Filter(where="width > height AND regions = 2"), 10),
        ("region", Filter(category="cat"), 7),
        ("region", Filter(attribute="kind"), 10),
        ("region", Filter(min_area=0.2001), 0),
        ("region", Filter(max_area=0.2001, min_area=0.1999), 20),
        ("region", Filter(source="noise", where="phrase LIKE '%dog' -- any"), 7),
        ("region", Filter(source="elsewhere"), 0),
        ("text", Filter(where="regions > 6"), 2),
    ],
)
def test_conditions_choose_rows(
    pictured: Workspace, kind: str, filter_: Filter, count: int
) -> None:
    assert len(matching(pictured.database, kind, filter_)) == count


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ("true); DROP TABLE images; SELECT (true", "more than one condition"),
        ("area >", "cannot be read at its end; write a condition such as area > 0.1"),
        ("area > 0.1 AN place = 1", "cannot be read at 'AN'"),
        ("phrase = 'the cat", "quotation mark in the filter is not closed"),
        ("colour = 'red'", "Regions have no field 'colour'. Their fields: area, attributes"),
        ('phrase LIKE "%cat"', "no field '%cat'"),
        ("count(*) > 1", "cannot be used: WHERE clause cannot contain aggregates"),
        ("id IN (SELECT 1 FROM read_text('/etc/hostname'))", "disabled by configuration"),
        ("id IN (SELECT id FROM read_parquet('/tmp/*.parquet'))", "cannot be used"),
        ("id = 'seven'", "cannot be used"),
    ],
)
def test_what_is_no_condition_is_refused_and_nothing_happens(
    pictured: Workspace, where: str, words: str
) -> None:
    with pytest.raises(WorkspaceError) as refused:
        matching(pictured.database, "region", Filter(where=where))

    assert words in str(refused.value)
    assert len(matching(pictured.database, "image", Filter())) == 10


def test_a_condition_that_takes_too_long_is_stopped(
    pictured: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fgclip.workspace.store.filters.SECONDS", 0.3)
    slow = "id IN (SELECT count(*) FROM range(100000000) a, range(100000) b)"

    with pytest.raises(WorkspaceError, match="was stopped; make it simpler"):
        matching(pictured.database, "region", Filter(where=slow))


def test_a_field_that_a_kind_lacks_is_named(pictured: Workspace) -> None:
    with pytest.raises(WorkspaceError, match="Images have no field 'category'"):
        matching(pictured.database, "image", Filter(category="cat"))


def test_columns_are_those_that_conditions_may_use(pictured: Workspace, tmp_path: Path) -> None:
    known = columns(pictured.database, "region")

    assert {"phrase", "area", "category", "source"} <= set(known)
    assert "verdict" not in known
    kinds: tuple[ItemKind, ...] = ("image", "region", "text")
    every = {name for kind in kinds for name in columns(pictured.database, kind)}
    assert set(MEANINGS) <= every
    for name in known:
        matching(pictured.database, "region", Filter(where=f"{name} IS NOT NULL"))
