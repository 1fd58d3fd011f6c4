"""Our FG-CLIP computes what the original computed, from the original's own weights and inputs.

The folder holds a tiny random checkpoint in upstream's layout with the outputs that upstream's code
gave for it in float32 (`out.*`).
"""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor

from fgclip.model.checkpoints.loading import load_model
from fgclip.model.config import FGCLIPConfig
from fgclip.model.fgclip import FGCLIP

TINY = Path(__file__).parents[1] / "data" / "fgclip_v1_tiny"


@pytest.fixture(scope="module")
def model() -> FGCLIP:
    return load_model(TINY)


@pytest.fixture(scope="module")
def original() -> dict[str, Tensor]:
    return load_file(TINY / "expected.safetensors")


def relative_error(found: Tensor, expected: Tensor) -> float:
    return float((found - expected).norm() / expected.norm())


@torch.no_grad()
def test_image_features_equal_the_originals(model: FGCLIP, original: dict[str, Tensor]) -> None:
    found = model.encode_image(original["in.pixel_values"])
    assert relative_error(found, original["out.image_features"]) < 1e-5


@torch.no_grad()
def test_dense_features_equal_the_originals(model: FGCLIP, original: dict[str, Tensor]) -> None:
    found = model.encode_dense(original["in.pixel_values"]).flatten(2).transpose(1, 2)
    assert relative_error(found, original["out.dense_features"]) < 1e-5


@torch.no_grad()
def test_one_pass_gives_the_same_as_two(model: FGCLIP, original: dict[str, Tensor]) -> None:
    pixels = original["in.pixel_values"]
    image, dense = model.encode_image_and_dense(pixels)
    assert torch.equal(image, model.encode_image(pixels))
    assert torch.equal(dense, model.encode_dense(pixels))


@torch.no_grad()
@pytest.mark.parametrize("trim", [False, True], ids=["padded to the limit", "trimmed"])
@pytest.mark.parametrize("route", ["short", "long"])
def test_text_features_equal_the_originals(
    model: FGCLIP, original: dict[str, Tensor], route: str, trim: bool
) -> None:
    ids = original[f"in.{route}_ids"]
    if trim:
        ends = (ids == model.config.text.eos_token_id).int().argmax(dim=1)
        ids = ids[:, : int(ends.max()) + 1]
        assert ids.shape[1] < original[f"in.{route}_ids"].shape[1]
    found = model.encode_text(ids, route)  # type: ignore[arg-type]
    assert relative_error(found, original[f"out.text_{route}"]) < 1e-5


@torch.no_grad()
def test_region_features_equal_the_originals(model: FGCLIP, original: dict[str, Tensor]) -> None:
    counts = original["in.box_counts"]
    boxes = torch.cat([own[:n] for own, n in zip(original["in.boxes"], counts, strict=True)])
    owners = torch.repeat_interleave(torch.arange(len(counts)), counts)
    dense = model.encode_dense(original["in.pixel_values"])
    found = model.encode_regions(dense, boxes, owners)
    assert relative_error(found, original["out.region_features"]) < 1e-5


@pytest.mark.parametrize(
    ("config", "tensors", "parameters"),
    [(FGCLIPConfig.base(), 403, 150_136_835), (FGCLIPConfig.large(), 595, 428_914_947)],
    ids=["base", "large"],
)
def test_counts_are_those_of_the_published_models(
    config: FGCLIPConfig, tensors: int, parameters: int
) -> None:
    with torch.device("meta"):
        model = FGCLIP(config)
    assert len(model.state_dict()) == tensors
    assert sum(parameter.numel() for parameter in model.parameters()) == parameters
