"""Pictures that lie inside a file, written out once, under a digest of their content."""

from __future__ import annotations

import hashlib
from pathlib import Path

from fgclip.data.reading import FormatError, Reading
from fgclip.files import written_whole

MARKS = {
    b"\xff\xd8\xff": ".jpg", b"\x89PNG": ".png", b"GIF8": ".gif", b"BM": ".bmp",
    b"II*\x00": ".tif", b"MM\x00*": ".tif",
}  # fmt: skip


def extract(content: bytes, reading: Reading) -> Path:
    """Where a picture of that content lies from now on.

    Raises:
        FormatError: No folder for such pictures is given.
    """
    if reading.extracted is None:
        raise FormatError("Pictures lie inside this file; say where they shall be written.")
    digest = hashlib.sha256(content).hexdigest()
    path = reading.extracted / digest[:2] / f"{digest}{_suffix(content)}"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with written_whole(path) as partial:
            partial.write_bytes(content)
    return path


def _suffix(content: bytes) -> str:
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return ".webp"
    if content[4:12] in (b"ftypavif", b"ftypavis"):
        return ".avif"
    return next((suffix for mark, suffix in MARKS.items() if content.startswith(mark)), ".img")
