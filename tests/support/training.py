"""A tiny tokenizer, model and composer: real ones, small enough for a test."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import tokenizers
import torch
from numpy.typing import NDArray
from torch import Tensor

from fgclip.data import Negative, Region
from fgclip.inputs.clip_tokenizer import Tokenizer, build_backend, clip_vocabulary
from fgclip.inputs.siglip_tokenizer import SiglipTokenizer
from fgclip.model.config import FGCLIPConfig, TextConfig, VisionConfig
from fgclip.model.fgclip2_config import FGCLIP2Config, NaFlexConfig, SiglipTextConfig
from training.losses import embeddings
from training.optim import Budget
from training.recipe import Recipe, Weights
from training.run import Options
from training.train import main

COLOURS = {"red": (255, 0, 0), "green": (0, 200, 0), "blue": (0, 0, 255), "white": (255,) * 3}
MERGES = ["r e", "re d</w>", "g r", "b l"]


def tiny_tokenizer() -> Tokenizer:
    return Tokenizer(build_backend(clip_vocabulary(MERGES), MERGES))


TINY = FGCLIPConfig(
    vision=VisionConfig(image_size=32, patch_size=8, width=16, layers=2, heads=2, mlp_width=32),
    text=TextConfig(vocab_size=512 + len(MERGES) + 2, width=16, layers=2, heads=2, mlp_width=32),
    projection_dim=16,
)


TINY_FGCLIP2 = FGCLIP2Config(
    vision=NaFlexConfig(patch_size=16, num_patches=16, width=16, layers=2, heads=2, mlp_width=32),
    text=SiglipTextConfig(
        vocab_size=9, context_length=24, width=16, layers=2, heads=2, mlp_width=32
    ),
)


def tiny_siglip_tokenizer() -> SiglipTokenizer:
    words = ["<pad>", "<eos>", "<bos>", "a", "red", "green", "blue", "square", "?"]
    vocabulary = {word: number for number, word in enumerate(words)}
    backend = tokenizers.Tokenizer(tokenizers.models.WordLevel(vocabulary, unk_token="?"))
    backend.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    return SiglipTokenizer(backend)


def tiny_recipe(**changes: object) -> Recipe:
    recipe = Recipe(
        name="tiny",
        summary="for tests",
        model=TINY,
        image_size=32,
        weights=Weights(long=1, short=1, region=1, hard=1),
        pictures=48,
        batch_size=8,
        learning_rate=3e-3,
        weight_decay=0.01,
        warmup_pictures=8,
        mask_duplicates=True,
        average=0.9,
    )
    return recipe.replace(**changes)


@dataclass(frozen=True)
class Squares:
    """Two coloured squares side by side; the scene of a number is always the same."""

    pixels: NDArray[np.uint8]
    short_caption: str
    long_caption: str
    regions: tuple[Region, ...]


class SquareComposer:
    def __init__(self, size: int = 32) -> None:
        self.size = size

    def scene(self, index: int) -> Squares:
        random = np.random.default_rng(index)
        names = [str(name) for name in random.choice(list(COLOURS), 2, replace=False)]
        pixels = np.zeros((self.size, self.size, 3), np.uint8)
        half = self.size // 2
        pixels[:half, :half] = COLOURS[names[0]]
        pixels[half:, half:] = COLOURS[names[1]]
        corners = [(0.0, 0.0, 0.5, 0.5), (0.5, 0.5, 1.0, 1.0)]
        regions = tuple(
            Region(
                box,
                f"a {name} square",
                negatives=tuple(
                    Negative(f"a {other} square", "colour") for other in COLOURS if other != name
                )[: 1 + index % 3],
            )
            for box, name in zip(corners, names, strict=True)
        )
        return Squares(
            pixels,
            f"a {names[0]} square",
            f"a {names[0]} square on the left of a {names[1]} square. " * (1 + index % 3),
            regions,
        )


def repository() -> Path:
    return Path(__file__).parents[2]


ONE = torch.tensor(1.0)


def random_embeddings(*shape: int, seed: int = 0) -> Tensor:
    return embeddings(torch.randn(*shape, generator=torch.Generator().manual_seed(seed)))


def all_present(captions: Tensor) -> Tensor:
    return torch.ones(captions.shape[:2], dtype=torch.bool)


def tiny_options(out: Path, pictures: int, *, resume: bool = True, shard: bool = False) -> Options:
    """On one CPU in float32, without a checkpoint before the end."""
    return Options(
        out=out,
        budget=Budget(pictures),
        seed=0,
        device=torch.device("cpu"),
        dtype=torch.float32,
        checkpoint_minutes=99,
        resume=resume,
        shard=shard,
    )


def arguments(data: Path, out: Path, *more: str) -> list[str]:
    chosen = ["--data", str(data), "--out", str(out), "--tokenizer", str(data.parent / "tokenizer")]
    fixed = ["--workers", "0", "--dtype", "float32", "--device", "cpu", "--batch-size", "4"]
    return [*chosen, *fixed, *more]


def train(monkeypatch: pytest.MonkeyPatch, *given: str) -> None:
    monkeypatch.setattr(sys, "argv", ["training.train", *given])
    main()
