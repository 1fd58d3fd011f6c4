"""Views of a large map: server time, and what is sent."""

from __future__ import annotations

import base64
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.bench import Bench
from benchmarks.made import fill
from benchmarks.tables import Column, Row, Table, percentile
from fgclip.explore.api.map import MapAnswers
from fgclip.explore.api.schemas.map_views import ViewQuestion
from fgclip.workspace import Cluster, MapLayout, MapRun, Workspace

CLUSTERS = 300
SIDES = (1.0, 0.5, 0.2, 0.05, 0.01)  # of the view, share of the map's

COLUMNS = (
    Column("views", "", 0),
    Column("median", "ms", 1),
    Column("slowest", "ms", 1),
    Column("points sent, most", "", 0),
    Column("sent, most", "kB", 0),
)
NOTES = (
    f"Points in {CLUSTERS} clusters, laid out at random. *view*: from the page's question to the "
    "answer as JSON text, coloured by cluster, with the density behind the points; views lie at "
    "random about points of the map. *again*: the whole map once more, as the next reader gets it. "
    "*another filter*: the whole of what a new condition leaves, half of all, with its legend and "
    "clusters counted anew. *lasso*: 48 corners round a fifth of the map's side, all rows counted, "
    "200 sent."
)


def tables(bench: Bench) -> list[Table]:
    """One row for each size of view."""
    count = bench.effort.mapped
    with tempfile.TemporaryDirectory() as scratch, Workspace(Path(scratch)) as workspace:
        run, places = _map(workspace, count)
        answers = MapAnswers(workspace, None, None)  # type: ignore[arg-type]  # no search here
        answers.view(ViewQuestion(map=run.id, frame=[-1, -1, 1, 1]))  # colours are read once a map
        rows = [_row(answers, run, places, side, bench.effort.views) for side in SIDES]
        rows.insert(1, _row(answers, run, places, 1.0, 3, name="the whole, again"))
        rows.append(_filtered_row(answers, run, bench.effort.views // 8 + 1))
        rows.append(_lasso_row(workspace, run, bench.effort.views // 4 + 1))
    return [
        Table(
            subject="map", title=f"Views of a map of {count:,} points", notes=NOTES,
            labels=("view",), columns=COLUMNS, rows=tuple(rows),
        )
    ]  # fmt: skip


def _map(workspace: Workspace, count: int) -> tuple[MapRun, np.ndarray]:
    random = np.random.default_rng(0)
    centres = random.normal(size=(CLUSTERS, 2)) * 10
    cluster = random.integers(0, CLUSTERS, count).astype(np.int32)
    places = (centres[cluster] + random.normal(size=(count, 2))).astype(np.float32)
    run = workspace.maps.add(
        name="benchmark", model=fill(workspace, count), kind="region", method="none", parameters={},
        layout=MapLayout(np.arange(1, count + 1), places, np.ones(count, bool), cluster),
        clusters=[Cluster(n, f"cluster {n}", 0, 0, 1, 1) for n in range(CLUSTERS)],
    )  # fmt: skip
    return run, places


def _row(
    answers: MapAnswers,
    run: MapRun,
    places: np.ndarray,
    side: float,
    views: int,
    name: str = "",
) -> Row:
    random = np.random.default_rng(1)
    x0, y0, x1, y1 = run.frame
    times, sent, drawn = [], [], []
    for _ in range(1 if side == 1.0 and not name else views):
        x, y = places[random.integers(len(places))].astype(float)
        half = side * (x1 - x0) / 2, side * (y1 - y0) / 2
        frame = [x - half[0], y - half[1], x + half[0], y + half[1]]
        begun = time.perf_counter()
        reply = answers.view(ViewQuestion(map=run.id, frame=None if side == 1.0 else frame))
        text = reply.model_dump_json()
        times.append(1000 * (time.perf_counter() - begun))
        sent.append(len(text) / 1000)
        drawn.append(len(base64.b64decode(reply.codes)))
    label = name or ("the whole" if side == 1.0 else f"{side:g} of the side")
    return Row((label,), (len(times), percentile(times, 50), max(times), max(drawn), max(sent)))


def _filtered_row(answers: MapAnswers, run: MapRun, times: int) -> Row:
    milliseconds, sent, drawn = [], [], []
    for number in range(times):
        begun = time.perf_counter()
        condition = f"id % 2 = {number % 2} AND id > {number}"
        reply = answers.view(ViewQuestion(map=run.id, filter=condition))
        text = reply.model_dump_json()
        milliseconds.append(1000 * (time.perf_counter() - begun))
        sent.append(len(text) / 1000)
        drawn.append(len(base64.b64decode(reply.codes)))
    median = percentile(milliseconds, 50)
    return Row(("another filter",), (times, median, max(milliseconds), max(drawn), max(sent)))


def _lasso_row(workspace: Workspace, run: MapRun, times: int) -> Row:
    x0, y0, x1, y1 = run.frame
    turns = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    middle, radius = ((x0 + x1) / 2, (y0 + y1) / 2), ((x1 - x0) / 10, (y1 - y0) / 10)
    corners = [
        (float(middle[0] + radius[0] * np.cos(a)), float(middle[1] + radius[1] * np.sin(a)))
        for a in turns
    ]
    seconds = []
    for _ in range(times):
        begun = time.perf_counter()
        owners, _selected = workspace.maps.lasso(run, corners, 200)
        seconds.append(1000 * (time.perf_counter() - begun))
    return Row(
        ("lasso",), (times, percentile(seconds, 50), max(seconds), len(owners), float("nan"))
    )
