"""Data sets on the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fgclip.cli.main import FAILED, main
from fgclip.data.finehard import write_finehard
from fgclip.encoder import Encoder
from fgclip.workspace.workspace import Workspace
from tests.support.maps import kept
from tests.support.noise import picture_records


class Commands:
    """Runs commands on one workspace."""

    def __init__(self, folder: Path, model: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self._workspace = ["--workspace", str(folder / "w")]
        self._model = ["--model", str(model), "--device", "cpu", "--dtype", "float32"]
        self._capsys = capsys

    def run(self, *words: str) -> tuple[int, str, str]:
        needs_model = words[0] in ("index", "search", "map", "duplicates")
        status = main([*words, *self._workspace, *(self._model if needs_model else [])])
        said = self._capsys.readouterr()
        return status, said.out, said.err

    def __call__(self, *words: str) -> dict[str, Any]:
        status, out, err = self.run(*words)
        assert status == 0, err
        answer: dict[str, Any] = json.loads(out)
        return answer


@pytest.fixture
def command(tmp_path: Path, model_folder: Path, capsys: pytest.CaptureFixture[str]) -> Commands:
    return Commands(tmp_path, model_folder, capsys)


@pytest.fixture
def annotations(tmp_path: Path) -> Path:
    write_finehard(picture_records(tmp_path / "pictures", 10), tmp_path / "a.json")
    return tmp_path / "a.json"


def test_a_data_set_goes_all_the_way(
    command: Commands, annotations: Path, encoder: Encoder, tmp_path: Path
) -> None:
    assert command("import", str(annotations), "--name", "noise")["images"] == 10
    assert command("index", "--batch-size", "4") == {"pictures": 10, "texts": 3, "faults": 0}
    found = command("search", "the cat", "--category", "dog", "--limit", "2")
    assert (found["searched"], len(found["found"])) == (7, 2)
    assert {each["said"] for each in found["found"]} == {"the dog"}
    (itself,) = command("search", "--region", "5", "--limit", "1")["found"]
    assert (itself["id"], itself["score"]) == (5, 1.0)
    picture = str(tmp_path / "pictures" / "0004.png")
    box = command("search", "--picture", picture, "--box", "0.1,0.2,0.5,0.7", "--limit", "1")
    assert box["found"][0]["id"] == 9
    whole = command("search", "--picture", picture, "--kind", "image", "--limit", "1")
    assert whole["found"][0]["picture"] == picture
    assert command("duplicates")["groups"] == []
    assert command("duplicates", "--near", "0.9999999")["kind"] == "image"
    written = command("export", str(tmp_path / "o.csv"), "--format", "csv", "--where", "id < 3")
    assert written["not_kept"] == {}
    assert len((tmp_path / "o.csv").read_text().splitlines()) == 5
    state = command("info", "--check")
    assert (state["regions"], state["unsound"]) == (20, [])
    assert state["models"][0]["vectors"] == {"image": 10, "region": 20, "text": 3}


def test_maps_are_listed_placed_on_and_removed(
    command: Commands, annotations: Path, encoder: Encoder, tmp_path: Path
) -> None:
    command("import", str(annotations))
    command("index")
    with Workspace(tmp_path / "w") as workspace:
        kept(workspace, encoder, np.random.default_rng(0).random((18, 2)))

    assert [run["points"] for run in command("map", "--list")["maps"]] == [18]
    placed = command("map", "--place", "1")
    assert (placed["placed"], placed["points"], placed["fitted"]) == (2, 20, 18)
    assert command("map", "--remove", "1") == {"maps": []}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["import", "{tmp}/absent"], "There is no"),
        (["search"], "give one of: a text, --picture FILE, --region ID"),
        (["search", "cat", "--region", "1"], "give one of"),
        (["search", "cat", "--where", "nonsense"], "Regions have no field"),
        (["map", "--neighbours", "1"], "choose from 2 to 200"),
        (["map", "--place", "7"], "There is no map 7"),
        (["map"], "a map needs 5"),
        (["export", "{tmp}/o.csv", "--format", "csv", "--where", "x"], "Images have no field"),
    ],
)
def test_what_makes_no_sense_is_told_in_one_sentence(
    command: Commands, tmp_path: Path, words: list[str], said: str
) -> None:
    Workspace(tmp_path / "w").close()
    status, out, err = command.run(*(word.format(tmp=tmp_path) for word in words))

    assert (status, out) == (FAILED, "")
    assert said in err
    assert "Traceback" not in err


def test_an_unsound_workspace_fails_its_check(
    command: Commands, annotations: Path, tmp_path: Path
) -> None:
    command("import", str(annotations))
    (tmp_path / "pictures" / "0003.png").unlink()

    status, out, err = command.run("info", "--check")

    assert status == FAILED
    assert "1 pictures are gone from their place" in json.loads(out)["unsound"][0]
    assert "the workspace has faults" in err


def test_a_workspace_in_use_is_refused(command: Commands, tmp_path: Path) -> None:
    (tmp_path / "w").write_text("a file")

    status, _, err = command.run("import", str(tmp_path))

    assert status == FAILED
    assert "cannot be made" in err
