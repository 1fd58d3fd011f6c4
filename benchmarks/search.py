"""Exact search in memory against one bare product of a matrix and a vector."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path

import numpy as np
import torch

from benchmarks.bench import Bench, timed
from benchmarks.made import SOURCES, fill
from benchmarks.tables import Column, Row, Table, median
from fgclip.workspace import Filter, Workspace
from fgclip.workspace.matrix import Hits, Matrix

DIMENSIONS = 512
BEST = 10
BATCH = 20_000
FILTERS = {
    "none": Filter(),
    "half of them": Filter(source=SOURCES[0]),
    "one in forty": Filter(category="kind 7"),
    "SQL": Filter(where="area > 0.5 AND category <> 'kind 3'"),
}

COLUMNS = (
    Column("searched", "", 0),
    Column("search, median", "ms", 1),
    Column("bare product, bfloat16", "ms", 1),
    Column("ratio", "×", 2),
    Column("bare product, float32", "ms", 1),
    Column("same top 10 as float32, of queries", "%", 1),
)
NOTES = (
    f"Random unit vectors of {DIMENSIONS} numbers. *search*: filter in SQL over the regions' "
    f"table, first pass in bfloat16, {BEST} best scored in float32. Baseline: `matrix @ query` in "
    "bfloat16, in turn. The last column: the same ten owners, in order, as float32 brute force."
)


def tables(bench: Bench) -> list[Table]:
    """One row for each filter."""
    count = bench.effort.searched
    generator = torch.Generator().manual_seed(0)
    vectors = torch.randn(count, DIMENSIONS, generator=generator)
    vectors /= vectors.norm(dim=1, keepdim=True)
    queries = torch.randn(bench.effort.queries, DIMENSIONS, generator=generator)
    queries /= queries.norm(dim=1, keepdim=True)
    owners = np.arange(1, count + 1)
    matrix = Matrix.filled(
        (
            (owners[start : start + BATCH], vectors[start : start + BATCH].numpy())
            for start in range(0, count, BATCH)
        ),
        count,
        DIMENSIONS,
    )
    with tempfile.TemporaryDirectory() as scratch, Workspace(Path(scratch)) as workspace:
        fill(workspace, count)
        rows = [
            _row(name, filter_, matrix, workspace, vectors, queries)
            for name, filter_ in FILTERS.items()
        ]
    return [
        Table(
            subject="search", title=f"Search among {count:,} vectors", notes=NOTES,
            labels=("filter",), columns=COLUMNS, rows=tuple(rows),
        )
    ]  # fmt: skip


def _row(
    name: str,
    filter_: Filter,
    matrix: Matrix,
    workspace: Workspace,
    vectors: torch.Tensor,
    queries: torch.Tensor,
) -> Row:
    short = vectors.bfloat16()
    allowed = workspace.matching("region", filter_)
    mask = torch.full((len(vectors),), -torch.inf)
    mask[torch.from_numpy(allowed - 1)] = 0
    times: list[tuple[float, float, float]] = []
    same = 0
    searched = 0
    for query in queries:
        searches, hits = timed(partial(_search, matrix, workspace, filter_, query))
        bare, _ = timed(partial(_product, short, query))
        exact, scores = timed(partial(_product, vectors, query))
        best = (scores + mask).topk(BEST).indices.numpy() + 1
        same += np.array_equal(hits.owners, best)
        searched = hits.searched
        times.append((searches, bare, exact))
    search, bare, exact = (1000 * median(each) for each in zip(*times, strict=True))
    share = 100 * same / len(queries)
    return Row((name,), (searched, search, bare, search / bare, exact, share))


def _search(matrix: Matrix, workspace: Workspace, filter_: Filter, query: torch.Tensor) -> Hits:
    among = None if filter_.is_empty else workspace.matching("region", filter_)
    return matrix.best(query.numpy(), BEST, among)


def _product(matrix: torch.Tensor, query: torch.Tensor) -> torch.Tensor:
    return matrix @ query.to(matrix.dtype)
