from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from fgclip.workspace import placing
from fgclip.workspace.placing import placed_among
from tests.support.noise import unit_vectors


def test_a_vector_that_is_on_the_map_lies_where_it_is() -> None:
    fitted = unit_vectors(300, 32, 0)
    coordinates = np.random.default_rng(0).random((300, 2)).astype(np.float32)

    places = placed_among(fitted[:40], fitted, coordinates)

    np.testing.assert_allclose(places, coordinates[:40], atol=0.05)


def test_a_vector_between_two_equal_neighbours_lies_between_them() -> None:
    fitted = np.array([[1, 0], [0, 1]], np.float32)
    middle = np.array([[0.5**0.5, 0.5**0.5]], np.float32)

    place = placed_among(middle, fitted, np.array([[0, 0], [4, 2]], np.float32))

    np.testing.assert_allclose(place, [[2, 1]], atol=1e-5)


def test_places_stay_within_those_of_the_neighbours() -> None:
    fitted, new = unit_vectors(900, 16, 0), unit_vectors(700, 16, 1)
    coordinates = np.random.default_rng(0).random((900, 2)).astype(np.float32)

    places = placed_among(new, fitted, coordinates)

    assert places.shape == (700, 2)
    assert (places >= 0).all()
    assert (places <= 1).all()


@settings(max_examples=30)
@given(st.integers(1, 4000), st.integers(1, 15), st.integers(0, 99))
def test_no_neighbour_is_missed(columns: int, count: int, seed: int) -> None:
    similarity = torch.rand(3, columns, generator=torch.Generator().manual_seed(seed))
    count = min(count, columns)

    values, places = placing._nearest(similarity, count)

    torch.testing.assert_close(values, similarity.topk(count, dim=1).values)
    torch.testing.assert_close(similarity.gather(1, places), values)


def test_fewer_points_than_neighbours_will_do() -> None:
    place = placed_among(
        unit_vectors(1, 8, 0), unit_vectors(1, 8, 1), np.array([[3, 4]], np.float32)
    )

    assert place.tolist() == [pytest.approx([3, 4])]
