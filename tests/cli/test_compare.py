from __future__ import annotations

import json
from pathlib import Path

import pytest

from fgclip.cli.main import main
from fgclip.encoder import Encoder
from fgclip.workspace.workspace import Workspace
from tests.support.models import save_tiny_model
from tests.support.noise import picture_records


@pytest.mark.slow
def test_two_models_are_compared_on_a_workspace(model_folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    save_tiny_model(other, seed=1)
    with Workspace(tmp_path / "workspace") as workspace:
        workspace.add(iter(picture_records(tmp_path / "pictures", 10)), "noise")
    out = tmp_path / "compared.json"
    arguments = [
        "compare", "--workspace", str(tmp_path / "workspace"), "--model", str(model_folder),
        "--device", "cpu", "--dtype", "float32",
    ]  # fmt: skip

    assert main([*arguments, "--with", str(other), "--out", str(out)]) == 0

    answer = json.loads(out.read_text())
    assert [model["name"] for model in answer["models"]] == [model_folder.name, "other"]
    assert answer["own_phrase"]["regions"] == 20
    assert {each["route"] for each in answer["fooled"]} == {"short", "long", "box"}
    for each in answer["fooled"]:
        assert each["regions"] == 10
    assert answer["maps"]["points"] == 20
    assert 0 <= answer["maps"]["neighbours_kept"] <= 1


def test_a_model_is_not_compared_with_itself(
    model_folder: Path, encoder: Encoder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Workspace(tmp_path / "w").close()
    flags = ["--workspace", str(tmp_path / "w"), "--model", str(model_folder)]
    assert main(["compare", *flags, "--with", str(model_folder)]) == 2
    assert "holds the same weights as --model" in capsys.readouterr().err


def test_one_model_that_reads_pictures_in_two_ways_is_compared(
    model_folder: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "workspace"
    with Workspace(folder) as workspace:
        workspace.add(iter(picture_records(tmp_path / "pictures", 6)), "noise")
    out = tmp_path / "compared.json"
    arguments = [
        "compare", "--workspace", str(folder), "--model", str(model_folder), "--device", "cpu",
        "--with", str(model_folder), "--with-image-size", "128", "--out", str(out),
    ]  # fmt: skip
    assert main(arguments) == 0
    names = [model["name"] for model in json.loads(out.read_text())["models"]]
    assert names == [model_folder.name, f"{model_folder.name}, 128 pixels"]
