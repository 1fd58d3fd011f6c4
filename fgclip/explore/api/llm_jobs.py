"""Rewriting by a chat model for the page: how far it is, and a way to end it."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Event, Lock

from fgclip.explore.api.errors import RequestError
from fgclip.language.cache import Writer
from fgclip.language.chat_rewriting import Enough, Written


@dataclass
class _Job:
    """A rewriting under way."""

    done: int = 0
    enough: Event = field(default_factory=Event)


class RewriteJobs:
    """Rewrites for any number of pages at once; each names its job by a word of its own."""

    def __init__(self, writer: Writer | None) -> None:
        self._writer = writer
        self._lock = Lock()
        self._jobs: dict[str, _Job] = {}

    def write(self, name: str, caption: str, count: int, changes: int, seed: int) -> Written:
        """Have a caption rewritten, by a name of the page's own.

        Raises:
            RequestError: There is no chat model.
            LanguageError: It cannot be asked.
        """
        if self._writer is None:
            raise RequestError("There is no chat model; start the app with --writer URL or DIR")
        job = _Job()

        def watch(done: int, _: int) -> None:
            job.done = done
            if job.enough.is_set():
                raise Enough

        with self._lock:
            self._jobs[name] = job
        try:
            return self._writer.write(caption, count, changes=changes, seed=seed, watch=watch)
        finally:
            with self._lock:
                self._jobs.pop(name, None)

    def progress(self, name: str, *, end: bool = False) -> int | None:
        """How many rewrites a job has, None once it is over; `end` asks for no reply more."""
        with self._lock:
            job = self._jobs.get(name)
        if job and end:
            job.enough.set()
        return job.done if job else None
