"""What every benchmark is given: models, phrases, and how often to repeat."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from benchmarks.models import Shelf
from benchmarks.server import GALLERY
from fgclip.data.finehard import read_finehard

LEAST_PHRASES = 60
MOST_PHRASES = 1000

Result = TypeVar("Result")


@dataclass(frozen=True, kw_only=True)
class Effort:
    """Repetitions."""

    moves: int = 120  # drag events a case
    releases: int = 24  # boxes let go, a model
    prompts: int = 16  # prompts typed, a model
    trips: int = 20  # bare round trips
    starts: int = 3  # starts of the app after one that warms the disk, a model
    forwards: int = 12  # forward passes
    steps: int = 4  # of training, of each kind
    indexed: tuple[int, ...] = (1_000, 20_000)  # pictures, to see the memory
    searched: int = 1_000_000  # vectors
    queries: int = 15
    mapped: int = 10_000_000  # points
    views: int = 30  # of each size
    laid_out: int = 150_000  # points, a third of them fitted


QUICK = Effort(
    moves=24, releases=3, prompts=3, trips=3, starts=1, forwards=2, steps=1, indexed=(50, 100),
    searched=20_000, queries=3, mapped=100_000, views=3, laid_out=600,
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Bench:
    """Given to every benchmark."""

    shelf: Shelf
    phrases: tuple[str, ...]  # at least LEAST_PHRASES, all different
    sample: str  # picture of the gallery on which boxes are drawn
    effort: Effort
    scenes: Path | None = None  # of drawn scenes that boxes are found in; None for the gallery's


def first_sample() -> str:
    """Name of the gallery's first picture, as the page's address has it."""
    return read_finehard(GALLERY / "gallery.json", images=GALLERY)[0].path.stem


def read_phrases(data: Path | None) -> tuple[str, ...]:
    """Phrases that people score: of FG-OVD's files, or of the gallery.

    Args:
        data: A folder of `*.jsonl` with `pos_expression` and `neg_expression`, or None.

    Raises:
        ValueError: There are too few.
    """
    found = _fgovd(data) if data else _gallery()
    phrases = tuple(dict.fromkeys(found))[:MOST_PHRASES]
    if len(phrases) < LEAST_PHRASES:
        raise ValueError(
            f"{data or GALLERY} holds {len(phrases)} different phrases; {LEAST_PHRASES} are needed"
        )
    return phrases


def seconds(function: Callable[[int], object], times: int) -> list[float]:
    """Time of each call; the call gets its number, so that it need not repeat itself."""
    found = []
    for number in range(times):
        start = time.perf_counter()
        function(number)
        found.append(time.perf_counter() - start)
    return found


def timed(function: Callable[[], Result]) -> tuple[float, Result]:
    """Seconds that a call takes, and what it returns."""
    begun = time.perf_counter()
    found = function()
    return time.perf_counter() - begun, found


def _gallery() -> Iterable[str]:
    regions = [
        each
        for record in read_finehard(GALLERY / "gallery.json", images=GALLERY)
        for each in record.regions
    ]
    yield from (region.phrase for region in regions)
    yield from (negative.text for region in regions for negative in region.negatives)


def _fgovd(data: Path) -> Iterable[str]:
    """A few lines of each file, so that all its kinds of phrases occur."""
    for file in sorted(data.glob("*.jsonl")):
        with file.open(encoding="utf-8") as lines:
            for line, _ in zip(lines, range(MOST_PHRASES // 40), strict=False):
                record = json.loads(line)
                yield from (*record["pos_expression"], *record["neg_expression"])
