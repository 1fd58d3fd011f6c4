"""`info`: facts about weights, published models and workspaces."""

from __future__ import annotations

import argparse
import gc
from dataclasses import asdict
from pathlib import Path
from typing import Any

from fgclip.adapters.published import published
from fgclip.cli.flags import add_model
from fgclip.cli.terminal import WORKSPACE, encoder_of, write_json
from fgclip.cli.workspace import UNSOUND, describe
from fgclip.model.checkpoints.checksums import promised_sha256, proven
from fgclip.model.checkpoints.hub import cached_folder, model_folder, revision_of
from fgclip.model.checkpoints.loading import CheckpointError, weight_files
from fgclip.workspace import Workspace


def add_info(commands: Any) -> None:
    """`info`."""
    command = commands.add_parser("info", help="facts about the weights, or about a workspace")
    command.add_argument(
        "--zoo",
        action="store_true",
        help="published models that load: sizes, licences, figures, and which are here already",
    )
    command.add_argument(
        "--download",
        metavar="NAME",
        help="fetch what lacks of a model of the hub, and prove its files by their SHA-256; "
        "NAME@REVISION for another branch, tag or commit",
    )
    command.add_argument("--workspace", type=Path, metavar="DIR", help="what is in it")
    command.add_argument("--check", action="store_true", help="prove that the workspace is sound")
    command.add_argument("--out", type=Path, help="JSON file (default: the screen)")
    add_model(command)
    command.set_defaults(run=_info)


def _info(flags: argparse.Namespace) -> None:
    if flags.download:
        write_json(download(flags.download), flags.out)
        return
    if flags.zoo:
        write_json(list_models(), flags.out)
        return
    if flags.workspace is None and not flags.check:
        card = encoder_of(flags).card
        write_json({**asdict(card), "grid_size": card.grid_size}, flags.out)
        return
    with Workspace(flags.workspace or WORKSPACE) as workspace:
        answer = describe(workspace, checked=flags.check)
    write_json(answer, flags.out)
    if answer.get("unsound"):
        raise ValueError(UNSOUND)


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
