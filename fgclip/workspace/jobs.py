"""Long work in the background: one at a time, with progress, an estimate and a way to stop it."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event, Lock, Thread
from typing import Literal

from fgclip.workspace.progress import CancelledError, Progress, Watch

Outcome = Literal["running", "done", "cancelled", "failed"]

log = logging.getLogger(__name__)


class BusyError(ValueError):
    """Another job is running."""


@dataclass(frozen=True)
class Job:
    """What became of a work, or how far it is.

    Attributes:
        number: counts jobs, from 1.
        title: what is done, in words.
        outcome: running, done, cancelled or failed.
        progress: the last that was told; None before the first.
        words: what it did, or why it failed; "" while it runs.
        seconds: since it began, or that it took.
    """

    number: int
    title: str
    outcome: Outcome
    progress: Progress | None
    words: str
    seconds: float


Work = Callable[[Watch], str]
"""Does something, and says in words what it did."""


class Jobs:
    """Runs one work after another. Threads may share it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._thread: Thread | None = None
        self._stop = Event()
        self._job: Job | None = None
        self._begun = 0.0

    def start(self, title: str, work: Work) -> Job:
        """Begin a work in a thread of its own.

        Raises:
            BusyError: Another one is running.
        """
        with self._lock:
            if self._thread is not None and self._thread.is_alive():
                title = self._job.title if self._job else "another work"
                raise BusyError(f"{title} is still running; wait for it, or stop it first.")
            number = self._job.number + 1 if self._job else 1
            self._stop = Event()
            self._begun = time.monotonic()
            job = Job(number, title, "running", None, "", 0.0)
            self._job = job
            self._thread = Thread(target=self._run, args=(job, work), daemon=True)
            self._thread.start()
            return job

    @property
    def latest(self) -> Job | None:
        """The job that runs, or ran last."""
        with self._lock:
            return self._job

    def stop(self) -> None:
        """Ask the job to stop; it keeps what it has finished."""
        self._stop.set()

    def wait(self, seconds: float | None = None) -> None:
        """Until no job runs."""
        thread = self._thread
        if thread is not None:
            thread.join(seconds)

    def _run(self, job: Job, work: Work) -> None:
        stop = self._stop

        def watch(progress: Progress) -> None:
            if stop.is_set():
                raise CancelledError
            self._update(job, "running", progress, "")

        try:
            words = work(watch)
        except CancelledError:
            self._update(job, "cancelled", None, "Stopped; what was finished is kept.")
        except Exception as error:
            # The work of any layer may fail in any way, and the page must hear of it.
            log.exception("%s failed", job.title)
            self._update(job, "failed", None, str(error))
        else:
            self._update(job, "done", None, words)

    def _update(self, job: Job, outcome: Outcome, progress: Progress | None, words: str) -> None:
        with self._lock:
            last = progress or (self._job.progress if self._job else None)
            seconds = time.monotonic() - self._begun
            self._job = Job(job.number, job.title, outcome, last, words, seconds)
