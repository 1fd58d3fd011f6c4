"""What models scored on rows of a workspace, run by run: one number for a row and a metric."""

from __future__ import annotations

from collections.abc import Sequence

from fgclip.types import Ids
from fgclip.workspace.store import results
from fgclip.workspace.store.database import Database
from fgclip.workspace.store.results import SIGNS, Both, Failures, Sign
from fgclip.workspace.store.vectors import IndexedModel


class Results:
    """Margins of named runs; `ranking` says by which margins a row fools the model."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, run: str, model: IndexedModel, rows: Sequence[tuple[int, str, float]]) -> None:
        """Keep (row, metric, value) of a run; what it gave for these rows before goes."""
        results.add(self._database, run, model, rows)

    def keep_only(self, run: str, model: IndexedModel, rows: Ids) -> None:
        """Let go of what a run gave for other rows."""
        results.keep_only(self._database, run, model, rows)

    def rows(self, run: str, model: IndexedModel) -> Ids:
        """Those that a run has values of, ascending."""
        return results.samples(self._database, run, model)

    def samples(self, run: str, model: IndexedModel) -> int:
        """How many these are."""
        return len(self.rows(run, model))

    def failures(self, run: str, model: IndexedModel) -> list[Failures]:
        """Of every metric, how many rows fool the model; in the order of their names."""
        return results.failures(self._database, run, model)

    def signs(self, run: str, first: IndexedModel, second: IndexedModel) -> list[Both]:
        """Of every metric that both models have values of, whom its rows fool."""
        return results.signs(self._database, run, first, second)

    def pairs(
        self,
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
            run: its name.
            first: one model.
            second: the other.
            metric: its name.
            sign: one of `SIGNS`.
            limit: rows at most.

        Returns:
            (row, the first model's value, the second's).
        """
        return results.pairs(
            self._database, run, first, second, metric=metric, sign=sign, limit=limit
        )


__all__ = ["SIGNS", "Both", "Failures", "Results", "Sign"]
