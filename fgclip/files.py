"""Files that are whole or not there at all."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """A path beside `path` to write to; the file takes its name once the block has ended well.

    What is no regular file, such as /dev/stdout, is written to directly.
    """
    if path.exists() and not path.is_file():
        yield path
        return
    path = path.resolve()  # a link stays one, and what it points to is replaced
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}.partial")
    try:
        yield partial
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write a text as UTF-8, all or nothing; what UTF-8 cannot hold becomes "?"."""
    data = text.encode("utf-8", errors="replace")
    with written_whole(path) as partial:
        partial.write_bytes(data)
