"""Commands that find and lay out what was indexed."""

from __future__ import annotations

import argparse
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import numpy as np

from fgclip.boxes import check_boxes
from fgclip.cli.flags import add_model, corners_of, only_beside
from fgclip.cli.terminal import (
    Watching,
    add_ray,
    add_workspace,
    cluster_of,
    encoder_of,
    write_json,
)  # fmt: skip
from fgclip.encoder import Encoder
from fgclip.inputs.images import open_picture
from fgclip.inputs.numbers import at_least
from fgclip.types import DECIMALS, ITEM_KINDS, ROUTE_CHOICES, Embeddings, RouteChoice
from fgclip.workspace import Filter, MapRun, Workspace
from fgclip.workspace.mapping import Parameters
from fgclip.workspace.search import text_query


def add_search(commands: Any) -> None:
    """`search`."""
    command = commands.add_parser(
        "search", help="find what fits a text, a picture, a drawn box or a stored region"
    )
    command.add_argument("text", nargs="?", help='prompts, such as "a red boat + snow - people"')
    command.add_argument("--picture", type=Path, help="find what looks like this picture")
    command.add_argument("--box", metavar="X0,Y0,X1,Y1", help="… or like this box of it, fractions")
    command.add_argument("--region", type=int, help="find what looks like this stored region")
    command.add_argument("--kind", choices=ITEM_KINDS, default="region", help="what is searched")
    command.add_argument("--route", choices=ROUTE_CHOICES, default="", help="text route")
    command.add_argument("--limit", type=at_least(1), default=10)
    for each in fields(Filter):
        flag = f"--{each.name.replace('_', '-')}"
        command.add_argument(flag, type=type(each.default), default=each.default)
    command.add_argument("--verdict", default="", help=argparse.SUPPRESS)
    command.add_argument("--out", type=Path, help="JSON file (default: the screen)")
    only_beside(command, box="--picture", route="TEXT")
    add_workspace(command)
    add_model(command)
    command.set_defaults(run=_search)


def _search(flags: argparse.Namespace) -> None:
    asked = [flags.text, flags.picture, flags.region]
    if sum(each is not None for each in asked) != 1:
        raise ValueError("give one of: a text, --picture FILE, --region ID")
    if flags.verdict:
        raise ValueError("no region has a verdict yet: nothing writes them; leave --verdict out")
    filter_ = Filter(**{each.name: getattr(flags, each.name) for each in fields(Filter)})
    encoder = encoder_of(flags)
    with Workspace(flags.workspace) as workspace:
        model = workspace.model_of(encoder)
        query = _query(flags, encoder, workspace)
        among = None
        if not filter_.is_empty:
            among = workspace.matching(flags.kind, filter_)
        hits = workspace.search.nearest(model, flags.kind, query, limit=flags.limit, among=among)
        captions = workspace.captions(flags.kind, hits.owners)
        paths = workspace.paths(flags.kind, hits.owners)
    found = [
        {
            "id": owner,
            "score": round(float(score), DECIMALS),
            "said": captions.get(owner, ""),
            **({"picture": paths[owner]} if owner in paths else {}),
        }
        for owner, score in zip(hits.owners.tolist(), hits.scores, strict=True)
    ]
    write_json({"kind": flags.kind, "searched": hits.searched, "found": found}, flags.out)


def _query(flags: argparse.Namespace, encoder: Encoder, workspace: Workspace) -> Embeddings:
    if flags.text is not None:
        usual: RouteChoice = "auto" if flags.kind == "image" else encoder.card.region_route
        return text_query(encoder, flags.text, flags.route or usual)
    if flags.region is not None:
        model = workspace.model_of(encoder)
        return workspace.vector(model, "region", flags.region)
    picture = open_picture(flags.picture)
    if flags.box:
        box = check_boxes([corners_of(flags.box)])
        return np.asarray(encoder.encode_regions(picture, box)[0])
    return np.asarray(encoder.encode_image(picture)[0])


def add_map(commands: Any) -> None:
    """`map`."""
    command = commands.add_parser("map", help="lay out what was indexed, with UMAP")
    defaults = Parameters()
    command.add_argument("--kind", choices=ITEM_KINDS, default="region")
    command.add_argument("--name", default="", help="of the map")
    command.add_argument("--neighbours", type=int, default=defaults.neighbours)
    command.add_argument("--min-dist", type=float, default=defaults.min_dist)
    command.add_argument("--seed", type=int, default=defaults.seed)
    command.add_argument(
        "--fitted", type=int, default=defaults.fitted,
        help="points that UMAP lays out; the others are placed by their neighbours",
    )  # fmt: skip
    command.add_argument("--save", type=Path, metavar="FILE", help="write the map to a file, too")
    command.add_argument("--list", action="store_true", help="show the maps that are there")
    command.add_argument("--remove", type=int, metavar="ID", help="forget a map")
    command.add_argument(
        "--place", type=int, metavar="ID", help="put on this map what was indexed since it was made"
    )
    add_ray(command)
    only_beside(command, engine="--place")
    add_workspace(command)
    add_model(command)
    command.set_defaults(run=_map)


def _map(flags: argparse.Namespace) -> None:
    parameters = Parameters(
        neighbours=flags.neighbours, min_dist=flags.min_dist, seed=flags.seed, fitted=flags.fitted
    )
    makes_none = flags.list or flags.remove is not None or flags.place is not None
    if makes_none and (flags.name or flags.save or parameters != Parameters()):
        raise ValueError(
            "--name, --save, --neighbours, --min-dist, --seed and --fitted are of a new map; leave "
            "them out beside --list, --remove and --place"
        )
    if flags.place is not None and (flags.list or flags.remove is not None):
        other = "--list" if flags.list else f"--remove {flags.remove}"
        raise ValueError(f"give --place {flags.place} or {other}, not both")
    if flags.save and flags.kind != "region":
        raise ValueError(
            f"--save {flags.save}: only a map of regions can be saved; leave --save or "
            f"--kind {flags.kind} out"
        )
    with Workspace(flags.workspace) as workspace:
        if flags.remove is not None:
            workspace.maps.remove(flags.remove)
        if flags.remove is not None or flags.list:
            write_json({"maps": [map_facts(run) for run in workspace.maps]})
            return
        if flags.place is not None:
            _place(flags, workspace)
            return
        model = workspace.model_of(encoder_of(flags))
        with Watching() as watch:
            run = workspace.map(model, flags.kind, parameters, name=flags.name, watch=watch)
        clusters = workspace.maps.clusters(run)
        if flags.save:
            workspace.maps.save(model, run, flags.save)
    write_json({**map_facts(run), "clusters": [asdict(cluster) for cluster in clusters]})


def _place(flags: argparse.Namespace, workspace: Workspace) -> None:
    run = workspace.maps.find(flags.place)
    cluster = cluster_of(flags) if flags.engine == "ray" else None
    with Watching() as watch:
        placed = workspace.place(run, cluster=cluster, watch=watch)
    write_json({"placed": placed, **map_facts(workspace.maps.find(run.id))})


def map_facts(run: MapRun) -> dict[str, Any]:
    """A map as JSON values."""
    return {**asdict(run), "frame": [round(edge, 3) for edge in run.frame]}
