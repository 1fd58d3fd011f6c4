"""Maps of what a model made of pictures, regions or phrases: UMAP, then neighbours, then names."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import IO

import numpy as np
from numpy.typing import NDArray

from fgclip.types import Embeddings, Ids, ItemKind
from fgclip.workspace import umap_worker
from fgclip.workspace.clusters import dense_places, labels_of, middles
from fgclip.workspace.matrix import Matrix
from fgclip.workspace.placing import placed_among, placements
from fgclip.workspace.progress import OpenBatch, Progress, Watch, unwatched
from fgclip.workspace.ray_engine import RayCluster, place_on_ray
from fgclip.workspace.search import Search
from fgclip.workspace.store import captions, maps, points
from fgclip.workspace.store.database import Database, WorkspaceError
from fgclip.workspace.store.maps import Cluster, Coordinates, MapLayout, MapRun
from fgclip.workspace.store.vectors import IndexedModel
from fgclip.workspace.umap_worker import COORDINATES, PARAMETERS, VECTORS

LEAST = 5  # points of a map
MOST = 2**31 - 1  # that UMAP can number
SEEDS = 2**32  # that numpy knows
PLACED_TOGETHER = 50_000  # points a transaction
PATIENCE = 0.3  # seconds between looks at whether the work shall stop


@dataclass(frozen=True, kw_only=True)
class Parameters:
    """How a map is made.

    Attributes:
        neighbours: of each point that UMAP keeps near it.
        min_dist: how close points may lie, in the map's units.
        seed: the same gives the same map.
        fitted: points that UMAP lays out; more are placed by their neighbours among these.
    """

    neighbours: int = 15
    min_dist: float = 0.1
    seed: int = 0
    fitted: int = 50_000

    def __post_init__(self) -> None:
        if not 2 <= self.neighbours <= 200:
            raise WorkspaceError(f"{self.neighbours} neighbours: choose from 2 to 200")
        if not 0 <= self.min_dist <= 1:
            raise WorkspaceError(f"min_dist {self.min_dist:g} is not between 0 and 1; try 0.1")
        if not 0 <= self.seed < SEEDS:
            raise WorkspaceError(f"seed {self.seed} is not between 0 and {SEEDS - 1}; try 0")
        if not LEAST <= self.fitted <= MOST:
            raise WorkspaceError(
                f"{self.fitted} fitted points: fit {LEAST} at least, {MOST} at most"
            )


def make_map(
    database: Database,
    search: Search,
    model: IndexedModel,
    kind: ItemKind,
    parameters: Parameters,
    *,
    name: str = "",
    watch: Watch = unwatched,
) -> MapRun:
    """Lay out everything of a kind that a model indexed, and keep the map.

    Raises:
        WorkspaceError: There is too little to lay out.
        CancelledError: The watch stopped it; nothing is kept then.
    """
    matrix = search.matrix(model, kind)
    check_enough(model, kind, len(matrix.owners))
    layout = _layout(database, matrix, kind, parameters, watch)
    clusters = _clusters(database, kind, layout)
    return maps.keep(
        database,
        name=name or f"{kind}s",
        model=model,
        kind=kind,
        method="umap",
        parameters=asdict(parameters),
        layout=layout,
        clusters=clusters,
    )


def check_enough(model: IndexedModel, kind: ItemKind, vectors: int) -> None:
    """Whether so many vectors make a map.

    Raises:
        WorkspaceError: There is too little to lay out.
    """
    if vectors < LEAST:
        raise WorkspaceError(
            f"{model.name} has indexed {vectors} {kind} vectors; a map needs {LEAST}. "
            "Import more, and index it."
        )


def place_new(
    database: Database,
    search: Search,
    model: IndexedModel,
    run: MapRun,
    *,
    cluster: RayCluster | None = None,
    watch: Watch = unwatched,
) -> int:
    """Put on a map what was indexed since it was made; return how many points.

    What was placed stays when the work is stopped.

    Args:
        database: the workspace.
        search: gives vectors.
        model: the map's.
        run: the map.
        cluster: where to do it; in this process by default.
        watch: is told of progress; may cancel.
    """
    matrix = search.matrix(model, run.kind)
    new = maps.lacking(database, run, matrix.owners)
    known, coordinates = points.layout_of(database, run, fitted=True)
    fitted = matrix.rows(known)
    if cluster is None:
        for start in range(0, len(new), PLACED_TOGETHER):
            some = new[start : start + PLACED_TOGETHER]
            with OpenBatch(partial(_add_lacking, database, run), PLACED_TOGETHER) as batch:
                found = placements(matrix.rows(some), fitted, coordinates, watch=watch)
                for rows, places in found:
                    batch.add((some[rows], places))
        return len(new)
    batches = (
        (some, matrix.rows(some))
        for some in np.array_split(new, max(1, len(new) // PLACED_TOGETHER))
        if len(some)
    )
    with tempfile.TemporaryDirectory(prefix="fgclip-places-") as scratch:
        for some, places in place_on_ray(
            batches, fitted, coordinates, Path(scratch) / "places", cluster=cluster
        ):
            maps.add_placed(database, run, some, places)
    return len(new)


def _add_lacking(database: Database, run: MapRun, found: Sequence[tuple[Ids, Coordinates]]) -> None:
    """Add points, ascending, to a map; those that it has got by now are left alone."""
    owners, places = (np.concatenate(parts) for parts in zip(*found, strict=True))
    lacking = maps.lacking(database, run, owners)
    maps.add_placed(database, run, lacking, places[np.searchsorted(owners, lacking)])


def fit(vectors: Embeddings, parameters: Parameters, watch: Watch = unwatched) -> Coordinates:
    """UMAP by cosine in a process of its own: (N, D) → (N, 2).

    Raises:
        WorkspaceError: The process failed.
        CancelledError: The watch stopped it.
    """
    with tempfile.TemporaryDirectory(prefix="fgclip-map-") as scratch:
        folder = Path(scratch)
        np.save(folder / VECTORS, vectors)
        (folder / PARAMETERS).write_text(json.dumps(asdict(parameters)), encoding="utf-8")
        command = [sys.executable, umap_worker.__file__, str(folder)]
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as worker:
            try:
                _follow(worker, watch)
            except BaseException:
                worker.kill()
                raise
            assert worker.stderr is not None
            complaint = worker.stderr.read().strip()
        if worker.returncode:
            last = complaint.splitlines()[-1] if complaint else f"status {worker.returncode}"
            raise WorkspaceError(f"UMAP could not lay out {len(vectors)} points: {last}")
        coordinates: Coordinates = np.load(folder / COORDINATES)
    return coordinates


def _follow(worker: subprocess.Popen[str], watch: Watch) -> None:
    """Tell of a worker's steps until it ends; the watch is asked often, as it may cancel."""
    assert worker.stdout is not None
    lines: SimpleQueue[str] = SimpleQueue()
    reader = Thread(target=_read_into, args=(lines, worker.stdout), daemon=True)
    reader.start()
    last = Progress(0, None, "epochs", "starting UMAP")
    while reader.is_alive() or not lines.empty():
        try:
            step = json.loads(lines.get(timeout=PATIENCE))
        except Empty:
            watch(last)
            continue
        last = Progress(step["done"], step["total"], "epochs", step["stage"])
        watch(last)


