"""Long work tells how far it is, and stops when asked."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass


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
