from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgclip.analysis import ranks
from fgclip.analysis.errors import AnalysisError
from fgclip.data.records import Region
from fgclip.encoder import Encoder
from fgclip.workspace import Both, IndexedModel, Workspace
from fgclip.workspace.matrix import Matrix
from tests.support.noise import picture_records


@pytest.fixture
def both(indexed: Workspace, other_encoder: Encoder) -> Workspace:
    """Ten pictures, indexed by two models."""
    indexed.index(other_encoder)
    return indexed


def test_ranks_are_those_of_each_region_among_all_phrases(
    both: Workspace, encoder: Encoder, other_encoder: Encoder
) -> None:
    models = [both.model_of(each) for each in (encoder, other_encoder)]
    found = ranks.rankings(both, *(indexed_by(both, model) for model in models))

    regions, own = both.texts_of_regions()
    assert found.regions.tolist() == regions.tolist()
    assert found.phrases == 3
    best = []
    for model, told in zip(models, (found.first, found.second), strict=True):
        texts = both.search.matrix(model, "text")
        seen = both.search.matrix(model, "region").rows(regions)
        cosines = seen @ texts.rows(texts.owners).T
        place = np.searchsorted(texts.owners, own)
        assert told.tolist() == [
            1 + int((row > row[at]).sum()) for row, at in zip(cosines, place, strict=True)
        ]
        best.append(cosines.argmax(axis=1))
    assert found.agree.tolist() == (best[0] == best[1]).tolist()


def test_what_one_model_lacks_is_left_out_and_nothing_at_all_is_refused(
    indexed: Workspace, encoder: Encoder, other_encoder: Encoder
) -> None:
    first, second = indexed.model_of(encoder), indexed.model_of(other_encoder)
    with pytest.raises(AnalysisError, match="No region with a phrase is indexed with both"):
        ranks.rankings(indexed, indexed_by(indexed, first), indexed_by(indexed, second))


def test_a_model_that_sees_no_difference_finds_nothing(both: Workspace, encoder: Encoder) -> None:
    regions, texts = (np.unique(each).astype(np.int64) for each in both.texts_of_regions())
    blind = ranks.ModelVectors(*(collapsed(owners) for owners in (regions, texts)))
    seeing = indexed_by(both, both.model_of(encoder))
    found = ranks.rankings(both, seeing, blind)
    assert (found.second == found.phrases).all()  # all tie, so its own phrase comes last


def test_phrases_that_differ_in_case_alone_are_one(
    workspace: Workspace, encoder: Encoder, tmp_path: Path
) -> None:
    (record,) = picture_records(tmp_path / "pictures", 1)
    loud = (Region((0.2, 0.2, 0.6, 0.6), "The CAT"), *record.regions)
    workspace.add([dataclasses.replace(record, regions=loud)], "one")
    workspace.index(encoder)
    own = indexed_by(workspace, workspace.model_of(encoder))
    found = ranks.rankings(workspace, own, own)
    assert (len(found.regions), found.phrases) == (3, 2)
    assert found.agree.all()


def indexed_by(workspace: Workspace, model: IndexedModel) -> ranks.ModelVectors:
    matrix = workspace.search.matrix
    return ranks.ModelVectors(matrix(model, "region"), matrix(model, "text"))


def collapsed(owners: np.ndarray) -> Matrix:
    """One vector for all."""
    vectors = np.tile(np.eye(1, 8, dtype=np.float32), (len(owners), 1))
    return Matrix.filled([(owners, vectors)], len(owners), 8)


def test_signs_of_two_models_are_counted_together(
    indexed: Workspace, encoder: Encoder, other_encoder: Encoder
) -> None:
    first, second = indexed.model_of(encoder), indexed.model_of(other_encoder)
    mine = {1: 0.5, 2: -0.1, 3: 0.2, 4: -0.3, 5: -0.2, 6: 0.1}
    theirs = {1: 0.1, 2: 0.9, 3: -0.4, 4: -0.1, 5: 0.1}
    indexed.results.add("run", first, [(row, "colour", value) for row, value in mine.items()])
    indexed.results.add("run", second, [(row, "colour", value) for row, value in theirs.items()])
    indexed.results.add("other", second, [(6, "colour", 1.0)])

    (both,) = indexed.results.signs("run", first, second)

    assert both == Both("colour", neither=1, first=2, second=1, both=1)
    assert both.rows == 5  # the sixth is the first model's alone
    found = indexed.results.pairs("run", first, second, metric="colour", sign="first", limit=10)
    assert found == [(2, -0.1, 0.9), (5, -0.2, 0.1)]  # those that differ most come first
    (one,) = indexed.results.pairs("run", first, second, metric="colour", sign="both", limit=1)
    assert one == (4, -0.3, -0.1)


def test_chance_is_that_of_a_fair_coin() -> None:
    assert ranks.chance(0, 0) == 1
    assert ranks.chance(5, 5) == pytest.approx(1)
    assert ranks.chance(0, 5) == pytest.approx(2 * 0.5**5)


@given(st.integers(0, 60), st.integers(0, 60))
def test_chance_does_not_depend_on_which_model_is_called_first(one: int, other: int) -> None:
    assert ranks.chance(one, other) == pytest.approx(ranks.chance(other, one))
    assert 0 <= ranks.chance(one, other) <= 1
