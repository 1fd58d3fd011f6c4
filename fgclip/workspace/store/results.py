"""What a model scored on rows of the workspace: one number for a row and a metric."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

from fgclip.workspace.store.database import Database, appended, quoted
from fgclip.workspace.store.vectors import Model

SCHEMA = pa.schema(
    [
        ("run", pa.string()), ("model_id", pa.int32()), ("sample", pa.int64()),
        ("metric", pa.string()), ("value", pa.float64()),
    ]
)  # fmt: skip


@dataclass(frozen=True)
class Below:
    """How many rows of a metric have a value below 0.

    Attributes:
        metric: its name.
        rows: with a value.
        below: of these, below 0.
        where: a condition that holds for those, to be used as a filter of their kind.
    """

    metric: str
    rows: int
    below: int
    where: str


def forget(database: Database, run: str, model: Model) -> None:
    """Let go of what a run gave for a model."""
    with database.write() as cursor:
        cursor.execute("DELETE FROM results WHERE run = ? AND model_id = ?", [run, model.id])
    database.changed("records")


def add(database: Database, run: str, model: Model, rows: Sequence[tuple[int, str, float]]) -> None:
    """Keep (row, metric, value) of a run."""
    table = pa.table(
        {
            "run": [run] * len(rows), "model_id": [model.id] * len(rows),
            "sample": [row[0] for row in rows], "metric": [row[1] for row in rows],
            "value": [row[2] for row in rows],
        },
        SCHEMA,
    )  # fmt: skip
    with database.write() as cursor:
        appended(cursor, "results", table)
    database.changed("records")


def below_zero(database: Database, run: str, model: Model) -> list[Below]:
    """Every metric of a run, in the order of their names."""
    rows = database.rows(
        """
        SELECT metric, count(*), count(*) FILTER (value < 0) FROM results
        WHERE run = ? AND model_id = ? GROUP BY metric ORDER BY metric
        """,
        [run, model.id],
    )
    return [
        Below(metric, count, below, _where(run, model, metric)) for metric, count, below in rows
    ]


def samples(database: Database, run: str, model: Model) -> int:
    """Rows that a run has values of."""
    ((count,),) = database.rows(
        "SELECT count(DISTINCT sample) FROM results WHERE run = ? AND model_id = ?", [run, model.id]
    )
    return int(count)


def _where(run: str, model: Model, metric: str) -> str:
    return (
        f"id IN (SELECT sample FROM results WHERE run = {quoted(run)} AND model_id = {model.id} "
        f"AND metric = {quoted(metric)} AND value < 0)"
    )
