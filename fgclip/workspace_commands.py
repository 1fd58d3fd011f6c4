"""Commands for whole data sets: import, index, search, map, export, duplicates, and their state."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

import fgclip
from fgclip.boxes import check_boxes
from fgclip.data.formats import READABLE, WRITABLE
from fgclip.encoder import Encoder
from fgclip.files import write_text
from fgclip.flags import at_least
from fgclip.preprocess import open_picture
from fgclip.probe.prompts import ROUTES
from fgclip.workspace import check, duplicates, ray_engine
from fgclip.workspace.mapping import Parameters
from fgclip.workspace.matrix import Embeddings
from fgclip.workspace.progress import Progress, Watch
from fgclip.workspace.search import text_query
from fgclip.workspace.store import catalogue, points, vectors, wording
from fgclip.workspace.store.filters import Filter
from fgclip.workspace.store.vectors import KINDS, Kind
from fgclip.workspace.workspace import Workspace

DEFAULT = Path("workspace")
UNSOUND = "the workspace has faults"
DECIMALS = 6

Run = Callable[[argparse.Namespace], None]


def add_commands(commands: Any) -> None:
    """Add the commands to a parser's."""
    _add_import(commands)
    _add_index(commands)
    _add_search(commands)
    _add_map(commands)
    _add_export(commands)
    _add_duplicates(commands)


def add_workspace(command: argparse.ArgumentParser) -> None:
    """The flag that names the workspace."""
    command.add_argument(
        "--workspace", type=Path, default=DEFAULT, metavar="DIR", help="(default: %(default)s)"
    )


def describe(workspace: Workspace, *, checked: bool) -> dict[str, Any]:
    """What is in a workspace; with `checked`, whether it is sound."""
    database = workspace.database
    answer: dict[str, Any] = {
        "workspace": str(workspace.folder),
        "sources": catalogue.sources(database),
        **catalogue.counts(database),
        "models": [
            {"name": model.name, "sha256": model.sha256, "vectors": vectors.counts(database, model)}
            for model in workspace.models
        ],
        "maps": [_facts(run) for run in workspace.maps],
        **asdict(workspace.sizes),
        "latest_faults": catalogue.faults(database, 20),
    }
    if checked:
        with Watching() as watch:
            answer["unsound"] = list(check.faults(database, watch=watch))
    return answer


class Watching:
    """A bar in the terminal that follows a work."""

    def __enter__(self) -> Watch:
        self._bar: tqdm[Any] | None = None
        self._stage = ""
        return self._show

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def _show(self, progress: Progress) -> None:
        if self._bar is None or progress.stage != self._stage:
            if self._bar is not None:
                self._bar.close()
            self._stage = progress.stage
            self._bar = tqdm(total=progress.total, desc=progress.stage, unit=f" {progress.unit}")
        self._bar.update(progress.done - self._bar.n)


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
        latest = catalogue.faults(workspace.database, min(done.faults, 20))
    _write({**asdict(done.added), "faults": done.faults, "latest_faults": latest}, None)


def _add_index(commands: Any) -> None:
    command = commands.add_parser("index", help="give pictures, regions and phrases their vectors")
    add_workspace(command)
    _add_model(command)
    command.add_argument("--batch-size", type=at_least(1), default=32, help="pictures a pass")
    _add_ray(command)
    command.add_argument("--pictures", help="for ray: folder or URL, instead of the workspace's")
    command.set_defaults(run=_index)


def _index(flags: argparse.Namespace) -> None:
    encoder = _encoder(flags)
    if flags.engine == "ray":
        _index_on_ray(flags, encoder)
        return
    with Workspace(flags.workspace) as workspace, Watching() as watch:
        done = workspace.index(encoder, batch_size=flags.batch_size, watch=watch)
    _write(asdict(done), None)


