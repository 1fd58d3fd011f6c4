"""What a model scored on rows of the workspace: one number for a row and a metric."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import pyarrow as pa

from fgclip.ranking import TIE
from fgclip.types import Ids
from fgclip.workspace.store.database import Database, appended, quoted
from fgclip.workspace.store.vectors import IndexedModel

Sign = Literal["neither", "first", "second", "both"]
"""Which of two models is fooled."""

SIGNS: tuple[Sign, ...] = get_args(Sign)

SCHEMA = pa.schema(
    [
        ("run", pa.string()), ("model_id", pa.int32()), ("sample", pa.int64()),
        ("metric", pa.string()), ("value", pa.float64()),
    ]
)  # fmt: skip


@dataclass(frozen=True)
class Failures:
    """How many rows of a metric have a margin that means fooled.

    Attributes:
        metric: its name.
        rows: with a value.
        fooled: of these, as `fgclip.ranking` has it.
        where: a condition that holds for those, to be used as a filter of their kind.
    """

    metric: str
    rows: int
    fooled: int
    where: str


@dataclass(frozen=True)
class Both:
    """How many rows of a metric two models have margins of, by whom they call fooled.

    Attributes:
        metric: its name.
        neither: rows where no model is fooled.
        first: where only the first is.
        second: where only the second is.
        both: where both are.
    """

    metric: str
    neither: int
    first: int
    second: int
    both: int

    @property
    def rows(self) -> int:
        """With a value of both models."""
        return self.neither + self.first + self.second + self.both


def _fooled(value: str) -> str:
    """`ranking.is_fooled` of a column; to DuckDB, NaN is above all numbers."""
    return f"({value} <= {TIE!r} OR isnan({value}))"


_A, _B = _fooled("a.value"), _fooled("b.value")
_CONDITIONS: Mapping[Sign, str] = {
    "neither": f"NOT {_A} AND NOT {_B}",
    "first": f"{_A} AND NOT {_B}",
    "second": f"NOT {_A} AND {_B}",
    "both": f"{_A} AND {_B}",
}
_OF_RUN = "FROM results WHERE run = ? AND model_id = ?"
_PAIRS = """
    FROM results AS a JOIN results AS b USING (run, sample, metric)
    WHERE run = $run AND a.model_id = $first AND b.model_id = $second
"""


def add(
    database: Database, run: str, model: IndexedModel, rows: Sequence[tuple[int, str, float]]
) -> None:
    """Keep (row, metric, value) of a run; what it gave for these rows before goes."""
    table = pa.table(
        {
            "run": [run] * len(rows), "model_id": [model.id] * len(rows),
            "sample": [row[0] for row in rows], "metric": [row[1] for row in rows],
            "value": [row[2] for row in rows],
        },
        SCHEMA,
    )  # fmt: skip
    samples = list({row[0] for row in rows})
    with database.write() as cursor:
        cursor.execute(
            f"DELETE {_OF_RUN} AND sample IN (SELECT unnest(?::BIGINT[]))", [run, model.id, samples]
        )
        appended(cursor, "results", table)
    database.changed("records")


def keep_only(database: Database, run: str, model: IndexedModel, samples: Ids) -> None:
    """Let go of what a run gave for other rows."""
    with database.write() as cursor:
        cursor.execute(
            f"DELETE {_OF_RUN} AND NOT sample IN (SELECT unnest(?::BIGINT[]))",
            [run, model.id, samples.tolist()],
        )
    database.changed("records")


def failures(database: Database, run: str, model: IndexedModel) -> list[Failures]:
    """Every metric of a run, in the order of their names."""
    rows = database.rows(
        f"""
        SELECT metric, count(*), count(*) FILTER ({_fooled("value")}) FROM results
        WHERE run = ? AND model_id = ? GROUP BY metric ORDER BY metric
        """,
        [run, model.id],
    )
    return [
        Failures(metric, count, fooled, _where(run, model, metric))
        for metric, count, fooled in rows
    ]


def signs(database: Database, run: str, first: IndexedModel, second: IndexedModel) -> list[Both]:
    """Every metric of a run that both models have values of, in the order of their names."""
    counts = ", ".join(f"count(*) FILTER ({sign})" for sign in _CONDITIONS.values())
    rows = database.rows(
        f"SELECT metric, {counts} {_PAIRS} GROUP BY metric ORDER BY metric",
        {"run": run, "first": first.id, "second": second.id},
    )
    return [Both(*row) for row in rows]


def pairs(
    database: Database,
    run: str,
    first: IndexedModel,
    second: IndexedModel,
    *,
    metric: str,
    sign: Sign,
    limit: int,
) -> list[tuple[int, float, float]]:
    """Rows of a metric by whom of two models it fools: those that differ most come first.

    Args:
        database: the workspace.
        run: its name.
        first: one model.
        second: the other.
        metric: its name.
        sign: one of `SIGNS`.
        limit: rows at most.

    Returns:
        (row, the first model's value, the second's).
    """
    return database.rows(
        f"""
        SELECT sample, a.value, b.value {_PAIRS} AND metric = $metric AND {_CONDITIONS[sign]}
        ORDER BY abs(a.value - b.value) DESC, sample LIMIT $limit
        """,
        {
            "run": run, "first": first.id, "second": second.id,
            "metric": metric, "limit": limit,
        },
    )  # fmt: skip


def samples(database: Database, run: str, model: IndexedModel) -> Ids:
    """Rows that a run has values of, ascending."""
    return database.ids(f"SELECT DISTINCT sample {_OF_RUN} ORDER BY sample", [run, model.id])


def _where(run: str, model: IndexedModel, metric: str) -> str:
    return (
        f"id IN (SELECT sample FROM results WHERE run = {quoted(run)} AND model_id = {model.id} "
        f"AND metric = {quoted(metric)} AND {_fooled('value')})"
    )
