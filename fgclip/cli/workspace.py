"""Commands for whole data sets: import, index, search, map, export, duplicates, and their state."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from fgclip.cli.flags import add_model, only_beside
from fgclip.cli.search import add_map, add_search, map_facts
from fgclip.cli.terminal import (
    Watching,
    add_ray,
    add_workspace,
    cluster_of,
    encoder_of,
    write_json,
)  # fmt: skip
from fgclip.data.formats import READABLE, WRITABLE
from fgclip.encoder import Encoder
from fgclip.inputs.numbers import at_least
from fgclip.types import ITEM_KINDS, ItemKind
from fgclip.workspace import Filter, Workspace, ray_engine

UNSOUND = "the workspace has faults"

Run = Callable[[argparse.Namespace], None]


def add_commands(commands: Any) -> None:
    """Add the commands to a parser's."""
    _add_import(commands)
    _add_index(commands)
    add_search(commands)
    add_map(commands)
    _add_export(commands)
    _add_duplicates(commands)


def describe(workspace: Workspace, *, checked: bool) -> dict[str, Any]:
    """What is in a workspace; with `checked`, whether it is sound."""
    answer: dict[str, Any] = {
        "workspace": str(workspace.folder),
        "sources": workspace.sources,
        **workspace.counts,
        "models": [
            {"name": model.name, "sha256": model.sha256, "vectors": workspace.vector_counts(model)}
            for model in workspace.models
        ],
        "maps": [map_facts(run) for run in workspace.maps],
        **asdict(workspace.sizes),
        "latest_faults": workspace.unreadable(20),
    }
    if checked:
        with Watching() as watch:
            answer["unsound"] = list(workspace.faults(watch=watch))
    return answer


def _add_import(commands: Any) -> None:
    command = commands.add_parser("import", help="read a data set into a workspace")
    command.add_argument("path", help="file, folder, or hub id of Hugging Face")
    command.add_argument("--format", choices=("auto", *READABLE), default="auto")
    command.add_argument("--images", type=Path, help="folder that picture paths are relative to")
    command.add_argument("--name", default="", help="of the source (default: the path's)")
    add_workspace(command)
    command.set_defaults(run=_import)


def _import(flags: argparse.Namespace) -> None:
    with Workspace(flags.workspace) as workspace, Watching() as watch:
        done = workspace.import_from(
            Path(flags.path), format_name=flags.format, images=flags.images, name=flags.name,
            watch=watch,
        )  # fmt: skip
        latest = workspace.unreadable(min(done.faults, 20))
    write_json({**asdict(done.added), "faults": done.faults, "latest_faults": latest})


def _add_index(commands: Any) -> None:
    command = commands.add_parser("index", help="give pictures, regions and phrases their vectors")
    add_workspace(command)
    add_model(command)
    command.add_argument("--batch-size", type=at_least(1), default=32, help="pictures a pass")
    add_ray(command)
    command.add_argument("--pictures", help="for ray: folder or URL, instead of the workspace's")
    only_beside(command, pictures="--engine ray")
    command.set_defaults(run=_index)


def _index(flags: argparse.Namespace) -> None:
    encoder = encoder_of(flags)
    if flags.engine == "ray":
        _index_on_ray(flags, encoder)
        return
    with Workspace(flags.workspace) as workspace, Watching() as watch:
        done = workspace.index(encoder, batch_size=flags.batch_size, watch=watch)
    write_json(asdict(done))


def _index_on_ray(flags: argparse.Namespace, encoder: Encoder) -> None:
    with Workspace(flags.workspace, shard_folders=[flags.shards]) as workspace:
        items = (
            ray_engine.list_pictures(flags.pictures) if flags.pictures else workspace.items(encoder)
        )
        given = ray_engine.index_on_ray(
            items, flags.shards, model=flags.model, card=asdict(encoder.card),
            device=flags.device, dtype=flags.dtype, cluster=cluster_of(flags),
        )  # fmt: skip
        attached = asdict(workspace.attach(flags.shards)) if _has_shards(flags.shards) else {}
        with Watching() as watch:
            done = workspace.index(encoder, watch=watch)  # phrases; pictures have their vectors
    write_json({"given": given, **attached, "here": asdict(done)})


def _has_shards(folder: Path) -> bool:
    return any(folder.glob("*.parquet"))


def _add_export(commands: Any) -> None:
    command = commands.add_parser("export", help="write pictures and regions in some format")
    command.add_argument("path", type=Path, help="file, or folder for YOLO")
    command.add_argument("--format", choices=WRITABLE, required=True)
    command.add_argument("--where", default="", help="condition in SQL on pictures")
    add_workspace(command)
    command.set_defaults(run=_export)


def _export(flags: argparse.Namespace) -> None:
    with Workspace(flags.workspace) as workspace, Watching() as watch:
        lost = workspace.export(
            flags.path, flags.format, filter_=Filter(where=flags.where), watch=watch
        )
    write_json({"written": str(flags.path), "not_kept": dict(lost)})


def _add_duplicates(commands: Any) -> None:
    command = commands.add_parser("duplicates", help="pictures that are there twice, or nearly")
    command.add_argument("--near", type=float, metavar="COSINE", help="at least so alike, as 0.97")
    command.add_argument("--kind", choices=ITEM_KINDS, default="image")
    only_beside(command, kind="--near")
    add_workspace(command)
    add_model(command)
    command.set_defaults(run=_duplicates)


def _duplicates(flags: argparse.Namespace) -> None:
    with Workspace(flags.workspace) as workspace:
        if flags.near is None:
            groups = workspace.same_files()
            kind: ItemKind = "image"
        else:
            kind = flags.kind
            model = workspace.model_of(encoder_of(flags))
            with Watching() as watch:
                groups = workspace.near_duplicates(model, kind, flags.near, watch=watch)
        owners = np.array([owner for group in groups for owner in group], np.int64)
        paths = workspace.paths(kind, owners)
    named = [[{"id": id_, "picture": paths.get(id_, "")} for id_ in group] for group in groups]
    write_json({"kind": kind, "groups": named})
