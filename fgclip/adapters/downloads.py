"""Models of the hub that lie here already, and those that are to."""

from __future__ import annotations

import gc
from dataclasses import asdict
from pathlib import Path
from typing import Any

from fgclip.adapters.published import published
from fgclip.model.checkpoints.checksums import promised_sha256, proven
from fgclip.model.checkpoints.hub import cached_folder, model_folder, revision_of
from fgclip.model.checkpoints.weights import CheckpointError, weight_files


def list_models() -> dict[str, Any]:
    """Published models, each with what of it is in the local cache; asks no network."""
    return {"models": [{**asdict(each), "cached": _cached(each.name)} for each in published()]}


def download(name: str) -> dict[str, Any]:
    """Fetch what lacks of a model and prove its files.

    After a download that was cut off, files that are whole are kept; the others begin anew.

    Raises:
        ModelNotFoundError: Nothing has that name, or the hub does not give it.
        CheckpointError: A file lacks, or its bytes are not those that the hub names it by.
    """
    folder = model_folder(name)
    gc.collect()  # closes the library's progress bars, which else end below the answer
    weights = weight_files(folder)
    digests = {file.name: proven(file) for file in weights}
    for file in sorted(set(folder.iterdir()) - set(weights)):
        if promised_sha256(file):  # a tokenizer, say
            proven(file)
    return {
        "name": name,
        "revision": revision_of(folder),
        "path": str(folder),
        "bytes": _size(weights),
        "sha256": digests,
    }


def _cached(name: str) -> dict[str, Any] | None:
    """Where the cache has a model, or None; the weights' bytes are 0 where they lack."""
    folder = cached_folder(name)
    if folder is None:
        return None
    try:
        size = _size(weight_files(folder))
    except (CheckpointError, OSError):
        size = 0
    return {"revision": revision_of(folder), "path": str(folder), "bytes": size}


def _size(files: list[Path]) -> int:
    return sum(file.stat().st_size for file in files)
