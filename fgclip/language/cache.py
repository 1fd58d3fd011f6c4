"""What chat models wrote, kept: the same question is not asked twice."""

from __future__ import annotations

import hashlib
import json
import logging
from pathlib import Path

from fgclip.files import write_text
from fgclip.language.chat_rewriting import VERSION, Chat, WriteProgress, Written, written_negatives
from fgclip.language.rewriting import Rewrite

logger = logging.getLogger(__name__)


class Writer:
    """A chat model with a memory. Threads may share it."""

    def __init__(self, chat: Chat, folder: Path | None = None) -> None:
        """Keep what it writes in a folder, or nothing."""
        self._chat = chat
        self._folder = folder
        self.name = chat.name

    def write(
        self,
        caption: str,
        count: int = 10,
        *,
        changes: int = 1,
        seed: int = 0,
        watch: WriteProgress = lambda done, wanted: None,
    ) -> Written:
        """As `written_negatives`; from memory where it was asked the very same before."""
        path = self._path(caption, count, changes, seed)
        known = _read(path) if path else None
        if known is not None:
            return known
        made = written_negatives(
            self._chat, caption, count, changes=changes, seed=seed, watch=watch
        )
        if path and not made.ended:
            _keep(path, made)
        return made

    def _path(self, *question: object) -> Path | None:
        if self._folder is None:
            return None
        words = json.dumps([VERSION, self._chat.identity, *question])
        return self._folder / f"{hashlib.sha256(words.encode()).hexdigest()}.json"


def _keep(path: Path, made: Written) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_text(path, json.dumps(_as_json(made), ensure_ascii=False))
    except OSError as error:  # what took a minute to write is not lost for want of a place
        logger.warning("%s cannot be written (%s): the model will be asked again", path, error)


def _as_json(made: Written) -> dict[str, object]:
    negatives = [vars(each) for each in made.negatives]
    return {"negatives": negatives, "replies": made.replies, "refused": dict(made.refused)}


def _read(path: Path) -> Written | None:
    """What is kept; None where there is nothing that can be read: it is asked for again."""
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        negatives = tuple(
            Rewrite(each["text"], tuple(each["kinds"]), tuple(map(tuple, each["spans"])))
            for each in stored["negatives"]
        )
        return Written(negatives, stored["replies"], stored["refused"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
