"""Which pictures, regions or phrases a question is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from threading import Timer

import duckdb

from fgclip.workspace.store.database import Database, Ids, WorkspaceError
from fgclip.workspace.store.vectors import Kind

ROWS: Mapping[Kind, str] = {"image": "image_rows", "region": "region_rows", "text": "text_rows"}
"""The view that a filter of each kind sees."""

SECONDS = 20.0  # that a condition written by a person may take


@dataclass(frozen=True, kw_only=True)
class Filter:
    """Conditions that all must hold; an empty one holds always.

    Attributes:
        category: class name of regions.
        source: import they came from.
        split: "train", "val", ...
        verdict: of a reviewer.
        attribute: that some hard negative of the region changes.
        min_area: of a region, share of its picture.
        max_area: of a region, share of its picture.
        where: a condition in SQL over the columns of the kind's rows, such as `area > 0.1`.
    """

    category: str = ""
    source: str = ""
    split: str = ""
    verdict: str = ""
    attribute: str = ""
    min_area: float = 0.0
    max_area: float = 1.0
    where: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether everything passes."""
        return self == Filter()


NO_FILTER = Filter()


def matching(database: Database, kind: Kind, filter_: Filter) -> Ids:
    """Owners that pass a filter, ascending.

    Raises:
        WorkspaceError: The kind has no such field, or the condition is no condition.
    """
    conditions, values = _conditions(database, kind, filter_)
    if filter_.where:
        conditions.append(f"(\n{_checked(kind, filter_.where)}\n)")
    sql = f"SELECT id FROM {ROWS[kind]} WHERE {' AND '.join(conditions) or 'true'} ORDER BY id"
    return _within_time(database, sql, values)


def columns(database: Database, kind: Kind) -> dict[str, str]:
    """Names and types of the columns that a condition may use."""
    return {name: type_ for name, type_, *_ in database.rows(f"DESCRIBE {ROWS[kind]}")}


def values_of(database: Database, kind: Kind, field: str, limit: int) -> list[tuple[str, int]]:
    """The commonest values of a field, with their counts.

    Raises:
        WorkspaceError: The kind has no such field.
    """
    _check_field(database, kind, field)
    return database.rows(
        f"""
        SELECT coalesce({field}::VARCHAR, ''), count(*) AS rows FROM {ROWS[kind]}
        GROUP BY 1 ORDER BY rows DESC, 1 LIMIT ?
        """,
        [limit],
    )


def _conditions(database: Database, kind: Kind, wanted: Filter) -> tuple[list[str], list[object]]:
    conditions: list[str] = []
    values: list[object] = []
    for field in ("category", "source", "split", "verdict"):
        value = getattr(wanted, field)
        if value:
            _check_field(database, kind, field)
            conditions.append(f"{field} = ?")
            values.append(value)
    if wanted.attribute:
        _check_field(database, kind, "attributes")
        conditions.append("list_contains(attributes, ?)")
        values.append(wanted.attribute)
    defaults = {each.name: each.default for each in fields(Filter)}
    for field, sign in (("min_area", ">="), ("max_area", "<=")):
        value = getattr(wanted, field)
        if value != defaults[field]:
            _check_field(database, kind, "area")
            conditions.append(f"area {sign} ?")
            values.append(value)
    return conditions, values


def _check_field(database: Database, kind: Kind, field: str) -> None:
    known = columns(database, kind)
    if field not in known:
        raise WorkspaceError(f"A {kind} has no {field}; choose from {', '.join(sorted(known))}.")


def _checked(kind: Kind, where: str) -> str:
    """One condition and nothing besides; it is run in a transaction that cannot write."""
    sentence = f"SELECT id FROM {ROWS[kind]} WHERE (\n{where}\n)"
    try:
        statements = duckdb.extract_statements(sentence)
    except duckdb.Error as error:
        raise WorkspaceError(_condition_fault(where, error)) from error
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise WorkspaceError(
            f"{where!r} is more than one condition; write what comes after WHERE, such as "
            "area > 0.1 AND category = 'cat'."
        )
    return where


def _within_time(database: Database, sql: str, values: Sequence[object]) -> Ids:
    with database.reading() as cursor:
        timer = Timer(SECONDS, cursor.interrupt)
        timer.start()
        try:
            table = cursor.sql(sql, params=values).to_arrow_table()
        except duckdb.InterruptException as error:
            raise WorkspaceError(
                f"The filter took more than {SECONDS:g} s and was stopped; make it simpler."
            ) from error
        except (duckdb.BinderException, duckdb.ConversionException, duckdb.Error) as error:
            raise WorkspaceError(_condition_fault(sql, error)) from error
        finally:
            timer.cancel()
    ids: Ids = table.column(0).to_numpy()
    return ids


def _condition_fault(where: str, error: duckdb.Error) -> str:
    words = str(error).split("\n\nLINE")[0].strip()
    return f"The filter cannot be used: {words}"
