"""EVA-02-CLIP computes what its papers and its released code describe, written out here again."""

from __future__ import annotations

import copy
import math
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from torch import Tensor

from fgclip.model.checkpoints.loading import load_model, save_model
from fgclip.model.config import ConfigError
from fgclip.model.eva import EVACLIP
from fgclip.model.eva_config import EVACLIPConfig, EvaVisionConfig
from tests.support.checkpoints import (
    DEPTH,
    HEADS,
    IDS,
    PATCH,
    SIDE,
    WIDTH,
    eva_file,
    relative_error,
    write,
)

HEAD = WIDTH // HEADS
Weights = dict[str, Tensor]


def norm(values: Tensor, weights: Weights, name: str, eps: float = 1e-6) -> Tensor:
    centred = values - values.mean(-1, keepdim=True)
    spread = centred.square().mean(-1, keepdim=True)
    return centred / (spread + eps).sqrt() * weights[f"{name}.weight"] + weights[f"{name}.bias"]


def linear(values: Tensor, weights: Weights, name: str) -> Tensor:
    return values @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]


def softmax(scores: Tensor) -> Tensor:
    raised = (scores - scores.amax(-1, keepdim=True)).exp()
    return raised / raised.sum(-1, keepdim=True)


def turns(side: int) -> Tensor:
    """(side², HEAD / 2) complex numbers that turn neighbouring channels as pairs."""
    axis = HEAD // 2
    found = torch.zeros(side * side, HEAD // 2, dtype=torch.complex128)
    for row in range(side):
        for column in range(side):
            for pair in range(axis // 2):
                speed = 10_000 ** (-2 * pair / axis)
                for place, offset in ((row, 0), (column, axis // 2)):
                    angle = place / side * 16 * speed
                    found[row * side + column, offset + pair] = complex(
                        math.cos(angle), math.sin(angle)
                    )
    return found


def turned(channels: Tensor, side: int) -> Tensor:
    """(B, 1 + side², HEAD): the class token stays."""
    pairs = torch.view_as_complex(channels[:, 1:].reshape(len(channels), side**2, -1, 2))
    patches = torch.view_as_real(pairs * turns(side)).flatten(2)
    return torch.cat([channels[:, :1], patches], dim=1)


def attention(tokens: Tensor, weights: Weights, name: str, side: int) -> Tensor:
    query = tokens @ weights[f"{name}.q_proj.weight"].T + weights[f"{name}.q_bias"]
    key = tokens @ weights[f"{name}.k_proj.weight"].T
    value = tokens @ weights[f"{name}.v_proj.weight"].T + weights[f"{name}.v_bias"]
    heads = []
    for head in range(HEADS):
        own = slice(head * HEAD, (head + 1) * HEAD)
        scores = turned(query[..., own], side) @ turned(key[..., own], side).mT / math.sqrt(HEAD)
        heads.append(softmax(scores) @ value[..., own])
    mixed = norm(torch.cat(heads, -1), weights, f"{name}.inner_attn_ln")
    return linear(mixed, weights, f"{name}.proj")


def gated(tokens: Tensor, weights: Weights, name: str) -> Tensor:
    gate = linear(tokens, weights, f"{name}.w1")
    hidden = gate / (1 + (-gate).exp()) * linear(tokens, weights, f"{name}.w2")
    return linear(norm(hidden, weights, f"{name}.ffn_ln"), weights, f"{name}.w3")


def embedded(pixels: Tensor, weights: Weights) -> Tensor:
    side = pixels.shape[-1] // PATCH
    cut = pixels.unfold(2, PATCH, PATCH).unfold(3, PATCH, PATCH)  # (B, 3, side, side, P, P)
    patches = cut.permute(0, 2, 3, 1, 4, 5).flatten(3).flatten(1, 2)
    kernel = weights["visual.patch_embed.proj.weight"].flatten(1)
    patches = patches @ kernel.T + weights["visual.patch_embed.proj.bias"]
    table = weights["visual.pos_embed"][0]
    square = table[1:].T.reshape(1, WIDTH, SIDE, SIDE)
    if side != SIDE:
        square = F.interpolate(square, (side, side), mode="bicubic", align_corners=False)
    positions = torch.cat([table[:1], square.flatten(2)[0].T])
    first = weights["visual.cls_token"].expand(len(pixels), 1, WIDTH)
    return torch.cat([first, patches], 1) + positions


def written_out(pixels: Tensor, weights: Weights) -> tuple[Tensor, Tensor]:
    """(B, D) and (B, D, side, side) in double precision."""
    weights = {name: value.double() for name, value in weights.items()}
    side = pixels.shape[-1] // PATCH
    tokens = embedded(pixels.double(), weights)
    for number in range(DEPTH):
        block = f"visual.blocks.{number}"
        before = tokens
        tokens = before + attention(
            norm(before, weights, f"{block}.norm1"), weights, f"{block}.attn", side
        )
        tokens = tokens + gated(norm(tokens, weights, f"{block}.norm2"), weights, f"{block}.mlp")
    image = linear(norm(tokens[:, 0], weights, "visual.norm"), weights, "visual.head")

    # The dense path: in the last block, values in place of attention.
    values = norm(before, weights, f"{block}.norm1") @ weights[f"{block}.attn.v_proj.weight"].T
    values = norm(values + weights[f"{block}.attn.v_bias"], weights, f"{block}.attn.inner_attn_ln")
    dense = before + linear(values, weights, f"{block}.attn.proj")
    dense = dense + gated(norm(dense, weights, f"{block}.norm2"), weights, f"{block}.mlp")
    dense = linear(norm(dense[:, 1:], weights, "visual.norm"), weights, "visual.head")
    dense = dense / dense.norm(dim=-1, keepdim=True)
    return image, dense.mT.reshape(len(pixels), -1, side, side)


@pytest.fixture(scope="module")
def stored() -> Weights:
    return {name: value.detach() for name, value in eva_file().items()}


@pytest.fixture(scope="module")
def model(stored: Weights, tmp_path_factory: pytest.TempPathFactory) -> EVACLIP:
    path = write(stored, tmp_path_factory.mktemp("eva") / "eva.safetensors")
    found = load_model(path)
    assert isinstance(found, EVACLIP)
    return found


@torch.no_grad()
@pytest.mark.parametrize("side", [SIDE, 6], ids=["own size", "larger"])
def test_pictures_and_patches_equal_the_written_out_computation(
    model: EVACLIP, stored: Weights, side: int
) -> None:
    pixels = torch.randn(2, 3, side * PATCH, side * PATCH)
    image, dense = written_out(pixels, stored)
    assert relative_error(model.encode_image(pixels), image) < 1e-5
    assert relative_error(model.encode_dense(pixels), dense) < 1e-5


@torch.no_grad()
def test_texts_equal_the_written_out_computation(model: EVACLIP, stored: Weights) -> None:
    weights = {
        name.removeprefix("text."): value.double()
        for name, value in stored.items()
        if name.startswith("text.")
    }
    tokens = (
        weights["token_embedding.weight"][IDS] + weights["positional_embedding"][: IDS.shape[1]]
    )
    unseen = torch.ones(IDS.shape[1], IDS.shape[1]).triu(1) * -1e9
    for number in range(DEPTH):
        block = f"transformer.resblocks.{number}"
        entering = norm(tokens, weights, f"{block}.ln_1", eps=1e-5)
        fused = entering @ weights[f"{block}.attn.in_proj_weight"].T
        query, key, value = (fused + weights[f"{block}.attn.in_proj_bias"]).split(WIDTH, dim=-1)
        heads = []
        for head in range(HEADS):
            own = slice(head * HEAD, (head + 1) * HEAD)
            scores = query[..., own] @ key[..., own].mT / math.sqrt(HEAD) + unseen
            heads.append(softmax(scores) @ value[..., own])
        tokens = tokens + linear(torch.cat(heads, -1), weights, f"{block}.attn.out_proj")
        hidden = linear(
            norm(tokens, weights, f"{block}.ln_2", eps=1e-5), weights, f"{block}.mlp.c_fc"
        )
        hidden = hidden * 0.5 * (1 + torch.erf(hidden / math.sqrt(2)))
        tokens = tokens + linear(hidden, weights, f"{block}.mlp.c_proj")
    read = torch.stack([tokens[0, 3], tokens[1, 5]])  # where the first end of text is
    expected = norm(read, weights, "ln_final", eps=1e-5) @ weights["text_projection"]
    assert relative_error(model.encode_text(IDS), expected) < 1e-5


@torch.no_grad()
def test_there_is_one_route_for_texts(model: EVACLIP) -> None:
    short = model.encode_text(IDS, "short")
    assert torch.equal(model.encode_text(IDS, "long"), short)
    assert torch.equal(model.encode_text(IDS, "box"), short)
    assert model.config.text.long_context_length == model.config.text.context_length == 77
    with pytest.raises(ValueError, match="78 tokens do not fit the 77 positions"):
        model.encode_text(torch.full((1, 78), 5), "long")
    with pytest.raises(ValueError, match="'medium' is not one of"):
        model.encode_text(IDS, "medium")  # type: ignore[arg-type]


@torch.no_grad()
def test_one_pass_gives_the_same_as_two(model: EVACLIP) -> None:
    pixels = torch.randn(2, 3, 5 * PATCH, 3 * PATCH)  # not a square
    image, dense = model.encode_image_and_dense(pixels)
    assert torch.equal(image, model.encode_image(pixels))
    assert torch.equal(dense, model.encode_dense(pixels))
    assert dense.shape[2:] == (5, 3)


@torch.no_grad()
def test_last_queries_and_keys_matter_to_the_picture_but_not_to_its_patches(
    model: EVACLIP,
) -> None:
    other = copy.deepcopy(model)
    last = other.vision.blocks[-1].attention
    last.query.weight.normal_()
    last.key.weight.normal_()
    pixels = torch.randn(1, 3, 32, 32)
    assert torch.equal(model.encode_dense(pixels), other.encode_dense(pixels))
    assert not torch.allclose(model.encode_image(pixels), other.encode_image(pixels))


@torch.no_grad()
def test_region_of_the_whole_picture_is_the_mean_of_unit_vectors(model: EVACLIP) -> None:
    dense = model.encode_dense(torch.randn(1, 3, 32, 32))
    torch.testing.assert_close(dense.norm(dim=1), torch.ones(1, SIDE, SIDE))
    region = model.encode_regions(dense, torch.tensor([[0.0, 0.0, 1.0, 1.0]]), torch.tensor([0]))
    torch.testing.assert_close(region, dense.mean((2, 3)))


@torch.no_grad()
def test_half_precision_stays_near(model: EVACLIP) -> None:
    pixels = torch.randn(2, 3, 32, 32)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        image, dense = model.encode_image_and_dense(pixels)
    assert relative_error(image.float(), model.encode_image(pixels)) < 0.05
    assert relative_error(dense.float(), model.encode_dense(pixels)) < 0.05


@pytest.mark.parametrize(
    ("config", "vision", "parameters"),
    [
        (EVACLIPConfig.base(), 86_263_040, 149_691_137),
        (EVACLIPConfig.large(), 304_432_832, 428_083_137),
    ],
    ids=["base", "large"],
)
def test_counts_are_the_149_and_428_million_of_the_published_models(
    config: EVACLIPConfig, vision: int, parameters: int
) -> None:
    with torch.device("meta"):
        model = EVACLIP(config)
    tower = [*model.vision.parameters(), *model.vision_projection.parameters()]
    assert sum(parameter.numel() for parameter in tower) == vision
    assert sum(parameter.numel() for parameter in model.parameters()) == parameters


def test_saving_writes_upstreams_names_and_loading_keeps_every_tensor(
    model: EVACLIP, stored: Weights, tmp_path: Path
) -> None:
    save_model(model, tmp_path)
    written = load_file(tmp_path / "model.safetensors")
    assert written.keys() == stored.keys()
    for name, value in stored.items():
        assert torch.equal(written[name], value), name
    again = load_model(tmp_path)
    assert again.config == model.config
    for name, value in model.state_dict().items():
        assert torch.equal(again.state_dict()[name], value), name


def test_config_survives_its_file() -> None:
    for config in (EVACLIPConfig.base(), EVACLIPConfig.large()):
        assert EVACLIPConfig.from_dict(config.to_dict()) == config


def test_impossible_shapes_are_refused() -> None:
    with pytest.raises(ConfigError, match="width 36 over heads 6 is 6, .* a multiple of 4"):
        EvaVisionConfig(width=36, heads=6)
    raw = EVACLIPConfig.base().to_dict()
    del raw["vision_cfg"]["width"]
    with pytest.raises(ConfigError, match="lacks 'width'"):
        EVACLIPConfig.from_dict(raw)
