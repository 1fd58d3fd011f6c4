"""Upstream's names give what upstream's code gave (tests/data: `out.…`)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from torch import Tensor

from fgclip.model.checkpoints.loading import CheckpointError
from fgclip.upstream import FG_CLIP2_Model, Fgclip2Model, FGCLIPModel, register

V1, V2 = (Path(__file__).parent / "data" / name for name in ("fgclip_v1_tiny", "fgclip2_tiny"))


@pytest.fixture(scope="module")
def v1() -> dict[str, Tensor]:
    return load_file(V1 / "expected.safetensors")


@pytest.fixture(scope="module")
def v2() -> dict[str, Tensor]:
    return load_file(V2 / "expected.safetensors")


@pytest.fixture(scope="module")
def first() -> FGCLIPModel:
    return FGCLIPModel.from_pretrained(V1, trust_remote_code=True).requires_grad_(False)


@pytest.fixture(scope="module")
def second() -> Fgclip2Model:
    return FG_CLIP2_Model.from_pretrained(V2).requires_grad_(False)


def relative_error(found: Tensor, expected: Tensor) -> float:
    assert found.shape == expected.shape
    return float((found - expected).norm() / expected.norm())


def triple(v2: dict[str, Tensor]) -> dict[str, Tensor]:
    names = ("pixel_values", "pixel_attention_mask", "spatial_shapes")
    return {name: v2[f"in.{name}"] for name in names}


def test_fgclips_pictures_and_texts(first: FGCLIPModel, v1: dict[str, Tensor]) -> None:
    pixels = v1["in.pixel_values"]
    short = first.get_text_features(v1["in.short_ids"], walk_short_pos=True)
    long = first.get_text_features(v1["in.long_ids"], walk_short_pos=False)
    dense = first.get_image_dense_features(pixel_values=pixels)

    assert relative_error(first.get_image_features(pixels), v1["out.image_features"]) < 1e-5
    assert relative_error(dense, v1["out.dense_features"]) < 1e-5
    assert relative_error(short, v1["out.text_short"]) < 1e-5
    assert relative_error(long, v1["out.text_long"]) < 1e-5


def test_fgclips_boxes_in_patches(first: FGCLIPModel, v1: dict[str, Tensor]) -> None:
    counts = v1["in.box_counts"].tolist()
    grid = 4.0  # patches a side
    valid = [boxes[:count] * grid for boxes, count in zip(v1["in.boxes"], counts, strict=True)]
    numbered = torch.cat([F.pad(boxes, (1, 0), value=number) for number, boxes in enumerate(valid)])
    pixels = v1["in.pixel_values"]

    for box_info in (numbered, valid):
        found = first.get_image_box_roi_features(pixels, box_info=box_info)
        assert relative_error(found, v1["out.region_features"]) < 1e-5


def test_the_odd_walk_has_short_positions_and_the_long_projection(
    first: FGCLIPModel, v1: dict[str, Tensor]
) -> None:
    ids = v1["in.short_ids"]
    found = first.get_text_features(ids, walk_short_pos=False, use_bbox=True)
    pooled = first.model.text(ids, long=False)

    assert torch.equal(found, pooled @ first.model.long_text_projection.weight.T)


def test_the_long_route_starts_from_the_short_one(v1: dict[str, Tensor]) -> None:
    fresh = FGCLIPModel.from_pretrained(V1).requires_grad_(False)
    fresh.resize_postion_embeding(248)
    fresh.copy_weight()
    ids = v1["in.short_ids"].clone()
    ids[:, 19:] = fresh.model.config.text.eos_token_id  # ends within the first 20 positions

    short = fresh.get_text_features(ids)
    assert relative_error(fresh.get_text_features(ids, walk_short_pos=False), short) < 1e-6


def test_fgclip_2s_pictures_and_texts(second: Fgclip2Model, v2: dict[str, Tensor]) -> None:
    image = second.get_image_features(**triple(v2))
    dense = second.get_image_dense_feature(**triple(v2))

    assert relative_error(image, v2["out.image_features"]) < 1e-5
    assert relative_error(dense, v2["out.dense_features"]) < 1e-5
    for walk, ids in (("short", "short_ids"), ("LONG", "long_ids"), ("box", "box_ids")):
        found = second.get_text_features(v2[f"in.{ids}"], walk_type=walk)
        assert relative_error(found, v2[f"out.text_{walk.lower()}"]) < 1e-5


def test_fgclip_2s_boxes_in_pixels_and_in_patches(
    second: Fgclip2Model, v2: dict[str, Tensor]
) -> None:
    boxes, shapes = v2["in.boxes"], v2["in.spatial_shapes"]
    expected = v2["out.region_embeddings"].flatten(0, -2)
    sizes = [(480, 640), (500, 250), (300, 300)][: len(boxes)]
    in_pixels = [
        (each * torch.tensor([w, h, w, h])).tolist()
        for each, (h, w) in zip(boxes, sizes, strict=True)
    ]
    found = second.get_image_region_features(
        **triple(v2), image_sizes=sizes, region_infos=in_pixels
    )
    assert [len(each) for each in found] == [boxes.shape[1]] * len(boxes)
    assert relative_error(F.normalize(torch.cat(found), dim=-1), expected) < 1e-5

    in_patches = [
        F.pad(each * shape.flip(0).repeat(2), (1, 0), value=number)
        for number, (each, shape) in enumerate(zip(boxes, shapes, strict=True))
    ]
    rois = second.get_image_box_roi_features(**triple(v2), box_info=in_patches)
    assert relative_error(rois, expected) < 1e-5
    none = second.get_image_region_features(
        **triple(v2), image_sizes=sizes, region_infos=[[] for _ in sizes]
    )
    assert none == []


def test_fgclip_2s_logits(second: Fgclip2Model, v2: dict[str, Tensor]) -> None:
    found = second(v2["in.short_ids"], **triple(v2))
    texts, images = (
        F.normalize(v2[f"out.{name}"], dim=-1) for name in ("text_short", "image_features")
    )
    expected = texts @ images.T * second.logit_scale.exp() + second.logit_bias
    assert relative_error(found.logits_per_text, expected) < 1e-5
    assert torch.equal(found.logits_per_image, found.logits_per_text.T)


def test_a_text_mask_is_heeded(second: Fgclip2Model, v2: dict[str, Tensor]) -> None:
    ids = v2["in.short_ids"]
    plain = second.get_text_features(ids)
    assert torch.equal(second.get_text_features(ids, torch.ones_like(ids)), plain) or (
        relative_error(second.get_text_features(ids, torch.ones_like(ids)), plain) < 1e-6
    )
    mask = (torch.arange(ids.shape[1]) < 5).int().expand_as(ids)
    assert relative_error(second.get_text_features(ids, mask), plain) > 1e-3


def test_the_wrong_generation_and_unknown_words_are_refused() -> None:
    with pytest.raises(CheckpointError, match="holds FGCLIP2, not FGCLIP"):
        FGCLIPModel.from_pretrained(V2)
    with pytest.raises(TypeError, match="does not know 'quantise'"):
        FGCLIPModel.from_pretrained(V1, quantise=True)
    with pytest.raises(ValueError, match="walk_type 'medium'"):
        Fgclip2Model.from_pretrained(V2).get_text_features(
            torch.zeros(1, 64).long(), walk_type="medium"
        )


def test_another_precision_can_be_had() -> None:
    assert FGCLIPModel.from_pretrained(V1, dtype="bfloat16").logit_scale.dtype == torch.bfloat16


@pytest.mark.parametrize("trusting", [False, True])
def test_transformers_auto_class_gives_ours_without_remote_code(
    tmp_path: Path, trusting: bool
) -> None:
    from transformers import AutoModelForCausalLM

    register()
    for folder, kind, model_type in ((V1, FGCLIPModel, "clip"), (V2, Fgclip2Model, "fgclip2")):
        place = tmp_path / model_type
        place.mkdir()
        (place / "model.safetensors").write_bytes((folder / "model.safetensors").read_bytes())
        told = json.loads((folder / "config.json").read_text()) | {"model_type": model_type}
        told["auto_map"] = {"AutoModelForCausalLM": "modeling.Evil"}
        (place / "config.json").write_text(json.dumps(told))
        (place / "modeling.py").write_text("raise SystemExit('remote code was run')")
        found = AutoModelForCausalLM.from_pretrained(place, trust_remote_code=trusting)
        assert isinstance(found, kind)
