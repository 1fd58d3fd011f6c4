"""Pictures of any shape are shared out to passes that memory holds, and sizes must make sense."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.utils._python_dispatch import TorchDispatchMode

import fgclip.inputs.batching
from fgclip.encoder import Encoder
from fgclip.inputs.batching import MOST_PADDED, PATCHES_AT_ONCE, NaFlexInputs
from fgclip.inputs.families import inputs_of
from fgclip.inputs.patches import patch_grid
from fgclip.model.checkpoints.loading import CheckpointError, read_checkpoint
from fgclip.model.fgclip2 import FGCLIP2, initialise_fgclip2
from fgclip.model.fgclip2_config import FGCLIP2Config, NaFlexConfig, SiglipTextConfig
from fgclip.model.naflex import Patches
from fgclip.zoo import load
from tests.support.models import save_tiny_fgclip2
from tests.support.noise import SMALL, TALL, WIDE
from tests.support.training import tiny_siglip_tokenizer

HALF = (0.5, 0.5, 0.5)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("fgclip2")
    save_tiny_fgclip2(place)
    return place


@pytest.fixture(scope="module")
def naflex(folder: Path) -> Encoder:
    return load(folder, device="cpu", dtype="float32")


@given(st.lists(st.tuples(st.integers(1, 130), st.integers(1, 130)), max_size=30))
def test_batches_hold_every_picture_once_and_little_padding(grids: list[tuple[int, int]]) -> None:
    inputs = NaFlexInputs(tiny_siglip_tokenizer(), 1, HALF, HALF)
    batches = inputs.batches([np.zeros((*grid, 3), np.uint8) for grid in grids])

    assert sorted(row for rows in batches for row in rows.tolist()) == list(range(len(grids)))
    for rows in batches:
        counts = [grids[row][0] * grids[row][1] for row in rows]
        assert len(rows) == 1 or len(rows) * max(counts) <= PATCHES_AT_ONCE
        assert max(counts) <= MOST_PADDED * min(counts)


@pytest.mark.parametrize("at_once", [1, 200, 8192])
def test_how_pictures_are_shared_out_changes_no_vector(
    naflex: Encoder, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    pictures = [TALL, WIDE, SMALL, WIDE.rotate(180), SMALL.rotate(90)]
    boxes = [[0.1, 0.2, 0.6, 0.9], [0, 0, 0.5, 0.5], [0.2, 0.1, 0.9, 0.4], [0, 0, 1, 1]]
    owners = [3, 0, 3, 2]  # out of order; two pictures have none
    alone = [naflex.encode_dense(picture) for picture in pictures]

    monkeypatch.setattr(fgclip.inputs.batching, "PATCHES_AT_ONCE", at_once)
    prepared = [naflex.prepare(picture) for picture in pictures]
    images, regions = naflex.encode_prepared(prepared, boxes, owners)

    for row, dense in zip(images, alone, strict=True):
        np.testing.assert_allclose(row, dense.image_embedding, atol=1e-6)
    np.testing.assert_allclose(naflex.encode_image(pictures), images, atol=1e-6)
    for row, box, owner in zip(regions, boxes, owners, strict=True):
        np.testing.assert_allclose(row, alone[owner].regions([box])[0], atol=1e-6)


class Largest(TorchDispatchMode):
    """Numbers in the largest tensor that an operation gives."""

    numbers = 0

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        found = func(*args, **(kwargs or {}))
        for each in found if isinstance(found, tuple | list) else (found,):
            if isinstance(each, torch.Tensor):
                self.numbers = max(self.numbers, each.untyped_storage().nbytes() // 4)
        return found


@pytest.mark.parametrize("side", [64, pytest.param(128, marks=pytest.mark.slow)])
@pytest.mark.parametrize("padded", [False, True])
def test_no_map_of_patches_by_patches_is_made(side: int, padded: bool) -> None:
    shape = {"width": 16, "layers": 1, "heads": 2, "mlp_width": 32}
    config = FGCLIP2Config(
        vision=NaFlexConfig(**shape, patch_size=2, num_patches=16),
        text=SiglipTextConfig(**shape, vocab_size=10),
    )
    model = initialise_fgclip2(FGCLIP2(config), seed=0)
    shapes = torch.tensor([[side, side], [side, side - 1]][: 1 + padded])
    mask = torch.arange(side**2) < shapes.prod(1)[:, None]
    pixels = torch.randn(len(shapes), side**2, 12)
    with torch.no_grad(), Largest() as largest:
        _, dense = model.encode_image_and_dense(Patches(pixels, mask, shapes))

    assert torch.isfinite(dense.tokens).all()
    assert 0 < largest.numbers < len(shapes) * side**2 * 3 * 32 < side**4


@given(st.integers(1, 4000), st.integers(1, 4000), st.integers(1, 5000))
def test_a_grid_is_never_above_its_budget(width: int, height: int, budget: int) -> None:
    down, across = patch_grid(width, height, budget)
    assert 1 <= down * across <= budget


def plain_siglip2(folder: Path, tmp_path: Path, settings: object = None) -> Path:
    place = Path(shutil.copytree(folder, tmp_path / "model"))
    if settings is not None:
        (place / "preprocessor_config.json").write_text(json.dumps(settings))
    return place


@pytest.mark.parametrize(
    ("family", "settings", "most"),
    [
        ("SigLIP 2", None, 256),
        ("SigLIP 2", {"max_num_patches": 729}, 729),
        ("FG-CLIP 2", {"max_num_patches": 729}, 1024),  # chooses by the picture's size
    ],
)
def test_each_family_has_its_own_budget(
    folder: Path, tmp_path: Path, family: str, settings: object, most: int
) -> None:
    checkpoint = read_checkpoint(plain_siglip2(folder, tmp_path, settings))
    checkpoint = replace(checkpoint, family=family)
    inputs = inputs_of(checkpoint)
    assert inputs.most_patches == most
    assert inputs.image_size == 16 * int(most**0.5)
    assert inputs_of(checkpoint, most_patches=9).most_patches == 9


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"max_num_patches": 0}, "max_num_patches is 0; give a whole number"),
        ({"max_num_patches": "many"}, "max_num_patches is 'many'"),
        ({"image_std": [0.5, 0, 0.5]}, "the latter positive"),
        ([1], "not a JSON object"),
    ],
)
def test_settings_that_make_no_sense_are_refused(
    folder: Path, tmp_path: Path, settings: object, message: str
) -> None:
    checkpoint = read_checkpoint(plain_siglip2(folder, tmp_path, settings))
    with pytest.raises(CheckpointError, match=message):
        inputs_of(replace(checkpoint, family="SigLIP 2"))


def test_more_patches_than_a_picture_may_have_are_refused(folder: Path) -> None:
    with pytest.raises(ValueError, match="most_patches 400000 .* give 347656 or fewer"):
        load(folder, most_patches=400_000)


def test_the_card_tells_how_texts_are_read(naflex: Encoder, encoder: Encoder) -> None:
    assert naflex.card.bias == pytest.approx(-10)
    assert encoder.card.bias is None
    assert "lower-cased; padded" in naflex.card.prompt_style
    assert "lower-cased; cut" in encoder.card.prompt_style
