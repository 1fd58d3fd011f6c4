"""The DuckDB file: one process owns it, one transaction writes at a time, any thread may read."""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Any, Literal

import duckdb
import numpy as np
import pyarrow as pa

from fgclip.types import Ids
from fgclip.workspace.store.schema import MIGRATIONS, VERSION

FILE = "workspace.duckdb"
NAME = "workspace"  # of the file among those that DuckDB has open
MEMORY = "256MB"  # what DuckDB may use before it spills to the disk
ROW_GROUP = 16_384  # rows that are written anew together when the last of them are appended
SHARDS = "shards"  # the folder of Parquet files that are read in place

Cursor = duckdb.DuckDBPyConnection
Changing = Literal["records", "vectors", "maps"]
Values = Sequence[Any] | Mapping[str, Any]

log = logging.getLogger(__name__)


class WorkspaceError(ValueError):
    """A workspace that cannot be used as asked, with the remedy."""


class Database:
    """One open file. Threads may share it: every question has its own cursor."""

    def __init__(self, folder: Path, *, shard_folders: Sequence[Path] = ()) -> None:
        """Open, or make, the workspace in a folder.

        Args:
            folder: of the workspace.
            shard_folders: beside the workspace's own, folders whose Parquet files may be read.

        Raises:
            WorkspaceError: Another process has it open, or it is of a newer version, or it is no
                workspace, or it cannot be written.
        """
        self.folder = folder
        self._write_lock = RLock()
        self._changes: Counter[str] = Counter()
        self._connection = _connect(folder)
        try:
            self._migrate()
            self._lock_down([folder / SHARDS, *shard_folders])
        except BaseException:
            self._connection.close()
            raise

    def close(self) -> None:
        """Write everything into the file and let go of it."""
        self._connection.close()

    @contextmanager
    def write(self) -> Iterator[Cursor]:
        """A transaction: all of it happens, or nothing.

        Raises:
            WorkspaceError: The disk is full or refuses; what was acknowledged before is safe.
        """
        with self._write_lock:
            cursor = self._cursor()
            try:
                cursor.execute("BEGIN TRANSACTION")
                yield cursor
                cursor.execute("COMMIT")
            except duckdb.Error as error:
                _roll_back(cursor)
                raise _in_words(error, self.folder) from error
            except BaseException:
                _roll_back(cursor)
                raise
            finally:
                cursor.close()

    def changed(self, what: Changing) -> None:
        """Say that something was written, so that copies of it are made anew."""
        self._changes[what] += 1

    def changes(self, what: Changing) -> int:
        """How often something was written since the file was opened."""
        return self._changes[what]

    def rows(self, sql: str, values: Values = ()) -> list[Any]:
        """All rows of an answer."""
        with self.reading() as cursor:
            return cursor.execute(sql, values).fetchall()

    def table(self, sql: str, values: Values = ()) -> pa.Table:
        """An answer as an Arrow table."""
        with self.reading() as cursor:
            return cursor.sql(sql, params=values).to_arrow_table()

    def dicts(self, sql: str, values: Values = ()) -> list[dict[str, Any]]:
        """All rows of an answer, columns by name."""
        rows: list[dict[str, Any]] = self.table(sql, values).to_pylist()
        return rows

    def ids(self, sql: str, values: Values = ()) -> Ids:
        """The first column of an answer, whole numbers: (N,)."""
        return np.asarray(self.table(sql, values).column(0).to_numpy(), np.int64)

    @contextmanager
    def reading(self, *, among: Ids | None = None) -> Iterator[Cursor]:
        """A cursor that cannot write; it sees ids that are given as the column `id` of `among`."""
        cursor = self._cursor()
        try:
            cursor.execute("BEGIN TRANSACTION READ ONLY")
            if among is not None:
                cursor.register("among", pa.table({"id": among}))
            yield cursor
        except duckdb.Error as error:
            raise _in_words(error, self.folder) from error
        finally:
            _roll_back(cursor)
            cursor.close()

    def _cursor(self) -> Cursor:
        cursor = self._connection.cursor()
        cursor.execute(f"USE {NAME}")
        return cursor

    def _migrate(self) -> None:
        """Bring an older file to the present tables, step by step, each whole or not at all."""
        with self.write() as cursor:
            cursor.execute("CREATE TABLE IF NOT EXISTS version (number INTEGER NOT NULL)")
            found = cursor.execute("SELECT number FROM version").fetchall()
        version = found[0][0] if found else 0
        if version > VERSION:
            raise WorkspaceError(
                f"{self.folder} was written by a newer version of FG-CLIP Explorer (its tables are "
                f"of version {version}, this program knows {VERSION}). Update the program, or name "
                "another folder with --workspace."
            )
        for number in range(version, VERSION):
            with self.write() as cursor:
                cursor.execute(MIGRATIONS[number])
                cursor.execute("DELETE FROM version")
                cursor.execute("INSERT INTO version VALUES (?)", [number + 1])
            if version:
                log.info("%s: tables brought to version %d", self.folder, number + 1)

    def _lock_down(self, shard_folders: Sequence[Path]) -> None:
        """From here on no statement reaches a file but the workspace's own and its shards."""
        known = self.rows("SELECT DISTINCT path FROM shards")
        shard_folders = [*shard_folders, *(Path(path) for (path,) in known)]
        allowed = ", ".join(quoted(str(folder.resolve()) + "/") for folder in shard_folders)
        for setting in (
            f"allowed_directories = [{allowed}]",
            "enable_external_access = false",
            "autoinstall_known_extensions = false",
            "lock_configuration = true",
        ):
            self._connection.execute(f"SET {setting}")


