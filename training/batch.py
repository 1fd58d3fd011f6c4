"""Examples → ragged batches: flat lists with an index, nothing padded to a fixed number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from fgclip.data import Region
from fgclip.data.records import Corners
from fgclip.model.naflex import Patches
from training.text_batches import NO_TEXTS, Texts


class Example(Protocol):
    """One picture with its texts: a composed scene, or a record with its picture opened."""

    @property
    def pixels(self) -> NDArray[np.uint8]:
        """(H, W, 3), of any size."""

    @property
    def short_caption(self) -> str:
        """About 20 words."""

    @property
    def long_caption(self) -> str:
        """Several sentences."""

    @property
    def regions(self) -> tuple[Region, ...]:
        """Boxes with phrases."""


def no_rows(*shape: int, dtype: torch.dtype = torch.long) -> Tensor:
    """A tensor of that shape behind its 0 rows."""
    return torch.zeros(0, *shape, dtype=dtype)


NO_INDEX = no_rows()
NO_BOXES = no_rows(4, dtype=torch.float32)
NO_CROPS = no_rows(1, 1, 3, dtype=torch.uint8)


@dataclass(frozen=True, kw_only=True)
class Batch:
    """Some pictures with all that is said about them. Texts are rows of `Texts`, boxes one list.

    What a recipe does not ask about is empty.
    """

    pixels: Tensor | Patches  # (B, S, S, 3) uint8; FG-CLIP 2: patches of uint8
    boxes: Tensor  # (N, 4) x0 y0 x1 y1, fractions of the picture as it is in `pixels`
    box_image: Tensor  # (N,) row of the batch that each box belongs to, in ascending order

    long: Texts = NO_TEXTS
    long_text: Tensor  # (L,) rows of `long`
    long_image: Tensor  # (L,) pictures that have a long caption, in ascending order
    short: Texts = NO_TEXTS
    short_text: Tensor  # (B,) rows of `short`

    phrases: Texts = NO_TEXTS  # of boxes and of their rewrites
    box_text: Tensor  # (N,) rows of `phrases`
    hard_box: Tensor  # (M,) rows of `boxes` that have hard negatives
    hard_text: Tensor  # (M, 1 + K) rows of `phrases`; slot 0 is the true one
    hard_present: Tensor  # (M, 1 + K) bool, False where a box has fewer rewrites
    nouns: Texts = NO_TEXTS  # that are asked about
    noun_box: Tensor = NO_INDEX  # (P,) rows of `boxes` whose noun is known
    noun_text: Tensor = NO_INDEX  # (P,) rows of `nouns`

    crops: Tensor = NO_CROPS  # (C, S, S, 3) uint8
    crop_boxes: Tensor = NO_BOXES  # (C, 4) where they come from, as `boxes`
    crop_image: Tensor = NO_INDEX  # (C,) row of the batch, in ascending order

    skipped: tuple[str, ...] = ()  # pictures that could not be used, and why; others stand in

    def __len__(self) -> int:
        return len(self.pixels)

    def to(self, device: torch.device) -> Batch:
        """The same batch on a device."""
        if device.type == "cpu":
            return self
        return Batch(
            **{each.name: _moved(getattr(self, each.name), device) for each in fields(self)}
        )


@dataclass(frozen=True)
class Box:
    """One box of a picture with what is asked about it."""

    corners: Corners  # of the picture as the model sees it
    phrase: str  # for the region loss
    hard_phrase: str  # which the rewrites rewrite
    negatives: tuple[str, ...]
    noun: str  # "" where unknown


@dataclass(frozen=True)
class Drawn:
    """One example as a recipe has drawn it."""

    image: NDArray[np.uint8]  # (S, S, 3), or (patches, values)
    grid: tuple[int, int]  # of patches, for FG-CLIP 2
    boxes: Sequence[Box]
    crops: Sequence[NDArray[np.uint8]]  # (S, S, 3) each
    crop_boxes: Sequence[Corners]


def joined_pixels(examples: Sequence[Drawn]) -> Tensor | Patches:
    """Stack squares; pad patches to the longest."""
    if examples[0].image.ndim == 3:
        return torch.from_numpy(np.stack([example.image for example in examples]))
    lengths = [len(example.image) for example in examples]
    values = np.zeros((len(examples), max(lengths), examples[0].image.shape[1]), np.uint8)
    for row, example in zip(values, examples, strict=True):
        row[: len(example.image)] = example.image
    mask = torch.arange(max(lengths))[None] < torch.tensor(lengths)[:, None]
    shapes = torch.tensor([example.grid for example in examples])
    return Patches(torch.from_numpy(values), mask, shapes)


def owners(counts: Sequence[int]) -> Tensor:
    """Row of the batch of each thing, from how many each picture has."""
    return torch.arange(len(counts)).repeat_interleave(torch.tensor(counts, dtype=torch.long))


def _moved(value: Any, device: torch.device) -> Any:
    return value.to(device) if isinstance(value, Tensor | Texts | Patches) else value
