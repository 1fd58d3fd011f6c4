"""Where examples come from: composed scenes or records on disk; and in what order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from torch.utils.data import DataLoader, Dataset

from fgclip.data import Record, Region
from fgclip.preprocess import PictureError, open_picture
from training.batch import Batch, Collate, Example
from training.recipes import Recipe


class DataError(ValueError):
    """Data that a recipe cannot train on, with the place and the remedy."""


class RecordData(Dataset[tuple[int, Example]]):
    """Pictures of a data set on disk, shuffled anew in every epoch."""

    def __init__(self, records: Sequence[Record], *, image_size: int, seed: int) -> None:
        self._records = records
        self._image_size = image_size
        self._seed = seed

    def __getitem__(self, index: int) -> tuple[int, Example]:
        epoch, place = divmod(index, len(self._records))
        order = _shuffled(len(self._records), self._seed, epoch)
        record = self._records[int(order[place])]
        side = (self._image_size, self._image_size)
        try:
            picture = open_picture(record.path).resize(side, Image.Resampling.BICUBIC)
        except PictureError as error:
            raise DataError(f"{record.path}: {error}") from error
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


def loader(
    data: Dataset[tuple[int, Example]], steps: Steps, collate: Collate, *, workers: int
) -> Iterator[Batch]:
    """Batches without end, made in worker processes."""
    batches: DataLoader[Batch | DataError] = DataLoader(
        _Batches(data, collate),
        sampler=steps,
        batch_size=None,  # the sampler gives the numbers of whole batches
        num_workers=workers,
        prefetch_factor=4 if workers else None,
    )
    for batch in batches:
        if isinstance(batch, DataError):
            raise batch
        yield batch


class _Batches(Dataset[Batch | DataError]):
    """Batches by the numbers of their pictures.

    What is wrong with the data is handed over, not raised: torch makes a page of trace of whatever
    a worker raises.
    """

    def __init__(self, data: Dataset[tuple[int, Example]], collate: Collate) -> None:
        self._data = data
        self._collate = collate

    def __getitem__(self, numbers: list[int]) -> Batch | DataError:
        try:
            return self._collate([self._data[number] for number in numbers])
        except DataError as error:
            return error


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


@lru_cache(maxsize=2)  # workers read ahead into the next epoch
def _shuffled(count: int, seed: int, epoch: int) -> NDArray[np.int64]:
    return np.random.default_rng([seed, epoch]).permutation(count)


@dataclass(frozen=True)
class _Opened:
    pixels: NDArray[np.uint8]
    short_caption: str
    long_caption: str
    regions: tuple[Region, ...]
