import numpy as np
from PIL import Image

from fgclip.probe.drawing import HUES, drawn


def test_boxes_are_drawn_in_their_colours_and_the_picture_stays() -> None:
    image = Image.new("RGB", (400, 300), "white")

    painted = np.asarray(drawn(image, np.array([[0.25, 0.5, 0.75, 0.9]]), ["a cat"], [2]))

    hue = np.array([int(HUES[2][i : i + 2], 16) for i in (1, 3, 5)])
    assert np.array_equal(painted[200, 100], hue)  # its left edge, halfway down
    assert np.array_equal(painted[200, 200], [255, 255, 255])
    assert np.all(np.asarray(image) == 255)


def test_nothing_to_draw_gives_a_copy() -> None:
    image = Image.new("RGB", (40, 30), "navy")

    assert np.array_equal(np.asarray(drawn(image, np.zeros((0, 4)), [], [])), np.asarray(image))
