"""Points coloured by a field of their owners: its commonest values, or steps of its numbers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from fgclip.types import Ids, ItemKind
from fgclip.workspace.store.database import Database, WorkspaceError, quoted
from fgclip.workspace.store.fields import ROWS, columns, table_of
from fgclip.workspace.store.maps import DRAWS, MapRun
from fgclip.workspace.store.vectors import OWNERS

LEGEND = 11  # values with a colour of their own
OTHER = LEGEND  # the code of all other values
ABSENT = 255  # the code of what is not on the map
STEPS = 7  # of a number that has more values than the legend has room for
ROUND = 10  # from here on a step is a whole number
CLUSTER = "cluster"

FIRST = ("category", "source", "split", "origin", "attributes")  # those asked for most
UNNAMED = frozenset({"id", "image_id", "path", "sha256", "meta"})  # that name a row or mean nothing
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
            for those that are not on the map. Of several values it is the rarest of the legend.
        held: bit i says that an owner has value i, where owners may have several; as `codes`.
    """

    field: str
    ordered: bool
    values: tuple[str, ...]
    counts: tuple[int, ...]
    codes: NDArray[np.uint8]
    held: NDArray[np.uint16] | None = None

    def codes_of(self, owners: Ids) -> NDArray[np.uint8]:
        """(N,) numbers of the owners' values; `ABSENT` for those that are not on the map."""
        codes = np.full(len(owners), ABSENT, np.uint8)
        known = owners < len(self.codes)
        codes[known] = self.codes[owners[known]]
        return codes

    def owners_of(self, *values: str) -> Ids:
        """Owners with any of these values, ascending."""
        codes = [self.values.index(value) for value in values]
        if self.held is None:
            wanted = np.zeros(ABSENT + 1, bool)
            wanted[codes] = True
            return np.flatnonzero(wanted[self.codes])
        return np.flatnonzero(self.held & sum(1 << code for code in codes))

    def limited(self, *values: str) -> Colouring:
        """The same in the colours of these values alone, where owners may have several."""
        if self.held is None:
            return self
        codes = np.where(self.codes == ABSENT, np.uint8(ABSENT), np.uint8(OTHER))
        for code in sorted(self.values.index(value) for value in values):  # the rarest stays
            codes[(self.held >> code & 1).astype(bool)] = code
        return replace(self, codes=codes)

    def counts_among(self, owners: Ids) -> tuple[int, ...]:
        """As `counts`, of these owners alone."""
        held = None if self.held is None else self.held[owners[owners < len(self.held)]]
        return _counts(len(self.values), self.codes_of(owners), held)


def colours(database: Database, run: MapRun) -> tuple[str, ...]:
    """Fields that tell points of a map apart, what is asked for most first.

    Left out are those of a kind's own fields that have one value, or none; and of those that are
    read from elsewhere, such as its picture, the ones that have one on a fair sample of the points.
    """
    known = _fields(database, run.kind)
    own = [name for name in known if table_of(database, run.kind, name) == OWNERS[run.kind]]
    lists = [name for name in known if name in LISTS]
    others = [name for name in known if name not in {*own, *lists}]
    tables = {
        f"{OWNERS[run.kind]} AS owned": own,
        f"{ROWS[run.kind]} AS owned SEMI JOIN sample ON owner = owned.id": others,
    }
    telling = {CLUSTER}
    for table, fields in tables.items():
        if fields:
            differ = ", ".join(
                f"min({field}) <> max({field}) OR {_some(field)}" for field in fields
            )
            (answers,) = database.rows(f"{_sample_sql(run)} SELECT {differ} FROM {table}")
            telling |= {field for field, answer in zip(fields, answers, strict=True) if answer}
    if database.rows("SELECT 1 FROM negatives LIMIT 1"):
        telling |= set(lists)
    return tuple(field for field in (CLUSTER, *known) if field in telling)


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
    valued = _valued(database, run, field, ordered=ordered)
    rows = database.rows(
        f"""
        SELECT value FROM ({valued}) {"WHERE value <> ''" if ordered else ""}
        GROUP BY value ORDER BY {"min(rank)" if ordered else "count(*) DESC"}, value LIMIT {LEGEND}
        """
    )
    values = [value for (value,) in rows]
    table = database.table(
        f"""
        SELECT owner, coalesce(list_position($values::VARCHAR[], value) - 1, {OTHER})::UTINYINT
            AS code
        FROM ({valued})
        """,
        {"values": values},
    )
    coded = table.column("owner").to_numpy(), table.column("code").to_numpy()
    return _coloured(field, tuple(values), coded, ordered=ordered)


