"""What a run says while it goes on: a bar or lines, JSON lines, TensorBoard."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from torch.utils.tensorboard import SummaryWriter
from tqdm import tqdm

log = logging.getLogger(__name__)


class RunLog:
    """The log of one run, written by its first process; the others' are silent.

    Args:
        out: folder for `log.jsonl` and `tensorboard/`.
        pictures: of the whole run, when known.
        seen: pictures of earlier sittings.
        speaks: False on all processes but one.
    """

    def __init__(self, out: Path, *, pictures: int | None, seen: int, speaks: bool) -> None:
        self._path = out / "log.jsonl"
        self._speaks = speaks
        self._board: SummaryWriter | None = None
        self._bar: tqdm[Any] | None = None
        if speaks:
            self._board = SummaryWriter(str(out / "tensorboard"), purge_step=seen)
        if speaks and sys.stderr.isatty():
            self._bar = tqdm(total=pictures, initial=seen, unit=" pictures", smoothing=0.05)

    def seen(self, pictures: int) -> None:
        """Move the bar on."""
        if self._bar is not None:
            self._bar.update(pictures)

    def write(self, row: Mapping[str, Any], where: str, figures: str) -> None:
        """Keep a row of figures by name, nested ones by joined names; say a line of them.

        Args:
            row: JSON values with "pictures" among them, at which TensorBoard places the others.
            where: how far the run is, for people; a bar shows it already.
            figures: the rest, for people.
        """
        if self._board is None:
            return
        with self._path.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(row) + "\n")
        for name, value in _flat(row):
            self._board.add_scalar(name, value, row["pictures"])
        if self._bar is not None:
            self._bar.set_postfix_str(figures)
        else:
            log.info("%s  %s", where, figures)

    def close(self) -> None:
        """Write what is still to be written."""
        if self._bar is not None:
            self._bar.close()
        if self._board is not None:
            self._board.close()


def duration(seconds: float) -> str:
    """Hours, minutes and seconds: "1:02:03", "2:03"."""
    if seconds != seconds:
        return "?"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _flat(row: Mapping[str, Any], before: str = "") -> list[tuple[str, float]]:
    found: list[tuple[str, float]] = []
    for name, value in row.items():
        if isinstance(value, Mapping):
            found += _flat(value, f"{before}{name}/")
        elif isinstance(value, int | float):
            found.append((before + name, value))
    return found
