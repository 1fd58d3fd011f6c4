"""One owner, nothing lost, and a message for everything that can go wrong."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from contextlib import closing
from pathlib import Path

import pytest

from fgclip.workspace import check
from fgclip.workspace.store import catalogue, database
from fgclip.workspace.store.database import ROW_GROUP, Database, WorkspaceError
from fgclip.workspace.workspace import Workspace

ROOT = Path(__file__).parents[3]


def in_another_process(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code), *arguments],
        capture_output=True, text=True, cwd=ROOT, check=False,
    )  # fmt: skip


def test_a_second_process_is_told_who_has_it(workspace: Workspace) -> None:
    code = """
        import sys
        from fgclip.workspace.store.database import ROW_GROUP, Database, WorkspaceError
        from pathlib import Path
        try:
            Database(Path(sys.argv[1]))
        except WorkspaceError as error:
            print(error)
    """
    told = in_another_process(code, str(workspace.folder)).stdout

    assert f"is in use by process {os.getpid()}" in told
    assert "Close that program, or name another folder with --workspace" in told


def test_a_workspace_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    opened = Database(tmp_path)
    with opened.write() as cursor:
        cursor.execute("UPDATE version SET number = 99")
    opened.close()

    with pytest.raises(WorkspaceError, match=r"newer version .* of version 99.*Update the program"):
        Database(tmp_path)


def test_an_older_workspace_is_brought_to_the_present_tables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Database(tmp_path).close()
    monkeypatch.setattr(database, "MIGRATIONS", (*database.MIGRATIONS, "CREATE TABLE new (a INT)"))
    monkeypatch.setattr(database, "VERSION", database.VERSION + 1)

    opened = Database(tmp_path)

    assert opened.rows("SELECT count(*) FROM new") == [(0,)]
    assert opened.rows("SELECT number FROM version") == [(database.VERSION,)]
    opened.close()


def test_maps_of_the_first_version_keep_their_numbers_for_themselves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(database, "VERSION", 1)
        first = Database(tmp_path)
    with first.write() as cursor:
        cursor.execute(
            "INSERT INTO maps SELECT 7, 'old', 1, 'region', 'umap', '{}', 0, 0, 0, 0, 1, 1, now()"
        )
    first.close()

    opened = Database(tmp_path)

    assert opened.rows("SELECT latest FROM map_numbers") == [(7,)]
    opened.close()


def test_a_migration_that_fails_leaves_everything_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Database(tmp_path).close()
    bad = "CREATE TABLE half (a INT); SELECT nothing FROM nowhere"
    with monkeypatch.context() as patched:
        patched.setattr(database, "MIGRATIONS", (*database.MIGRATIONS, bad))
        patched.setattr(database, "VERSION", database.VERSION + 1)
        with pytest.raises(WorkspaceError):
            Database(tmp_path)

    opened = Database(tmp_path)
    assert opened.rows("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'half'") == [(0,)]
    opened.close()


def test_what_is_no_workspace_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / database.FILE).write_text("my diary " * 999)

    with pytest.raises(WorkspaceError, match="is not a workspace"):
        Database(tmp_path)
    assert (tmp_path / database.FILE).read_text().startswith("my diary")


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(WorkspaceError, match="cannot be made"):
        Database(tmp_path / "file" / "workspace")


def test_a_transaction_that_fails_changes_nothing(workspace: Workspace) -> None:
    def write_half() -> None:
        with workspace.database.write() as cursor:
            cursor.execute("INSERT INTO texts VALUES (1, 'half')")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_half()

    assert catalogue.counts(workspace.database)["texts"] == 0


def test_no_statement_reaches_other_files(workspace: Workspace, tmp_path: Path) -> None:
    for statement in (
        "SELECT * FROM read_csv('/etc/passwd')",
        f"COPY texts TO '{tmp_path}/out.csv'",
        f"ATTACH '{tmp_path}/other.duckdb'",
        "SET enable_external_access = true",
        "INSTALL httpfs",
    ):
        with pytest.raises(WorkspaceError):
            workspace.database.rows(statement)


WRITER = """
    import sys, resource
    from pathlib import Path
    from fgclip.workspace.store.database import Database
    from fgclip.workspace.store.vectors import VectorBatch, append, register
    import numpy as np
    database = Database(Path(sys.argv[1]))
    model = register(database, name="m", sha256="s", dimensions=64, card={})
    if len(sys.argv) > 2:
        limit = int(sys.argv[2])
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    rows = np.random.default_rng(0).normal(size=(200, 64)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    with database.write() as cursor:
        cursor.execute("INSERT INTO images SELECT i, 'p' || i, '', 0, 1, 1, '', '', '', '', '{}' "
            "FROM range(1, 200001) r(i)")
    for number in range(1000):
        owners = range(200 * number + 1, 200 * number + 201)
        append(database, model, [VectorBatch("image", owners, rows)])
        print(number + 1, flush=True)
"""


def found_after(folder: Path) -> tuple[int, list[str]]:
    """Rows that are there, and what is wrong with them."""
    opened = Database(folder)
    ((rows,),) = opened.rows("SELECT count(*) FROM vectors_1")
    faults = [each for each in check.faults(opened) if "pictures are gone" not in each]
    opened.close()
    return rows, faults


@pytest.mark.parametrize("wait", [0.0, 0.15, 0.4])
def test_kill_9_loses_nothing_that_was_acknowledged(tmp_path: Path, wait: float) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(WRITER), str(tmp_path)],
        stdout=subprocess.PIPE, text=True, cwd=ROOT,
    ) as writer:  # fmt: skip
        assert writer.stdout is not None
        acknowledged = int(writer.stdout.readline())
        time.sleep(wait)
        writer.send_signal(signal.SIGKILL)
        acknowledged = max([acknowledged, *map(int, writer.stdout.read().split())])

    rows, faults = found_after(tmp_path)
    assert rows >= 200 * acknowledged
    assert rows % 200 == 0
    assert faults == []


def test_a_full_disk_is_told_and_what_was_done_is_kept(tmp_path: Path) -> None:
    writer = in_another_process(WRITER, str(tmp_path), str(12_000_000))

    acknowledged = int(writer.stdout.split()[-1])
    assert "is full or refuses to be written" in writer.stderr
    assert "What was reported as done is safe" in " ".join(writer.stderr.split())
    rows, faults = found_after(tmp_path)
    assert rows >= 200 * acknowledged > 0
    assert rows % 200 == 0
    assert faults == []


def test_rows_lie_in_small_groups(tmp_path: Path) -> None:
    with closing(Database(tmp_path)) as opened:
        with opened.write() as cursor:
            cursor.execute("CREATE TABLE many AS SELECT range AS id FROM range(40_000)")
        groups = opened.rows(
            "SELECT row_group_id, max(count) FROM pragma_storage_info('many') "
            "WHERE column_name = 'id' GROUP BY ALL ORDER BY ALL"
        )

    assert [group for group, _ in groups] == [0, 1, 2]
    assert all(count <= ROW_GROUP for _, count in groups)


def test_what_does_not_fit_into_memory_is_put_beside_the_file(tmp_path: Path) -> None:
    with closing(Database(tmp_path)) as opened:
        ((folder, limit),) = opened.rows(
            "SELECT current_setting('temp_directory'), current_setting('memory_limit')"
        )
        ((count,),) = opened.rows(
            "SELECT count(*) FROM (SELECT DISTINCT md5(range::VARCHAR) FROM range(6_000_000))"
        )

    assert (Path(folder), limit) == (tmp_path / "workspace.duckdb.tmp", "244.1 MiB")
    assert count == 6_000_000