def _coloured(
    field: str, values: tuple[str, ...], coded: tuple[Ids, NDArray[np.uint8]], *, ordered: bool
) -> Colouring:
    """From the pairs of owners and codes, several of one owner in a field of lists."""
    owners, numbers = coded
    codes = np.full(int(owners.max(initial=0)) + 1, ABSENT, np.uint8)
    if field not in LISTS:
        codes[owners] = numbers
        return Colouring(field, ordered, values, _counts(len(values), codes), codes)
    held = np.zeros(len(codes), np.uint16)
    codes[owners] = OTHER
    for code in range(len(values)):  # the rarest comes last and stays
        having = owners[numbers == code]
        codes[having] = code
        held[having] |= np.uint16(1 << code)
    return Colouring(field, ordered, values, _counts(len(values), codes, held), codes, held)


def _counts(
    values: int, codes: NDArray[np.uint8], held: NDArray[np.uint16] | None = None
) -> tuple[int, ...]:
    """Points of each value, and of all others."""
    tally = np.bincount(codes, minlength=OTHER + 1).tolist()
    each = tally[:values]
    if held is not None:
        each = [int(np.count_nonzero(held >> code & 1)) for code in range(values)]
    return (*each, tally[OTHER])


def _some(field: str) -> str:
    """SQL for: some rows have the field and some lack it."""
    return f"count({field}) NOT IN (0, count(*))"


def _fields(database: Database, kind: ItemKind) -> tuple[str, ...]:
    known = columns(database, kind)
    first = [field for field in FIRST if field in known]
    return (*first, *(name for name in known if name not in {*first, *UNNAMED}))


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
    """Round numbers that part the points into about equal shares; none where values are few.

    A fair sample says so: to sort the numbers of millions would take more memory than there is.
    """
    numeric = f"{field} IS NOT NULL AND NOT isnan({field}::DOUBLE)"
    table = f"{table_of(database, run.kind, field)} AS owned"

    def read(sql: str) -> NDArray[np.float64]:
        column = database.table(f"{_sample_sql(run)} {sql}").column(0)
        return np.asarray(column.to_numpy(), np.float64)

    numbers = read(
        f"SELECT {field}::DOUBLE FROM {table} SEMI JOIN sample ON owner = owned.id WHERE {numeric}"
    )
    distinct = np.unique(numbers)
    if len(distinct) <= LEGEND:  # rare ones may be missing in the sample
        few = f"SELECT DISTINCT {field}::DOUBLE FROM {table} WHERE {numeric} LIMIT {LEGEND + 1}"
        distinct = np.union1d(distinct, read(few))
    if len(distinct) <= LEGEND or not len(numbers):
        return []
    shares = np.arange(1, STEPS) / STEPS
    of_values = np.quantile(distinct, shares)
    round_ones = [map(_rounded, np.quantile(numbers, shares)), map(_rounded, of_values)]
    for edges in (*round_ones, of_values):
        above = [edge for edge in sorted(set(map(float, edges))) if edge > distinct[0]]
        if above:  # not so where nearly all points have the least value
            return above
    return []


def _sample_sql(run: MapRun) -> str:
    return f"""
        WITH sample AS (
            SELECT owner FROM points_{run.id}
            WHERE draw < {DRAWS * SAMPLE // max(run.points, SAMPLE)}
        )
    """


def _rounded(number: float) -> float:
    """Two digits of a share; of a larger number all that are whole."""
    return float(f"{number:.2g}") if abs(number) < ROUND else float(round(number))


def _valued(database: Database, run: MapRun, field: str, *, ordered: bool) -> str:
    """Owner, value and what values are ordered by, of every point."""
    if field == CLUSTER:
        return f"""
            SELECT owner, coalesce(label, '') AS value, 0 AS rank
            FROM points_{run.id} AS points
            LEFT JOIN clusters ON map_id = {run.id} AND number = points.cluster
        """
    expression = _expression(database, run, field, ordered=ordered)
    return f"""
        SELECT owner, coalesce(owned.value, '') AS value, owned.rank FROM points_{run.id}
        LEFT JOIN (
            SELECT id, {expression} AS value, {field if ordered else 0} AS rank
            FROM {table_of(database, run.kind, field)}
        ) AS owned ON owned.id = owner
    """
