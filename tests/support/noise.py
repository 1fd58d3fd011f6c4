"""Pictures of noise and vectors by chance, the same in every run."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from fgclip.data.records import Negative, Record, Region
from fgclip.types import Embeddings

RANDOM = np.random.default_rng(0)
WIDE, TALL, SMALL = (
    Image.fromarray(RANDOM.integers(0, 256, (height, width, 3), dtype=np.uint8))
    for width, height in ((320, 96), (80, 400), (64, 64))
)
WORDS = ("the cat", "the dog", "a bird")
BOXES = ((0.1, 0.2, 0.5, 0.7), (0.5, 0.5, 1.0, 0.9))


def unit_vectors(count: int, dimensions: int, seed: int) -> Embeddings:
    rows = np.random.default_rng(seed).normal(size=(count, dimensions)).astype(np.float32)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def picture_records(folder: Path, count: int, *, first: int = 0) -> list[Record]:
    """Pictures of coloured noise with two regions each."""
    folder.mkdir(parents=True, exist_ok=True)
    records = []
    for number in range(first, first + count):
        noise = np.random.default_rng(number).integers(0, 256, (6, 8, 3), dtype=np.uint8)
        path = folder / f"{number:04}.png"
        Image.fromarray(noise).resize((80, 60)).save(path)
        regions = tuple(
            Region(
                box,
                WORDS[(number + place) % 3],
                negatives=(Negative("a fish", "kind"),) if place else (),
                category=WORDS[(number + place) % 3].split()[1],
            )
            for place, box in enumerate(BOXES)
        )
        split = "train" if number % 2 else "val"
        records.append(Record(path, f"noise {number}", regions=regions, split=split))
    return records
