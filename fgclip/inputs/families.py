"""A model's folder → how its pictures and texts are prepared, by its family."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PIL import Image

from fgclip.inputs.batching import (
    Inputs,
    NaFlexInputs,
    PaddedInputs,
    SquareInputs,
    SquarePatchInputs,
)
from fgclip.inputs.clip_tokenizer import Tokenizer
from fgclip.inputs.images import MAX_PIXELS, MEAN, STD
from fgclip.inputs.siglip_tokenizer import SiglipTokenizer
from fgclip.model.checkpoints.loading import CheckpointError, LoadedCheckpoint
from fgclip.model.config import TextConfig
from fgclip.model.fgclip2 import FGCLIP2
from fgclip.model.fgclip2_config import SiglipTextConfig

HALF = (0.5, 0.5, 0.5)  # SigLIP 2's mean and standard deviation
SIGLIP2_PATCHES = 256  # that its processor in transformers gives every picture, unless told another


def inputs_of(
    checkpoint: LoadedCheckpoint,
    *,
    image_size: int | None = None,
    most_patches: int | None = None,
    pad: bool = False,
) -> Inputs:
    """What pictures and texts become before a model reads them.

    Args:
        checkpoint: whose folder holds the tokenizer, and maybe a `preprocessor_config.json`.
        image_size: see `fgclip.load`.
        most_patches: see `fgclip.load`.
        pad: see `fgclip.load`.

    Raises:
        CheckpointError: The tokenizer is not the weights', or a file is unreadable.
        ValueError: The size does not fit the family, or the patches.
    """
    model, folder = checkpoint.model, checkpoint.folder
    if isinstance(model, FGCLIP2):
        if pad:
            raise ValueError("pad: pictures of this family are never padded to squares")
        if checkpoint.fixed_size:
            side = _side(checkpoint, image_size, most_patches)
            return _square_patches(model, folder, checkpoint.family, side)
        return _naflex(model, folder, checkpoint.family, image_size, most_patches)
    raw = _preprocessor(folder)
    side = _side(checkpoint, image_size, most_patches)
    tokenizer = Tokenizer.from_folder(folder)
    check_tokenizer(tokenizer, model.config.text, folder)
    normalisation = _normalisation(raw, folder, MEAN, STD)
    if pad:
        return PaddedInputs(tokenizer, side, *normalisation, model.config.vision.patch_size)
    return SquareInputs(tokenizer, side, *normalisation)


def reading_of(inputs: Inputs, checkpoint: LoadedCheckpoint) -> str:
    """How pictures are read, as far as that is not how the family usually reads them, in words.

    Whether someone asked for it or a `preprocessor_config.json` did: vectors that were made of
    other pixels are others.
    """
    family = checkpoint.family
    usual_mean, usual_std = (HALF, HALF) if isinstance(checkpoint.model, FGCLIP2) else (MEAN, STD)
    usual_patches = SIGLIP2_PATCHES if family == "SigLIP 2" else None
    words = []
    if isinstance(inputs, NaFlexInputs):
        if inputs.budget != usual_patches:
            words.append(f"{inputs.budget} patches")
    elif inputs.image_size != _own_side(checkpoint):
        words.append(f"{inputs.image_size} pixels")
    if isinstance(inputs, PaddedInputs):
        words.append("padded")
    if isinstance(inputs, SquarePatchInputs) and inputs.resampling != _usual_resampling(family):
        words.append(f"{inputs.resampling.name.lower()} resizing")
    if (inputs.mean, inputs.std) != (usual_mean, usual_std):
        words.append(f"mean {_listed(inputs.mean)}, deviation {_listed(inputs.std)}")
    return ", ".join(words)


def _listed(values: tuple[float, ...]) -> str:
    return " ".join(f"{value:.7g}" for value in values)


def _usual_resampling(family: str) -> Image.Resampling:
    return Image.Resampling.BICUBIC if family == "SigLIP" else Image.Resampling.BILINEAR


def check_tokenizer(
    tokenizer: Tokenizer | SiglipTokenizer, text: TextConfig | SiglipTextConfig, folder: Path
) -> None:
    """Refuse a tokenizer that the weights in a folder were not trained with.

    Raises:
        CheckpointError: Its size or one of its marks is another.
    """
    facts = [("number of tokens", tokenizer.vocab_size, text.vocab_size)]
    if isinstance(text, TextConfig) and isinstance(tokenizer, Tokenizer):
        facts += [
            ("begin-of-text id", tokenizer.bos_token_id, text.bos_token_id),
            ("end-of-text id", tokenizer.eos_token_id, text.eos_token_id),
        ]
    for what, theirs, ours in facts:
        if theirs != ours:
            raise CheckpointError(
                f"{folder}: the tokenizer's {what} is {theirs}, the weights' {ours}. "
                "Use the tokenizer that came with these weights."
            )


def _naflex(
    model: FGCLIP2, folder: Path, family: str, image_size: int | None, most_patches: int | None
) -> NaFlexInputs:
    patch = model.config.vision.patch_size
    if image_size is not None:
        raise ValueError(
            f"image_size {image_size}: this model keeps a picture's shape; give most_patches"
        )
    raw = _preprocessor(folder)
    if most_patches is None and family == "SigLIP 2":
        most_patches = _most_patches(raw, folder)
    _check_patches(most_patches, patch)
    tokenizer = _siglip_tokenizer(model, folder)
    return NaFlexInputs(tokenizer, patch, *_normalisation(raw, folder, HALF, HALF), most_patches)


def _square_patches(model: FGCLIP2, folder: Path, family: str, side: int) -> SquarePatchInputs:
    raw = _preprocessor(folder)
    return SquarePatchInputs(
        _siglip_tokenizer(model, folder),
        model.config.vision.patch_size,
        *_normalisation(raw, folder, HALF, HALF),
        side,
        _resampling(raw, folder, _usual_resampling(family)),
    )


def _siglip_tokenizer(model: FGCLIP2, folder: Path) -> SiglipTokenizer:
    tokenizer = SiglipTokenizer.from_folder(folder)
    check_tokenizer(tokenizer, model.config.text, folder)
    return tokenizer


def _own_side(checkpoint: LoadedCheckpoint) -> int:
    """Pixels per side of the squares that a model was made for."""
    vision = checkpoint.model.config.vision
    return checkpoint.fixed_size or vision.grid_size * vision.patch_size


def _side(checkpoint: LoadedCheckpoint, image_size: int | None, most_patches: int | None) -> int:
    """Pixels per side of the squares that a model reads.

    Patches need not divide its own size, as 14 and 384: the rest of a picture is not read then.
    """
    if most_patches is not None:
        raise ValueError(
            f"most_patches {most_patches}: this model squashes pictures to squares; give image_size"
        )
    patch = checkpoint.model.config.vision.patch_size
    own = _own_side(checkpoint)
    side = own if image_size is None else image_size
    if side < patch or (side % patch and side != own):
        raise ValueError(f"image_size {image_size} is not a multiple of the patch size {patch}")
    return side


def _check_patches(most_patches: int | None, patch: int) -> None:
    limit = MAX_PIXELS // patch**2
    if most_patches is not None and most_patches < 1:
        raise ValueError(f"most_patches {most_patches} is no picture; give 1 or more")
    if most_patches is not None and most_patches > limit:
        raise ValueError(
            f"most_patches {most_patches} of {patch} × {patch} pixels exceed the limit of "
            f"{MAX_PIXELS // 1_000_000} million pixels; give {limit} or fewer"
        )


def _preprocessor(folder: Path) -> Mapping[str, Any]:
    """What `preprocessor_config.json` holds, if there is one."""
    path = folder / "preprocessor_config.json"
    if not path.exists():
        return {}
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise CheckpointError(f"{path} cannot be read: {error}") from error
    if not isinstance(raw, dict):
        raise CheckpointError(f"{path} cannot be read: it is not a JSON object")
    return raw


def _most_patches(raw: Mapping[str, Any], folder: Path) -> int:
    """Patches that SigLIP 2's processor is set to give every picture."""
    found = raw.get("max_num_patches", SIGLIP2_PATCHES)
    if not isinstance(found, int) or found < 1:
        raise CheckpointError(
            f"{folder / 'preprocessor_config.json'}: max_num_patches is {found!r}; give a whole "
            "number above 0"
        )
    return found


def _resampling(raw: Mapping[str, Any], folder: Path, usual: Image.Resampling) -> Image.Resampling:
    """How SigLIP's processor is set to resize pictures."""
    found = raw.get("resample")
    try:
        return usual if found is None else Image.Resampling(found)
    except ValueError as error:
        path = folder / "preprocessor_config.json"
        raise CheckpointError(f"{path}: resample is {found!r}, none of Pillow's filters") from error


def _normalisation(
    raw: Mapping[str, Any],
    folder: Path,
    usual_mean: tuple[float, ...],
    usual_std: tuple[float, ...],
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    path = folder / "preprocessor_config.json"
    try:
        mean, std = (
            tuple(map(float, raw.get(f"image_{key}", value)))
            for key, value in (("mean", usual_mean), ("std", usual_std))
        )
    except (ValueError, TypeError) as error:
        raise CheckpointError(f"{path} cannot be read: {error}") from error
    finite = all(math.isfinite(value) for value in (*mean, *std))
    if len(mean) != 3 or len(std) != 3 or not finite or min(std) <= 0:
        raise CheckpointError(
            f"{path}: image_mean and image_std must be three numbers each, the latter positive"
        )
    return mean, std
