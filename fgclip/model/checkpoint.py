"""Weights on disk ↔ our modules, strictly. Upstream's names live here and nowhere else."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from fgclip.files import write_text, written_whole
from fgclip.model.config import ConfigError, FGCLIPConfig
from fgclip.model.fgclip import FGCLIP
from fgclip.model.hub import model_folder
from fgclip.model.text import stretch_positions

# Our name → upstream's, replaced in this order, wherever it occurs.
UPSTREAM = {
    "vision.position_embedding": "vision_model.embeddings.position_embedding.weight",
    "vision.class_embedding": "vision_model.embeddings.class_embedding",
    "vision.patch_embedding": "vision_model.embeddings.patch_embedding",
    "vision.norm_pre": "vision_model.pre_layrnorm",
    "vision.norm_post": "vision_model.post_layernorm",
    "vision.blocks": "vision_model.encoder.layers",
    "text.token_embedding": "text_model.embeddings.token_embedding",
    "text.position_embedding": "text_model.embeddings.position_embedding.weight",
    "text.long_position_head": "text_model.embeddings.position_embedding_ori.weight",
    "text.long_position_tail": "text_model.embeddings.position_embedding_res.weight",
    "text.norm_final": "text_model.final_layer_norm",
    "text.blocks": "text_model.encoder.layers",
    "long_text_projection": "text_filip_projection",
    "vision_projection": "visual_projection",
    "region_logit_scale": "logit_scale_finegraind",
    "hard_negative_logit_scale": "logit_scale_hardneg",
    ".norm1": ".layer_norm1",
    ".norm2": ".layer_norm2",
    "attention.query": "self_attn.q_proj",
    "attention.key": "self_attn.k_proj",
    "attention.value": "self_attn.v_proj",
    "attention.output": "self_attn.out_proj",
    "mlp.expand": "mlp.fc1",
    "mlp.contract": "mlp.fc2",
}
LONG_ROUTE = (
    "text_model.embeddings.position_embedding_ori.weight",
    "text_model.embeddings.position_embedding_res.weight",
    "text_filip_projection.weight",
)
TRAINING_ONLY = ("logit_scale_finegraind", "logit_scale_hardneg")
IGNORED = (
    "vision_model.embeddings.position_ids",
    "text_model.embeddings.position_ids",
)


class CheckpointError(ValueError):
    """A checkpoint that cannot be this model, with the tensor at fault and the remedy."""


def upstream_name(name: str) -> str:
    """The name in upstream's checkpoints of one of our parameters."""
    for ours, theirs in UPSTREAM.items():
        name = name.replace(ours, theirs)
    return name


def load_model(name: str | Path) -> FGCLIP:
    """Load FG-CLIP, or a plain CLIP whose long route then starts as a copy of the short one.

    Args:
        name: Folder with `config.json` and safetensors, or a hub id. No code in it is run.

    Returns:
        The model in float32, in evaluation mode, every tensor equal to the file's.

    Raises:
        CheckpointError: A tensor is missing, extra, misshapen or not finite; a file is unreadable.
        ModelNotFoundError: There is nothing under that name.
    """
    folder = model_folder(name)
    config = read_config(folder)
    tensors = _read_tensors(folder)
    _complete(tensors, folder)
    with torch.device("meta"):
        model = FGCLIP(config)
    expected = {upstream_name(ours): (ours, value) for ours, value in model.state_dict().items()}
    _check(tensors, {theirs: value for theirs, (_, value) in expected.items()}, folder)
    state = {
        ours: tensors[theirs].reshape(value.shape)  # a scale may be stored as () or (1,)
        for theirs, (ours, value) in expected.items()
    }
    model.load_state_dict(state, strict=True, assign=True)
    return model.requires_grad_(True).eval()


def save_model(model: FGCLIP, folder: Path, *, dtype: torch.dtype = torch.float32) -> None:
    """Write `config.json` and `model.safetensors` in upstream's layout, each file atomically."""
    folder.mkdir(parents=True, exist_ok=True)
    tensors = {
        upstream_name(name): value.detach().to("cpu", dtype).contiguous()
        for name, value in model.state_dict().items()
    }
    with written_whole(folder / "model.safetensors") as partial:
        save_file(tensors, partial, metadata={"format": "pt"})
    write_text(folder / "config.json", json.dumps(model.config.to_dict(), indent=1) + "\n")


