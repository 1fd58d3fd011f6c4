"""Pictures and boxes as recipes want them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.pictures import as_square, cut_out, in_square, random_grid, taught_boxes
from training.recipe import Distillation

WIDE = np.zeros((40, 80, 3), np.uint8)
WIDE[:, :40] = (255, 0, 0)  # the left half
LEFT = (0.0, 0.0, 0.5, 1.0)


def test_squashing_moves_no_box() -> None:
    square, frame = as_square(WIDE, 20, "squash")
    assert square.shape == (20, 20, 3)
    assert in_square(LEFT, frame) == LEFT
    assert (square[:, :9] == (255, 0, 0)).all()


def test_padding_keeps_the_shape_and_moves_boxes_with_it() -> None:
    square, frame = as_square(WIDE, 20, "pad")
    assert not square[10:].any()  # black below
    assert (square[:10, :9] == (255, 0, 0)).all()
    assert in_square(LEFT, frame) == (0.0, 0.0, 0.5, 0.5)


def test_the_middle_is_cropped_and_boxes_are_clipped_to_it() -> None:
    square, frame = as_square(WIDE, 20, "crop")
    assert (square[:, :9] == (255, 0, 0)).all()
    assert not square[:, 11:].any()
    assert in_square(LEFT, frame) == (0.0, 0.0, 0.5, 1.0)
    assert in_square((0.9, 0.2, 1.0, 0.4), frame) == (1.0, 0.2, 1.0, 0.4)  # without area


@given(
    st.sampled_from(["squash", "pad", "crop"]),
    st.integers(1, 90),
    st.integers(1, 90),
    st.tuples(*[st.floats(0, 1)] * 4),
)
def test_boxes_stay_within_the_square(
    resize: str, height: int, width: int, edges: tuple[float, float, float, float]
) -> None:
    x0, x1 = sorted(edges[:2])
    y0, y1 = sorted(edges[2:])
    square, frame = as_square(np.zeros((height, width, 3), np.uint8), 16, resize)  # type: ignore[arg-type]
    a, b, c, d = in_square((x0, y0, x1, y1), frame)
    assert square.shape == (16, 16, 3)
    assert 0 <= a <= c <= 1
    assert 0 <= b <= d <= 1


def test_a_grid_tiles_the_picture() -> None:
    random = np.random.default_rng(0)
    kinds = set()
    for _ in range(500):
        boxes = random_grid(6, random)
        area = sum((x1 - x0) * (y1 - y0) for x0, y0, x1, y1 in boxes)
        assert area == pytest.approx(1)
        kinds.add((len({box[1] for box in boxes}), len({box[0] for box in boxes})))
    assert len(kinds) == 24  # CLIPSelf's pairs
    assert all((rows + 1) // 2 <= columns <= min(2 * rows, 6) for rows, columns in kinds)


def test_boxes_too_small_to_be_seen_teach_nothing() -> None:
    how = Distillation(boxes="annotated")
    boxes = [(0.0, 0.0, 0.5, 0.5), (0.0, 0.0, 0.1, 0.1), (0.3, 0.3, 0.3, 0.9)]
    found = taught_boxes(boxes, (40, 80), how, np.random.default_rng(0))
    assert found == [(0.0, 0.0, 0.5, 0.5)]


def test_at_most_so_many_boxes_teach() -> None:
    how = Distillation(boxes="grid", max_boxes=2)
    assert all(
        len(taught_boxes([], (64, 64), how, np.random.default_rng(seed))) <= 2 for seed in range(30)
    )


def test_a_crop_is_the_inside_of_its_box() -> None:
    crop = cut_out(WIDE, LEFT, 16, enlargement=1.0, resize="squash")
    assert (crop == (255, 0, 0)).all()


def test_an_enlarged_crop_is_clipped_to_the_picture() -> None:
    crop = cut_out(WIDE, LEFT, 16, enlargement=1.5, resize="squash")  # 50 of 80 pixels, clipped
    assert (crop[:, :12] == (255, 0, 0)).all()
    assert not crop[:, 13:].any()


def test_a_crop_that_keeps_its_shape_lies_in_the_middle() -> None:
    crop = cut_out(WIDE, (0.0, 0.0, 0.5, 0.5), 16, enlargement=1.0, resize="pad")  # 40 × 20 pixels
    assert (crop[4:12] == (255, 0, 0)).all()
    assert not crop[:4].any()
    assert not crop[12:].any()


@pytest.mark.parametrize("box", [(0.5, 0.5, 0.5, 0.5), (1.0, 1.0, 1.0, 1.0)])
def test_a_box_without_area_still_has_a_pixel(box: tuple[float, float, float, float]) -> None:
    assert cut_out(WIDE, box, 16, enlargement=1.0, resize="squash").shape == (16, 16, 3)
