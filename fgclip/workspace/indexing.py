"""Pictures, regions and phrases → vectors: one pass a picture, whatever it holds."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fgclip.inputs.images import PictureError
from fgclip.types import Embeddings
from fgclip.workspace.progress import Meter, Watch, unwatched
from fgclip.workspace.store import catalogue, vectors
from fgclip.workspace.store.catalogue import StoredPicture
from fgclip.workspace.store.database import Database
from fgclip.workspace.store.vectors import IndexedModel, VectorBatch

Prepared = NDArray[np.uint8]
"""One picture as an encoder prepares it, of whatever shape."""

FAULTS = "index"  # the source under which unreadable pictures are listed
BATCH = 32  # pictures a forward pass
AHEAD = 3  # batches that are being decoded while one is encoded
DECODERS = 2
TEXTS = 1024  # phrases encoded and kept at a time
LOOKED_UP = 512  # pictures asked of the database at a time
KEPT_TOGETHER = 1024  # vectors a transaction, at least


class IndexEncoder(Protocol):
    """What indexing needs of a model. Others may prepare pictures while it encodes."""

    def prepare(self, image: bytes) -> Prepared:
        """One picture as bytes."""

    def encode_prepared(
        self, prepared: Sequence[Prepared], boxes: ArrayLike, image_index: ArrayLike
    ) -> tuple[Embeddings, Embeddings]:
        """(B, D) of pictures and (N, D) of their boxes."""

    def encode_text(self, texts: Sequence[str], route: Any) -> Embeddings:
        """(N, D)."""


@dataclass(frozen=True)
class Indexed:
    """What indexing did."""

    pictures: int
    texts: int
    faults: int  # pictures that could not be read, each listed with its reason


def index(
    database: Database,
    model: IndexedModel,
    encoder: IndexEncoder,
    *,
    batch_size: int = BATCH,
    decoders: int = DECODERS,
    watch: Watch = unwatched,
) -> Indexed:
    """Give every picture, region and phrase its vector; what has one is left alone.

    Vectors are kept a batch at a time, so that work that is cut short goes on where it was.

    Args:
        database: the workspace.
        model: as registered with `vectors.register`.
        encoder: of that model.
        batch_size: pictures a forward pass.
        decoders: threads that read and resize pictures.
        watch: is told of progress; may cancel.
    """
    catalogue.forget_faults(database, FAULTS)
    pictures, faults = _index_pictures(database, model, encoder, batch_size, decoders, watch)
    texts = _index_texts(database, model, encoder, watch)
    return Indexed(pictures, texts, faults)


@dataclass(frozen=True)
class _Opened:
    picture: StoredPicture
    pixels: Prepared | None
    fault: str = ""


def _index_pictures(
    database: Database,
    model: IndexedModel,
    encoder: IndexEncoder,
    batch_size: int,
    decoders: int,
    watch: Watch,
) -> tuple[int, int]:
    """Pictures that got their vectors, and pictures that could not be read."""
    pending = vectors.pending_pictures(database, model)
    meter = Meter(watch, unit="pictures", stage="indexing pictures", total=len(pending))
    done = faulty = 0
    with ThreadPoolExecutor(decoders) as pool, _Keeper(database, model) as keeper:
        stored = _looked_up(database, pending.tolist())
        for batch in _decoded(stored, encoder, pool, batch_size):
            good = [each for each in batch if each.pixels is not None]
            bad = [(str(each.picture.path), each.fault) for each in batch if each.pixels is None]
            catalogue.report_faults(database, FAULTS, bad)
            if good:
                keeper.keep(_encoded(encoder, good))
            done += len(good)
            faulty += len(bad)
            meter.advance(len(batch))
    return done, faulty


def _looked_up(database: Database, ids: Sequence[int]) -> Iterator[StoredPicture]:
    for start in range(0, len(ids), LOOKED_UP):
        yield from catalogue.pictures(database, ids[start : start + LOOKED_UP])


def _decoded(
    pictures: Iterator[StoredPicture],
    encoder: IndexEncoder,
    pool: ThreadPoolExecutor,
    batch_size: int,
) -> Iterator[list[_Opened]]:
    """Batches in order, decoded ahead by a bounded number of pictures."""
    waiting: deque[list[Future[_Opened]]] = deque()
    while True:
        while len(waiting) <= AHEAD:
            some = list(islice(pictures, batch_size))
            if not some:
                break
            waiting.append([pool.submit(_opened, each, encoder) for each in some])
        if not waiting:
            return
        yield [future.result() for future in waiting.popleft()]


def _opened(picture: StoredPicture, encoder: IndexEncoder) -> _Opened:
    try:
        content = picture.path.read_bytes()
    except OSError as error:
        return _Opened(picture, None, f"cannot be read: {error.strerror}")
    if hashlib.sha256(content).hexdigest() != picture.sha256:
        return _Opened(picture, None, "has changed since it was imported; import it again")
    try:
        return _Opened(picture, encoder.prepare(content))
    except PictureError as error:
        return _Opened(picture, None, str(error))


def _encoded(encoder: IndexEncoder, batch: Sequence[_Opened]) -> tuple[VectorBatch, VectorBatch]:
    pixels = [each.pixels for each in batch if each.pixels is not None]
    boxes = np.concatenate([each.picture.boxes for each in batch])
    owner = np.repeat(np.arange(len(batch)), [len(each.picture.boxes) for each in batch])
    images, regions = encoder.encode_prepared(pixels, boxes, owner)
    region_ids = [id_ for each in batch for id_ in each.picture.region_ids]
    return (
        VectorBatch("image", [each.picture.id for each in batch], images),
        VectorBatch("region", region_ids, regions),
    )


def _index_texts(
    database: Database, model: IndexedModel, encoder: IndexEncoder, watch: Watch
) -> int:
    pending = sorted(vectors.pending_texts(database, model), key=lambda row: len(row[1]))
    meter = Meter(watch, unit="phrases", stage="indexing phrases", total=len(pending))
    for start in range(0, len(pending), TEXTS):
        ids, texts = zip(*pending[start : start + TEXTS], strict=True)
        embeddings = encoder.encode_text(texts, "box")
        vectors.append(database, model, [VectorBatch("text", ids, embeddings)])
        meter.advance(len(ids))
    return len(pending)


class _Keeper:
    """Writes vectors in a thread of its own, many a transaction."""

    def __init__(self, database: Database, model: IndexedModel) -> None:
        self._database = database
        self._model = model
        self._new = vectors.is_empty(database, model)
        self._waiting: list[VectorBatch] = []
        self._writer = ThreadPoolExecutor(1)
        self._writing: Future[None] | None = None

    def __enter__(self) -> _Keeper:
        return self

    def __exit__(self, *_: object) -> None:
        """Whatever happened, what was encoded is kept."""
        try:
            self._flush()
            self._wait()
        finally:
            self._writer.shutdown()

    def keep(self, batches: Sequence[VectorBatch]) -> None:
        """Take vectors; an error of an earlier write is raised here."""
        self._waiting += batches
        if sum(len(batch.owners) for batch in self._waiting) >= KEPT_TOGETHER:
            self._flush()

    def _flush(self) -> None:
        self._wait()  # one transaction under way at most: memory stays bounded
        batches, self._waiting = self._waiting, []
        self._writing = self._writer.submit(self._write, batches)

    def _wait(self) -> None:
        if self._writing is not None:
            self._writing.result()

    def _write(self, batches: Sequence[VectorBatch]) -> None:
        if not self._new:  # a picture that is known may have got regions since
            batches = [self._lacking(batch) for batch in batches]
        vectors.append(self._database, self._model, batches)

    def _lacking(self, batch: VectorBatch) -> VectorBatch:
        """What of a batch has no vector yet."""
        wanted = vectors.lacking(self._database, self._model, batch.kind, batch.owners)
        rows = [row for row, owner in enumerate(batch.owners) if owner in wanted]
        return VectorBatch(batch.kind, [batch.owners[row] for row in rows], batch.embeddings[rows])
