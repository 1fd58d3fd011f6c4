"""Figures with units: summaries of samples, Markdown for people, JSON for later."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Column:
    """One figure of every row."""

    name: str
    unit: str  # "ms", "s", "MB" (1 MB = 1,000,000 bytes), "×" for a ratio, "" for a count
    digits: int = 1  # after the point

    @property
    def heading(self) -> str:
        """Name with unit."""
        return f"{self.name} ({self.unit})" if self.unit else self.name


@dataclass(frozen=True)
class Row:
    """Figures of one case; NaN where a figure cannot be had."""

    labels: tuple[str, ...]
    values: tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class Table:
    """What one benchmark found."""

    subject: str  # the name that the command line knows
    title: str
    notes: str  # what was timed from when to when, and what the baseline is
    labels: tuple[str, ...]  # headings of the label columns
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row.labels) != len(self.labels) or len(row.values) != len(self.columns):
                raise ValueError(f"row {row.labels} does not fit the columns of {self.title!r}")


def percentile(samples: Sequence[float], share: float) -> float:
    """Value that `share` percent of the samples do not exceed, interpolated between neighbours."""
    if not len(samples):
        raise ValueError("there is no percentile of no samples")
    return float(np.percentile(np.asarray(samples, float), share))


def median(samples: Sequence[float]) -> float:
    """The 50th percentile."""
    return percentile(samples, 50)


def markdown(table: Table, command: str) -> str:
    """Heading, command, table, notes."""
    headings = [*table.labels, *(column.heading for column in table.columns)]
    rule = [":--"] * len(table.labels) + ["--:"] * len(table.columns)
    body = [
        [*row.labels, *map(_figure, row.values, (column.digits for column in table.columns))]
        for row in table.rows
    ]
    lines = [f"| {' | '.join(cells)} |" for cells in (headings, rule, *body)]
    return "\n".join([f"### {table.title}", "", f"`{command}`", "", *lines, "", table.notes, ""])


def as_json(table: Table, command: str) -> dict[str, Any]:
    """The same, unrounded, one object a figure's row."""
    return {
        "subject": table.subject,
        "title": table.title,
        "command": command,
        "notes": table.notes,
        "units": {column.name: column.unit for column in table.columns},
        "rows": [
            dict(zip(table.labels, row.labels, strict=True))
            | {
                column.name: value if math.isfinite(value) else None
                for column, value in zip(table.columns, row.values, strict=True)
            }
            for row in table.rows
        ],
    }


def _figure(value: float, digits: int) -> str:
    return f"{value:,.{digits}f}" if math.isfinite(value) else "–"
