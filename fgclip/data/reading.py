"""What all readers and writers share: where to look, whom to tell, what could not be kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

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

    def fault(self, message: str) -> None:
        """Tell of a fault, or raise it."""
        if self.on_fault is None:
            raise FormatError(message)
        self.on_fault(message)
