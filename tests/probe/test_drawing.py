from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from fgclip.probe.drawing import HUES, drawn


def test_boxes_are_drawn_in_their_colours_and_the_picture_stays() -> None:
    image = Image.new("RGB", (1100, 900), "white")

    painted = np.asarray(drawn(image, np.array([[0.25, 0.5, 0.75, 0.9]]), ["a cat"], [2]))

    hue = np.array([int(HUES[2][i : i + 2], 16) for i in (1, 3, 5)])
    assert np.array_equal(painted[630, 275], hue)  # its left edge, halfway down
    assert np.array_equal(painted[630, 550], [255, 255, 255])
    assert np.all(np.asarray(image) == 255)


def test_nothing_to_draw_gives_a_copy() -> None:
    image = Image.new("RGB", (40, 30), "navy")

    painted = drawn(image, np.zeros((0, 4)), [], [])
    assert painted is not image
    assert painted.getcolors() == [(painted.width * painted.height, (0, 0, 128))]


@pytest.mark.parametrize(
    ("size", "painted"),
    [((144, 144), (1008, 1008)), ((100, 600), (100, 600)), ((9, 512), (18, 1024))],
)
def test_a_small_picture_is_enlarged_so_that_its_labels_can_be_read(
    size: tuple[int, int], painted: tuple[int, int]
) -> None:
    assert drawn(Image.new("RGB", size), np.zeros((0, 4)), [], []).size == painted
