"""Weights on disk ↔ our modules, strictly."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from fgclip.files import write_text, written_whole
from fgclip.model.config import ConfigError, FGCLIPConfig
from fgclip.model.fgclip import FGCLIP
from fgclip.model.fgclip2 import FGCLIP2
from fgclip.model.fgclip2_config import FGCLIP2Config
from fgclip.model.hub import model_folder
from fgclip.model.names import IGNORED, complete, family_of, is_siglip, upstream_name

Config = TypeVar("Config", FGCLIPConfig, FGCLIP2Config)


class CheckpointError(ValueError):
    """A checkpoint that cannot be this model, with the tensor at fault and the remedy."""


def load_model(name: str | Path) -> FGCLIP | FGCLIP2:
    """Load FG-CLIP or FG-CLIP 2; plain CLIP and SigLIP 2 become them, missing parts being copies.

    The family is told by the weights. See `fgclip.model.names.complete` for the copies.

    Args:
        name: Folder with `config.json` and safetensors, or a hub id. No code in it is run.

    Returns:
        The model in float32, in evaluation mode, every tensor equal to the file's.

    Raises:
        CheckpointError: A tensor is missing, extra, misshapen or not finite; a file is unreadable.
        ModelNotFoundError: There is nothing under that name.
    """
    folder = model_folder(name)
    raw = _raw_config(folder)
    tensors = _read_tensors(folder)
    try:
        complete(tensors)
    except ValueError as error:
        raise CheckpointError(f"{folder} has {error}.") from error
    model: FGCLIP | FGCLIP2
    with torch.device("meta"):
        if is_siglip(tensors):
            model = FGCLIP2(_config(raw, FGCLIP2Config, folder))
        else:
            model = FGCLIP(_config(raw, FGCLIPConfig, folder))
    expected = {upstream_name(ours): (ours, value) for ours, value in model.state_dict().items()}
    _check(tensors, {theirs: value for theirs, (_, value) in expected.items()}, folder)
    state = {
        ours: tensors[theirs].reshape(value.shape)  # a scale may be stored as () or (1,)
        for theirs, (ours, value) in expected.items()
    }
    model.load_state_dict(state, strict=True, assign=True)
    return model.requires_grad_(True).eval()


def save_model(
    model: FGCLIP | FGCLIP2, folder: Path, *, dtype: torch.dtype = torch.float32
) -> None:
    """Write `config.json` and `model.safetensors` in upstream's layout, each file atomically."""
    folder.mkdir(parents=True, exist_ok=True)
    tensors = {
        upstream_name(name): value.detach().to("cpu", dtype).contiguous()
        for name, value in model.state_dict().items()
    }
    with written_whole(folder / "model.safetensors") as partial:
        save_file(tensors, partial, metadata={"format": "pt"})
    write_text(folder / "config.json", json.dumps(model.config.to_dict(), indent=1) + "\n")


def read_config(folder: Path, family: type[Config]) -> Config:
    """Read and validate `config.json` as one of the families' configurations."""
    return _config(_raw_config(folder), family, folder)


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


def family(folder: Path) -> str:
    """FG-CLIP, FG-CLIP 2, CLIP or SigLIP 2, by the names of the weights."""
    found: set[str] = set()
    for file in weight_files(folder):
        with safe_open(file, framework="pt") as stream:
            found |= set(stream.keys())
    return family_of(found)


def sha256(files: list[Path]) -> str:
    """Digest of the weight files, one after another."""
    digest = hashlib.sha256()
    for file in files:
        with file.open("rb") as stream:
            while chunk := stream.read(1 << 20):
                digest.update(chunk)
    return digest.hexdigest()


def _raw_config(folder: Path) -> dict[str, Any]:
    path = folder / "config.json"
    try:
        raw: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        raw.keys()
    except FileNotFoundError as error:
        raise CheckpointError(
            f"{folder} has no config.json. A model folder holds config.json and model.safetensors."
        ) from error
    except (json.JSONDecodeError, UnicodeDecodeError, AttributeError) as error:
        raise CheckpointError(f"{path} is not a JSON object: {error}") from error
    return raw


def _config(raw: dict[str, Any], family: type[Config], folder: Path) -> Config:
    try:
        return family.from_dict(raw)
    except AttributeError as error:
        raise CheckpointError(f"{folder / 'config.json'} is not a JSON object: {error}") from error
    except ConfigError as error:
        raise CheckpointError(f"{folder / 'config.json'}: {error}") from error


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
