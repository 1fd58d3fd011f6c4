"""A workspace that the version before wrote (commit 2b2b50f): it opens and is used as ever.

It has two pictures with four regions each, indexed by a tiny model and laid out on one map; one
region of each was held against its two negatives.
"""

from __future__ import annotations

import copy
import dataclasses
import lzma
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from fgclip.encoder import Encoder
from fgclip.explore.api.failures import failure_answer
from fgclip.explore.api.map import MapAnswers
from fgclip.explore.pictures import Pictures
from fgclip.types import ITEM_KINDS
from fgclip.workspace import Filter, IndexedModel, Workspace
from fgclip.workspace.search import text_query
from tests.support.asking import Asked

WRITTEN = Path(__file__).parent / "older" / "version_2.duckdb.xz"


@pytest.fixture
def older(tmp_path: Path) -> Iterator[Workspace]:
    with lzma.open(WRITTEN) as packed:
        (tmp_path / "workspace.duckdb").write_bytes(packed.read())
    with Workspace(tmp_path) as workspace:
        yield workspace


@pytest.fixture
def model(older: Workspace) -> IndexedModel:
    (found,) = older.models
    return found


@pytest.fixture
def its_encoder(encoder: Encoder, model: IndexedModel) -> Encoder:
    """An encoder whose card says that it is the one that indexed."""
    loaded = copy.copy(encoder)
    loaded.card = dataclasses.replace(encoder.card, sha256=model.sha256)
    return loaded


def test_all_that_it_holds_is_there(older: Workspace, model: IndexedModel) -> None:
    assert (older.counts["images"], older.counts["regions"], older.counts["texts"]) == (2, 8, 4)
    assert older.vector_counts(model) == {"image": 2, "region": 8, "text": 4}
    assert older.captions("region", np.array([1, 2])) == {1: "cat", 2: "the dog"}
    assert [each.name for each in older.locations("region", np.array([1])).values()] == ["0.png"]
    (second,) = older.pictures([2])
    assert second.path.name == "1.png"
    assert older.find_image(second.path) == 2
    assert len(older.matching("region", Filter(category="dog"))) == 2
    assert [fault for fault in older.faults() if "pictures are gone" not in fault] == []


def test_it_is_searched(older: Workspace, model: IndexedModel, its_encoder: Encoder) -> None:
    assert older.model_of(its_encoder) == model
    for kind in ITEM_KINDS:
        own = older.vector(model, kind, 1)
        assert older.search.nearest(model, kind, own, limit=1).owners.tolist() == [1]
    query = text_query(its_encoder, "the cat", "box")
    assert older.search.nearest(model, "region", query, limit=8).searched == 8


def test_its_map_is_shown(older: Workspace, its_encoder: Encoder, tmp_path: Path) -> None:
    pictures = Pictures(its_encoder, {}, tmp_path / "uploads", stored=older.picture_path)
    answers = Asked(MapAnswers(older, its_encoder, pictures))

    assert [run["name"] for run in answers.maps({})["maps"]] == ["all regions"]
    seen = answers.view({"map": 1, "colour": "category"})
    assert {each["value"]: each["count"] for each in seen["legend"]} == {
        "bird": 2, "boat": 2, "cat": 2, "dog": 2,
    }  # fmt: skip
    assert len(answers.find({"map": 1, "region": 3, "limit": 4})["items"]) == 4


def test_its_failures_are_told(older: Workspace, model: IndexedModel, its_encoder: Encoder) -> None:
    answer = failure_answer(older, its_encoder)

    assert (answer.asked, answer.regions) == (2, 2)
    (colour, kind) = sorted(answer.rows, key=lambda row: row.attribute)
    for row in (colour, kind):
        for cell in row.cells.values():
            assert cell.asked == 2
            fooling = older.matching("region", Filter(where=cell.where))
            assert len(fooling) == cell.fooled