def _index_on_ray(flags: argparse.Namespace, encoder: Encoder) -> None:
    with Workspace(flags.workspace, shard_folders=[flags.shards]) as workspace:
        items = (
            ray_engine.list_pictures(flags.pictures) if flags.pictures else workspace.items(encoder)
        )
        given = ray_engine.index_on_ray(
            items, flags.shards, model=flags.model, card=asdict(encoder.card),
            device=flags.device, dtype=flags.dtype, cluster=_cluster(flags),
        )  # fmt: skip
        attached = asdict(workspace.attach(flags.shards)) if _has_shards(flags.shards) else {}
        with Watching() as watch:
            done = workspace.index(encoder, watch=watch)  # phrases; pictures have their vectors
    _write({"given": given, **attached, "here": asdict(done)}, None)


def _has_shards(folder: Path) -> bool:
    return any(folder.glob("*.parquet"))


def _add_ray(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--engine", choices=("local", "ray"), default="local", help="this process, or a Ray cluster"
    )
    command.add_argument(
        "--shards", type=Path, default=Path("shards"), metavar="DIR",
        help="for ray: folder for its Parquet files, which every worker can write to",
    )  # fmt: skip
    command.add_argument("--address", default="", help="of a running cluster, such as auto")
    command.add_argument("--workers", type=at_least(1), default=2)
    command.add_argument("--gpus", type=float, default=0.0, help="of each worker")
    command.add_argument("--cpus", type=float, default=1.0, help="of each worker")


def _cluster(flags: argparse.Namespace) -> ray_engine.Cluster:
    return ray_engine.Cluster(
        address=flags.address, workers=flags.workers, gpus=flags.gpus, cpus=flags.cpus,
        batch_size=getattr(flags, "batch_size", 32),
    )  # fmt: skip


def _add_search(commands: Any) -> None:
    command = commands.add_parser(
        "search", help="find what fits a text, a picture, a drawn box or a stored region"
    )
    command.add_argument("text", nargs="?", help='prompts, such as "a red boat + snow - people"')
    command.add_argument("--picture", type=Path, help="find what looks like this picture")
    command.add_argument("--box", metavar="X0,Y0,X1,Y1", help="… or like this box of it, fractions")
    command.add_argument("--region", type=int, help="find what looks like this stored region")
    command.add_argument("--kind", choices=KINDS, default="region", help="what is searched")
    command.add_argument("--route", choices=ROUTES, default="", help="text route")
    command.add_argument("--limit", type=at_least(1), default=10)
    for each in fields(Filter):
        flag = f"--{each.name.replace('_', '-')}"
        command.add_argument(flag, type=type(each.default), default=each.default)
    command.add_argument("--out", type=Path, help="JSON file (default: the screen)")
    add_workspace(command)
    _add_model(command)
    command.set_defaults(run=_search)


def _search(flags: argparse.Namespace) -> None:
    asked = [flags.text, flags.picture, flags.region]
    if sum(each is not None for each in asked) != 1:
        raise ValueError("give one of: a text, --picture FILE, --region ID")
    filter_ = Filter(**{each.name: getattr(flags, each.name) for each in fields(Filter)})
    encoder = _encoder(flags)
    with Workspace(flags.workspace) as workspace:
        model = workspace.model_of(encoder)
        query = _query(flags, encoder, workspace)
        hits = workspace.search.nearest(
            model, flags.kind, query, limit=flags.limit, filter_=filter_
        )
        said = wording.said_of(workspace.database, flags.kind, hits.owners)
        paths = catalogue.paths_of(workspace.database, flags.kind, hits.owners)
    found = [
        {
            "id": owner,
            "score": round(float(score), DECIMALS),
            "said": said.get(owner, ""),
            **({"picture": paths[owner]} if owner in paths else {}),
        }
        for owner, score in zip(hits.owners.tolist(), hits.scores, strict=True)
    ]
    _write({"kind": flags.kind, "searched": hits.searched, "found": found}, flags.out)


