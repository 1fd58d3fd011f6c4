"""Whether a workspace is sound: every promise that the tables make, looked at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from fgclip.workspace.progress import Meter, Watch, unwatched
from fgclip.workspace.store.database import Database
from fgclip.workspace.store.integrity import broken_rows, files

SHOWN = 3  # examples in a message


def faults(database: Database, *, watch: Watch = unwatched) -> Iterator[str]:
    """What is wrong with a workspace, in words; nothing where all is well.

    Args:
        database: the workspace.
        watch: is told of progress; may cancel.
    """
    for rows, fault in broken_rows(database):
        yield from _message([name for name, *_ in rows], fault)
    yield from _file_faults(database, watch)


def _file_faults(database: Database, watch: Watch) -> Iterator[str]:
    """Files that are gone, or of another size than they had."""
    known = files(database)
    meter = Meter(watch, unit="pictures", stage="looking for files", total=len(known))
    gone, changed = [], []
    for path, size in known:
        try:
            if Path(path).stat().st_size != size:
                changed.append(path)
        except OSError:
            gone.append(path)
        meter.advance(1)
    yield from _message(gone, "pictures are gone from their place")
    yield from _message(
        changed, "pictures have changed since they were imported; import them again"
    )


def _message(names: Sequence[object], fault: str) -> Iterator[str]:
    if names:
        examples = ", ".join(map(str, names[:SHOWN]))
        more = ", …" if len(names) > SHOWN else ""
        yield f"{len(names)} {fault}: {examples}{more}"
