"""Which pictures, regions or phrases a question is about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from difflib import get_close_matches
from threading import Timer

import duckdb

from fgclip.types import Ids, ItemKind
from fgclip.workspace.store.database import Database, WorkspaceError
from fgclip.workspace.store.fields import ROWS, columns

SECONDS = 20.0  # that a condition written by a person may take
EXAMPLE = "such as area > 0.1 AND category = 'cat'"


@dataclass(frozen=True, kw_only=True)
class Filter:
    """Conditions that all must hold; an empty one holds always.

    Attributes:
        category: class name of regions.
        source: import they came from.
        split: "train", "val", ...
        attribute: that some hard negative of the region changes.
        min_area: of a region, share of its picture.
        max_area: of a region, share of its picture.
        where: a condition in SQL over the columns of the kind's rows, such as `area > 0.1`;
            a blank one is none.
    """

    category: str = ""
    source: str = ""
    split: str = ""
    attribute: str = ""
    min_area: float = 0.0
    max_area: float = 1.0
    where: str = ""

    def __post_init__(self) -> None:
        """Without spaces around the condition."""
        object.__setattr__(self, "where", self.where.strip())

    @property
    def is_empty(self) -> bool:
        """Whether everything passes."""
        return self == Filter()


NO_FILTER = Filter()


def matching(database: Database, kind: ItemKind, filter_: Filter) -> Ids:
    """Owners that pass a filter, ascending.

    Raises:
        WorkspaceError: The kind has no such field, or the condition is no condition.
    """
    conditions, values = _conditions(database, kind, filter_)
    if filter_.where:
        conditions.append(f"(\n{_checked(kind, filter_.where)}\n)")
    sql = f"SELECT id FROM {ROWS[kind]} WHERE {' AND '.join(conditions) or 'true'} ORDER BY id"
    return _within_time(database, kind, sql, values)


def _conditions(
    database: Database, kind: ItemKind, wanted: Filter
) -> tuple[list[str], list[object]]:
    conditions: list[str] = []
    values: list[object] = []
    for field in ("category", "source", "split"):
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


def _check_field(database: Database, kind: ItemKind, field: str) -> None:
    known = columns(database, kind)
    if field not in known:
        raise WorkspaceError(_unknown(field, kind, known))


def _checked(kind: ItemKind, where: str) -> str:
    """One condition and nothing besides; it is run in a transaction that cannot write."""
    sentence = f"SELECT id FROM {ROWS[kind]} WHERE (\n{where}\n)"
    try:
        statements = duckdb.extract_statements(sentence)
    except duckdb.Error as error:
        raise WorkspaceError(_in_words(error, kind, ())) from error
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise WorkspaceError(
            f"{where!r} is more than one condition; write what comes after WHERE, {EXAMPLE}."
        )
    return where


def _within_time(database: Database, kind: ItemKind, sql: str, values: Sequence[object]) -> Ids:
    with database.reading() as cursor:
        timer = Timer(SECONDS, cursor.interrupt)
        timer.start()
        try:
            table = cursor.sql(sql, params=values).to_arrow_table()
        except duckdb.InterruptException as error:
            raise WorkspaceError(
                f"The filter took more than {SECONDS:g} s and was stopped; make it simpler."
            ) from error
        except duckdb.Error as error:
            raise WorkspaceError(_in_words(error, kind, columns(database, kind))) from error
        finally:
            timer.cancel()
    ids: Ids = table.column(0).to_numpy()
    return ids


def _in_words(error: duckdb.Error, kind: ItemKind, known: Iterable[str]) -> str:
    """What is amiss with a condition, for people who do not know the database."""
    sentence = str(error).split("\n")[0].partition(": ")[2]
    if unknown := re.search(r'Referenced column "(.*)" not found', sentence):
        return _unknown(unknown[1], kind, known)
    if "unterminated" in sentence:
        return "A quotation mark in the filter is not closed."
    if near := re.search(r'syntax error at or near "(.*)"', sentence):
        where = "at its end" if near[1] == ")" else f"at {near[1]!r}"
        return f"The filter cannot be read {where}; write a condition {EXAMPLE}."
    return f"The filter cannot be used: {sentence}"


def _unknown(field: str, kind: ItemKind, known: Iterable[str]) -> str:
    fields = sorted(known)
    close = get_close_matches(field, fields, n=1)
    meant = f"Did you mean {close[0]}?" if close else f"Their fields: {', '.join(fields)}."
    return f"{kind.capitalize()}s have no field {field!r}. {meant} Text stands in single quotes."