def appended(cursor: Cursor, table: str, rows: pa.Table) -> None:
    """Append an Arrow table whose columns are named as the table's."""
    cursor.register("appended_rows", rows)
    columns = ", ".join(rows.column_names)
    cursor.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM appended_rows")
    cursor.unregister("appended_rows")


def _connect(folder: Path) -> Cursor:
    """The file is attached, not opened: only so can its row groups be made small.

    A checkpoint writes the last row group of a table anew. With the usual 122,880 rows that would
    be 250 MB of vectors, again and again, in memory and, until they are reused, in the file.
    """
    file = folder / FILE
    connection = duckdb.connect()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        connection.execute(f"SET memory_limit = '{MEMORY}'")
        connection.execute(f"SET temp_directory = {quoted(f'{file}.tmp')}")
        connection.execute(f"ATTACH {quoted(str(file))} AS {NAME} (ROW_GROUP_SIZE {ROW_GROUP})")
        return connection
    except OSError as error:
        connection.close()
        raise WorkspaceError(
            f"{folder} cannot be made ({error.strerror}); name another folder with --workspace."
        ) from error
    except duckdb.Error as error:
        connection.close()
        raise _in_words(error, folder) from error


def _roll_back(cursor: Cursor) -> None:
    try:
        cursor.execute("ROLLBACK")
    except duckdb.Error:
        log.debug("nothing to roll back", exc_info=True)  # the transaction ended by itself


def _in_words(error: duckdb.Error, folder: Path) -> WorkspaceError:
    text = str(error)
    holder = re.search(r"Conflicting lock is held in (.*?)\(PID (\d+)\)", text)
    if holder:
        return WorkspaceError(
            f"{folder} is in use by process {holder[2]} ({holder[1].strip()}). Close that program, "
            "or name another folder with --workspace."
        )
    if "not a valid DuckDB database" in text:
        return WorkspaceError(
            f"{folder / FILE} is not a workspace. Move it away, or name another folder."
        )
    if re.search(r"No space left|File too large|[Cc]ould not write|disk quota", text):
        return WorkspaceError(
            f"The disk of {folder} is full or refuses to be written. What was reported as done is "
            "safe; free some space and do the last step again, it goes on where it stopped."
        )
    return WorkspaceError(f"{folder}: {text.splitlines()[0]}")


def quoted(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"
