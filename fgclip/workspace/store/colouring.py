"""Points coloured by a field of their owners: its commonest values, or steps of its numbers."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from fgclip.workspace.store.database import Database, Ids, WorkspaceError, quoted
from fgclip.workspace.store.fields import ROWS, columns
from fgclip.workspace.store.points import DRAWS, MapRun
from fgclip.workspace.store.vectors import Kind

LEGEND = 11  # values with a colour of their own
OTHER = LEGEND  # the code of all other values
ABSENT = 255  # the code of what is not on the map
STEPS = 7  # of a number that has more values than the legend has room for
ROUND = 10  # from here on a step is a whole number
CLUSTER = "cluster"

FIRST = ("category", "source", "split", "origin", "verdict", "attributes")  # those asked for most
UNTOLD = frozenset({"id", "image_id", "path", "sha256", "meta"})  # that name a row or mean nothing
NUMBERS = frozenset({"INTEGER", "BIGINT", "FLOAT", "DOUBLE"})
LISTS = frozenset({"attributes"})  # several values of these hold at once
SAMPLE = 20_000  # points that are asked whether a field tells them apart


@dataclass(frozen=True)
class Colouring:
    """A field and the values that have a colour of their own; all others share one.

    Attributes:
        field: of the map's kind, or the clusters.
        ordered: whether the values are numbers, or steps of them, in ascending order.
        values: up to `LEGEND`; those that are not ordered, the commonest first.
        counts: points of each, and last those of all other values.
        codes: (largest owner + 1,) number of each owner's value, `OTHER` for all others, `ABSENT`
            for those that are not on the map. Of several values it is the rarest.
        holders: owners of each value, where an owner may have several.
    """

    field: str
    ordered: bool
    values: tuple[str, ...]
    counts: tuple[int, ...]
    codes: NDArray[np.uint8]
    holders: tuple[Ids, ...] = ()

    def codes_of(self, owners: Ids) -> NDArray[np.uint8]:
        """(N,) numbers of the owners' values; `ABSENT` for those that are not on the map."""
        codes = np.full(len(owners), ABSENT, np.uint8)
        known = owners < len(self.codes)
        codes[known] = self.codes[owners[known]]
        return codes

    def owners_of(self, value: str) -> Ids:
        """Owners with one of the values, ascending."""
        code = self.values.index(value)
        return self.holders[code] if self.holders else np.flatnonzero(self.codes == code)

    def counts_among(self, owners: Ids) -> tuple[int, ...]:
        """As `counts`, of these owners alone."""
        tally = np.bincount(self.codes_of(owners), minlength=OTHER + 1)
        each = tally[: len(self.values)]
        if self.holders:
            each = np.array([np.isin(held, owners).sum() for held in self.holders])
        return (*each.tolist(), int(tally[OTHER]))


def colours(database: Database, run: MapRun) -> tuple[str, ...]:
    """Fields that tell points of a map apart, what is asked for most first.

    A field that has one value, or none, on a fair sample of the points is left out.
    """
    known = _fields(database, run.kind)
    distinct = ", ".join(f"count(DISTINCT coalesce({field}::VARCHAR, ''))" for field in known)
    (counts,) = database.rows(
        f"""
        WITH sample AS (
            SELECT owner FROM points_{run.id}
            WHERE draw < {DRAWS * SAMPLE // max(run.points, SAMPLE)}
        )
        SELECT {distinct} FROM sample JOIN {ROWS[run.kind]} AS told ON told.id = owner
        """
    )
    return (CLUSTER, *(field for field, count in zip(known, counts, strict=True) if count > 1))


def colouring_of(database: Database, run: MapRun, field: str) -> Colouring:
    """The values of a field on a map.

    Raises:
        WorkspaceError: The map's kind has no such field.
    """
    known = (CLUSTER, *_fields(database, run.kind))
    if field not in known:
        raise WorkspaceError(
            f"A map of {run.kind}s has no colour by {field!r}; choose {', '.join(known)}."
        )
    ordered = field != CLUSTER and columns(database, run.kind)[field] in NUMBERS
    expression = "" if field == CLUSTER else _expression(database, run, field, ordered=ordered)
    told = _told(run, expression, rank=field if ordered else "0")
    common = f"""
        SELECT value, count(*) AS points,
            row_number() OVER (ORDER BY {"min(rank)" if ordered else "points DESC"}, value) - 1
                AS code
        FROM ({told}) {"WHERE value <> ''" if ordered else ""}
        GROUP BY value ORDER BY code LIMIT {LEGEND}
    """
    values = tuple(row[0] for row in database.rows(common))
    table = database.table(
        f"SELECT owner, coalesce(code, {OTHER})::UTINYINT AS code "
        f"FROM ({told}) LEFT JOIN ({common}) AS common USING (value)"
    )
    coded = table.column("owner").to_numpy(), table.column("code").to_numpy()
    return _coloured(field, values, coded, ordered=ordered)


