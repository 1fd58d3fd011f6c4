from __future__ import annotations

from random import Random

import numpy as np
import pytest
from PIL import Image

from training.scenes.backgrounds import PATTERNS, Background, describe, paint_background
from training.scenes.paint import place, random_stretch, tint, trim, vary_drawing, vary_scene
from training.scenes.palette import COLOUR_NAMES, COLOURS, colour_shares


def arrow() -> Image.Image:
    """Red on the left, green on the right, blue below."""
    pixels = np.zeros((40, 60, 4), np.uint8)
    pixels[..., 3] = 255
    pixels[:, :30, 0] = 255
    pixels[:, 30:, 1] = 255
    pixels[30:] = (0, 0, 255, 255)
    return Image.fromarray(pixels)


def shaded() -> Image.Image:
    levels = np.tile(np.linspace(40, 230, 40, dtype=np.uint8), (40, 1))
    return Image.fromarray(np.stack([levels, levels // 2, levels // 3, levels * 0 + 255], -1))


def test_placing_scales_the_longest_side() -> None:
    placed = place(arrow(), 30, angle=0, mirrored=False)

    assert abs(placed.width - 30) <= 1
    assert abs(placed.height - 20) <= 1


def test_half_a_turn_brings_the_bottom_to_the_top() -> None:
    placed = place(arrow(), 60, angle=180, mirrored=False)

    assert placed.getpixel((10, 3))[:3] == (0, 0, 255)
    assert placed.getpixel((50, 25))[:3] == (255, 0, 0)


def test_a_quarter_turn_is_counter_clockwise() -> None:
    placed = place(arrow(), 60, angle=90, mirrored=False)

    assert abs(placed.height - 60) <= 1
    assert placed.getpixel((10, 10))[:3] == (0, 255, 0)  # the right end now points up


def test_mirroring_swaps_left_and_right() -> None:
    placed = place(arrow(), 60, angle=0, mirrored=True)

    assert placed.getpixel((10, 5))[:3] == (0, 255, 0)


@pytest.mark.parametrize("angle", [0, 7, -31, 180, 194])
def test_a_placed_object_fills_its_box(angle: float) -> None:
    alpha = np.asarray(place(arrow(), 41, angle=angle, mirrored=False).getchannel("A")) >= 128

    assert alpha[0].any()
    assert alpha[-1].any()
    assert alpha[:, 0].any()
    assert alpha[:, -1].any()


def test_an_invisible_picture_is_left_as_it_is() -> None:
    assert trim(Image.new("RGBA", (5, 5), (0, 0, 0, 0))).size == (5, 5)


@pytest.mark.parametrize("colour", [name for name in COLOUR_NAMES if name != "white"])
@pytest.mark.parametrize("seed", range(6))
def test_a_tinted_drawing_has_mostly_that_colour(colour: str, seed: int) -> None:
    shares = colour_shares(tint(shaded(), colour, Random(seed)))

    assert COLOUR_NAMES[int(np.argmax(shares))] == colour


def test_white_is_far_brighter_than_grey_and_still_shaded() -> None:
    white, grey = (np.asarray(tint(shaded(), c, Random(0)).convert("L")) for c in ("white", "grey"))

    assert white.mean() > 210
    assert grey.mean() < 150
    assert np.ptp(white) > 15


def test_tinting_keeps_the_outline() -> None:
    sprite = shaded()
    sprite.putalpha(Image.linear_gradient("L").resize(sprite.size))

    painted = tint(sprite, "green", Random(0))

    assert painted.getchannel("A").tobytes() == sprite.getchannel("A").tobytes()


@pytest.mark.parametrize("seed", range(40))
def test_varied_drawings_and_scenes_keep_their_form(seed: int) -> None:
    drawing = vary_drawing(arrow(), Random(seed))
    scene = vary_scene(Image.new("RGB", (32, 32), "teal"), Random(seed))

    assert drawing.mode == "RGBA"
    assert 0 <= drawing.width - 60 <= 4
    assert (scene.mode, scene.size) == ("RGB", (32, 32))


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("colour", ["red", "green", "blue", "white", "black"])
def test_a_background_shows_its_colour(pattern: str, colour: str) -> None:
    picture = paint_background(Background(pattern, colour), 64, Random(1))
    mean = np.asarray(picture, np.float32).reshape(-1, 3).mean(0)

    nearest = min(COLOURS, key=lambda name: float(np.abs(mean - COLOURS[name]).sum()))

    assert picture.size == (64, 64)
    assert nearest == colour


@pytest.mark.parametrize("pattern", ["striped", "checked"])
def test_a_two_coloured_background_shows_both(pattern: str) -> None:
    picture = paint_background(Background(pattern, "red", "white"), 64, Random(1))
    shares = colour_shares(picture.convert("RGBA"))

    assert shares[COLOUR_NAMES.index("red")] > 0.25
    assert shares[COLOUR_NAMES.index("white")] > 0.25


def test_backgrounds_are_described() -> None:
    assert describe("striped", "blue", "white") == "a striped blue and white background"
    assert describe("gradient", "orange") == "an orange gradient background"


def test_stretching_makes_wider_by_as_much_as_lower() -> None:
    plain = place(arrow(), 40, angle=0, mirrored=False)
    wide = place(arrow(), 40, angle=0, mirrored=False, stretch=1.25)
    assert wide.width / plain.width == pytest.approx(1.25, abs=0.06)
    assert wide.height / plain.height == pytest.approx(0.8, abs=0.06)


def test_proportions_vary_by_a_quarter_at_most() -> None:
    drawn = [random_stretch(Random(seed)) for seed in range(300)]
    assert 0.8 <= min(drawn) < 0.9
    assert 1.1 < max(drawn) <= 1.25
    assert drawn.count(1.0) > 60
