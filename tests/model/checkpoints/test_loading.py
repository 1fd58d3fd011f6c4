"""Loading is strict: what is not exactly the model is an error that says what to do."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor
from transformers import CLIPConfig, CLIPModel

from fgclip.model.checkpoints import checksums
from fgclip.model.checkpoints.hub import ModelNotFoundError
from fgclip.model.checkpoints.loading import (
    CheckpointError,
    load_model,
    read_checkpoint,
    save_model,
)
from fgclip.model.checkpoints.names import upstream_name
from fgclip.model.checkpoints.weights import all_finite
from fgclip.model.config import FGCLIPConfig, TextConfig, VisionConfig
from fgclip.model.fgclip import FGCLIP, initialise

SMALL = FGCLIPConfig(
    vision=VisionConfig(image_size=32, patch_size=8, width=16, layers=2, heads=2, mlp_width=32),
    text=TextConfig(vocab_size=100, width=16, layers=2, heads=2, mlp_width=32),
    projection_dim=12,
)
HUGE = 64 << 30  # bytes, which take a good while to read
FC1 = "vision_model.encoder.layers.0.mlp.fc1.weight"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    save_model(initialise(FGCLIP(SMALL), seed=1), tmp_path)
    return tmp_path


def edit(folder: Path, change: Callable[[dict[str, Tensor]], object]) -> Path:
    tensors = load_file(folder / "model.safetensors")
    change(tensors)
    save_file(tensors, folder / "model.safetensors")
    return folder


def test_saving_and_loading_keeps_every_tensor(folder: Path) -> None:
    model = initialise(FGCLIP(SMALL), seed=1)
    loaded = load_model(folder)
    assert loaded.config == SMALL
    for name, value in model.state_dict().items():
        assert torch.equal(loaded.state_dict()[name], value), name


def test_a_checkpoint_says_what_its_files_hold_and_reads_its_config_once(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    read_text = Path.read_text
    monkeypatch.setattr(
        Path, "read_text", lambda path, **how: read.append(path.name) or read_text(path, **how)
    )
    found = read_checkpoint(folder)
    assert read == ["config.json"]
    assert found.files == (folder / "model.safetensors",)
    assert found.sha256 == hashlib.sha256(found.files[0].read_bytes()).hexdigest()
    assert (found.family, found.folder, found.fixed_size) == ("FG-CLIP", folder, None)
    assert found.raw_config == SMALL.to_dict()
    assert found.model.config == SMALL
    alone = read_checkpoint(found.files[0])
    assert (alone.sha256, alone.folder) == (found.sha256, folder)


class CountingDigest:
    """Counts what it is given instead of digesting it."""

    def __init__(self) -> None:
        self.bytes = 0

    def update(self, piece: bytes) -> None:
        self.bytes += len(piece)

    def hexdigest(self) -> str:
        return ""


def test_a_refusal_waits_for_no_digest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    digest = CountingDigest()
    monkeypatch.setattr(checksums.hashlib, "sha256", lambda: digest)
    path = tmp_path / "model.safetensors"
    with path.open("wb") as file:
        file.truncate(HUGE)  # takes no disk
    with pytest.raises(CheckpointError, match="cannot be read as safetensors"):
        read_checkpoint(path)
    assert digest.bytes < HUGE


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), -float("inf")])
def test_one_number_that_is_not_finite_is_found_wherever_it_is(bad: float) -> None:
    largest = torch.finfo(torch.float32).max
    values = torch.full((3, 17), largest)
    values[0, 0] = -largest
    assert all_finite(values)
    assert all_finite(torch.zeros(0, 4))
    for place in range(values.numel()):
        spoilt = values.clone()
        spoilt.view(-1)[place] = bad
        assert not all_finite(spoilt)
    assert not all_finite(torch.tensor(bad))


@pytest.mark.parametrize("name", ["config.json", "model.safetensors"])
def test_a_file_that_cannot_be_written_stays_as_it_was(
    folder: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (folder / name).read_bytes()
    files = sorted(folder.iterdir())
    replace = Path.replace

    def full(path: Path, target: Path) -> Path:
        if target.name == name:
            raise OSError("No space left on device")
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", full)
    other = dataclasses.replace(SMALL, projection_dim=8)
    with pytest.raises(OSError, match="No space left"):
        save_model(initialise(FGCLIP(other), seed=2), folder)
    assert (folder / name).read_bytes() == before
    assert sorted(folder.iterdir()) == files


def test_upstreams_names_are_written(folder: Path) -> None:
    names = load_file(folder / "model.safetensors").keys()
    assert FC1 in names
    assert "vision_model.pre_layrnorm.weight" in names
    assert "text_model.embeddings.position_embedding_res.weight" in names
    assert upstream_name("region_logit_scale") == "logit_scale_finegraind"


def test_training_only_scales_and_old_position_ids_are_optional(folder: Path) -> None:
    def as_released(tensors: dict[str, Tensor]) -> None:
        del tensors["logit_scale_finegraind"], tensors["logit_scale_hardneg"]
        tensors["text_model.embeddings.position_ids"] = torch.arange(77)[None]

    model = load_model(edit(folder, as_released))
    assert model.region_logit_scale == model.logit_scale


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t: t.pop(FC1), f"lacks 1 weights, first '{FC1}'"),
        (lambda t: t.update({FC1 + "x": t.pop(FC1)}), f"lacks 1 weights, first '{FC1}'"),
        (lambda t: t.update(unknown=torch.zeros(2)), "does not have, first 'unknown'"),
        (lambda t: t.update({FC1: torch.zeros(32, 15)}), r"shape \(32, 15\).*asks for \(32, 16\)"),
        (lambda t: t[FC1].__setitem__(0, float("nan")), "NaN or infinite"),
        (lambda t: t.pop("text_filip_projection.weight"), "first 'text_filip_projection.weight'"),
    ],
    ids=["missing", "renamed", "extra", "misshapen", "NaN", "half a long route"],
)
def test_unsound_weights_are_named(
    folder: Path, change: Callable[[dict[str, Tensor]], object], message: str
) -> None:
    with pytest.raises(CheckpointError, match=message):
        load_model(edit(folder, change))


def test_truncated_file_is_named(folder: Path) -> None:
    file = folder / "model.safetensors"
    file.write_bytes(file.read_bytes()[:-100])
    with pytest.raises(CheckpointError, match="damaged or incomplete"):
        load_model(folder)


def test_pickles_are_never_opened(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    with pytest.raises(CheckpointError, match="a pickle, which could run code"):
        load_model(folder)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        '{"text_config": {"hidden_size": "x"}}',
        '{"text_config": {"num_hidden_layers": "2"}}',
        '{"vision_config": {"hidden_size": 768.0}}',
        '{"vision_config": {"image_size": 1e400}}',
        '{"projection_dim": "x"}',
    ],
)
def test_unreadable_config_is_named(folder: Path, text: str) -> None:
    (folder / "config.json").write_text(text)
    with pytest.raises(CheckpointError, match="config.json"):
        load_model(folder)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"weight_map": []}', '{"weight_map": {"a": 1}}'])
def test_unreadable_index_of_shards_is_named(folder: Path, text: str) -> None:
    (folder / "model.safetensors.index.json").write_text(text)
    with pytest.raises(CheckpointError, match=r"index\.json is not an index"):
        load_model(folder)


def test_shards_are_joined_and_a_missing_one_is_named(folder: Path) -> None:
    tensors = load_file(folder / "model.safetensors")
    places = {name: f"part-{number % 2}.safetensors" for number, name in enumerate(tensors)}
    for file in set(places.values()):
        part = {name: value for name, value in tensors.items() if places[name] == file}
        save_file(part, folder / file)
    (folder / "model.safetensors").unlink()
    (folder / "model.safetensors.index.json").write_text(json.dumps({"weight_map": places}))
    assert load_model(folder).config == SMALL
    (folder / "part-1.safetensors").unlink()
    with pytest.raises(CheckpointError, match=r"part-1\.safetensors cannot be read"):
        load_model(folder)


def test_folder_without_config_or_weights_is_named(folder: Path) -> None:
    (folder / "config.json").unlink()
    with pytest.raises(CheckpointError, match="no config.json"):
        load_model(folder)
    (folder / "model.safetensors").unlink()
    with pytest.raises(CheckpointError, match="no model.safetensors"):
        load_model(folder)


def test_unknown_name_lists_what_can_be_given() -> None:
    with pytest.raises(ModelNotFoundError, match="No model is called 'fgclip-maxi'"):
        load_model("fgclip-maxi")


@pytest.fixture
def clip(tmp_path: Path) -> tuple[CLIPModel, Path]:
    """A random CLIP of transformers' own, saved by transformers."""
    torch.manual_seed(0)
    tower = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 2}
    config = CLIPConfig(
        text_config={**tower, "num_attention_heads": 2, "vocab_size": 100}
        | {"bos_token_id": 98, "eos_token_id": 99, "pad_token_id": 99},
        vision_config={**tower, "num_attention_heads": 2, "image_size": 32, "patch_size": 8},
        projection_dim=12,
    )
    model = CLIPModel(config).eval()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.normal_(std=0.1)
    model.save_pretrained(tmp_path)
    return model, tmp_path


@torch.no_grad()
def test_plain_clip_gives_transformers_features(clip: tuple[CLIPModel, Path]) -> None:
    theirs, folder = clip
    ours = load_model(folder)
    pixels = torch.randn(2, 3, 32, 32)
    ids = torch.tensor([[98, 5, 6, 99, 99], [98, 7, 8, 9, 99]])
    image = theirs.get_image_features(pixels).pooler_output
    text = theirs.get_text_features(ids, attention_mask=torch.ones_like(ids)).pooler_output
    torch.testing.assert_close(ours.encode_image(pixels), image, rtol=1e-5, atol=1e-5)
    torch.testing.assert_close(ours.encode_text(ids, "short"), text, rtol=1e-5, atol=1e-5)
    # stretch + copy: a short text means the same on the new long route
    torch.testing.assert_close(ours.encode_text(ids, "long"), text, rtol=1e-5, atol=1e-5)


def test_config_of_another_size_is_refused(folder: Path) -> None:
    raw = json.loads((folder / "config.json").read_text())
    raw["vision_config"]["image_size"] = 64
    (folder / "config.json").write_text(json.dumps(raw))
    with pytest.raises(CheckpointError, match=r"position_embedding.*\(17, 16\).*\(65, 16\)"):
        load_model(folder)
