"""A name, a folder or a hub id → an encoder on the right device."""

from __future__ import annotations

import json
import math
import re
import time
from collections.abc import Mapping
from math import isqrt
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from fgclip.encoder import Card, Encoder
from fgclip.inputs import NaFlexInputs, SquareInputs
from fgclip.model import checkpoint
from fgclip.model.checkpoint import CheckpointError, sha256, weight_files
from fgclip.model.config import FGCLIPConfig, TextConfig
from fgclip.model.fgclip import FGCLIP
from fgclip.model.fgclip2 import FGCLIP2
from fgclip.model.fgclip2_config import FGCLIP2Config, SiglipTextConfig
from fgclip.model.hub import model_folder
from fgclip.preprocess import MEAN, STD
from fgclip.siglip_tokenizer import SiglipTokenizer
from fgclip.tokenizer import Tokenizer

__all__ = ["load", "load_model"]

EMBEDDED = {"fgclip-mini": Path(__file__).parents[1] / "assets" / "fgclip-mini"}
HALF = (0.5, 0.5, 0.5)  # SigLIP 2's mean and standard deviation
DTYPES = ("float32", "bfloat16", "float16")
FASTER_BY = 1.2  # what a lower precision must gain to be worth its rounding
PAIRS = 20  # of timed products; the best of so many is steady on a busy machine


class DeviceError(ValueError):
    """A device or dtype that does not exist here, with the remedy."""


def load(
    name: str | Path,
    device: str = "auto",
    dtype: str = "auto",
    *,
    image_size: int | None = None,
    most_patches: int | None = None,
) -> Encoder:
    """Load a model with everything that turns pictures and texts into its vectors.

    Args:
        name: "fgclip-mini", a folder, or a hub id such as `qihoo360/fg-clip-base`.
        device: A torch device, or "auto" for the fastest here.
        dtype: "float32", "bfloat16", "float16", or "auto" for the fastest here. Vectors are
            float32 whatever is chosen.
        image_size: Pixels per side, if not the model's own; positions are interpolated. For models
            that squash pictures to squares.
        most_patches: That every picture is fitted to, if not chosen by its own size. For models
            that keep a picture's shape: FG-CLIP 2 and SigLIP 2's NaFlex.

    Raises:
        ModelNotFoundError: There is nothing under that name.
        CheckpointError: The weights are not sound, or of no known family.
        TokenizerError: The tokenizer is missing or unreadable.
        DeviceError: The device or dtype does not exist here.
        ValueError: The size does not fit the family, or the patches.
    """
    folder = named_folder(name)
    model = checkpoint.load_model(folder)
    inputs = _inputs(model, folder, image_size, most_patches)
    chosen_device, chosen_dtype = choose_device(device, dtype, model.config)
    if chosen_device != "cpu":
        model.to(chosen_device)
    card = _card(name, folder, model, inputs, chosen_device, chosen_dtype)
    return Encoder(model, inputs, card)


def load_model(name: str | Path) -> FGCLIP | FGCLIP2:
    """Load a model alone: tensors in, tensors out, nothing normalised.

    Args:
        name: "fgclip-mini", a folder, or a hub id, as of `load`.

    Returns:
        The model in float32, in evaluation mode.

    Raises:
        ModelNotFoundError: There is nothing under that name.
        CheckpointError: The weights are not sound, or of no known family.
    """
    return checkpoint.load_model(named_folder(name))


def named_folder(name: str | Path) -> Path:
    """The folder of a model, downloaded if need be; names are those of `load`.

    Raises:
        ModelNotFoundError: There is nothing under that name.
    """
    return model_folder(EMBEDDED.get(str(name), name))


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


def choose_device(device: str, dtype: str, config: FGCLIPConfig | FGCLIP2Config) -> tuple[str, str]:
    """The fastest device and dtype by a short measurement, unless both are given.

    Raises:
        DeviceError: One of them does not exist here.
    """
    if dtype != "auto" and dtype not in DTYPES:
        raise DeviceError(f"dtype {dtype!r} is not one of auto, {', '.join(DTYPES)}")
    if device == "auto":
        gpus = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
        device = next((name for name, present in gpus.items() if present), "cpu")
    try:
        torch.zeros(1, device=device).cpu()  # "meta" exists, but gives nothing back
    except (RuntimeError, AssertionError) as error:
        raise DeviceError(
            f"device {device!r} cannot be used here ({str(error).splitlines()[0]}). Try cpu."
        ) from error
    if dtype != "auto":
        return device, dtype
    vision = config.vision
    tokens = torch.ones(vision.grid_size**2 + 1, vision.width, device=device)
    weight = torch.ones(vision.mlp_width, vision.width, device=device)
    rounded = tokens.bfloat16(), weight.bfloat16()
    # In turn, so that what else the machine does slows both alike.
    pairs = [(_seconds(tokens, weight), _seconds(*rounded)) for _ in range(PAIRS)]
    plain, low = (min(times) for times in zip(*pairs, strict=True))
    return device, "bfloat16" if plain > FASTER_BY * low else "float32"


