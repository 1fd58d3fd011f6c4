"""Damaged and foreign files name the tensor at fault as the file does; no code in them runs."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import Tensor

from fgclip.model.checkpoints.hub import ModelNotFoundError
from fgclip.model.checkpoints.loading import CheckpointError, load_model, read_checkpoint
from tests.support.checkpoints import JOINT, WIDTH, write

Weights = dict[str, Tensor]

FC = "visual.transformer.resblocks.0.mlp.c_fc.weight"
FUSED = "transformer.resblocks.1.attn.in_proj_weight"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t: t.pop(FC), f"lacks '{FC}'"),
        (lambda t: t.pop("visual.conv1.weight"), r"lacks 'visual\.conv1\.weight'\. Known are"),
        (lambda t: t.pop(FUSED), f"lacks 3 weights, first '{FUSED}'"),
        (lambda t: t.update({FUSED + "x": t.pop(FUSED)}), f"lacks 3 weights, first '{FUSED}'"),
        (lambda t: t.pop("ln_final.bias"), r"lacks 1 weights, first 'ln_final\.bias'"),
        (lambda t: t.update(unknown=torch.zeros(2)), "1 weights .* does not have, first 'unknown'"),
        (lambda t: t.update({FUSED + "x": torch.zeros(3)}), f"not have, first '{FUSED}x'"),
        (
            lambda t: t.update({FUSED: torch.zeros(96, WIDTH)}),
            rf"'{FUSED}' gives shape \(32, 128\)",
        ),
        (lambda t: t.update({FUSED: torch.zeros(7, WIDTH)}), "not three projections in one"),
        (lambda t: t.update({"visual.proj": torch.zeros(3, 2, 1)}), "must have 2 dimensions"),
        (lambda t: t.update(text_projection=torch.zeros(5, 3)), "'text_projection' gives shape"),
        (lambda t: t.update(text_projection=torch.zeros(2)), "'text_projection' gives shape"),
        (lambda t: t.update({FC: t[FC] * float("nan")}), f"'{FC}' holds NaN"),
        (lambda t: t.update({FUSED: t[FUSED] / 0}), f"'{FUSED}' holds NaN"),
        (lambda t: t.update(positional_embedding=torch.zeros(248, WIDTH)), "no 'positional_emb"),
        (lambda t: t.update(positional_embedding=torch.zeros(15, WIDTH)), "15 text positions, too"),
        (lambda t: t.update(positional_embedding_res=torch.zeros(9, WIDTH)), "have 248 rows each"),
        (lambda t: t.update(positional_embedding_res=torch.zeros(())), "have 248 rows each"),
        (lambda t: t.update(positional_embedding=torch.zeros(())), "must have 2 dimensions"),
        (lambda t: t.update({"text.ln_final.bias": torch.zeros(WIDTH)}), "the same weights twice"),
        (
            lambda t: t.update({"visual.positional_embedding": torch.zeros(18, WIDTH)}),
            "17 positions of patches make no square",
        ),
        (
            lambda t: t.update({"visual.conv1.weight": torch.zeros(100, 3, 8, 8)}),
            "of 64, the width",
        ),
    ],
)
def test_unsound_files_name_the_tensor_by_its_own_name(
    openai: Weights, tmp_path: Path, change: Callable[[Weights], object], message: str
) -> None:
    weights = {name: value.clone() for name, value in openai.items()}
    change(weights)
    with pytest.raises(CheckpointError, match=message):
        load_model(write(weights, tmp_path / "clip.safetensors"))


BIAS = "visual.blocks.1.attn.q_bias"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t: t.pop(BIAS), f"lacks 1 weights, first '{BIAS}'"),
        (lambda t: t.update({BIAS + "es": t.pop(BIAS)}), f"lacks 1 weights, first '{BIAS}'"),
        (lambda t: t.pop("text.ln_final.bias"), r"first 'text\.ln_final\.bias'"),
        (lambda t: t.update({"visual.fc_norm.bias": torch.zeros(2)}), r"'visual\.fc_norm\.bias'"),
        (lambda t: t.update({BIAS: torch.zeros(3)}), rf"'{BIAS}' gives shape \(3,\).*\(128,\)"),
        (lambda t: t.update({BIAS: t[BIAS] * float("inf")}), f"'{BIAS}' holds NaN or infinite"),
        (
            lambda t: t.update({"visual.blocks.9.norm1.bias": torch.zeros(WIDTH)}),
            r"lacks .* first 'visual\.blocks\.3\.norm1\.weight'",
        ),
    ],
)
def test_unsound_eva_files_name_the_tensor_by_its_own_name(
    eva: Weights, tmp_path: Path, change: Callable[[Weights], object], message: str
) -> None:
    weights = {name: value.clone() for name, value in eva.items()}
    change(weights)
    with pytest.raises(CheckpointError, match=message):
        load_model(write(weights, tmp_path / "eva.safetensors"))


def test_weights_of_no_known_layout_list_the_known_ones(tmp_path: Path) -> None:
    path = write({"layer1.conv.weight": torch.zeros(2, 2)}, tmp_path / "other.safetensors")
    with pytest.raises(CheckpointError, match="Known are FG-CLIP, CLIP.*Long-CLIP and EVA-02-CLIP"):
        load_model(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFoundError, match=r"no file .*clip\.pt"):
        load_model(tmp_path / "clip.pt")
    (tmp_path / "clip.ckpt").write_bytes(b"x")
    with pytest.raises(CheckpointError, match=r"ends with \.safetensors, \.pt"):
        load_model(tmp_path / "clip.ckpt")


def test_pickles_are_opened_only_where_they_are_trusted(openai: Weights, tmp_path: Path) -> None:
    path = write(openai, tmp_path / "clip.pt")
    with pytest.raises(CheckpointError, match="could run code when opened.*trust_pickle=True"):
        load_model(path)
    with pytest.raises(CheckpointError, match="trust_pickle=True"):
        read_checkpoint(path)


class Payload:
    """Touches a file when unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[Path]]:
        return Path.touch, (self.path,)


