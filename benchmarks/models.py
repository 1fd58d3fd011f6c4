"""Models to measure: those named, and random ones of a wanted shape. Weights change no time."""

from __future__ import annotations

import itertools
import json
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import torch

from fgclip.inputs.clip_tokenizer import Tokenizer, build_backend, clip_vocabulary
from fgclip.model.checkpoints.hub import model_folder
from fgclip.model.checkpoints.loading import read_config, save_model
from fgclip.model.config import FGCLIPConfig
from fgclip.model.fgclip import FGCLIP, initialise
from fgclip.zoo import EMBEDDED

RANDOM_B16 = "random-vit-b16"
DEFAULT = ("fgclip-mini", RANDOM_B16)
# Bytes that occur in no UTF-8 text, as CLIP's vocabulary spells them.
UNUSED = [chr(byte) for byte in (0xC0, 0xC1, *range(0xF5, 0x100))]

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Case:
    """A model to measure."""

    name: str
    folder: Path
    grid: int  # patches a side


class Shelf:
    """Finds named models and makes random ones, each once, in a scratch folder."""

    def __init__(self, names: Sequence[str], scratch: Path) -> None:
        """Offer the models of these names.

        Raises:
            ValueError: Only random models are named; one is needed for its tokenizer.
            ModelNotFoundError: Nothing has that name.
        """
        self._scratch = scratch
        real = {
            name: model_folder(EMBEDDED.get(name, name)) for name in names if name != RANDOM_B16
        }
        if not real:
            raise ValueError(f"{RANDOM_B16} borrows a tokenizer: name another --model beside it")
        self._first = next(iter(real.values()))
        folders = {name: real.get(name) or self._random_b16() for name in names}
        self.cases = tuple(_case(_label(name), folder) for name, folder in folders.items())

    def at_grid(self, side: int) -> Case:
        """A random model with side × side patches, otherwise shaped as the first one."""
        folder = self._scratch / f"grid-{side}"
        if not folder.exists():
            config = read_config(self._first, FGCLIPConfig)
            vision = replace(config.vision, image_size=side * config.vision.patch_size)
            Tokenizer.from_folder(self._first).save(folder)
            _write(replace(config, vision=vision), folder)
        return _case(f"random, {vision_size(folder)} px", folder)

    def _random_b16(self) -> Path:
        """A ViT-B/16 at 224 pixels with CLIP's text tower and as many tokens."""
        folder = self._scratch / RANDOM_B16
        if not folder.exists():
            log.info("Making a random ViT-B/16 …")
            config = FGCLIPConfig.base()
            widened(Tokenizer.from_folder(self._first), config.text.vocab_size, folder)
            _write(config, folder)
        return folder


def vision_size(folder: Path) -> int:
    """Pixels a side of a model's pictures."""
    return read_config(folder, FGCLIPConfig).vision.image_size


def widened(tokenizer: Tokenizer, size: int, folder: Path) -> None:
    """Write a tokenizer that splits every text as the given one does, with `size` tokens.

    A random model needs CLIP's number of embeddings to weigh as much as CLIP, but this repository
    need not carry CLIP's vocabulary for it.
    """
    tokenizer.save(folder)
    raw = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))["model"]["merges"]
    merges = [pair if isinstance(pair, str) else " ".join(pair) for pair in raw]
    missing = size - tokenizer.vocab_size
    if missing < 0:
        raise ValueError(f"the tokenizer has {tokenizer.vocab_size} tokens already, above {size}")
    merges += itertools.islice(_filler(), missing)
    Tokenizer(build_backend(clip_vocabulary(merges), merges)).save(folder)


def _filler() -> Iterator[str]:
    """Merges that no text needs: ever longer runs of bytes that are never text."""
    for length in itertools.count(2):
        for letters in itertools.product(UNUSED, repeat=length):
            yield f"{''.join(letters[:-1])} {letters[-1]}"


def _write(config: FGCLIPConfig, folder: Path) -> None:
    save_model(initialise(FGCLIP(config), seed=0), folder, dtype=torch.float16)


def _case(name: str, folder: Path) -> Case:
    return Case(name, folder, read_config(folder, FGCLIPConfig).vision.grid_size)


def _label(name: str) -> str:
    return "random ViT-B/16" if name == RANDOM_B16 else Path(name).name