def _query(flags: argparse.Namespace, encoder: Encoder, workspace: Workspace) -> Embeddings:
    if flags.text is not None:
        route = flags.route or ("auto" if flags.kind == "image" else "box")
        return text_query(encoder, flags.text, route)
    if flags.region is not None:
        model = workspace.model_of(encoder)
        return vectors.fetch(workspace.database, model, "region", flags.region)
    picture = open_picture(flags.picture)
    if flags.box:
        box = check_boxes([float(edge) for edge in flags.box.split(",")])
        return np.asarray(encoder.encode_regions(picture, box)[0])
    return np.asarray(encoder.encode_image(picture)[0])


def _add_map(commands: Any) -> None:
    command = commands.add_parser("map", help="lay out what was indexed, with UMAP")
    defaults = Parameters()
    command.add_argument("--kind", choices=KINDS, default="region")
    command.add_argument("--name", default="", help="of the map")
    command.add_argument("--neighbours", type=int, default=defaults.neighbours)
    command.add_argument("--min-dist", type=float, default=defaults.min_dist)
    command.add_argument("--seed", type=int, default=defaults.seed)
    command.add_argument(
        "--fitted", type=int, default=defaults.fitted,
        help="points that UMAP lays out; the others are placed by their neighbours",
    )  # fmt: skip
    command.add_argument("--list", action="store_true", help="show the maps that are there")
    command.add_argument("--remove", type=int, metavar="ID", help="forget a map")
    add_workspace(command)
    _add_model(command)
    command.set_defaults(run=_map)


def _map(flags: argparse.Namespace) -> None:
    with Workspace(flags.workspace) as workspace:
        if flags.remove is not None:
            points.remove(workspace.database, points.map_of(workspace.database, flags.remove).id)
        if flags.remove is not None or flags.list:
            _write({"maps": [_facts(run) for run in workspace.maps]}, None)
            return
        parameters = Parameters(
            neighbours=flags.neighbours, min_dist=flags.min_dist, seed=flags.seed,
            fitted=flags.fitted,
        )  # fmt: skip
        model = workspace.model_of(_encoder(flags))
        with Watching() as watch:
            run = workspace.map(model, flags.kind, parameters, name=flags.name, watch=watch)
        clusters = points.clusters_of(workspace.database, run)
    _write({**_facts(run), "clusters": [asdict(cluster) for cluster in clusters]}, None)


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
    _write({"written": str(flags.path), "not_kept": dict(lost)}, None)


def _add_duplicates(commands: Any) -> None:
    command = commands.add_parser("duplicates", help="pictures that are there twice, or nearly")
    command.add_argument("--near", type=float, metavar="COSINE", help="at least so alike, as 0.97")
    command.add_argument("--kind", choices=KINDS, default="image")
    add_workspace(command)
    _add_model(command)
    command.set_defaults(run=_duplicates)


def _duplicates(flags: argparse.Namespace) -> None:
    with Workspace(flags.workspace) as workspace:
        if flags.near is None:
            groups = duplicates.same_files(workspace.database)
            kind: Kind = "image"
        else:
            kind = flags.kind
            matrix = workspace.search.matrix(workspace.model_of(_encoder(flags)), kind)
            with Watching() as watch:
                groups = duplicates.near_duplicates(matrix, flags.near, watch=watch)
        owners = np.array([owner for group in groups for owner in group], np.int64)
        paths = catalogue.paths_of(workspace.database, kind, owners)
    named = [[{"id": id_, "picture": paths.get(id_, "")} for id_ in group] for group in groups]
    _write({"kind": kind, "groups": named}, None)


def _add_model(command: argparse.ArgumentParser) -> None:
    command.add_argument("--model", default="fgclip-mini", help="name, folder or hub id")
    command.add_argument("--device", default="auto")
    command.add_argument("--dtype", default="auto")


def _encoder(flags: argparse.Namespace) -> Encoder:
    return fgclip.load(flags.model, device=flags.device, dtype=flags.dtype)


def _facts(run: points.MapRun) -> dict[str, Any]:
    return {**asdict(run), "frame": [round(edge, 3) for edge in run.frame]}


def _write(answer: dict[str, Any], out: Path | None) -> None:
    text = json.dumps(answer, ensure_ascii=False, indent=2)
    if out:
        write_text(out, text + "\n")
    else:
        print(text)
