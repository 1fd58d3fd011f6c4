"""Margin, rank and fooled mean the same wherever they are told."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from fgclip import ranking
from fgclip.analysis import ranks
from fgclip.analysis.hard_negatives import failure_table
from fgclip.data.records import Negative, Region
from fgclip.evaluation import metrics
from fgclip.probe.failures import outcomes
from fgclip.probe.negatives import standing_of
from fgclip.ranking import TIE
from fgclip.workspace import IndexedModel
from fgclip.workspace.store import results, vectors
from fgclip.workspace.workspace import Workspace

Cosines = NDArray[np.float32]  # (1 + K,); slot 0 is the true text's
PICTURE = Image.new("RGB", (8, 8))
RUN = "property"
UNHURRIED = settings(deadline=None)  # what else the machine does is no fault
NEAR = st.sampled_from((0.0, TIE / 2, -TIE / 2, TIE, -TIE, 1.1 * TIE, -1.1 * TIE, 3 * TIE))


@st.composite
def cosines(draw: st.DrawFn, least: int = 0) -> Cosines:
    """A true cosine and others: far from it, near it, equal to it, or NaN."""
    unit = st.floats(-1, 1, width=32)
    true = draw(st.one_of(unit, unit, st.just(math.nan)))
    other = st.one_of(unit, NEAR.map(lambda step: true + step), st.just(math.nan))
    return np.array([true, *draw(st.lists(other, min_size=least, max_size=6))], np.float32)


class Reader:
    """A model in one dimension, whose texts are the numbers of their places."""

    def __init__(self, found: Cosines) -> None:
        self.found = found

    def encode_text(self, texts: Sequence[str], route: str = "short") -> Cosines:
        return self.found[[int(text) for text in texts], None]

    def encode_image(self, images: Any) -> Cosines:
        raise NotImplementedError

    def encode_dense(self, image: Image.Image) -> Any:
        return self

    def regions(self, boxes: Any) -> Cosines:
        return np.ones((1, 1), np.float32)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Workspace, IndexedModel]]:
    with Workspace(tmp_path_factory.mktemp("ranking") / "workspace") as workspace:
        model = vectors.register(
            workspace.database, name="m", sha256="0" * 64, dimensions=1, card={}
        )
        yield workspace, model


def defined(found: Cosines) -> bool:
    """What the docstring says, one text at a time."""
    true, *others = (float(each) for each in found)
    return any(not true - other > TIE for other in others)


@UNHURRIED
@given(cosines())
def test_the_three_words_say_the_same(found: Cosines) -> None:
    true, others = float(found[0]), found[1:]
    lead = ranking.margin(true, others)
    assert ranking.is_fooled(lead) == (ranking.rank(true, others) > 1) == defined(found)
    assert (lead is None) == (len(others) == 0)


@UNHURRIED
@given(cosines())
def test_the_negatives_tab_and_the_benchmarks_agree(found: Cosines) -> None:
    fooled, present = defined(found), np.ones((1, len(found)), np.bool_)
    standing = standing_of(found, "short", 10.0)
    assert (standing.fooled, standing.rank > 1) == (fooled, fooled)
    assert metrics.first_of_many(found[None], present)[0] == (not fooled)
    assert metrics.top_k(found[None], np.zeros(1, np.int64), 1)[0] == (not fooled)
    relevant = np.arange(len(found))[None] == 0
    assert metrics.recall_at_k(found[None], relevant, standing.rank) == 1
    assert metrics.recall_at_k(found[None], relevant, standing.rank - 1) == 0
    pairs = metrics.pairwise_accuracy(found[None], [["kind"] * (len(found) - 1)])
    assert (pairs.get("kind", (1.0, 0))[0] == 1) == (not fooled)
    own, _ = ranks.own_ranks(np.ones((1, 1), np.float32), found[:, None], np.zeros(1, int))
    assert own[0] == standing.rank


@UNHURRIED
@given(cosines(least=1))
def test_a_data_set_agrees_with_the_negatives_tab(found: Cosines) -> None:
    negatives = tuple(Negative(str(n), "kind") for n in range(1, len(found)))
    region = Region((0, 0, 1, 1), "0", negatives=negatives)
    (outcome,) = outcomes(Reader(found), PICTURE, [region], routes=["short"])

    assert outcome.fooled == defined(found)
    assert (outcome.winner != "0") == outcome.fooled
    lead = standing_of(found, "short", 10.0).margin
    assert outcome.margin == pytest.approx(lead, abs=0, nan_ok=True)
    assert failure_table([outcome])["kind"]["short"].fooled == outcome.fooled


@settings(UNHURRIED, max_examples=40)
@given(several=st.lists(cosines(least=1), min_size=1, max_size=30))
def test_the_workspace_agrees_with_the_negatives_tab(
    several: list[Cosines], kept: tuple[Workspace, IndexedModel]
) -> None:
    workspace, model = kept
    database = workspace.database
    leads = [ranking.margin(float(found[0]), found[1:]) for found in several]
    rows = [(n, "kind", lead) for n, lead in enumerate(leads) if lead is not None]
    results.add(database, RUN, model, rows)
    results.keep_only(database, RUN, model, np.arange(len(rows)))

    fooled = [n for n, found in enumerate(several) if defined(found)]
    (told,) = results.failures(database, RUN, model)
    assert (told.rows, told.fooled) == (len(several), len(fooled))
    ids = database.rows(
        f"SELECT id FROM (SELECT sample AS id FROM results) WHERE {told.where} ORDER BY id"
    )
    assert [id_ for (id_,) in ids] == fooled
    (both,) = results.signs(database, RUN, model, model)
    assert (both.neither, both.first, both.second, both.both) == (
        len(several) - len(fooled), 0, 0, len(fooled),
    )  # fmt: skip
    listed = results.pairs(database, RUN, model, model, metric="kind", sign="both", limit=99)
    assert sorted(row for row, _, _ in listed) == fooled


def test_a_model_that_sees_no_difference_is_fooled_everywhere() -> None:
    flat = np.full(4, 0.25, np.float32)
    assert ranking.is_fooled(ranking.margin(0.25, flat[1:]))
    assert ranking.rank(0.25, flat[1:]) == 4


def test_of_phrases_that_tie_none_is_first() -> None:
    phrases = np.array([[0.5], [0.5], [0.1]], np.float32)
    seen = np.ones((1, 1), np.float32)
    _, first = ranks.own_ranks(seen, phrases, np.zeros(1, int))
    assert first[0] == ranks.NOBODY
    _, first = ranks.own_ranks(seen, phrases[1:], np.zeros(1, int))
    assert first[0] == 0


def test_margins_that_an_older_version_kept_are_read_anew(tmp_path: Path) -> None:
    with Workspace(tmp_path / "workspace") as workspace:
        model = vectors.register(
            workspace.database, name="m", sha256="0" * 64, dimensions=1, card={}
        )
        workspace.results.add(RUN, model, [(1, "kind", 0.0), (2, "kind", 0.1)])
    with Workspace(tmp_path / "workspace") as workspace:
        (told,) = workspace.results.failures(RUN, model)
    assert (told.rows, told.fooled) == (2, 1)
