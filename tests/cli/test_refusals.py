"""What would be ignored in silence, or made by mistake, is refused before anything is computed."""

from __future__ import annotations

from pathlib import Path

import pytest

from fgclip.cli.main import FAILED, main
from fgclip.workspace import Workspace


@pytest.mark.parametrize(
    "command",
    [
        "detect --phrase cat", "failures", "search cat", "map", "map --list", "map --remove 1",
        "export o.csv --format csv", "duplicates", "duplicates --near 0.9", "compare --with other",
        "info", "info --check", "index", "index --engine ray",
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["absent", "empty", "file"])
def test_a_folder_that_is_no_workspace_is_named_with_the_remedy_and_stays_as_it_was(
    command: str, kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "place"
    if kind == "empty":
        place.mkdir()
    elif kind == "file":
        place.write_text("a file")
    before = list(tmp_path.rglob("*"))
    assert main([*command.split(), "--workspace", str(place)]) == FAILED
    (line,) = capsys.readouterr().err.splitlines()
    assert f"{place} is no workspace" in line
    assert f"python -m fgclip import DATA --workspace {place}" in line
    assert list(tmp_path.rglob("*")) == before


def test_nor_is_the_usual_one_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for command in ("info --check", "search cat", "index"):
        assert main(command.split()) == FAILED
        assert "workspace is no workspace" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("detect a.png --phrase cat --weight 0.3", "--weight 0.3 means nothing without --detector"),
        ("probe a.png --prompt cat --pixels", "--pixels means nothing without --box"),
        ("search cat --box 0,0,1,1", "--box 0,0,1,1 means nothing without --picture"),
        ("search --region 3 --route box", "--route box means nothing without TEXT"),
        ("map --engine ray", "--engine ray means nothing without --place"),
        ("map --workers 3", "--workers 3 means nothing without --engine ray"),
        ("map --list --save a.fgmap", "are of a new map"),
        ("map --remove 1 --neighbours 5", "are of a new map"),
        ("map --list --place 1", "give --place 1 or --list, not both"),
        ("map --remove 2 --place 1", "give --place 1 or --remove 2, not both"),
        ("map --kind image --save a.fgmap", "only a map of regions can be saved"),
        ("map --save none/a.fgmap", "there is no folder none; make it first"),
        ("detect a.png --phrase cat --draw file", "file is a file; name a folder"),
        ("detect a.png --phrase cat --draw file/below", "file is a file; name a folder"),
        ("index --pictures s3://a", "--pictures s3://a means nothing without --engine ray"),
        ("index --gpus 1", "--gpus 1.0 means nothing without --engine ray"),
        ("duplicates --kind region", "--kind region means nothing without --near"),
        ("info --zoo --check", "give one of"),
        ("info --download a --check", "give one of"),
        ("negatives cat --cache a", "--cache is for a chat model"),
        ("negatives cat --box 0,0,1,1", "name it with --picture"),
    ],
)
def test_a_flag_that_means_nothing_alone_is_refused(
    command: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").touch()
    if command.startswith("map -") and "means nothing" not in words:
        with Workspace(tmp_path / "workspace"):
            pass
    assert main(command.split()) == FAILED
    said = capsys.readouterr()
    assert (said.out, len(said.err.splitlines())) == ("", 1)
    assert words in said.err


def test_a_number_beyond_all_measure_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["index", "--batch-size", "9" * 23])
    assert f"{'9' * 23} is more than 1000000000000" in capsys.readouterr().err


@pytest.mark.parametrize(
    "command",
    [
        "detect --workspace w --phrase", "detect a.png --phrase cat --coco",
        "probe a.png --prompt cat --out", "import a --name", "search", "caf",
    ],
)  # fmt: skip
def test_half_a_character_is_named_and_nothing_is_made_of_it(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    assert main([*command.split(), "caf\udce9"]) == FAILED
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("fgclip: caf\\udce9 is not UTF-8 text; write it in UTF-8")
    assert not list(tmp_path.iterdir())
