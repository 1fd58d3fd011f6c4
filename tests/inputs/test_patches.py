"""Patches of pictures of any shape, against the figures that FG-CLIP 2's own code gave."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from fgclip.inputs.patches import cut_into_patches, cut_square, patch_budget, patch_grid


@pytest.mark.parametrize(
    ("height", "width", "budget", "grid"),
    [
        (224, 224, 256, (16, 16)),
        (480, 640, 1024, (27, 36)),
        (336, 336, 576, (24, 24)),
        (1080, 1920, 1024, (24, 42)),
        (100, 100, 128, (11, 11)),
    ],
)
def test_grids_are_upstreams(height: int, width: int, budget: int, grid: tuple[int, int]) -> None:
    assert patch_budget(width, height) == budget
    assert patch_grid(width, height, budget) == grid


@given(st.integers(1, 4000), st.integers(1, 4000))
def test_no_grid_exceeds_its_budget(width: int, height: int) -> None:
    budget = patch_budget(width, height)
    down, across = patch_grid(width, height, budget)
    assert 1 <= down * across <= budget or min(down, across) == 1


def test_patches_lie_row_by_row_with_channels_last() -> None:
    values = np.zeros((32, 48, 3), np.uint8)
    values[16:, 32:] = (1, 2, 3)  # the last patch of 2 × 3
    patches, grid = cut_into_patches(Image.fromarray(values), budget=6)
    assert grid == (2, 3)
    assert not patches[:5].any()
    assert (patches[5].reshape(16, 16, 3) == (1, 2, 3)).all()


def test_a_squashed_picture_is_cut_alike() -> None:
    values = np.zeros((6, 4, 3), np.uint8)
    values[3:, 2:] = (1, 2, 3)  # a quarter of the picture
    patches = cut_square(Image.fromarray(values), 16, 8, Image.Resampling.NEAREST)
    assert patches.shape == (4, 8 * 8 * 3)
    assert not patches[:3].any()
    assert (patches[3].reshape(8, 8, 3) == (1, 2, 3)).all()
    rest = cut_square(Image.fromarray(values), 19, 8, Image.Resampling.NEAREST)  # 3 pixels too many
    assert rest.shape == (4, 8 * 8 * 3)
    resized = np.asarray(Image.fromarray(values).resize((19, 19), Image.Resampling.NEAREST))
    assert (rest[3].reshape(8, 8, 3) == resized[8:16, 8:16]).all()
