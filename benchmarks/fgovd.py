"""FG-OVD's question, which of 11 captions fits a box: all at once against one box at a time."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from PIL import Image, ImageDraw

import fgclip
from benchmarks.bench import Bench
from benchmarks.encoder import Subject
from benchmarks.tables import Column, Row, Table, median
from fgclip.data.fgovd import read_fgovd
from fgclip.data.records import Record, Region
from fgclip.devices import choose_device
from fgclip.encoder import Encoder
from fgclip.evaluation.attributes import FILES
from fgclip.inputs.clip_tokenizer import Tokenizer
from fgclip.model.checkpoints.loading import read_config
from fgclip.model.config import FGCLIPConfig

PICTURES = 4  # sampled, for each forward pass of the effort
TURNS = 4  # of both ways

COLUMNS = (
    Column("boxes a picture", "", 2),
    Column("all at once", "ms/box"),
    Column("of it texts", "ms/box"),
    Column("one box at a time", "ms/box"),
    Column("ratio, median", "×", 2),
    Column("to float32", "×", 2),
    Column("texts read", "%", 0),
    Column("same answer", "%", 1),
    Column("largest difference of a cosine", "", 7),
)
NOTES = (
    "Medians of {turns} turns. Captions, negatives, boxes and sizes are FG-OVD's; the pictures are "
    "drawn, as COCO's are not at hand. A box is a line of a file; *all four*: hard, medium, easy "
    "and trivial in one run, for they share pictures. {pictures} pictures stand for "
    "{all_pictures:,}. *all at once*: each passes once with all its boxes; equal texts are read "
    "once (*texts read*: share of all; whole files repeat more than a sample), and what several "
    "begin with, too. Baseline *one box at a time*, in turn, for one box of each picture: the "
    "picture passes for it alone, its texts padded to 77 tokens. *to float32*: the median of that "
    "baseline in float32, in which the original evaluates, over *all at once*. Both resize decoded "
    "pictures."
)

Cosines = NDArray[np.float32]  # of one box with each of its texts
Pictures = Sequence[Image.Image]


@dataclass(frozen=True)
class Turn:
    """What both ways took for some pictures, in ms a box, and answered."""

    together: float  # all at once
    texts: float  # of it
    alone: float  # one box at a time
    same: list[bool]  # whether both choose the same text, for each box asked alone
    apart: list[float]  # their largest difference of a cosine, likewise


def tables(bench: Bench, folder: Path | None = None) -> list[Table]:
    """Every named model: the hard file, and all files of a folder that `checked` accepts."""
    folder = checked(folder)
    hard = list(read_fgovd(folder / f"{FILES['hard']}_llava.jsonl"))
    sources = {"hard": hard, "all four": list(read_fgovd(folder))}
    count = min(PICTURES * bench.effort.forwards, len(hard))
    rows = []
    for case in bench.shelf.cases:
        device, fastest = choose_device("auto", "auto", read_config(case.folder, FGCLIPConfig))
        tokenizer = Tokenizer.from_folder(case.folder)
        in_float32: dict[str, float] = {}  # files → ms a box of the baseline
        for dtype in dict.fromkeys(("float32", fastest)):
            subject = Subject(fgclip.load(case.folder, device, dtype), tokenizer)
            for name, records in sources.items():
                sample = spread_sample(records, count)
                turns = _turns(subject, sample)
                baseline = in_float32.setdefault(name, median([turn.alone for turn in turns]))
                figures = _figures(sample, turns, baseline)
                labels = (case.name, f"{dtype}, {device}, {torch.get_num_threads()} threads", name)
                rows.append(Row(labels, figures))
    table = Table(
        subject="fgovd", title="FG-OVD: which caption fits the box", columns=COLUMNS,
        labels=("model", "runs as", "files"), rows=tuple(rows),
        notes=NOTES.format(turns=TURNS, pictures=count, all_pictures=len(hard)),
    )  # fmt: skip
    return [table]


def checked(folder: Path | None) -> Path:
    """The folder; a `ValueError` if it is not given, or does not exist."""
    if folder is None or not folder.is_dir():
        fault = "is not given" if folder is None else f"{folder} is no folder"
        raise ValueError(f"--fgovd {fault}; it names the folder of FG-OVD's *.jsonl")
    return folder


def spread_sample(records: Sequence[Record], count: int) -> list[Record]:
    """Pictures with few and many boxes as often as among all, so that their mean is alike."""
    ranked = sorted(records, key=lambda record: len(record.regions))
    places = (np.arange(count) + 0.5) * len(ranked) / count
    return [ranked[place] for place in places.astype(int).tolist()]


def texts_of(region: Region) -> list[str]:
    """The true caption, then its near misses."""
    return [region.phrase, *(negative.text for negative in region.negatives)]


def drawn(record: Record, seed: int) -> Image.Image:
    """A picture of the record's size: soft noise, and a rectangle where each box is."""
    assert record.size is not None
    random = np.random.default_rng(seed)
    noise = random.integers(0, 256, (12, 16, 3), dtype=np.uint8)
    picture = Image.fromarray(noise).resize(record.size, Image.Resampling.BICUBIC)
    pen = ImageDraw.Draw(picture)
    for region in record.regions:
        corners = np.array(region.box) * (*record.size, *record.size)
        pen.rectangle(corners.tolist(), fill=tuple(random.integers(0, 256, 3).tolist()))
    return picture


