"""What all readers and writers share: where to look, whom to tell, what could not be kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from fgclip.data.records import Record

Lost = Counter[str]
"""What a format could not hold: "long captions" → how many."""


class FormatError(ValueError):
    """A file or folder that cannot be read as its format; names the place, fault and remedy."""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """How to read.

    Attributes:
        images: folder that picture paths are relative to; by default the annotation file's own.
        extracted: folder for pictures that lie inside a file (Parquet, tar); each is written there
            once, under a digest of its content.
        on_fault: is told of each faulty element, which is then left out; by default the first
            fault is raised as a `FormatError`.
    """

    images: Path | None = None
    extracted: Path | None = None
    on_fault: Callable[[str], None] | None = None

    def picture(self, name: str, beside: Path) -> Path:
        """Where a picture lies that a file names."""
        return (self.images or beside) / name

    def fault(self, message: str) -> None:
        """Tell of a fault, or raise it."""
        if self.on_fault is None:
            raise FormatError(message)
        self.on_fault(message)


DEFAULT = Reading()


def rest_lost(records: Iterable[Record], lost: Lost, *kept: str) -> Iterator[Record]:
    """Pass records on and count what a format does not keep of them.

    Args:
        records: to be written.
        lost: is added to.
        kept: names of what the format keeps, of the keys of `_PARTS`.
    """
    for record in records:
        for part, count in _PARTS.items():
            if part not in kept and (found := count(record)):
                lost[part] += found
        yield record


_PARTS: dict[str, Callable[[Record], int]] = {
    "short captions": lambda record: bool(record.short_caption),
    "long captions": lambda record: bool(record.long_caption),
    "splits": lambda record: bool(record.split),
    "facts of pictures": lambda record: bool(record.meta),
    "categories": lambda record: sum(bool(region.category) for region in record.regions),
    "phrases": lambda record: sum(bool(region.phrase) for region in record.regions),
    "long phrases": lambda record: sum(bool(region.long_phrase) for region in record.regions),
    "negatives": lambda record: sum(len(region.negatives) for region in record.regions),
    "facts of regions": lambda record: sum(bool(region.meta) for region in record.regions),
}
