"""SigLIP and SigLIP 2 for pictures of one size: features are transformers' own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from fgclip.model.checkpoints.loading import (
    CheckpointError,
    load_model,
    read_checkpoint,
    save_model,
)
from fgclip.model.config import ConfigError
from fgclip.model.fgclip2 import FGCLIP2
from fgclip.model.fgclip2_config import FGCLIP2Config
from fgclip.model.naflex import Patches
from tests.support.checkpoints import random_siglip, relative_error

KERNEL = "vision_model.embeddings.patch_embedding.weight"


def patches_of(pixels: Tensor, patch: int) -> Patches:
    """(B, 3, S, S) cut up by hand, one value after another."""
    count, side = len(pixels), pixels.shape[-1] // patch
    rows = torch.stack(
        [
            pixels[:, channel, y * patch + down, x * patch + right]
            for y in range(side)
            for x in range(side)
            for down in range(patch)
            for right in range(patch)
            for channel in range(3)
        ],
        dim=1,
    ).reshape(count, side * side, -1)
    shapes = torch.tensor([[side, side]] * count)
    return Patches(rows, torch.ones(count, side * side, dtype=torch.bool), shapes)


@torch.no_grad()
@pytest.mark.parametrize(
    ("image_size", "patch", "width"),
    [(16, 4, 32), (15, 5, 32), (14, 4, 32), (16, 4, 48)],  # the last as SigLIP 2's giant-opt
)
def test_features_are_transformers(tmp_path: Path, image_size: int, patch: int, width: int) -> None:
    theirs = random_siglip(image_size=image_size, patch_size=patch, vision_width=width)
    theirs.save_pretrained(tmp_path)
    ours = load_model(tmp_path)
    assert isinstance(ours, FGCLIP2)
    pixels = torch.randn(2, 3, image_size, image_size)
    expected = theirs.get_image_features(pixels).pooler_output
    assert relative_error(ours.encode_image(patches_of(pixels, patch)), expected) < 1e-5
    ids = torch.randint(0, 50, (3, 24))
    expected = theirs.get_text_features(ids).pooler_output
    for route in ("short", "box"):
        assert relative_error(ours.encode_text(ids, route), expected) < 1e-5  # type: ignore[arg-type]
    assert torch.equal(ours.logit_bias, theirs.logit_bias)
    assert read_checkpoint(tmp_path).fixed_size


@pytest.mark.parametrize(
    ("vocabulary", "name"), [(50, "SigLIP 2"), (32_000, "SigLIP"), (250_000, "SigLIP")]
)
def test_the_vocabulary_tells_siglip_from_its_successor(
    tmp_path: Path, vocabulary: int, name: str
) -> None:
    random_siglip(vocab_size=vocabulary, hidden_size=4).save_pretrained(tmp_path)
    assert read_checkpoint(tmp_path).family == name


def test_what_the_file_leaves_out_is_siglips_default() -> None:
    config = FGCLIP2Config.from_dict({"model_type": "siglip"})
    assert (config.vision.num_patches, config.text.vocab_size) == (14 * 14, 32_000)
    so400m = {"image_size": 384, "patch_size": 14}
    config = FGCLIP2Config.from_dict({"model_type": "siglip", "vision_config": so400m})
    assert config.vision.num_patches == 27 * 27
    assert FGCLIP2Config.from_dict({"model_type": "siglip2"}).vision.num_patches == 256


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [("image_size", 0, "image_size is 0"), ("patch_size", [16, 16], "patch_size is")],
)
def test_impossible_squares_are_refused(field: str, value: object, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        FGCLIP2Config.from_dict({"model_type": "siglip", "vision_config": {field: value}})


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        (KERNEL, (32, 3, 5, 5)),
        (KERNEL, (32, 1, 4, 4)),
        (KERNEL, (32, 3, 8, 2)),
        (KERNEL, (32, 3, 16)),
        ("vision_model.embeddings.position_embedding.weight", (9, 32)),
        ("vision_model.head.probe", (1, 32)),
        ("text_model.head.weight", (32, 31)),
    ],
)
def test_tensors_of_other_shapes_are_named_by_their_own(
    tmp_path: Path, name: str, shape: tuple[int, ...]
) -> None:
    random_siglip().save_pretrained(tmp_path)
    tensors = load_file(tmp_path / "model.safetensors")
    tensors[name] = torch.zeros(shape)
    save_file(tensors, tmp_path / "model.safetensors")
    with pytest.raises(CheckpointError) as refused:
        load_model(tmp_path)
    assert f"{name!r} has shape {shape}, but config.json asks for" in str(refused.value)


def test_a_description_of_another_family_is_refused(tmp_path: Path) -> None:
    random_siglip().save_pretrained(tmp_path)
    path = tmp_path / "config.json"
    raw: dict[str, Any] = json.loads(path.read_text())
    path.write_text(json.dumps(raw | {"model_type": "siglip2"}))
    with pytest.raises(CheckpointError, match="position_embedding.weight' has shape"):
        load_model(tmp_path)


@pytest.mark.parametrize("width", [32, 48])
def test_what_is_saved_reads_patches_of_any_grid(tmp_path: Path, width: int) -> None:
    random_siglip(vision_width=width).save_pretrained(tmp_path / "siglip")
    model = load_model(tmp_path / "siglip")
    save_model(model, tmp_path / "saved")
    again = load_model(tmp_path / "saved")
    assert read_checkpoint(tmp_path / "saved").family == "FG-CLIP 2"
    assert read_checkpoint(tmp_path / "saved").fixed_size is None
    for name, value in model.state_dict().items():
        assert torch.equal(again.state_dict()[name], value), name
