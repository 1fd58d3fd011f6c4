"""A file is written whole or not at all."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from fgclip.files import write_text, written_whole

ROOT = Path(__file__).parents[1]


def test_a_write_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "numbers.json"
    path.write_text("before")
    with pytest.raises(OSError, match="disk full"):
        _fail_halfway(path)
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


def _fail_halfway(path: Path) -> None:
    with written_whole(path) as partial:
        partial.write_text("half of")
        raise OSError("disk full")


def test_a_write_that_ends_well_leaves_one_file(tmp_path: Path) -> None:
    path = tmp_path / "new.bin"
    with written_whole(path) as partial:
        partial.write_bytes(b"all")
        assert not path.exists()
    assert path.read_bytes() == b"all"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_stays_a_link_to_what_was_written(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "file")
    write_text(link, "text")
    assert link.is_symlink()
    assert (tmp_path / "file").read_text() == "text"


def test_a_device_is_written_to_and_not_replaced() -> None:
    write_text(Path("/dev/null"), "text")
    assert Path("/dev/null").is_char_device()


def test_a_pipe_is_written_to() -> None:
    script = "from pathlib import Path; from fgclip.files import write_text; "
    script += "write_text(Path('/dev/stdout'), 'text')"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, cwd=ROOT)
    assert done.stdout == b"text"


def test_somebodys_file_of_a_like_name_stays(tmp_path: Path) -> None:
    mine = tmp_path / "numbers.json.partial"
    mine.write_text("mine")
    write_text(tmp_path / "numbers.json", "text")
    assert mine.read_text() == "mine"


def test_what_utf_8_cannot_hold_is_replaced(tmp_path: Path) -> None:
    write_text(tmp_path / "text", "caf\udce9 é")
    assert (tmp_path / "text").read_text(encoding="utf-8") == "caf? é"
