from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgclip.evaluation.metrics import (
    first_of_many,
    pairwise_accuracy,
    patches_inside,
    pointing_game,
    recall_at_k,
    standard_error,
    top_k,
)

DIAGONAL = np.eye(3, dtype=np.bool_)


def test_recall_counts_queries_whose_answer_is_among_the_k_best() -> None:
    similarity = np.array([[3, 2, 1], [3, 2, 1], [3, 2, 1]], np.float32)
    assert [recall_at_k(similarity, DIAGONAL, k) for k in (1, 2, 3)] == [1 / 3, 2 / 3, 1]


def test_any_of_several_relevant_candidates_answers_the_query() -> None:
    relevant = np.array([[False, True, True]])
    assert recall_at_k(np.array([[1, 0, 2]], np.float32), relevant, 1) == 1


@given(st.integers(2, 6), st.integers(1, 5), st.sampled_from([0.0, math.nan]))
def test_a_collapsed_model_scores_zero(count: int, k: int, value: float) -> None:
    k = min(k, count - 1)
    flat = np.full((count, count), value, np.float32)
    assert recall_at_k(flat, np.eye(count, dtype=np.bool_), k) == 0
    assert not top_k(flat, np.arange(count), k).any()
    assert not first_of_many(flat, np.ones_like(flat, dtype=np.bool_)).any()
    assert set(pairwise_accuracy(flat, [["colour"] * (count - 1)] * count).values()) == {
        (0.0, count * (count - 1))
    }


def test_top_k_counts_better_classes() -> None:
    similarity = np.array([[5, 4, 3, 2]] * 4, np.float32)
    assert top_k(similarity, np.arange(4), 2).tolist() == [True, True, False, False]


def test_absent_rewrites_do_not_compete() -> None:
    similarity = np.array([[0.5, 0.4, 0.9]], np.float32)
    assert not first_of_many(similarity, np.array([[True, True, True]]))[0]
    assert first_of_many(similarity, np.array([[True, True, False]]))[0]


def test_pairs_are_counted_by_what_was_changed() -> None:
    similarity = np.array([[0.5, 0.4, 0.6], [0.5, 0.1, 0.0]], np.float32)
    found = pairwise_accuracy(similarity, [["colour", "size"], ["size"]])
    assert found == {"colour": (1.0, 1), "size": (0.5, 2)}


def test_patches_are_inside_when_their_centre_is() -> None:
    left_half = np.array([[0, 0, 0.5, 1]], np.float32)
    assert patches_inside(left_half, (1, 4)).tolist() == [[[True, True, False, False]]]


def test_pointing_at_the_box_is_a_hit() -> None:
    maps = np.array([[[0, 1], [0, 0]], [[1, 1], [0, 0]], [[np.nan, 1], [0, 0]]], np.float32)
    boxes = np.array([[0.5, 0, 1, 0.5]] * 3, np.float32)
    # The second points elsewhere too, the third nowhere.
    assert pointing_game(maps, boxes).tolist() == [True, False, False]


@pytest.mark.parametrize(("share", "count", "error"), [(0.5, 100, 0.05), (1.0, 10, 0.0)])
def test_standard_error_of_a_share(share: float, count: int, error: float) -> None:
    assert standard_error(share, count) == error


def test_standard_error_of_nothing_is_unknown() -> None:
    assert math.isnan(standard_error(math.nan, 0))
