"""WebDataset shards, streamed: for data that fits neither memory nor, as single files, a disk.

A shard is a tar whose members come in groups of one name: `KEY.jpg` (or .jpeg, .png, .webp) and
`KEY.json`, one element of FineHARD's annotations without `f_path`.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Sequence
from itertools import count, islice
from pathlib import Path
from typing import Any

import fsspec
import numpy as np
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

from fgclip.data.finehard import FineHardError, record_of
from fgclip.data.webdataset import PICTURES, Sample, read_samples
from fgclip.inputs.images import PictureError, open_picture
from training.batch import Batch, Example
from training.collate import Collate
from training.data import DataError, lacking, one_thread, opened, unless_faulty
from training.recipe import Recipe

BUFFER = 1_000  # samples that a shuffle draws from, undecoded


def find_shards(pattern: str) -> list[str]:
    """The shards that a pattern names: a path or URL with wildcards, or a `.txt` that lists them.

    Raises:
        DataError: There is none.
    """
    if pattern.endswith(".txt"):
        lines = Path(pattern).read_text(encoding="utf-8").splitlines()
        found = [line.strip() for line in lines if line.strip()]
    else:
        files, _, names = fsspec.get_fs_token_paths(pattern)
        found = sorted(files.unstrip_protocol(name) for name in names)
    if not found:
        raise DataError(f"No shard is called {pattern}.")
    return found


def shard_loader(
    shards: Sequence[str],
    collate: Collate,
    recipe: Recipe,
    *,
    batch_size: int,
    position: int,
    rank: int = 0,
    ranks: int = 1,
    workers: int = 1,
    seed: int = 0,
) -> Iterator[Batch]:
    """Batches without end, streamed by worker processes.

    Each worker of each rank reads shards of its own, in an order drawn anew in every epoch, and
    shuffles their samples within a buffer. The same seed and numbers of ranks and workers give the
    same batches; a run that goes on reads again what it has seen, without decoding it.

    Args:
        shards: paths or URLs.
        collate: makes batches.
        recipe: says what a sample must have.
        batch_size: pictures per step, all ranks together.
        position: pictures that the run has seen, a multiple of `batch_size`.
        rank: of this process.
        ranks: processes.
        workers: per process; 0 streams in this one.
        seed: of the order.

    Raises:
        DataError: There are fewer shards than readers, or a batch has no usable sample.
    """
    readers = ranks * max(1, workers)
    if len(shards) < readers:
        raise DataError(
            f"{len(shards)} shards are too few for {readers} readers ({ranks} processes × "
            f"{max(1, workers)} workers). Use fewer workers, or cut the data into more shards."
        )
    if batch_size % ranks:
        raise DataError(f"batch size {batch_size} cannot be shared by {ranks} processes")
    stream = _Stream(
        tuple(shards),
        collate,
        recipe,
        size=batch_size // ranks,
        done=position // batch_size,
        rank=rank,
        readers=readers,
        seed=seed,
    )
    batches: DataLoader[Batch | DataError] = DataLoader(
        stream,
        batch_size=None,
        num_workers=workers,
        prefetch_factor=4 if workers else None,
        worker_init_fn=one_thread,
    )
    return unless_faulty(batches)


def decoded(sample: Sample, recipe: Recipe) -> Example:
    """A sample's picture and annotations.

    Raises:
        DataError: It lacks one of them, or one is faulty or not enough for the recipe.
    """
    if sample.fault:
        raise DataError(f"{sample.where} {sample.fault}")
    if sample.picture is None:
        raise DataError(f"{sample.where} has no picture ({', '.join(PICTURES)}).")
    if ".json" not in sample.files:
        raise DataError(f"{sample.where} has no .json.")
    try:
        element: Any = json.loads(sample.files[".json"])
        if isinstance(element, dict):
            element.setdefault("f_path", sample.where)
        record = record_of(element, Path(), sample.where)
        pixels = np.asarray(open_picture(sample.picture))
    except (FineHardError, PictureError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise DataError(f"{sample.where}: {error}") from error
    fault = lacking(record, recipe)
    if fault:
        raise DataError(f"{sample.where} {fault}.")
    return opened(record, pixels)


class _Stream(IterableDataset[Batch | DataError]):
    """What one worker reads."""

    def __init__(
        self,
        shards: tuple[str, ...],
        collate: Collate,
        recipe: Recipe,
        *,
        size: int,
        done: int,
        rank: int,
        readers: int,
        seed: int,
    ) -> None:
        self._shards = shards
        self._collate = collate
        self._recipe = recipe
        self._size = size
        self._done = done  # steps of earlier sittings
        self._rank = rank
        self._readers = readers
        self._seed = seed

    def __iter__(self) -> Iterator[Batch | DataError]:
        info = get_worker_info()
        workers = 1 if info is None else info.num_workers
        # Workers give batches in turn; the one whose turn it is goes first.
        worker = (self._done + (0 if info is None else info.id)) % workers
        steps = count(worker, workers)
        try:
            samples = self._shuffled(self._rank * workers + worker)
            for step in steps:
                own = list(islice(samples, self._size))
                if step >= self._done:
                    yield self._batch(own, step)
        except DataError as error:
            yield error

    def _shuffled(self, reader: int) -> Iterator[Sample]:
        random = np.random.default_rng([self._seed, reader])
        waiting: list[Sample] = []
        for epoch in count():
            order = np.random.default_rng([self._seed, epoch]).permutation(len(self._shards))
            for place in order[reader :: self._readers]:
                for sample in read_samples(self._shards[place]):
                    if len(waiting) < BUFFER:
                        waiting.append(sample)
                        continue
                    chosen = int(random.integers(BUFFER))
                    yield waiting[chosen]
                    waiting[chosen] = sample
            if epoch == 0 and not waiting:
                raise DataError(f"{self._shards[order[reader]]} and the other shards are empty.")
            if len(waiting) < BUFFER:  # all there is: a small data set
                for chosen in random.permutation(len(waiting)):
                    yield waiting[chosen]
                waiting = []

    def _batch(self, samples: Sequence[Sample], step: int) -> Batch:
        """Decode samples; good ones stand in for others, so that all ranks have equally many."""
        found: list[Example] = []
        skipped: list[str] = []
        for sample in samples:
            try:
                found.append(decoded(sample, self._recipe))
            except DataError as error:
                skipped.append(str(error))
        if not found:
            raise DataError(f"Of {len(samples)} samples none can be used; first: {skipped[0]}")
        first = (step * self._readers + self._rank) * self._size
        numbered = [(first + row, found[row % len(found)]) for row in range(self._size)]
        return dataclasses.replace(self._collate(numbered), skipped=tuple(skipped))
