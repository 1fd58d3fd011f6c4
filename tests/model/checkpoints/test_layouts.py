"""Each layout loads as the same model, however it is wrapped."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import Tensor

from fgclip.model.checkpoints.loading import CheckpointError, load_model, read_checkpoint
from fgclip.model.eva import EVACLIP
from fgclip.model.fgclip import FGCLIP
from tests.support.checkpoints import (
    IDS,
    WIDTH,
    features,
    random_clip,
    relative_error,
    timm_names,
    write,
)

Weights = dict[str, Tensor]


@torch.no_grad()
def check_openai(path: Path, tolerance: float = 1e-5) -> None:
    pixels = torch.randn(2, 3, 32, 32)
    image, text = features(random_clip(), pixels, IDS)
    ours = load_model(path, trust_pickle=True)
    assert isinstance(ours, FGCLIP)
    assert ours.config.vision.heads == ours.config.text.heads == WIDTH // 64
    assert relative_error(ours.encode_image(pixels), image) < tolerance
    assert relative_error(ours.encode_text(IDS), text) < tolerance


@pytest.mark.parametrize("suffix", [".safetensors", ".pt", ".pth", ".bin"])
def test_openais_names_give_transformers_features(
    openai: Weights, tmp_path: Path, suffix: str
) -> None:
    path = write(openai, tmp_path / f"clip{suffix}")
    check_openai(path)
    assert read_checkpoint(path, trust_pickle=True).family == "CLIP"


@pytest.mark.parametrize(
    "change",
    [
        lambda t: {f"module.{name}": value for name, value in t.items()},
        lambda t: {n if n.startswith("visual") else f"text.{n}": value for n, value in t.items()},
        lambda t: t | dict.fromkeys(("input_resolution", "vocab_size"), torch.tensor(32)),
        lambda t: t | {"attn_mask": torch.full((77, 77), float("-inf")).triu(1)},
    ],
    ids=["data parallel", "text prefix", "scalars", "mask"],
)
def test_what_surrounds_the_weights_does_not_matter(
    openai: Weights, tmp_path: Path, change: Callable[[Weights], Weights]
) -> None:
    changed = {name: value.clone() for name, value in change(dict(openai)).items()}
    check_openai(write(changed, tmp_path / "clip.safetensors"))


@pytest.mark.parametrize("key", ["state_dict", "model", "module"])
def test_training_checkpoints_are_unwrapped(openai: Weights, tmp_path: Path, key: str) -> None:
    weights = {f"module.{name}": value for name, value in openai.items()}
    contents = {"epoch": 6, "name": "run", key: weights, "optimizer": {"state": {}, "lr": 1e-5}}
    torch.save(contents, tmp_path / "epoch_6.pt")
    check_openai(tmp_path / "epoch_6.pt")


def test_half_precision_is_loaded_as_it_is(openai: Weights, tmp_path: Path) -> None:
    halves = {name: value.half() for name, value in openai.items()}
    path = write(halves, tmp_path / "clip.safetensors")
    check_openai(path, tolerance=5e-3)
    ours = load_model(path).state_dict()
    assert torch.equal(ours["vision_projection.weight"], halves["visual.proj"].float().T)


def test_every_tensor_of_openais_file_is_in_the_model(openai: Weights, tmp_path: Path) -> None:
    ours = load_model(write(openai, tmp_path / "clip.safetensors")).state_dict()
    parts = ("query", "key", "value")
    for tower, prefix in (("vision", "visual."), ("text", "")):
        block = f"{tower}.blocks.1"
        for kind in ("weight", "bias"):
            fused = openai[f"{prefix}transformer.resblocks.1.attn.in_proj_{kind}"]
            found = torch.cat([ours[f"{block}.attention.{part}.{kind}"] for part in parts])
            assert torch.equal(found, fused)
    assert torch.equal(ours["vision_projection.weight"], openai["visual.proj"].T)
    assert torch.equal(ours["text_projection.weight"], openai["text_projection"].T)
    assert torch.equal(ours["text.position_embedding"], openai["positional_embedding"])
    copies = {"text.long_position_head", "text.long_position_tail", "long_text_projection.weight"}
    copies |= {"region_logit_scale", "hard_negative_logit_scale"}
    total = sum(value.numel() for name, value in ours.items() if name not in copies)
    assert total == sum(value.numel() for value in openai.values())


def test_a_single_file_of_hugging_faces_needs_no_config(tmp_path: Path) -> None:
    weights = random_clip().state_dict()
    path = write(weights, tmp_path / "clip.safetensors")
    check_openai(path)


def test_config_beside_a_file_tells_what_shapes_cannot(openai: Weights, tmp_path: Path) -> None:
    theirs = random_clip(hidden_act="gelu").requires_grad_(False)
    theirs.save_pretrained(tmp_path)
    ours = load_model(write(openai, tmp_path / "clip.safetensors"))
    assert isinstance(ours, FGCLIP)
    assert ours.config.vision.activation == ours.config.text.activation == "gelu"
    pixels = torch.randn(2, 3, 32, 32)
    image, _ = features(theirs, pixels, IDS)
    assert relative_error(ours.encode_image(pixels), image) < 1e-5


@torch.no_grad()
def check_eva(path: Path, eva: Weights, text_from: Path | None = None) -> None:
    ours = load_model(path, trust_pickle=True, text_from=text_from)
    assert isinstance(ours, EVACLIP)
    expected = load_model(write(eva, path.parent / "as-is.safetensors"))
    state = ours.state_dict()
    for name, value in expected.state_dict().items():
        assert torch.equal(state[name], value), name
    assert torch.equal(state["vision.class_embedding"], eva["visual.cls_token"][0, 0])
    assert torch.equal(
        state["vision.blocks.2.attention.query.bias"], eva["visual.blocks.2.attn.q_bias"]
    )
    assert sum(value.numel() for value in state.values()) == sum(v.numel() for v in eva.values())


@pytest.mark.parametrize(
    "change",
    [
        timm_names,
        lambda t: {name.removeprefix("text."): value for name, value in t.items()},
        lambda t: {f"module.{name}": value for name, value in t.items()},
        lambda t: t
        | {
            f"visual.{place}rope.freqs_{kind}": torch.zeros(16, 64)
            for place in ("", "blocks.0.attn.")
            for kind in ("cos", "sin")
        },
    ],
    ids=["open_clip's copies", "old text names", "data parallel", "rotations"],
)
def test_eva_loads_by_any_of_its_names(
    eva: Weights, tmp_path: Path, change: Callable[[Weights], Weights]
) -> None:
    path = write(change(dict(eva)), tmp_path / "eva.safetensors")
    check_eva(path, eva)
    assert read_checkpoint(path).family == "EVA-02-CLIP"


def test_clipself_and_fineclip_load_from_their_training_checkpoints(
    eva: Weights, tmp_path: Path
) -> None:
    contents = {"epoch": 6, "name": "run", "state_dict": eva, "optimizer": {}, "scaler": {"a": 1.0}}
    torch.save(contents, tmp_path / "clipself.pt")
    check_eva(tmp_path / "clipself.pt", eva)
    assert read_checkpoint(tmp_path / "clipself.pt", trust_pickle=True).family == "EVA-02-CLIP"


def test_a_vision_tower_alone_asks_for_its_text_tower(eva: Weights, tmp_path: Path) -> None:
    alone = {name: value for name, value in eva.items() if name.startswith("visual.")}
    path = write(alone, tmp_path / "clipself.safetensors")
    with pytest.raises(CheckpointError, match="without its text tower.*`text_from`"):
        load_model(path)
    other = eva | {"visual.norm.bias": torch.zeros(WIDTH)}
    base = write(other, tmp_path / "base.safetensors")
    check_eva(path, eva, text_from=base)
    with pytest.raises(CheckpointError, match=r"base.* has a text tower of its own"):
        load_model(base, text_from=path)