def _coloured(
    field: str, values: tuple[str, ...], coded: tuple[Ids, NDArray[np.uint8]], *, ordered: bool
) -> Colouring:
    """From the pairs of owners and codes, several of one owner in a field of lists."""
    owners, numbers = coded
    codes = np.full(int(owners.max(initial=0)) + 1, ABSENT, np.uint8)
    holders: tuple[Ids, ...] = ()
    if field in LISTS:
        holders = tuple(np.sort(owners[numbers == code]) for code in range(len(values)))
        codes[owners] = OTHER
        for code, held in enumerate(holders):  # the rarest comes last and stays
            codes[held] = code
        counts = [*(len(held) for held in holders), int(np.count_nonzero(codes == OTHER))]
    else:
        codes[owners] = numbers
        tally = np.bincount(numbers, minlength=OTHER + 1)
        counts = [*tally[: len(values)].tolist(), int(tally[OTHER])]
    return Colouring(field, ordered, values, tuple(counts), codes, holders)


def _fields(database: Database, kind: Kind) -> tuple[str, ...]:
    known = columns(database, kind)
    first = [field for field in FIRST if field in known]
    return (*first, *(name for name in known if name not in {*first, *UNTOLD}))


def _expression(database: Database, run: MapRun, field: str, *, ordered: bool) -> str:
    """SQL of a field's value as the legend writes it; empty where there is none."""
    if field in LISTS:
        return f"unnest(CASE WHEN len({field}) > 0 THEN {field} ELSE [''] END)"
    steps = _steps(database, run, field) if ordered else []
    if not steps:
        return f"coalesce({field}::VARCHAR, '')"
    edges = [str(int(edge)) if edge.is_integer() else repr(edge) for edge in steps]
    labels = [f"< {edges[0]}", *(f"{one} – {other}" for one, other in pairwise(edges))]
    cases = " ".join(
        f"WHEN {field} < {edge} THEN {quoted(label)}"
        for edge, label in zip(edges, labels, strict=True)
    )
    none = f"{field} IS NULL OR isnan({field}::DOUBLE)"
    return f"CASE WHEN {none} THEN '' {cases} ELSE {quoted('≥ ' + edges[-1])} END"


def _steps(database: Database, run: MapRun, field: str) -> list[float]:
    """Round numbers that part the points into about equal shares; none where values are few."""
    shares = [step / STEPS for step in range(1, STEPS)]
    ((distinct, least, of_points, of_values),) = database.rows(
        f"""
        SELECT count(DISTINCT {field}), min({field})::DOUBLE,
            quantile_cont({field}::DOUBLE, {shares}),
            quantile_cont(DISTINCT {field}::DOUBLE, {shares})
        FROM points_{run.id} JOIN {ROWS[run.kind]} AS told ON told.id = owner
        WHERE {field} IS NOT NULL AND NOT isnan({field}::DOUBLE)
        """
    )
    if distinct <= LEGEND:
        return []
    round_ones = [sorted(set(map(_rounded, edges))) for edges in (of_points, of_values)]
    for edges in (*round_ones, sorted(set(of_values))):
        above = [edge for edge in edges if edge > least]
        if above:  # not so where nearly all points have the least value
            return above
    return []


def _rounded(number: float) -> float:
    """Two digits of a share; of a larger number all that are whole."""
    return float(f"{number:.2g}") if abs(number) < ROUND else float(round(number))


def _told(run: MapRun, expression: str, *, rank: str) -> str:
    """Owner, value and what values are ordered by, of every point."""
    if not expression:
        return f"""
            SELECT owner, coalesce(label, '') AS value, 0 AS rank
            FROM points_{run.id} AS points
            LEFT JOIN clusters ON map_id = {run.id} AND number = points.cluster
        """
    return f"""
        SELECT owner, coalesce(told.value, '') AS value, told.rank FROM points_{run.id}
        LEFT JOIN (SELECT id, {expression} AS value, {rank} AS rank FROM {ROWS[run.kind]}) AS told
        ON told.id = owner
    """