def _read_into(lines: SimpleQueue[str], stream: IO[str]) -> None:
    for line in stream:
        lines.put(line)


def stratified(strata: NDArray[np.int64], count: int, seed: int) -> NDArray[np.intp]:
    """Rows of a sample in which every stratum has its share, and one at least: ascending.

    Args:
        strata: (N,) number of each row's stratum.
        count: rows of the sample; N at most.
        seed: of the draw.
    """
    if count >= len(strata):
        return np.arange(len(strata))
    order = np.random.default_rng(seed).permutation(len(strata))
    order = order[np.argsort(strata[order], kind="stable")]
    sizes = np.bincount(strata)
    within = np.arange(len(order)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    # A row's turn: the share of its stratum that comes before it. The first of each goes first.
    turn = within / sizes[strata[order]]
    return np.sort(order[np.argsort(turn, kind="stable")][:count])


def _layout(
    database: Database, matrix: Matrix, kind: ItemKind, parameters: Parameters, watch: Watch
) -> MapLayout:
    owners = matrix.owners
    chosen = stratified(captions.strata(database, kind, owners), parameters.fitted, parameters.seed)
    placed = np.ones(len(owners), bool)
    placed[chosen] = False
    fitted = matrix.rows(owners[chosen])
    coordinates = np.empty((len(owners), 2), np.float32)
    coordinates[chosen] = fit(fitted, parameters, watch)
    if placed.any():
        rest = np.flatnonzero(placed)
        coordinates[rest] = placed_among(
            matrix.rows(owners[rest]), fitted, coordinates[chosen], watch=watch
        )
    return MapLayout(owners, coordinates, placed, dense_places(coordinates))


def _clusters(database: Database, kind: ItemKind, layout: MapLayout) -> list[Cluster]:
    members = list(_members(layout.cluster))
    names = [captions.captions_of(database, kind, layout.owners[rows]) for rows in members]
    labels = labels_of([[text for text in each.values() if text] for each in names])
    middle = middles(layout.coordinates, layout.cluster)
    sizes = np.bincount(layout.cluster[layout.cluster >= 0], minlength=len(members))
    faces = [
        _face(layout, rows, called, label, centre)
        for rows, called, label, centre in zip(members, names, labels, middle.tolist(), strict=True)
    ]
    return [
        Cluster(
            number=number,
            label=labels[number] or f"cluster {number + 1}",
            x=float(layout.coordinates[middle[number], 0]),
            y=float(layout.coordinates[middle[number], 1]),
            size=int(sizes[number]),
            representative=int(layout.owners[faces[number]]),
        )
        for number in range(len(members))
    ]


def _face(
    layout: MapLayout, rows: NDArray[np.intp], names: Mapping[int, str], label: str, middle: int
) -> int:
    """The row that shows a cluster: of those whose name has its first term, the most central."""
    term = label.split(", ")[0]
    named = [row for row in rows if term and term in names[int(layout.owners[row])].lower()]
    if not named:
        return middle
    away = ((layout.coordinates[named] - layout.coordinates[middle]) ** 2).sum(axis=1)
    return int(named[int(np.argmin(away))])


def _members(cluster: NDArray[np.int32]) -> Iterator[NDArray[np.intp]]:
    """Rows of some points of each cluster, drawn evenly."""
    for number in range(int(cluster.max(initial=-1)) + 1):
        rows = np.flatnonzero(cluster == number)
        yield rows[:: max(1, len(rows) // captions.ENOUGH)]
