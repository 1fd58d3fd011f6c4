"""A map of regions in a file of its own: it fits every workspace that has the same pictures."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from fgclip.files import written_whole
from fgclip.workspace.store import maps, portable
from fgclip.workspace.store.database import Database, WorkspaceError
from fgclip.workspace.store.maps import Cluster, MapLayout, MapRun
from fgclip.workspace.store.vectors import IndexedModel

ABOUT = b"fgclip_map"  # key of the schema's metadata


def save(database: Database, model: IndexedModel, run: MapRun, path: Path) -> None:
    """Write a map of regions; a region is known by its picture's file name and its place there.

    Raises:
        WorkspaceError: The map is of pictures or phrases.
    """
    if run.kind != "region":
        raise WorkspaceError(f"Map {run.id} is of {run.kind}s; only one of regions can be saved.")
    table = portable.named_points(database, run)
    about = {
        "sha256": model.sha256,
        "name": run.name,
        "method": run.method,
        "parameters": dict(run.parameters),
        "clusters": [asdict(each) for each in maps.clusters_of(database, run)],
        "middles": portable.named_middles(database, run),
    }
    with written_whole(path) as partial:
        pq.write_table(table.replace_schema_metadata({ABOUT: json.dumps(about)}), partial)


def restore(database: Database, model: IndexedModel, path: Path) -> MapRun | None:
    """Keep a saved map, if it is this model's and all its regions are there; else None."""
    if not path.is_file():
        return None
    table = pq.read_table(path)
    about = json.loads((table.schema.metadata or {}).get(ABOUT, b"{}"))
    if about.get("sha256") != model.sha256:
        return None
    known = portable.owners_by_name(database)
    rows = table.to_pylist()
    owners = [known.get((row["picture"], row["place"])) for row in rows]
    if None in owners or len(rows) != len(known):
        return None
    middles = {each["number"]: known[each["picture"], each["place"]] for each in about["middles"]}
    return maps.keep(
        database,
        name=about["name"],
        model=model,
        kind="region",
        method=about["method"],
        parameters=about["parameters"],
        layout=MapLayout(
            owners=np.array(owners, np.int64),
            coordinates=_columns(table, "x", "y"),
            placed=np.asarray(table.column("placed").to_numpy(), bool),
            cluster=np.asarray(table.column("cluster").to_numpy(), np.int32),
        ),
        clusters=[
            Cluster(**{**each, "representative": middles[each["number"]]})
            for each in about["clusters"]
        ],
    )


def _columns(table: pa.Table, *names: str) -> maps.Coordinates:
    return np.stack([np.asarray(table.column(name), np.float32) for name in names], axis=1)
