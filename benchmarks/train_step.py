"""A stage-2 step of training on FineHARD-like pictures, ragged and padded; and what feeds it."""

from __future__ import annotations

import dataclasses
import gc
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from benchmarks.bench import Bench
from benchmarks.models import DEFAULT, widened
from benchmarks.server import GALLERY
from benchmarks.tables import Column, Row, Table, median
from fgclip.data import Negative, Record, Region, read_finehard
from fgclip.inputs.clip_tokenizer import Tokenizer
from fgclip.model.config import FGCLIPConfig
from fgclip.model.fgclip import FGCLIP, initialise
from fgclip.zoo import EMBEDDED
from training.batch import Batch
from training.collate import Collate
from training.data import RecordData, Steps, loader
from training.distributed import Ranks
from training.optim import Optimisers
from training.recipe import Recipe
from training.recipes import recipe
from training.step import add_gradients
from training.text_batches import Texts

PICTURES = 4  # of a step
LONG_WORDS, SHORT_WORDS = 150, 20  # of captions, on average (FG-CLIP §3)
BOXES = (2, 3, 4, 4)  # of pictures in turn: FineHARD has 40 M boxes on 12 M pictures
HARD_BOX = 4  # one box in so many has ten negatives: 10 M of 40 M
SIDE = (640, 480)  # pixels of a picture on disk
KINDS = ("ragged", "padded")
MOST_BOXES, SLOTS = 4, 11  # what the original pads to

SPEED = (
    Column("ragged", "pictures/s", 2),
    Column("padded", "pictures/s", 2),
    Column("ragged / padded", "×", 2),
    Column("loss, ragged", "", 6),
    Column("loss, padded", "", 6),
    Column("peak memory, ragged", "MB", 0),
    Column("peak memory, padded", "MB", 0),
)
FEED = (
    Column("loader alone", "pictures/s"),
    Column("step alone", "pictures/s"),
    Column("loader / step", "×"),
)


@dataclass(frozen=True)
class Data:
    """Pictures on disk with what is said about them, and what reads that."""

    records: tuple[Record, ...]
    tokenizer: Tokenizer


def tables(bench: Bench) -> list[Table]:
    """ViT-B/16 in every precision and on every device here."""
    steps = bench.effort.steps
    words = _words()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        vocabulary = Tokenizer.from_folder(EMBEDDED[DEFAULT[0]])
        widened(vocabulary, FGCLIPConfig.base().text.vocab_size, folder)
        data = Data(tuple(write_records(folder, words)), Tokenizer.from_folder(folder))
        devices = ["cpu", *(["cuda"] if torch.cuda.is_available() else [])]
        cases = [(device, dtype) for device in devices for dtype in ("float32", "bfloat16")]
        # First, since a process starts with the peak of the one that started it.
        peaks = [[_peak(data, *case, kind) for kind in KINDS] for case in cases]
        rows = [_speed(data, *case, steps, peak) for case, peak in zip(cases, peaks, strict=True)]
        feed = _feed(data, rows, steps)
    tokens = f"{LONG_WORDS} and {SHORT_WORDS} words"
    return [
        Table(
            subject="train_step",
            title="Training: a step without padding",
            notes=(
                f"FG-CLIP's stage 2 on ViT-B/16 with random weights: {PICTURES} pictures, captions "
                f"of {tokens} on average, {np.mean(BOXES):.2f} boxes a picture, one in {HARD_BOX} "
                "of them with ten negatives. Medians over steps taken in turns: losses, gradients, "
                "AdamW. Baseline *padded*: the same batch as the original has it, every long "
                "caption 248 tokens, every other text 77, four boxes a picture, no text shared. "
                "Peak memory: of a process that takes one step of one kind (on a GPU: allocated)."
            ),
            labels=("device", "precision"),
            columns=SPEED,
            rows=tuple(row for row, _ in rows),
        ),
        Table(
            subject="train_step",
            title="Training: what feeds the step",
            notes=(
                f"One worker process decodes JPEGs of {SIDE[0]} × {SIDE[1]} pixels, resizes them "
                "and tokenises. Baseline *step alone*: the faster ragged step of the table above."
            ),
            labels=("data",),
            columns=FEED,
            rows=(feed,),
        ),
    ]


def _speed(
    data: Data, device: str, dtype: str, steps: int, peaks: Sequence[float]
) -> tuple[Row, float]:
    """One row, and pictures a second of the ragged step."""
    trainer = _Trainer(data, device, dtype)
    trainer.step(trainer.ragged)  # the first allocates
    times: dict[str, list[float]] = {kind: [] for kind in KINDS}
    losses: dict[str, float] = {}
    for _ in range(steps):
        for kind, kept in times.items():
            begun = time.perf_counter()
            losses[kind] = trainer.step(getattr(trainer, kind))
            kept.append(time.perf_counter() - begun)
    speeds = {kind: PICTURES / median(kept) for kind, kept in times.items()}
    del trainer
    gc.collect()
    ragged, padded = speeds["ragged"], speeds["padded"]
    values = (ragged, padded, ragged / padded, *losses.values(), *peaks)
    return Row((device, dtype), values), ragged


def _feed(data: Data, rows: Sequence[tuple[Row, float]], steps: int) -> Row:
    chosen = _recipe()
    batches = loader(
        RecordData(data.records, seed=0),
        Steps(position=0, batch_size=PICTURES),
        Collate(chosen, data.tokenizer, seed=0),
        workers=1,
    )
    for _ in range(6):  # what was read ahead while the worker started
        next(batches)
    count = 20 * steps
    begun = time.perf_counter()
    for _ in range(count):
        next(batches)
    fed = PICTURES * count / (time.perf_counter() - begun)
    stepped = max(speed for _, speed in rows)
    return Row(("FineHARD-like JPEGs",), (fed, stepped, fed / stepped))


