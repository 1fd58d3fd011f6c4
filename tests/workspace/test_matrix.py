from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fgclip.types import Embeddings
from fgclip.workspace.matrix import Matrix
from tests.support.noise import unit_vectors


def filled(vectors: Embeddings, owners: np.ndarray, batch: int = 7) -> Matrix:
    starts = range(0, len(owners), batch)
    batches = ((owners[s : s + batch], vectors[s : s + batch]) for s in starts)
    return Matrix.filled(batches, len(owners), vectors.shape[1])


@settings(max_examples=60)
@given(
    count=st.integers(1, 6000),
    dimensions=st.sampled_from([2, 24, 64]),
    limit=st.integers(1, 20),
    seed=st.integers(0, 999),
    gaps=st.booleans(),
    spread=st.sampled_from([1.0, 1e-3]),
)
def test_the_answer_is_that_of_a_search_in_float32(
    count: int, dimensions: int, limit: int, seed: int, gaps: bool, spread: float
) -> None:
    vectors = unit_vectors(count, dimensions, seed)
    vectors[: count // 2] = vectors[0] + spread * vectors[: count // 2]  # near each other
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    owners = np.arange(1, count + 1) * (3 if gaps else 1)
    query = unit_vectors(1, dimensions, seed + 1)[0]

    hits = filled(vectors, owners, 1000).best(query, limit)

    exact = vectors @ query
    worst = np.sort(exact)[::-1][: len(hits.owners)][-1]
    assert len(hits.owners) == min(limit, count)
    assert hits.searched == count
    assert (hits.scores >= worst - 1e-6).all()
    np.testing.assert_allclose(hits.scores, exact[np.searchsorted(owners, hits.owners)], atol=1e-6)
    assert (np.diff(hits.scores) <= 0).all()


def test_vectors_come_back_to_the_last_bit() -> None:
    vectors = unit_vectors(50, 24, 0)
    owners = np.arange(10, 60)

    assert np.array_equal(filled(vectors, owners).rows(np.array([59, 10])), vectors[[49, 0]])


@pytest.mark.parametrize("share", [0.01, 0.9])
@pytest.mark.parametrize("step", [1, 5])
def test_only_those_asked_for_are_found(share: float, step: int) -> None:
    vectors = unit_vectors(4000, 16, 1)
    owners = np.arange(4000) * step
    asked = np.sort(np.random.default_rng(0).choice(owners, int(4000 * share), replace=False))
    query = unit_vectors(1, 16, 2)[0]

    hits = filled(vectors, owners).best(query, 5, among=np.append(asked, 10**6))

    exact = vectors[asked // step] @ query
    assert hits.owners.tolist() == asked[np.argsort(-exact)[:5]].tolist()
    assert hits.searched == len(asked)


def test_equal_scores_are_ordered_by_owner() -> None:
    same = np.repeat(unit_vectors(1, 8, 0), 30, axis=0)

    hits = filled(same, np.arange(30)).best(same[0], 4)

    assert hits.owners.tolist() == [0, 1, 2, 3]


def test_nothing_is_found_among_nothing() -> None:
    matrix = filled(unit_vectors(9, 8, 0), np.arange(9))

    assert len(matrix.best(unit_vectors(1, 8, 1)[0], 3, among=np.array([77])).owners) == 0
    assert len(filled(np.zeros((0, 8), np.float32), np.arange(0)).best(np.ones(8), 3).owners) == 0
