"""Examples → ragged batches: flat lists with an index, nothing padded to a fixed number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from fgclip.data import Region
from fgclip.data.records import Corners
from fgclip.tokenizer import Tokenizer
from training.recipes import Recipe
from training.texts import Texts, encode_once


class Example(Protocol):
    """One picture with its texts: a composed scene, or a record with its picture opened."""

    @property
    def pixels(self) -> NDArray[np.uint8]:
        """(S, S, 3)."""

    @property
    def short_caption(self) -> str:
        """About 20 words."""

    @property
    def long_caption(self) -> str:
        """Several sentences."""

    @property
    def regions(self) -> tuple[Region, ...]:
        """Boxes with phrases."""


@dataclass(frozen=True)
class Batch:
    """Some pictures with all that is said about them. Texts are rows of `Texts`, boxes one list."""

    pixels: Tensor  # (B, S, S, 3) uint8
    long: Texts
    long_text: Tensor  # (B,) rows of `long`
    short: Texts
    short_text: Tensor  # (B,) rows of `short`
    boxes: Tensor  # (N, 4) x0 y0 x1 y1, fractions of the picture
    box_image: Tensor  # (N,) row of the batch that each box belongs to
    phrases: Texts  # of boxes and of their rewrites
    box_text: Tensor  # (N,) rows of `phrases`
    hard_box: Tensor  # (M,) rows of `boxes` that have hard negatives
    hard_text: Tensor  # (M, 1 + K) rows of `phrases`; slot 0 is the true one
    hard_present: Tensor  # (M, 1 + K) bool, False where a box has fewer rewrites

    def to(self, device: torch.device) -> Batch:
        """The same batch on a device."""
        if device.type == "cpu":
            return self
        return Batch(**{each.name: getattr(self, each.name).to(device) for each in fields(self)})


class Collate:
    """Examples → a batch, drawn and tokenised as the recipe says. Runs in the loader's workers."""

    def __init__(self, recipe: Recipe, tokenizer: Tokenizer, *, seed: int) -> None:
        self._recipe = recipe
        self._tokenizer = tokenizer
        self._seed = seed
        text = recipe.model.text
        self._short_limit, self._long_limit = text.context_length, text.long_context_length

    def __call__(self, examples: Sequence[tuple[int, Example]]) -> Batch:
        """Join numbered examples; the same numbers always give the same batch."""
        drawn = [
            self._draw(example.regions, np.random.default_rng([self._seed, index]))
            for index, example in examples
        ]
        boxes = [box for own in drawn for box in own]
        hard = [(row, box) for row, box in enumerate(boxes) if box.negatives]
        slots = 1 + max((len(box.negatives) for _, box in hard), default=0)
        # An empty slot repeats the true phrase: it costs no text, and `hard_present` leaves it out.
        captions = [
            [box.hard_phrase, *box.negatives, *[box.hard_phrase] * slots][:slots] for _, box in hard
        ]
        present = [[slot <= len(box.negatives) for slot in range(slots)] for _, box in hard]
        phrases, rows = encode_once(
            [box.phrase for box in boxes] + [text for own in captions for text in own],
            self._tokenizer,
            self._short_limit,
        )
        prefix = self._recipe.short_prefix
        short, short_text = encode_once(
            [prefix + example.short_caption for _, example in examples],
            self._tokenizer,
            self._short_limit,
        )
        long, long_text = encode_once(
            [example.long_caption for _, example in examples], self._tokenizer, self._long_limit
        )
        owners = np.repeat(np.arange(len(drawn)), [len(own) for own in drawn])
        return Batch(
            pixels=torch.from_numpy(np.stack([example.pixels for _, example in examples])),
            long=long,
            long_text=long_text,
            short=short,
            short_text=short_text,
            # Not refused when without area: such a box is a zero row, which teaches nothing.
            boxes=torch.tensor([box.corners for box in boxes]).view(-1, 4),
            box_image=torch.from_numpy(owners.astype(np.int64)),
            phrases=phrases,
            box_text=rows[: len(boxes)],
            hard_box=torch.tensor([row for row, _ in hard], dtype=torch.long),
            hard_text=rows[len(boxes) :].view(len(hard), slots),
            hard_present=torch.tensor(present, dtype=torch.bool).view(len(hard), slots),
        )

    def _draw(self, regions: Sequence[Region], random: np.random.Generator) -> list[_Box]:
        """Choose the boxes of one picture, and those whose negatives are asked."""
        recipe = self._recipe
        if not (recipe.weights.region or recipe.weights.hard):
            return []
        chosen = regions[: recipe.max_boxes]
        asked = [row for row, region in enumerate(chosen) if region.negatives]
        if not recipe.weights.hard or random.random() >= recipe.hard_share:
            asked = []
        elif recipe.max_hard_boxes is not None and len(asked) > recipe.max_hard_boxes:
            asked = random.choice(asked, recipe.max_hard_boxes, replace=False).tolist()
        drawn = []
        for row, region in enumerate(chosen):
            long = recipe.long_phrases and region.long_phrase and random.random() < 0.5
            negatives = [negative.text for negative in region.negatives] if row in asked else []
            phrase = region.long_phrase if long else region.phrase
            drawn.append(_Box(region.box, phrase, region.phrase, tuple(negatives)))
        return drawn


@dataclass(frozen=True)
class _Box:
    corners: Corners
    phrase: str  # for the region loss
    hard_phrase: str  # which the rewrites rewrite
    negatives: tuple[str, ...]
