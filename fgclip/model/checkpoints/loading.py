"""Weights on disk ↔ our modules, strictly."""

from __future__ import annotations

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event
from typing import Any, TypeVar

import torch
from safetensors.torch import save_file
from torch import Tensor

from fgclip.files import write_text, written_whole
from fgclip.model.checkpoints.checksums import sha256
from fgclip.model.checkpoints.conversion import as_stored, flatten_kernel
from fgclip.model.checkpoints.hub import model_path
from fgclip.model.checkpoints.layouts import EVA, recognise
from fgclip.model.checkpoints.names import (
    CLIP_ROWS,
    LONG_CLIP_ROWS,
    family_of,
    is_siglip,
    upstream_name,
)
from fgclip.model.checkpoints.sizes import clip_config, eva_config
from fgclip.model.checkpoints.source import Source, add_text_tower, source_of
from fgclip.model.checkpoints.weights import CheckpointError, read_tensors, weight_files
from fgclip.model.config import ConfigError, FGCLIPConfig
from fgclip.model.eva import EVACLIP
from fgclip.model.eva_config import EVACLIPConfig
from fgclip.model.fgclip import FGCLIP
from fgclip.model.fgclip2 import FGCLIP2
from fgclip.model.fgclip2_config import FIXED_SIZE, FGCLIP2Config, size_of_square
from fgclip.model.meta import without_values

__all__ = [
    "CheckpointError",
    "LoadedCheckpoint",
    "Model",
    "load_model",
    "read_checkpoint",
    "read_config",
    "save_model",
    "weight_files",
]

Model = FGCLIP | FGCLIP2 | EVACLIP
PATCHES = "vision.patch_embedding.weight"
Config = TypeVar("Config", FGCLIPConfig, FGCLIP2Config, EVACLIPConfig)


@dataclass(frozen=True, kw_only=True)
class LoadedCheckpoint:
    """A model with what its files say of it, each of them read once.

    Attributes:
        path: the folder, or the single file.
        files: of the weights, those of its text tower included where it is another's.
        model: in float32, in evaluation mode, every tensor equal to the file's.
        family: FG-CLIP, FG-CLIP 2, CLIP, SigLIP, SigLIP 2, Long-CLIP or EVA-02-CLIP, as names and
            shapes of the weights tell it. CLIPSelf and FineCLIP have no names of their own: they
            are EVA-02-CLIP tuned.
        raw_config: what `config.json` holds; empty where there is none.
        sha256: digest of the files, one after another.
    """

    path: Path
    files: tuple[Path, ...]
    model: Model
    family: str
    raw_config: Mapping[str, Any]
    sha256: str

    @property
    def folder(self) -> Path:
        """Where the tokenizer and other files lie."""
        return _folder(self.path)

    @property
    def fixed_size(self) -> int | None:
        """Pixels per side, where `config.json` is SigLIP's for pictures of one size."""
        fixed = self.raw_config.get("model_type") == FIXED_SIZE
        return size_of_square(self.raw_config) if fixed else None


def read_checkpoint(
    name: str | Path, *, trust_pickle: bool = False, text_from: str | Path | None = None
) -> LoadedCheckpoint:
    """Load a model as `load_model` does, and prove its files beside it.

    The digest is taken on a thread of its own while the weights are checked: both then find in
    memory what either has read of the disk. A checkpoint that is refused is so at once, however
    much of its digest is left.

    Raises:
        CheckpointError: The weights are not sound, or not what the hub's cache names them by.
        ModelNotFoundError: There is nothing under that name.
    """
    path = model_path(name)
    files = weight_files(path) + (weight_files(model_path(text_from)) if text_from else [])
    refused = Event()
    with ThreadPoolExecutor(1) as beside:
        digest = beside.submit(sha256, files, stop=refused)
        try:
            model, family, raw = _read(path, trust_pickle, text_from)
        except BaseException:
            refused.set()  # the pool waits for its thread
            raise
        return LoadedCheckpoint(
            path=path,
            files=tuple(files),
            model=model,
            family=family,
            raw_config=raw,
            sha256=digest.result(),
        )


