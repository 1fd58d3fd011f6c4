"""FG-CLIP 2's features are the original's, and SigLIP 2's are transformers'.

`out.…` is what upstream's code gave in float32 (tests/data/fgclip2_tiny).
"""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from fgclip.model.checkpoints.loading import CheckpointError, load_model, save_model
from fgclip.model.config import ConfigError
from fgclip.model.fgclip2 import FGCLIP2, initialise_fgclip2
from fgclip.model.fgclip2_config import FGCLIP2Config, NaFlexConfig, SiglipTextConfig
from fgclip.model.naflex import Patches
from tests.support.models import siglip2

TINY = Path(__file__).parents[1] / "data" / "fgclip2_tiny"


@pytest.fixture(scope="module")
def original() -> dict[str, Tensor]:
    return load_file(TINY / "expected.safetensors")


@pytest.fixture(scope="module")
def model() -> FGCLIP2:
    found = load_model(TINY)
    assert isinstance(found, FGCLIP2)
    return found.requires_grad_(False)


@pytest.fixture(scope="module")
def patches(original: dict[str, Tensor]) -> Patches:
    return Patches(
        original["in.pixel_values"],
        original["in.pixel_attention_mask"].bool(),
        original["in.spatial_shapes"],
    )


def relative_error(found: Tensor, expected: Tensor) -> float:
    assert found.shape == expected.shape
    return float((found - expected).norm() / expected.norm())


def test_pictures(model: FGCLIP2, patches: Patches, original: dict[str, Tensor]) -> None:
    pooled, dense = model.encode_image_and_dense(patches)
    assert relative_error(pooled, original["out.image_features"]) < 1e-5
    assert relative_error(dense.tokens, original["out.dense_features"]) < 1e-5
    assert torch.equal(model.encode_image(patches), pooled)
    assert torch.equal(model.encode_dense(patches).tokens, dense.tokens)


@pytest.mark.parametrize(
    ("route", "ids"), [("short", "short_ids"), ("long", "long_ids"), ("box", "box_ids")]
)
def test_texts(route: str, ids: str, model: FGCLIP2, original: dict[str, Tensor]) -> None:
    found = model.encode_text(original[f"in.{ids}"], route)  # type: ignore[arg-type]
    assert relative_error(found, original[f"out.text_{route}"]) < 1e-5


def test_regions(model: FGCLIP2, patches: Patches, original: dict[str, Tensor]) -> None:
    boxes = original["in.boxes"].flatten(0, 1)
    owners = torch.arange(len(patches)).repeat_interleave(4)
    order = torch.randperm(len(boxes), generator=torch.Generator().manual_seed(0))
    features = model.encode_regions(model.encode_dense(patches), boxes[order], owners[order])
    found = torch.nn.functional.normalize(features, dim=1)
    valid = (torch.arange(4)[None] < original["in.box_counts"][:, None]).flatten()[order]
    expected = original["out.region_embeddings"][order]
    assert relative_error(found[valid], expected[valid]) < 1e-5


@pytest.mark.parametrize(
    ("config", "tensors", "parameters"),
    [
        (FGCLIP2Config.base(), 425, 383_803_394),
        (FGCLIP2Config.large(), 809, 896_622_594),
        (FGCLIP2Config.so400m(), 905, 1_154_017_410),
    ],
    ids=["base", "large", "so400m"],
)
def test_sizes_are_the_originals(config: FGCLIP2Config, tensors: int, parameters: int) -> None:
    with torch.device("meta"):
        state = FGCLIP2(config).state_dict()
    released = {
        name: value
        for name, value in state.items()
        if name not in ("region_logit_scale", "hard_negative_logit_scale")
    }
    assert len(released) == tensors
    assert sum(value.numel() for value in released.values()) == parameters


def test_what_padding_holds_changes_nothing(model: FGCLIP2, patches: Patches) -> None:
    noisy = patches.pixels.clone()
    noisy[~patches.mask] = 9.0
    other = Patches(noisy, patches.mask, patches.shapes)
    torch.testing.assert_close(model.encode_image(other), model.encode_image(patches))
    dense = model.encode_dense(other).tokens
    torch.testing.assert_close(dense, model.encode_dense(patches).tokens)


