"""Heat maps as numbers and as pictures."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from fgclip.encoder import Encoder
from fgclip.probe.heatmap import BAR, VIRIDIS, coloured, heat_map, overlay, upsampled


def test_a_heat_map_is_the_cosine_of_every_patch(encoder: Encoder) -> None:
    picture = np.zeros((8, 8, 3), np.uint8)
    dense, (text,) = encoder.encode_dense(picture), encoder.encode_text("the cat")
    np.testing.assert_allclose(heat_map(dense, text), dense.embeddings @ text, atol=1e-6)


def test_between_patch_centres_values_are_mixed_and_edges_are_held() -> None:
    heat = np.array([[0.0, 1.0]], np.float32)
    np.testing.assert_allclose(upsampled(heat, 4, 1), [[0, 0.25, 0.75, 1]])
    assert upsampled(heat, 8, 3).shape == (3, 8)


@pytest.mark.parametrize(("value", "colour"), [(-5, "#440154"), (0.5, "#21918c"), (9, "#fde725")])
def test_colours_run_from_dark_to_bright_and_are_held_beyond(value: float, colour: str) -> None:
    red, green, blue = coloured(np.array(value, np.float32), 0, 1)
    assert f"#{red:02x}{green:02x}{blue:02x}" == colour


def test_a_flat_map_has_one_colour() -> None:
    assert len(np.unique(coloured(np.full((2, 2), 0.3, np.float32), 0.3, 0.3))) <= 3


def test_the_picture_keeps_its_size_and_gains_a_scale() -> None:
    picture = Image.new("RGB", (120, 80), "white")
    heat = np.array([[0.1, 0.2], [0.3, 0.4]], np.float32)
    assert overlay(picture, heat).size == (120, 80 + BAR)
    assert overlay(picture, heat, opacity=0).getpixel((60, 40)) == (255, 255, 255)
    assert overlay(Image.new("RGB", (1, 1)), heat).size == (1, 1 + BAR)


def test_page_and_command_line_use_the_same_colours() -> None:
    script = (Path(__file__).parents[2] / "assets/web/core/colours.js").read_text(encoding="utf-8")
    table = script[script.index("VIRIDIS = [") : script.index("];", script.index("VIRIDIS = ["))]
    assert tuple(re.findall(r"#[0-9a-f]{6}", table)) == VIRIDIS
