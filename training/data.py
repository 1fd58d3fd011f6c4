"""Where examples come from: composed scenes or records on disk; and in what order."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch.utils.data import DataLoader, Dataset

from fgclip.data import Record, Region
from fgclip.inputs.images import PictureError, open_picture
from training.batch import Batch, Example
from training.collate import Collate
from training.recipe import Recipe

ATTEMPTS = 16  # pictures that may stand in for one that cannot be read


class DataError(ValueError):
    """Data that a recipe cannot train on, with the place and the remedy."""


class Source(Protocol):
    """Examples by number; there is no end of them."""

    def example(self, number: int, skipped: list[str]) -> Example:
        """The example of that number, always the same.

        Args:
            number: from 0 on.
            skipped: is told of each picture that could not be used, and why.
        """


class RecordData:
    """Pictures of a data set on disk, shuffled anew in every epoch."""

    def __init__(self, records: Sequence[Record], *, seed: int) -> None:
        self._records = records
        self._seed = seed

    def example(self, number: int, skipped: list[str]) -> Example:
        """The picture of that number; one that cannot be read is replaced by another.

        Raises:
            DataError: None of the pictures that would stand in can be read, either.
        """
        epoch, place = divmod(number, len(self._records))
        chosen = int(_shuffled(len(self._records), self._seed, epoch)[place])
        others = np.random.default_rng([self._seed, number])
        for _ in range(ATTEMPTS):
            record = self._records[chosen]
            try:
                pixels = np.asarray(open_picture(record.path))
            except PictureError as error:
                skipped.append(f"{record.path}: {error}")
                chosen = int(others.integers(len(self._records)))
            else:
                return opened(record, pixels)
        raise DataError(
            f"{ATTEMPTS} pictures one after another cannot be read; the last is {skipped[-1]} "
            "Does --images name the right folder?"
        )


class Composes(Protocol):
    """What the scene composer offers the trainer."""

    def scene(self, index: int) -> Example:
        """The scene of that number, always the same."""


class SceneData:
    """Scenes composed as they are asked for."""

    def __init__(self, composer: Composes) -> None:
        self._composer = composer

    def example(self, number: int, skipped: list[str]) -> Example:  # noqa: ARG002: no scene is broken
        """The scene of that number."""
        return self._composer.scene(number)


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


def loader(data: Source, steps: Steps, collate: Collate, *, workers: int) -> Iterator[Batch]:
    """Batches without end, made in worker processes."""
    batches: DataLoader[Batch | DataError] = DataLoader(
        _Batches(data, collate),
        sampler=steps,
        batch_size=None,  # the sampler gives the numbers of whole batches
        num_workers=workers,
        prefetch_factor=4 if workers else None,
        worker_init_fn=one_thread,
    )
    yield from unless_faulty(batches)


def one_thread(worker: int) -> None:  # noqa: ARG001: what torch passes
    """Workers are many already."""
    torch.set_num_threads(1)


def unless_faulty(batches: DataLoader[Batch | DataError]) -> Iterator[Batch]:
    """Raise what a worker has found wrong here: raised there, torch makes a page of trace of it."""
    for batch in batches:
        if isinstance(batch, DataError):
            raise batch
        yield batch


class _Batches(Dataset[Batch | DataError]):
    """Batches by the numbers of their pictures."""

    def __init__(self, data: Source, collate: Collate) -> None:
        self._data = data
        self._collate = collate

    def __getitem__(self, numbers: list[int]) -> Batch | DataError:
        skipped: list[str] = []
        try:
            examples = [(number, self._data.example(number, skipped)) for number in numbers]
        except DataError as error:
            return error
        return dataclasses.replace(self._collate(examples), skipped=tuple(skipped))


def usable_records(
    records: Sequence[Record], recipe: Recipe, on_fault: Callable[[str], None]
) -> list[Record]:
    """Leave out records that lack a caption which the recipe's losses need.

    Args:
        records: as they were read.
        recipe: says what is needed.
        on_fault: is told of each record that is left out.

    Raises:
        DataError: Nothing stays, or what stays has no box or no hard negative, if those are needed.
    """
    usable = []
    for record in records:
        fault = lacking(record, recipe)
        if fault:
            on_fault(f"{record.path} {fault}")
        else:
            usable.append(record)
    if not usable:
        why = f"; {records[-1].path} {lacking(records[-1], recipe)}" if records else ""
        raise DataError(f"The data set holds no picture that can be used{why}.")
    weights = recipe.weights
    if weights.boxes and not any(record.regions for record in usable):
        raise DataError(f"No picture has a box, which recipe {recipe.name} needs.")
    regions = (region for record in usable for region in record.regions)
    if weights.rewrites and not any(region.negatives for region in regions):
        raise DataError(f"No box has hard negatives, which recipe {recipe.name} needs.")
    return usable


def lacking(record: Record, recipe: Recipe) -> str:
    """What keeps a record from being used, or ""."""
    weights = recipe.weights
    long = (weights.long and not recipe.long_optional) or recipe.first_sentence
    short = (weights.short or weights.components) and not recipe.first_sentence
    for kind, needed in (("short", short), ("long", long)):
        if needed and not getattr(record, f"{kind}_caption"):
            return f"has no {kind} caption, which recipe {recipe.name} needs"
    return ""


@lru_cache(maxsize=2)  # workers read ahead into the next epoch
def _shuffled(count: int, seed: int, epoch: int) -> NDArray[np.int64]:
    return np.random.default_rng([seed, epoch]).permutation(count)


@dataclass(frozen=True)
class _Opened:
    pixels: NDArray[np.uint8]
    short_caption: str
    long_caption: str
    regions: tuple[Region, ...]


def opened(record: Record, pixels: NDArray[np.uint8]) -> Example:
    """A record with its picture."""
    return _Opened(pixels, record.short_caption, record.long_caption, record.regions)
