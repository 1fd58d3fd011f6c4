"""A chat model's writing for the page: how far it is, and a way to end it."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Event, Lock

from fgclip.explore.api.errors import RequestError
from fgclip.language.cache import Writer
from fgclip.language.chat_rewriting import Enough, Written


@dataclass
class _Under:
    """A writing under way."""

    done: int = 0
    enough: Event = field(default_factory=Event)


class Writings:
    """Writes for any number of pages at once; each names its writing by a word of its own."""

    def __init__(self, writer: Writer | None) -> None:
        self._writer = writer
        self._lock = Lock()
        self._under: dict[str, _Under] = {}

    def write(self, name: str, caption: str, count: int, changes: int, seed: int) -> Written:
        """Have a caption rewritten, by a name of the page's own.

        Raises:
            RequestError: There is no chat model.
            LanguageError: It cannot be asked.
        """
        if self._writer is None:
            raise RequestError("There is no chat model; start the app with --writer URL or DIR")
        under = _Under()

        def watch(done: int, _: int) -> None:
            under.done = done
            if under.enough.is_set():
                raise Enough

        with self._lock:
            self._under[name] = under
        try:
            return self._writer.write(caption, count, changes=changes, seed=seed, watch=watch)
        finally:
            with self._lock:
                self._under.pop(name, None)

    def progress(self, name: str, *, end: bool = False) -> int | None:
        """How many rewrites a writing has, None once it is over; `end` asks for no reply more."""
        with self._lock:
            under = self._under.get(name)
        if under and end:
            under.enough.set()
        return under.done if under else None
