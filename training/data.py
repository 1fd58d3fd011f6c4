"""Pictures with captions and boxes → ragged batches. Nothing is padded to a fixed number."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from fgclip.boxes import check_boxes
from fgclip.data import Record, Region
from fgclip.preprocess import open_picture
from fgclip.tokenizer import Tokenizer
from training.recipes import Recipe

TEXT_GROUPS = 4  # lengths that the texts of a batch are trimmed to
SMALLEST_GROUP = 16  # texts; below it the loop costs more than the trimming saves


class DataError(ValueError):
    """Data that a recipe cannot train on, with the place and the remedy."""


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
class Texts:
    """The different texts of a batch, sorted by length and cut into groups of similar length."""

    groups: tuple[Tensor, ...]  # each (n, L) token ids, padded to the longest of its group
    keys: Tensor  # (U,) int64, equal for equal texts also across batches and ranks

    def __len__(self) -> int:
        return len(self.keys)


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
        moved = {field.name: _to(getattr(self, field.name), device) for field in fields(self)}
        return replace(self, **moved)


class RecordData(Dataset[tuple[int, Example]]):
    """Pictures of a data set on disk, shuffled anew in every epoch."""

    def __init__(self, records: Sequence[Record], *, image_size: int, seed: int) -> None:
        self._records = records
        self._image_size = image_size
        self._seed = seed

    def __getitem__(self, index: int) -> tuple[int, Example]:
        epoch, place = divmod(index, len(self._records))
        order = np.random.default_rng([self._seed, epoch]).permutation(len(self._records))
        record = self._records[int(order[place])]
        picture = open_picture(record.path).resize((self._image_size, self._image_size), 3)
        opened = _Opened(
            np.asarray(picture), record.short_caption, record.long_caption, record.regions
        )
        return index, opened


class Composes(Protocol):
    """What the scene composer offers the trainer."""

    def scene(self, index: int) -> Example:
        """The scene of that number, always the same."""


class SceneData(Dataset[tuple[int, Example]]):
    """Scenes composed as they are asked for; there is no end of them."""

    def __init__(self, composer: Composes) -> None:
        self._composer = composer

    def __getitem__(self, index: int) -> tuple[int, Example]:
        return index, self._composer.scene(index)


class Steps:
    """The numbers of the pictures of each step of one rank, from a position on."""

    def __init__(self, *, position: int, batch_size: int, rank: int = 0, ranks: int = 1) -> None:
        """Take every rank's share of each `batch_size` pictures, starting at picture `position`."""
        if batch_size % ranks:
            raise DataError(f"batch size {batch_size} cannot be shared by {ranks} processes")
        self._position = position
        self._batch_size = batch_size
        self._share = slice(rank * batch_size // ranks, (rank + 1) * batch_size // ranks)

    def __iter__(self) -> Iterator[list[int]]:
        start = self._position
        while True:
            yield list(range(start, start + self._batch_size))[self._share]
            start += self._batch_size


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
            self._draw(example.regions, np.random.default_rng([self._seed, 1, index]))
            for index, example in examples
        ]
        boxes = [box for own in drawn for box in own]
        corners = check_boxes([box.corners for box in boxes])
        owners = np.repeat(np.arange(len(drawn)), [len(own) for own in drawn])
        hard = [(row, box) for row, box in enumerate(boxes) if box.negatives]
        slots = 1 + max((len(box.negatives) for _, box in hard), default=0)
        padded = [
            [box.hard_phrase, *box.negatives] + [""] * (slots - 1 - len(box.negatives))
            for _, box in hard
        ]
        present = [[slot <= len(box.negatives) for slot in range(slots)] for _, box in hard]
        all_phrases = [box.phrase for box in boxes]
        all_phrases += [text if here else boxes[row].phrase
                        for (row, _), texts, heres in zip(hard, padded, present, strict=True)
                        for text, here in zip(texts, heres, strict=True)]
        phrases, phrase_rows = self._texts(all_phrases, self._short_limit)
        prefix = self._recipe.short_prefix
        short, short_rows = self._texts(
            [prefix + example.short_caption for _, example in examples], self._short_limit
        )
        long, long_rows = self._texts(
            [example.long_caption for _, example in examples], self._long_limit
        )
        return Batch(
            pixels=torch.from_numpy(np.stack([example.pixels for _, example in examples])),
            long=long,
            long_text=long_rows,
            short=short,
            short_text=short_rows,
            boxes=torch.from_numpy(corners),
            box_image=torch.from_numpy(owners.astype(np.int64)),
            phrases=phrases,
            box_text=phrase_rows[: len(boxes)],
            hard_box=torch.tensor([row for row, _ in hard], dtype=torch.long),
            hard_text=phrase_rows[len(boxes) :].view(len(hard), slots),
            hard_present=torch.tensor(present, dtype=torch.bool).view(len(hard), slots),
        )

    def _draw(self, regions: Sequence[Region], random: np.random.Generator) -> list[_Box]:
        recipe = self._recipe
        chosen = list(regions[: recipe.max_boxes]) if recipe.weights.region else []
        if not recipe.weights.region and recipe.weights.hard:
            chosen = list(regions[: recipe.max_boxes])
        with_negatives = [row for row, region in enumerate(chosen) if region.negatives]
        most = recipe.max_hard_boxes
        if most is not None and len(with_negatives) > most:
            with_negatives = list(random.choice(with_negatives, most, replace=False))
        asked = set(with_negatives) if recipe.weights.hard else set()
        return [
            _Box(
                corners=region.box,
                phrase=region.long_phrase
                if recipe.long_phrases and region.long_phrase and random.random() < 0.5
                else region.phrase,
                hard_phrase=region.phrase,
                negatives=tuple(negative.text for negative in region.negatives)
                if row in asked
                else (),
            )
            for row, region in enumerate(chosen)
        ]

    def _texts(self, texts: Sequence[str], limit: int) -> tuple[Texts, Tensor]:
        return encode_once(texts, self._tokenizer, limit)