def load_model(
    name: str | Path, *, trust_pickle: bool = False, text_from: str | Path | None = None
) -> Model:
    """Load FG-CLIP, FG-CLIP 2 or one of their relatives, in Hugging Face's layout or its own.

    Family and layout are told by the names of the weights. Plain CLIP becomes FG-CLIP, and SigLIP
    and SigLIP 2 FG-CLIP 2, missing parts being copies (`names.complete`); where they read squares
    alone, their convolution becomes a layer that reads the same patches. Long-CLIP becomes FG-CLIP,
    its one route read by both (`conversion.add_short_route`); EVA-02-CLIP, CLIPSelf and FineCLIP
    are `EVACLIP`. Without a `config.json`, sizes are those of the tensors, heads are 64 channels
    wide, and CLIP's activation is QuickGELU.

    Args:
        name: Folder with safetensors, a hub id, or a single file. No code in it is run.
        trust_pickle: Read .pt, .pth and .bin files, too; still as tensors only.
        text_from: The checkpoint that a vision tower saved alone was tuned from, for its texts.

    Returns:
        The model in float32, in evaluation mode, every tensor equal to the file's.

    Raises:
        CheckpointError: A tensor is missing, extra, misshapen or not finite; a file is unreadable.
        ModelNotFoundError: There is nothing under that name.
    """
    return _read(model_path(name), trust_pickle, text_from)[0]


def _read(
    path: Path, trust_pickle: bool, text_from: str | Path | None
) -> tuple[Model, str, dict[str, Any]]:
    """A model, its family, and what `config.json` holds."""
    tensors = read_tensors(path, trust_pickle=trust_pickle)
    family = _family(tensors)
    if text_from is not None:
        add_text_tower(
            tensors, read_tensors(model_path(text_from), trust_pickle=trust_pickle), path
        )
    source = source_of(tensors, path)
    folder = _folder(path)
    raw = _raw_config(folder) if (folder / "config.json").exists() else {}
    with without_values():
        model = _empty_model(source, raw)
    expected = model.state_dict()
    flatten_kernel(source.tensors, source.named(PATCHES), expected[PATCHES])
    source.check(expected)
    state = {
        ours: source.tensors[source.named(ours)].reshape(value.shape)  # a scale may be () or (1,)
        for ours, value in expected.items()
    }
    model.load_state_dict(state, strict=True, assign=True)
    return model.requires_grad_(True).eval(), family, raw


def save_model(model: Model, folder: Path, *, dtype: torch.dtype = torch.float32) -> None:
    """Write `config.json` and `model.safetensors` in upstream's layout, each file atomically."""
    folder.mkdir(parents=True, exist_ok=True)
    if isinstance(model, EVACLIP):
        named = as_stored(model.state_dict(), EVA)
    else:
        named = {upstream_name(name): value for name, value in model.state_dict().items()}
    tensors = {name: value.detach().to("cpu", dtype).contiguous() for name, value in named.items()}
    with written_whole(folder / "model.safetensors") as partial:
        save_file(tensors, partial, metadata={"format": "pt"})
    write_text(folder / "config.json", json.dumps(model.config.to_dict(), indent=1) + "\n")


def read_config(folder: Path, family: type[Config]) -> Config:
    """Read and validate `config.json` as one of the families' configurations."""
    return _config(_raw_config(folder), family, folder)


def _family(tensors: Mapping[str, Tensor]) -> str:
    layout = recognise(tensors)
    return layout.family if layout else family_of(tensors)


def _folder(path: Path) -> Path:
    return path.parent if path.is_file() else path


def _empty_model(source: Source, raw: dict[str, Any]) -> Model:
    """The model of a checkpoint's family and sizes."""
    path = source.path
    folder = _folder(path)
    try:
        if source.layout and source.layout.eva:
            if "vision_cfg" in raw:
                return EVACLIP(_config(raw, EVACLIPConfig, folder))
            return EVACLIP(eva_config(source.shape, source.blocks))
        if is_siglip(source.tensors):
            return FGCLIP2(_config(raw or _raw_config(folder), FGCLIP2Config, folder))
        single = path.is_file() or source.layout is not None
        if single and not {"vision_config", "text_config"} & raw.keys():
            return FGCLIP(clip_config(source.shape, source.blocks))
        config = _config(raw or _raw_config(folder), FGCLIPConfig, folder)
        return FGCLIP(_with_two_routes(config))
    except ConfigError as error:
        raise CheckpointError(f"{path}: {error}. Its sizes are no model's.") from error


def _with_two_routes(config: FGCLIPConfig) -> FGCLIPConfig:
    """Long-CLIP's configuration in Hugging Face's layout as FG-CLIP's; any other as it is."""
    if config.text.context_length != LONG_CLIP_ROWS:
        return config
    return replace(config, text=replace(config.text, context_length=CLIP_ROWS))


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