def read_config(folder: Path) -> FGCLIPConfig:
    """Read and validate `config.json`."""
    path = folder / "config.json"
    try:
        raw: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return FGCLIPConfig.from_dict(raw)
    except FileNotFoundError as error:
        raise CheckpointError(
            f"{folder} has no config.json. A model folder holds config.json and model.safetensors."
        ) from error
    except (json.JSONDecodeError, UnicodeDecodeError, AttributeError) as error:
        raise CheckpointError(f"{path} is not a JSON object: {error}") from error
    except ConfigError as error:
        raise CheckpointError(f"{path}: {error}") from error


def weight_files(folder: Path) -> list[Path]:
    """The safetensors files of a model: one, or the shards that its index lists."""
    index = folder / "model.safetensors.index.json"
    if index.exists():
        return [folder / name for name in _shards(index)]
    single = folder / "model.safetensors"
    if single.exists():
        return [single]
    pickles = [*folder.glob("*.bin"), *folder.glob("*.pt")]
    if pickles:
        raise CheckpointError(
            f"{folder} holds {pickles[0].name}, a pickle, which could run code when opened. "
            "Convert it to model.safetensors first."
        )
    raise CheckpointError(f"{folder} has no model.safetensors. Is it a model folder?")


def sha256(files: list[Path]) -> str:
    """Digest of the weight files, one after another."""
    digest = hashlib.sha256()
    for file in files:
        with file.open("rb") as stream:
            while chunk := stream.read(1 << 20):
                digest.update(chunk)
    return digest.hexdigest()


def _shards(index: Path) -> list[str]:
    try:
        files = json.loads(index.read_text(encoding="utf-8"))["weight_map"].values()
        return sorted({Path(file).name for file in files})
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CheckpointError(
            f"{index} is not an index of safetensors files ({error!r}). Download it again."
        ) from error


def _read_tensors(folder: Path) -> dict[str, Tensor]:
    tensors: dict[str, Tensor] = {}
    for file in weight_files(folder):
        try:
            with safe_open(file, framework="pt") as stream:
                names = [name for name in stream.keys() if name not in IGNORED]  # noqa: SIM118
                tensors |= {name: stream.get_tensor(name).float() for name in names}
        except (SafetensorError, OSError) as error:
            raise CheckpointError(
                f"{file} cannot be read as safetensors ({error}). It is damaged or incomplete: "
                "copy or download it again."
            ) from error
    return tensors


def _complete(tensors: dict[str, Tensor], folder: Path) -> None:
    """Add what plain CLIP and stripped releases lack and what can be derived exactly."""
    absent = [name for name in LONG_ROUTE if name not in tensors]
    short = tensors.get("text_model.embeddings.position_embedding.weight")
    projection = tensors.get("text_projection.weight")
    if absent == list(LONG_ROUTE) and short is not None and projection is not None:
        if len(short) <= 21:
            raise CheckpointError(
                f"{folder} has {len(short)} text positions, too few to stretch to a long route."
            )
        stretched = stretch_positions(short)
        copies = (stretched, stretched.clone(), projection.clone())
        tensors |= dict(zip(LONG_ROUTE, copies, strict=True))
    scale = tensors.get("logit_scale")
    for name in TRAINING_ONLY:
        if name not in tensors and scale is not None:
            tensors[name] = scale.clone()  # what upstream resets it to when training starts


def _check(tensors: Mapping[str, Tensor], expected: Mapping[str, Tensor], folder: Path) -> None:
    missing = [name for name in expected if name not in tensors]
    if missing:
        raise CheckpointError(
            f"{folder} lacks {len(missing)} weights, first {missing[0]!r}. Is it FG-CLIP or CLIP "
            "in Hugging Face's layout, and does config.json belong to it?"
        )
    extra = [name for name in tensors if name not in expected]
    if extra:
        raise CheckpointError(
            f"{folder} holds {len(extra)} weights that the model does not have, first "
            f"{extra[0]!r}. Is it another family, or has config.json too few layers?"
        )
    for name, value in expected.items():
        found = tensors[name]
        if found.shape != value.shape and not found.numel() == value.numel() == 1:
            raise CheckpointError(
                f"{folder}: {name!r} has shape {tuple(found.shape)}, but config.json asks for "
                f"{tuple(value.shape)}. Use the config.json that came with these weights."
            )
        if not torch.isfinite(found).all():
            raise CheckpointError(
                f"{folder}: {name!r} holds NaN or infinite values. The file is damaged or the "
                "training run diverged; use another checkpoint."
            )