@pytest.mark.filterwarnings("ignore:Detected pickle protocol")
@pytest.mark.parametrize(
    "save", [torch.save, lambda value, path: path.write_bytes(pickle.dumps(value))]
)
def test_code_in_a_trusted_pickle_is_not_run(
    openai: Weights, tmp_path: Path, save: Callable[[object, Path], object]
) -> None:
    save(openai | {"visual.proj": Payload(tmp_path / "touched")}, tmp_path / "clip.pt")
    with pytest.raises(CheckpointError, match="more than tensors.*Nothing in it was run"):
        load_model(tmp_path / "clip.pt", trust_pickle=True)
    assert not (tmp_path / "touched").exists()


@pytest.mark.parametrize("suffix", [".safetensors", ".pt"])
@pytest.mark.parametrize("keep", [0, 1, 100, -100], ids=["empty", "a byte", "a head", "a tail off"])
def test_truncated_files_are_named(openai: Weights, tmp_path: Path, suffix: str, keep: int) -> None:
    path = write(openai, tmp_path / f"clip{suffix}")
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(CheckpointError, match=f"clip{suffix} .*damaged"):
        load_model(path, trust_pickle=True)


@pytest.mark.filterwarnings("ignore:.*torch.jit")
def test_programs_are_refused_with_a_remedy(tmp_path: Path) -> None:
    torch.jit.script(torch.nn.Linear(2, 2)).save(tmp_path / "ViT-B-16.pt")
    with pytest.raises(CheckpointError, match=r"TorchScript archive.*torch\.jit\.load"):
        load_model(tmp_path / "ViT-B-16.pt", trust_pickle=True)


@pytest.mark.parametrize(
    ("contents", "message"),
    [
        ([torch.zeros(2)], "holds one list, not named weights"),
        ({"epoch": 3, "weights": torch.zeros(JOINT)}, "'epoch' is of type int, not a tensor"),
    ],
)
def test_other_contents_are_named(tmp_path: Path, contents: object, message: str) -> None:
    torch.save(contents, tmp_path / "clip.pt")
    with pytest.raises(CheckpointError, match=message):
        load_model(tmp_path / "clip.pt", trust_pickle=True)