def encode_once(texts: Sequence[str], tokenizer: Tokenizer, limit: int) -> tuple[Texts, Tensor]:
    """Tokenise the different ones of some texts.

    Args:
        texts: N texts, some of them equal.
        tokenizer: turns them into ids.
        limit: tokens that the route reads; the rest is cut.

    Returns:
        The U different texts, and the (N,) row of each text among them.
    """
    different = list(dict.fromkeys(texts))
    tokens = tokenizer.batch(different, limit)
    order = np.argsort(tokens.lengths, kind="stable")
    rows = {different[old]: new for new, old in enumerate(order)}
    number = min(TEXT_GROUPS, max(1, len(order) // SMALLEST_GROUP))
    groups = tuple(
        torch.from_numpy(tokens.ids[part, : tokens.lengths[part].max()])
        for part in np.array_split(order, number)
        if len(part)
    )
    keys = torch.tensor([_key(different[old]) for old in order], dtype=torch.long)
    return Texts(groups, keys), torch.tensor([rows[text] for text in texts], dtype=torch.long)


def loader(
    data: Dataset[tuple[int, Example]], steps: Steps, collate: Collate, *, workers: int
) -> Iterator[Batch]:
    """Batches without end, made in worker processes."""
    batches: DataLoader[tuple[int, Example]] = DataLoader(
        data,
        batch_sampler=steps,  # type: ignore[arg-type]
        collate_fn=collate,
        num_workers=workers,
        prefetch_factor=4 if workers else None,
    )
    yield from iter(batches)


def check_records(records: Sequence[Record], recipe: Recipe) -> None:
    """Refuse, before anything is trained, records that lack what the recipe's losses need."""
    if not records:
        raise DataError("The data set holds no picture.")
    for record in records:
        for kind in ("short", "long"):
            if getattr(recipe.weights, kind) and not getattr(record, f"{kind}_caption"):
                raise DataError(
                    f"{record.path} has no {kind} caption, which recipe {recipe.name} needs."
                )
    if recipe.weights.region and not any(record.regions for record in records):
        raise DataError(f"No picture has a box, which recipe {recipe.name} needs.")
    regions = (region for record in records for region in record.regions)
    if recipe.weights.hard and not any(region.negatives for region in regions):
        raise DataError(f"No box has hard negatives, which recipe {recipe.name} needs.")


@dataclass(frozen=True)
class _Opened:
    pixels: NDArray[np.uint8]
    short_caption: str
    long_caption: str
    regions: tuple[Region, ...]


@dataclass(frozen=True)
class _Box:
    corners: tuple[float, float, float, float]
    phrase: str  # for the region loss
    hard_phrase: str  # which the rewrites rewrite
    negatives: tuple[str, ...]


def _key(text: str) -> int:
    digest = hashlib.blake2b(text.lower().encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little", signed=True)


def _to(value: Tensor | Texts, device: torch.device) -> Tensor | Texts:
    if isinstance(value, Tensor):
        return value.to(device, non_blocking=True)
    return Texts(tuple(group.to(device) for group in value.groups), value.keys.to(device))