def _seconds(tokens: Tensor, weight: Tensor) -> float:
    """Time of the model's largest product."""
    start = time.perf_counter()
    F.linear(tokens, weight)[0, 0].item()  # reading one value makes a GPU finish
    return time.perf_counter() - start


def _inputs(
    model: FGCLIP | FGCLIP2, folder: Path, image_size: int | None, most_patches: int | None
) -> SquareInputs | NaFlexInputs:
    """What pictures and texts become before this model reads them."""
    patch = model.config.vision.patch_size
    if isinstance(model, FGCLIP2):
        if image_size is not None:
            raise ValueError(
                f"image_size {image_size}: this model keeps a picture's shape; give most_patches"
            )
        if most_patches is not None and most_patches < 1:
            raise ValueError(f"most_patches {most_patches} is no picture; give 1 or more")
        siglip = SiglipTokenizer.from_folder(folder)
        check_tokenizer(siglip, model.config.text, folder)
        mean, std = _normalisation(folder, HALF, HALF)
        return NaFlexInputs(siglip, patch, mean, std, most_patches)
    if most_patches is not None:
        raise ValueError(
            f"most_patches {most_patches}: this model squashes pictures to squares; give image_size"
        )
    image_size = model.config.vision.image_size if image_size is None else image_size
    if image_size < patch or image_size % patch:
        raise ValueError(f"image_size {image_size} is not a multiple of the patch size {patch}")
    tokenizer = Tokenizer.from_folder(folder)
    check_tokenizer(tokenizer, model.config.text, folder)
    return SquareInputs(tokenizer, image_size, *_normalisation(folder, MEAN, STD))


def _card(
    name: str | Path,
    folder: Path,
    model: FGCLIP | FGCLIP2,
    inputs: SquareInputs | NaFlexInputs,
    device: str,
    dtype: str,
) -> Card:
    config = model.config
    files = weight_files(folder)
    most_patches = None if isinstance(inputs, SquareInputs) else inputs.most_patches
    patch = config.vision.patch_size
    side = inputs.size if isinstance(inputs, SquareInputs) else patch * isqrt(inputs.most_patches)
    notes = _notes(folder)
    return Card(
        name=Path(name).name if Path(name).is_dir() else str(name),
        family=checkpoint.family(folder),
        source=str(name),
        sha256=sha256(files),
        bytes=sum(file.stat().st_size for file in files),
        parameters=sum(parameter.numel() for parameter in model.parameters()),
        dimensions=config.projection_dim,
        image_size=side,
        most_patches=most_patches,
        patch_size=patch,
        short_context=config.text.context_length,
        long_context=config.text.long_context_length,
        scale=float(model.logit_scale.detach().exp()),
        device=device,
        dtype=dtype,
        mean=inputs.mean,
        std=inputs.std,
        notes=notes,
        doubtful_below=_doubtful_below(notes, folder),
    )


def _normalisation(
    folder: Path, usual_mean: tuple[float, ...], usual_std: tuple[float, ...]
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    path = folder / "preprocessor_config.json"
    if not path.exists():
        return usual_mean, usual_std
    try:
        raw: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        mean, std = (
            tuple(map(float, raw.get(f"image_{key}", value)))
            for key, value in (("mean", usual_mean), ("std", usual_std))
        )
    except (ValueError, TypeError, AttributeError) as error:
        raise CheckpointError(f"{path} cannot be read: {error}") from error
    finite = all(math.isfinite(value) for value in (*mean, *std))
    if len(mean) != 3 or len(std) != 3 or not finite or min(std) <= 0:
        raise CheckpointError(
            f"{path}: image_mean and image_std must be three numbers each, the latter positive"
        )
    return mean, std


def _notes(folder: Path) -> dict[str, str]:
    """The front matter of MODEL_CARD.md: `key: value` lines between two rules."""
    path = folder / "MODEL_CARD.md"
    if not path.exists():
        return {}
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise CheckpointError(f"{path} is not UTF-8 text: {error}") from error
    front = re.match(r"---\n(.*?)\n---", text, flags=re.DOTALL)
    lines = front[1].splitlines() if front else []
    return {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in lines)}


def _doubtful_below(notes: Mapping[str, str], folder: Path) -> float | None:
    """The cosine that the note of that name begins with."""
    note = notes.get("doubtful_below")
    try:
        return None if note is None else float(note.split(",")[0])
    except ValueError as error:
        raise CheckpointError(
            f"{folder}: doubtful_below in MODEL_CARD.md is {note!r}; begin it with a cosine and a "
            "comma, such as 0.38, …"
        ) from error