def _turns(subject: Subject, records: Sequence[Record]) -> list[Turn]:
    subject = Subject(subject.without_cache, subject.tokenizer)
    pictures = [drawn(record, seed) for seed, record in enumerate(records)]
    _one_by_one(subject, records[0].regions[:1], pictures[:1])  # the first pass allocates
    return [_turn(subject, records[n::TURNS], pictures[n::TURNS], n) for n in range(TURNS)]


def _figures(
    records: Sequence[Record], turns: Sequence[Turn], in_float32: float
) -> tuple[float, ...]:
    texts = [text for record in records for region in record.regions for text in texts_of(region)]
    together = median([turn.together for turn in turns])
    return (
        float(np.mean([len(record.regions) for record in records])),
        together,
        median([turn.texts for turn in turns]),
        median([turn.alone for turn in turns]),
        median([turn.alone / turn.together for turn in turns]),
        in_float32 / together,
        100 * len(set(texts)) / len(texts),
        100 * float(np.mean([same for turn in turns for same in turn.same])),
        max(apart for turn in turns for apart in turn.apart),
    )


def _turn(subject: Subject, records: Sequence[Record], pictures: Pictures, number: int) -> Turn:
    """Ask some pictures both ways; the way that came first comes last the next time."""
    counts = [len(record.regions) for record in records]
    regions = [region for record in records for region in record.regions]
    places = np.cumsum([0, *counts[:-1]]) + number % np.array(counts)
    chosen = [regions[place] for place in places]
    first = _one_by_one(subject, chosen, pictures) if number % 2 else None
    ours, together, on_texts = _together(subject.encoder, regions, counts, pictures)
    theirs, alone = first or _one_by_one(subject, chosen, pictures)
    same, apart = [], []
    for region, place, other in zip(chosen, places, theirs, strict=True):
        own, texts = ours[place], texts_of(region)
        same.append(texts[own.argmax()] == texts[other.argmax()])
        apart.append(float(np.abs(own - other).max()))
    ms = 1000 / len(regions)
    return Turn(ms * together, ms * on_texts, 1000 * alone / len(chosen), same, apart)


def _together(
    encoder: Encoder, regions: Sequence[Region], counts: Sequence[int], pictures: Pictures
) -> tuple[list[Cosines], float, float]:
    """Cosines of every box; the seconds of all, and of the texts alone."""
    begun = time.perf_counter()
    prepared = [encoder.prepare(picture) for picture in pictures]
    owners = np.repeat(np.arange(len(counts)), counts)
    _, vectors = encoder.encode_prepared(prepared, [region.box for region in regions], owners)
    half = time.perf_counter()
    texts = [texts_of(region) for region in regions]
    rows = encoder.encode_text([text for own in texts for text in own], "box")
    on_texts = time.perf_counter() - half
    parts = np.split(rows, np.cumsum([len(own) for own in texts])[:-1])
    found: list[Cosines] = [own @ vector for own, vector in zip(parts, vectors, strict=True)]
    return found, time.perf_counter() - begun, on_texts


def _one_by_one(
    subject: Subject, regions: Sequence[Region], pictures: Pictures
) -> tuple[list[Cosines], float]:
    """Cosines of one box of each picture, and the seconds of all."""
    begun = time.perf_counter()
    found = []
    for region, picture in zip(regions, pictures, strict=True):
        (row,) = subject.encoder.encode_regions(picture, [region.box])
        found.append(_padded(subject, texts_of(region)) @ row)
    return found, time.perf_counter() - begun


def _padded(subject: Subject, texts: Sequence[str]) -> NDArray[np.float32]:
    """(N, D) unit vectors of texts at the full context."""
    card = subject.encoder.card
    tokens = subject.tokenizer.batch(texts, card.short_context)
    ids = torch.from_numpy(tokens.ids).to(card.device)
    ids = F.pad(ids, (0, card.short_context - ids.shape[1]), value=tokens.padding)
    kind: torch.dtype = getattr(torch, card.dtype)
    autocast = torch.autocast(ids.device.type, dtype=kind, enabled=kind != torch.float32)
    with torch.inference_mode(), autocast:
        rows = F.normalize(subject.encoder.model.encode_text(ids, "box").float(), dim=-1)
    return rows.cpu().numpy()
