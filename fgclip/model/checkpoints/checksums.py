"""Proof that files are those that the hub gave: its cache names large ones by their SHA-256."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from concurrent.futures import CancelledError
from pathlib import Path
from threading import Event

from fgclip.model.checkpoints.weights import CheckpointError

PIECE = 1 << 20  # bytes read at once
SHA256 = re.compile("[0-9a-f]{64}")


def sha256(files: Sequence[Path], *, stop: Event | None = None) -> str:
    """Digest of the weight files, one after another, each read once and proven on the way.

    Args:
        files: in their order.
        stop: is set where nobody waits for the digest any more.

    Raises:
        CheckpointError: A file's bytes are not those that the hub's cache names it by.
        CancelledError: It was stopped.
    """
    if len(files) == 1:
        return proven(files[0], stop=stop)
    whole = hashlib.sha256()
    for file in files:
        proven(file, whole, stop=stop)
    return whole.hexdigest()


def proven(file: Path, *others: hashlib._Hash, stop: Event | None = None) -> str:
    """Digest of one file, whose bytes other digests take, too.

    Raises:
        CheckpointError: The bytes are not those that the hub's cache names the file by.
        CancelledError: It was stopped.
    """
    own = hashlib.sha256()
    with file.open("rb") as stream:
        while piece := stream.read(PIECE):
            if stop and stop.is_set():
                raise CancelledError
            for digest in (own, *others):
                digest.update(piece)
    promised = promised_sha256(file)
    if promised and own.hexdigest() != promised:
        raise CheckpointError(
            f"{file} is damaged: its SHA-256 is {own.hexdigest()}, the hub's {promised}. Delete "
            f"{file.resolve()} and download it again."
        )
    return own.hexdigest()


def promised_sha256(file: Path) -> str | None:
    """What the hub's cache says of a file that it links to; None for small and other files."""
    blob = file.resolve()
    named = blob.parent.name == "blobs" and SHA256.fullmatch(blob.name)
    return blob.name if named else None