def test_a_picture_alone_is_what_it_is_among_others(model: FGCLIP2, patches: Patches) -> None:
    row = int(patches.mask.sum(1).argmin())  # with most padding
    count = int(patches.mask[row].sum())
    alone = Patches(
        patches.pixels[row : row + 1, :count],
        patches.mask[row : row + 1, :count],
        patches.shapes[row : row + 1],
    )
    together = model.encode_image(patches)[row]
    torch.testing.assert_close(model.encode_image(alone)[0], together, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(("length", "route"), [(63, "short"), (64, "long"), (196, "box")])
def test_texts_of_another_length_are_refused(length: int, route: str, model: FGCLIP2) -> None:
    with pytest.raises(ValueError, match=f"{length} tokens a text, but this route reads exactly"):
        model.encode_text(torch.zeros(1, length, dtype=torch.long), route)  # type: ignore[arg-type]


def test_what_is_saved_loads_to_the_same_tensors(model: FGCLIP2, tmp_path: Path) -> None:
    save_model(model, tmp_path)
    again = load_model(tmp_path)
    assert again.config == model.config
    for name, value in model.state_dict().items():
        assert torch.equal(again.state_dict()[name], value), name
    names = set(load_file(tmp_path / "model.safetensors"))
    assert names == set(load_file(TINY / "model.safetensors"))


def test_a_checkpoint_with_half_a_long_route_is_damaged(tmp_path: Path) -> None:
    tensors = load_file(TINY / "model.safetensors")
    del tensors["longtext_head.weight"]
    save_file(tensors, tmp_path / "model.safetensors")
    (tmp_path / "config.json").write_text((TINY / "config.json").read_text())
    with pytest.raises(CheckpointError, match=r"lacks 1 weights, first 'longtext_head.weight'"):
        load_model(tmp_path)


SHAPE = {"width": 32, "layers": 2, "heads": 2, "mlp_width": 48}
SMALL = FGCLIP2Config(
    vision=NaFlexConfig(**SHAPE, patch_size=4, num_patches=16),
    text=SiglipTextConfig(**SHAPE, vocab_size=50, context_length=24),
)


@torch.no_grad()
def test_siglip_2_becomes_fgclip_2_whose_new_parts_are_copies(tmp_path: Path) -> None:
    theirs = siglip2(tmp_path)
    ours = load_model(tmp_path)
    assert isinstance(ours, FGCLIP2)
    shapes = torch.tensor([[3, 5], [4, 4]])
    mask = torch.arange(16)[None] < shapes.prod(1)[:, None]
    pixels = torch.randn(2, 16, 48)
    expected = theirs.get_image_features(  # type: ignore[attr-defined]
        pixel_values=pixels, pixel_attention_mask=mask.int(), spatial_shapes=shapes
    )
    expected = getattr(expected, "pooler_output", expected)
    found = ours.encode_image(Patches(pixels, mask, shapes))
    assert relative_error(found, expected) < 1e-5
    ids = torch.randint(0, 50, (3, 24))
    expected = theirs.get_text_features(input_ids=ids)  # type: ignore[attr-defined]
    expected = getattr(expected, "pooler_output", expected)
    assert relative_error(ours.encode_text(ids), expected) < 1e-5
    assert relative_error(ours.encode_text(ids, "box"), expected) < 1e-5
    state = ours.state_dict()
    for name, value in ours.vision.head.state_dict().items():
        assert torch.equal(state[f"dense_head.{name}"], value)
    assert torch.equal(state["long_head.weight"], state["text.head.weight"])
    assert state["text.long_position_tail"].shape == (4 * 24 - 60, 32)
    assert float(ours.region_logit_scale) == pytest.approx(4.6052)


def test_a_fresh_model_is_the_same_for_the_same_seed_and_no_other() -> None:
    first, again, other = (initialise_fgclip2(FGCLIP2(SMALL), seed=seed) for seed in (0, 0, 1))
    assert all(
        torch.equal(value, again.state_dict()[name]) for name, value in first.state_dict().items()
    )
    weight = "vision.blocks.0.attention.query.weight"
    assert not torch.equal(first.state_dict()[weight], other.state_dict()[weight])
    for value in first.state_dict().values():
        assert torch.isfinite(value).all()


def test_shapes_that_cannot_be_are_refused() -> None:
    with pytest.raises(ConfigError, match="num_patches 15 is not the area"):
        dataclasses.replace(SMALL.vision, num_patches=15)
    with pytest.raises(
        ConfigError, match="vision width 16 differs from the 32 dimensions of texts"
    ):
        dataclasses.replace(SMALL, vision=NaFlexConfig(**{**SHAPE, "width": 16}))
