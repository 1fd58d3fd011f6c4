"""Boxes: fractions inside, pixels at the border."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgclip.boxes import BoxError, check_boxes, check_pixel_boxes, from_pixels, to_pixels

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


def test_rounding_at_the_edge_is_clipped_and_one_box_may_stand_alone() -> None:
    assert check_boxes([-0.0005, 0, 0.5, 1.0005]).tolist() == [[0, 0, 0.5, 1]]


def test_no_boxes_is_an_empty_table() -> None:
    assert check_boxes([]).shape == (0, 4)


def test_message_gives_number_values_and_remedy() -> None:
    with pytest.raises(BoxError, match=r"box 2 \(0.5, 0, 0.2, 1\) is inverted; give the upper"):
        check_boxes([[0, 0, 1, 1], [0.5, 0, 0.2, 1]])


def test_boxes_in_pixels_become_fractions() -> None:
    found = check_pixel_boxes([[10, 0, 100, 50], [0, 0, 100.05, 50]], 100, 50)
    np.testing.assert_allclose(found, [[0.1, 0, 1, 1], [0, 0, 1, 1]], rtol=1e-6)


@pytest.mark.parametrize(
    ("pixel_box", "message"),
    [
        ([10, 0, 101, 50], r"box 1 \(10, 0, 101, 50\) leaves .*; it has 100 × 50 pixels"),
        ([20, 0, 10, 50], r"box 1 \(20, 0, 10, 50\) is inverted"),
        ([10, 0, 10, 50], r"box 1 \(10, 0, 10, 50\) has no area; give or draw a larger one"),
    ],
)
def test_faults_of_boxes_in_pixels_are_told_in_pixels(pixel_box: list[int], message: str) -> None:
    with pytest.raises(BoxError, match=message):
        check_pixel_boxes(pixel_box, 100, 50)


@pytest.mark.parametrize("edge", ["a", 10**400, [1]], ids=["word", "huge", "list"])
def test_what_is_no_number_is_no_box(edge: object) -> None:
    with pytest.raises(BoxError, match="rows of four numbers"):
        check_boxes([[edge, 0, 1, 1]])  # type: ignore[list-item]
