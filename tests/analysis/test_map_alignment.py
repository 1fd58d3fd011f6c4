from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgclip.analysis.errors import AnalysisError
from fgclip.analysis.map_alignment import align, neighbour_overlap, neighbours_of, overlaid
from fgclip.encoder import Encoder
from fgclip.workspace import Workspace
from tests.support.maps import kept
from tests.support.noise import unit_vectors

PLACES = np.random.default_rng(0).random((20, 2))


@given(st.floats(0, 6.3), st.floats(0.01, 100), st.booleans(), st.floats(-50, 50))
def test_a_map_that_is_turned_mirrored_scaled_and_moved_lies_over_itself(
    angle: float, scale: float, mirrored: bool, shift: float
) -> None:
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    other = PLACES * (1, -1 if mirrored else 1) @ turn * scale + shift

    first, second = overlaid(PLACES, other)

    np.testing.assert_allclose(first, second, atol=2e-4)
    assert (first**2).sum(axis=1).mean() == pytest.approx(1, abs=1e-4)


def test_one_point_that_moves_drifts_most() -> None:
    moved = PLACES.copy()
    moved[7] += 2

    first, second = overlaid(PLACES, moved)

    assert np.linalg.norm(first - second, axis=1).argmax() == 7


def test_neighbours_are_shared_as_far_as_models_agree() -> None:
    vectors = unit_vectors(2000, 16, 0)
    turned = vectors[:, ::-1].copy()  # other axes, the same cosines
    assert neighbour_overlap(vectors, turned, 10).tolist() == [1] * len(vectors)

    apart = neighbour_overlap(vectors, unit_vectors(2000, 24, 1), 10)
    assert apart.mean() == pytest.approx(10 / 1999, abs=0.004)  # as chance has it


def test_neighbours_are_those_of_a_full_search() -> None:
    one, other = unit_vectors(40, 8, 2), unit_vectors(40, 8, 3)

    found = neighbour_overlap(one, other, 5)

    for row in range(40):
        nearest = [
            set(np.argsort([-np.inf if at == row else -(each @ rows[row]) for at, each in
                enumerate(rows)])[1:6].tolist())
            for rows in (one, other)
        ]  # fmt: skip
        assert found[row] == pytest.approx(len(nearest[0] & nearest[1]) / 5)


def test_maps_of_two_models_are_aligned_on_what_they_share(
    indexed: Workspace, encoder: Encoder, other_encoder: Encoder
) -> None:
    indexed.index(other_encoder)
    pairs = [
        (indexed.search.matrix(indexed.model_of(each), "region"), kept(indexed, each, PLACES))
        for each in (encoder, other_encoder)
    ]

    found = align(indexed, *pairs)

    assert found.owners.tolist() == list(range(1, 21))
    assert found.neighbours == 10
    assert found.drift.max() < 1e-4
    assert ((found.overlap >= 0) & (found.overlap <= 1)).all()
    for row, owner in enumerate(found.owners.tolist()):
        near = [neighbours_of(matrix, found, owner) for matrix, _ in pairs]
        for hits in near:
            assert len(hits.owners) == found.neighbours
            assert owner not in hits.owners
            assert (np.diff(hits.scores) <= 0).all()
        shared = np.intersect1d(*(hits.owners for hits in near))
        assert len(shared) == round(float(found.overlap[row]) * found.neighbours)


def test_maps_of_different_kinds_or_of_little_in_common_are_refused(
    indexed: Workspace, encoder: Encoder, other_encoder: Encoder
) -> None:
    first, second = (
        indexed.search.matrix(indexed.model_of(each), "region") for each in (encoder, other_encoder)
    )
    run, other_run = kept(indexed, encoder, PLACES), kept(indexed, other_encoder, PLACES)
    with pytest.raises(AnalysisError, match="share 0 regions; they need 5"):
        align(indexed, (first, run), (second, other_run))
    pictures = dataclasses.replace(run, kind="image")
    with pytest.raises(AnalysisError, match="A map of images cannot lie over one of regions"):
        align(indexed, (first, pictures), (first, run))
