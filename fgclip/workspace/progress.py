"""Long work tells how far it is, and stops when asked."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


class CancelledError(Exception):
    """The work was stopped on request; what it had finished is kept."""


@dataclass(frozen=True)
class Progress:
    """How far a work is.

    Attributes:
        done: units finished; more than there were at the start for work that goes on.
        total: units in all; None while unknown.
        unit: "pictures", "points".
        stage: what is being done.
        rate: units per second so far; None before the first.
    """

    done: int
    total: int | None
    unit: str
    stage: str
    rate: float | None = None

    @property
    def seconds_left(self) -> float | None:
        """At the rate so far."""
        if not self.rate or self.total is None:
            return None
        return (self.total - self.done) / self.rate


Watch = Callable[[Progress], None]
"""Is told of progress; raises `CancelledError` to stop the work."""


def unwatched(_: Progress) -> None:
    """For work that nobody follows."""


class Meter:
    """Counts units and tells a watch, with the rate since it began."""

    def __init__(self, watch: Watch, *, unit: str, stage: str, total: int | None) -> None:
        self._watch = watch
        self._unit = unit
        self._stage = stage
        self._total = total
        self._done = 0
        self._begun = time.monotonic()
        self.advance(0)

    def advance(self, units: int) -> None:
        """So many more are finished."""
        self._done += units
        seconds = time.monotonic() - self._begun
        rate = self._done / seconds if self._done and seconds > 0 else None
        self._watch(Progress(self._done, self._total, self._unit, self._stage, rate))


class OpenBatch(Generic[T]):
    """Results that are written many at a time; whatever ends the work, none is left unwritten."""

    def __init__(self, write: Callable[[Sequence[T]], None], most: int) -> None:
        """`write` is given `most` at a time; to be given some once more must do no harm.

        That happens where the work is stopped while they are written.
        """
        self._write = write
        self._most = most
        self._waiting: list[T] = []

    def __enter__(self) -> OpenBatch[T]:
        return self

    def __exit__(self, *_: object) -> None:
        """Write the rest, after a stop or an error, too."""
        self._flush()

    def add(self, result: T) -> None:
        """Take a result."""
        self._waiting.append(result)
        if len(self._waiting) >= self._most:
            self._flush()

    def _flush(self) -> None:
        if self._waiting:
            self._write(self._waiting)
            self._waiting = []
