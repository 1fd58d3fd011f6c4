"""Tensors as files hold them: safetensors, and pickles where they are trusted."""

from __future__ import annotations

import json
import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from fgclip.model.checkpoints.hub import FILE_SUFFIXES
from fgclip.model.checkpoints.names import IGNORED

SAFE_SUFFIX, *PICKLES = FILE_SUFFIXES
WRAPPERS = ("state_dict", "model", "module")  # keys that training scripts put weights under
PARALLEL = "module."  # what data-parallel training puts before every name
# What torch raises on an archive whose bytes are not those that were written.
DAMAGED = (
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
    LookupError,
    AttributeError,
    AssertionError,
    TypeError,
    ArithmeticError,
)
IGNORED_ENDS = ("position_ids", "attn_mask", "rope.freqs_cos", "rope.freqs_sin")
IGNORED_SCALARS = ("input_resolution", "context_length", "vocab_size")  # OpenAI's archives


class CheckpointError(ValueError):
    """A checkpoint that cannot be this model, with the tensor at fault and the remedy."""


def weight_files(path: Path) -> list[Path]:
    """The files of a model: the one given, or of a folder its safetensors or the index's shards."""
    if path.is_file():
        return [path]
    index = path / "model.safetensors.index.json"
    if index.exists():
        return [path / name for name in _shards(index)]
    single = path / "model.safetensors"
    if single.exists():
        return [single]
    pickles = [file for suffix in PICKLES for file in path.glob(f"*{suffix}")]
    if pickles:
        raise CheckpointError(
            f"{path} holds {pickles[0].name}, a pickle, which could run code when opened. "
            "Convert it to model.safetensors first, or give the file itself and trust it."
        )
    raise CheckpointError(
        f"{path} has no model.safetensors. A model folder holds config.json and model.safetensors."
    )


def read_tensors(path: Path, *, trust_pickle: bool) -> dict[str, Tensor]:
    """All weights of a model in float32 by the file's names, without what none of our models has.

    Raises:
        CheckpointError: A file is damaged, not of a known kind, or a pickle that is not trusted.
    """
    tensors: dict[str, Tensor] = {}
    for file in weight_files(path):
        tensors |= _read_file(file, trust_pickle)
    if tensors and all(name.startswith(PARALLEL) for name in tensors):
        tensors = {name.removeprefix(PARALLEL): value for name, value in tensors.items()}
    return {name: value.float() for name, value in tensors.items() if not _ignored(name)}


def all_finite(tensor: Tensor) -> bool:
    """Whether no number is NaN or infinite, in one pass and without a copy."""
    return not tensor.numel() or bool(torch.stack(torch.aminmax(tensor)).isfinite().all())


def _ignored(name: str) -> bool:
    return name in IGNORED or name in IGNORED_SCALARS or name.endswith(IGNORED_ENDS)


def _shards(index: Path) -> list[str]:
    try:
        files = json.loads(index.read_text(encoding="utf-8"))["weight_map"].values()
        return sorted({Path(file).name for file in files})
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CheckpointError(
            f"{index} is not an index of safetensors files ({error!r}). Download it again."
        ) from error


def _read_file(file: Path, trust_pickle: bool) -> dict[str, Tensor]:
    if file.suffix == SAFE_SUFFIX:
        return _read_safetensors(file)
    if file.suffix not in PICKLES:
        raise CheckpointError(
            f"{file} is not a file of weights; give one that ends with {', '.join(FILE_SUFFIXES)}."
        )
    if not trust_pickle:
        raise CheckpointError(
            f"{file} is a pickle, which could run code when opened. If you trust where it came "
            "from, pass trust_pickle=True: it is then read as tensors only. Or convert it to "
            "safetensors."
        )
    return _state_dict(_read_pickle(file), file)


def _read_safetensors(file: Path) -> dict[str, Tensor]:
    try:
        with safe_open(file, framework="pt") as stream:
            names = [name for name in stream.keys() if not _ignored(name)]  # noqa: SIM118
            return {name: stream.get_tensor(name) for name in names}
    except (SafetensorError, OSError) as error:
        raise CheckpointError(
            f"{file} cannot be read as safetensors ({error}). It is damaged or incomplete: "
            "copy or download it again."
        ) from error


def _read_pickle(file: Path) -> Any:
    try:
        return torch.load(file, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        raise CheckpointError(
            f"{file} holds more than tensors, or is damaged ({_first_line(error)}). Nothing in it "
            "was run. Download it again, or ask its author for safetensors."
        ) from error
    except DAMAGED as error:
        if "TorchScript" in str(error):
            raise CheckpointError(
                f"{file} is a TorchScript archive, a program with weights in it. Where you trust "
                "it, save torch.jit.load(file).state_dict() as safetensors and give that."
            ) from error
        raise CheckpointError(
            f"{file} cannot be read ({_first_line(error)}). It is damaged or incomplete: copy or "
            "download it again."
        ) from error


def _state_dict(contents: Any, file: Path) -> dict[str, Tensor]:
    """The weights inside what a training script saved."""
    while isinstance(contents, Mapping):
        inner = next((key for key in WRAPPERS if isinstance(contents.get(key), Mapping)), None)
        if inner is None:
            break
        contents = contents[inner]
    if not isinstance(contents, Mapping):
        raise CheckpointError(
            f"{file} holds one {type(contents).__name__}, not named weights. Give a state dict."
        )
    for name, value in contents.items():
        if not isinstance(value, Tensor) and not _ignored(str(name)):
            raise CheckpointError(
                f"{file}: {name!r} is of type {type(value).__name__}, not a tensor. Give a state "
                f"dict, bare or under one of {', '.join(WRAPPERS)}."
            )
    return {str(name): value for name, value in contents.items() if isinstance(value, Tensor)}


def _first_line(error: BaseException) -> str:
    lines = str(error).splitlines()
    return lines[0] if lines else type(error).__name__
