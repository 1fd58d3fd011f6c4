"""Boxes: fractions inside, pixels at the border."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgclip.boxes import BoxError, check_boxes, from_pixels, intersection_over_union, to_pixels

side = st.floats(0, 1, width=32)


@st.composite
def box(draw: st.DrawFn) -> list[float]:
    x0, x1 = sorted((draw(side), draw(side)))
    y0, y1 = sorted((draw(side), draw(side)))
    return [x0, y0, x1, y1]


@given(st.lists(box(), max_size=5), st.integers(1, 5000), st.integers(1, 5000))
def test_pixels_and_fractions_are_inverse(
    boxes: list[list[float]], width: int, height: int
) -> None:
    there = to_pixels(np.reshape(boxes, (-1, 4)), width, height)
    back = from_pixels(there, width, height)
    np.testing.assert_allclose(back, np.reshape(boxes, (-1, 4)), atol=1e-6)


@given(box(), box())
def test_overlap_is_symmetric_and_at_most_one(one: list[float], other: list[float]) -> None:
    overlap = intersection_over_union([one], [other])
    assert 0 <= overlap[0, 0] <= 1 + 1e-6
    np.testing.assert_allclose(overlap, intersection_over_union([other], [one]).T, atol=1e-6)


def test_half_a_box_overlaps_a_half() -> None:
    overlap = intersection_over_union([[0, 0, 1, 1]], [[0, 0, 0.5, 1], [0.5, 0.5, 0.5, 0.5]])
    assert overlap.tolist() == [[0.5, 0.0]]


def test_rounding_at_the_edge_is_clipped_and_one_box_may_stand_alone() -> None:
    assert check_boxes([-0.0005, 0, 0.5, 1.0005]).tolist() == [[0, 0, 0.5, 1]]


def test_no_boxes_is_an_empty_table() -> None:
    assert check_boxes([]).shape == (0, 4)


def test_message_gives_number_values_and_remedy() -> None:
    with pytest.raises(BoxError, match=r"box 2 \(0.5, 0, 0.2, 1\) is inverted; give the upper"):
        check_boxes([[0, 0, 1, 1], [0.5, 0, 0.2, 1]])


@pytest.mark.parametrize("edge", ["a", 10**400, [1]], ids=["word", "huge", "list"])
def test_what_is_no_number_is_no_box(edge: object) -> None:
    with pytest.raises(BoxError, match="rows of four numbers"):
        check_boxes([[edge, 0, 1, 1]])  # type: ignore[list-item]