class _Trainer:
    """A model, and one batch in both forms."""

    def __init__(self, data: Data, device: str, dtype: str) -> None:
        self._recipe = _recipe()
        self._device, self._dtype = torch.device(device), getattr(torch, dtype)
        self._model = initialise(FGCLIP(FGCLIPConfig.base()), seed=0).to(self._device)
        self._optimisers = Optimisers(self._model, self._recipe)
        self._optimisers.set_rates(0.0)  # so that every step has the same loss
        source = RecordData(data.records, seed=0)
        examples = [(number, source.example(number, [])) for number in range(PICTURES)]
        self.ragged = Collate(self._recipe, data.tokenizer, seed=0)(examples)
        self.padded = padded(self.ragged, data.tokenizer, self._recipe)

    def step(self, batch: Batch) -> float:
        """Losses, gradients, new weights; returns the total loss."""
        losses = add_gradients(
            *(self._model, [batch], self._recipe, Ranks()), device=self._device, dtype=self._dtype
        )
        self._optimisers.step()
        if self._device.type == "cuda":
            torch.cuda.synchronize()
        return float(losses["total"])


def padded(batch: Batch, tokenizer: Tokenizer, chosen: Recipe) -> Batch:
    """The same batch as the original has it: nothing shared, everything as long as it may be."""
    text = chosen.model.text
    slots = torch.arange(MOST_BOXES * len(batch)) * 0
    place = torch.arange(len(batch.boxes))
    first = torch.searchsorted(batch.box_image, batch.box_image)
    taken = MOST_BOXES * batch.box_image + place - first
    phrases = _rows(batch.phrases, text.context_length, tokenizer)
    empty = torch.full((1, text.context_length), tokenizer.eos_token_id)
    empty[0, 0] = tokenizer.bos_token_id
    boxes = empty.expand(len(slots), -1).clone()
    boxes[taken] = phrases[batch.box_text]
    hard = phrases[batch.hard_text.flatten()]
    long = _rows(batch.long, text.long_context_length, tokenizer)[batch.long_text]
    short = _rows(batch.short, text.context_length, tokenizer)[batch.short_text]
    count = len(boxes)
    return dataclasses.replace(
        batch,
        long=_texts(long),
        long_text=torch.arange(len(long)),
        short=_texts(short),
        short_text=torch.arange(len(short)),
        phrases=_texts(torch.cat([boxes, hard])),
        box_text=taken,
        hard_text=count + torch.arange(len(hard)).view_as(batch.hard_text),
    )


def _rows(texts: Texts, length: int, tokenizer: Tokenizer) -> Tensor:
    """(U, length) ids of the different texts."""
    rows = [
        torch.nn.functional.pad(group, (0, length - group.shape[1]), value=tokenizer.eos_token_id)
        for group in texts.groups
    ]
    return torch.cat(rows)


def _texts(ids: Tensor) -> Texts:
    return Texts((ids,), torch.arange(len(ids)))


def _peak(data: Data, device: str, dtype: str, kind: str) -> float:
    """Megabytes that a process of its own needs for one step."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_peak_here, (data, device, dtype, kind))


def _peak_here(data: Data, device: str, dtype: str, kind: str) -> float:
    trainer = _Trainer(data, device, dtype)
    trainer.step(getattr(trainer, kind))
    if device == "cuda":
        return torch.cuda.max_memory_allocated() / 1e6
    unit = 1 if sys.platform == "darwin" else 1024  # bytes
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def _recipe() -> Recipe:
    return recipe("fgclip_stage2")


def write_records(folder: Path, words: Sequence[str]) -> list[Record]:
    """FineHARD-like pictures on disk with what is said about them."""
    random = np.random.default_rng(0)
    records = []
    for number in range(4 * PICTURES):
        path = folder / f"{number}.jpg"
        noise = random.integers(0, 256, (SIDE[1] // 16, SIDE[0] // 16, 3), dtype=np.uint8)
        Image.fromarray(noise).resize(SIDE, Image.Resampling.BICUBIC).save(path, quality=90)
        regions = tuple(_regions(number, words, random))
        long, short = (
            " ".join(random.choice(words, max(5, round(random.normal(mean, mean / 4)))))
            for mean in (LONG_WORDS, SHORT_WORDS)
        )
        records.append(Record(path, short, long, regions))
    return records


def _regions(number: int, words: Sequence[str], random: np.random.Generator) -> Iterator[Region]:
    for box in range(BOXES[number % len(BOXES)]):
        x0, y0 = random.uniform(0, 0.6, 2)
        phrase = [str(word) for word in random.choice(words, random.integers(3, 9))]
        hard = (number + box) % HARD_BOX == 0
        negatives = []
        for _ in range(SLOTS - 1 if hard else 0):
            other = [*phrase]
            other[random.integers(len(other))] = str(random.choice(words))
            negatives.append(Negative(" ".join(other)))
        corners = (float(x0), float(y0), float(x0) + 0.3, float(y0) + 0.3)
        yield Region(corners, " ".join(phrase), "", tuple(negatives))


def _words() -> list[str]:
    """Words of the gallery's captions."""
    records = read_finehard(GALLERY / "gallery.json", images=GALLERY)
    return sorted({word for record in records for word in record.long_caption.split()})
