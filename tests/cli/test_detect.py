"""`python -m fgclip detect`."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from fgclip.cli.main import FAILED, main
from fgclip.data.formats import read_records
from fgclip.workspace.workspace import Workspace
from tests.support.detectors import save_owl
from tests.support.noise import picture_records


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "pictures"
    place.mkdir()
    random = np.random.default_rng(0)
    for number in range(3):
        pixels = random.integers(0, 256, (6, 8, 3), dtype=np.uint8)
        Image.fromarray(pixels).resize((80, 60)).save(place / f"{number}.png")
    (place / "broken.jpg").write_bytes(b"no picture")
    return place


def test_boxes_are_told_drawn_and_written_as_coco(
    folder: Path, model_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reference = tmp_path / "reference"
    reference.mkdir()
    Image.new("RGB", (40, 40), "grey").save(reference / "plain.png")
    flags = ["--phrase", "the cat", "--phrase", "the dog", "--phrase", "the cat", "--share", "0"]
    flags += ["--coco", str(tmp_path / "c.json"), "--draw", str(tmp_path / "drawn")]
    flags += ["--reference", str(reference), "--model", str(model_folder), "--dtype", "float32"]

    assert main(["detect", str(folder), *flags]) == 0

    said = capsys.readouterr()
    answer = json.loads(said.out)
    assert answer["phrases"] == ["the cat", "the dog"]
    assert [Path(each["picture"]).name for each in answer["pictures"]] == [
        "0.png",
        "1.png",
        "2.png",
    ]
    assert "broken.jpg" in said.err
    assert (answer["proposals"], answer["crops"]) == ("windows and segments", False)
    boxes = [box for each in answer["pictures"] for box in each["boxes"]]
    assert boxes
    for box in boxes:
        assert box["score"] >= box["baseline"]
        assert 0 <= box["percentile"] <= 1
        assert "objectness" not in box
    records = list(read_records(tmp_path / "c.json", "coco"))
    assert sum(len(record.regions) for record in records) == len(boxes)
    assert Image.open(tmp_path / "drawn" / "00002-1.png").size == (960, 720)  # enlarged, to be read


def test_a_detector_may_propose_and_crops_may_rank(
    folder: Path, model_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save_owl(tmp_path / "owl")
    reference = tmp_path / "reference"
    reference.mkdir()
    for colour in ("black", "white", "red", "lime", "blue"):
        Image.new("RGB", (40, 40), colour).save(reference / f"{colour}.png")
    flags = ["--phrase", "the cat", "--phrase", "the dog", "--share", "0", "--crops"]
    flags += ["--weight", "0.8"]
    flags += ["--detector", str(tmp_path / "owl"), "--device", "cpu", "--dtype", "float32"]
    flags += ["--reference", str(reference), "--model", str(model_folder)]

    assert main(["detect", str(folder / "0.png"), *flags]) == 0

    answer = json.loads(capsys.readouterr().out)
    assert (answer["proposals"], answer["crops"]) == ("owl", True)
    (picture,) = answer["pictures"]
    assert 0 < len(picture["boxes"]) <= 2 * 16  # a proposal a patch
    for box in picture["boxes"]:
        assert 0 <= box["objectness"] <= 1
        assert box["score"] >= box["baseline"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["{folder}"], "give at least one phrase"),
        (["{folder}", "--phrase", " "], "give at least one phrase"),
        (["{folder}", "--phrase", "cat", "--share", "1.5"], "share 1.5 is not between 0 and 1"),
        (
            ["{folder}", "--phrase", "cat", "--detector", "d", "--weight", "-1"],
            "weight -1 is not between 0 and 1",
        ),
        (["{folder}", "--phrase", "cat", "--detector", "{folder}"], "has no config.json"),
        (["{folder}/none", "--phrase", "cat"], "none"),
    ],
)
def test_what_makes_no_sense_is_told_in_one_sentence(
    words: list[str], told: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "none").mkdir()

    assert main(["detect", *(each.format(folder=folder) for each in words)]) == FAILED

    said = capsys.readouterr().err
    assert told in said
    assert "Traceback" not in said


def test_a_reference_that_cannot_be_read_is_named(
    folder: Path, model_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reference = tmp_path / "reference"
    reference.mkdir()
    (reference / "torn.png").write_bytes(b"no picture")
    flags = ["--phrase", "the cat", "--share", "0", "--dtype", "float32"]
    flags += ["--reference", str(reference), "--model", str(model_folder)]

    assert main(["detect", str(folder), *flags]) == 2
    assert "--reference: none of 1 pictures can be read" in capsys.readouterr().err

    Image.new("RGB", (40, 40), "grey").save(reference / "plain.png")
    assert main(["detect", str(folder), *flags]) == 0
    assert "left out of the reference" in capsys.readouterr().err


def test_a_workspace_of_one_picture_is_measured_against_the_gallery(
    folder: Path, model_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setattr("fgclip.cli.detect.GALLERY", folder)
    with Workspace(tmp_path / "workspace") as workspace:
        workspace.add(picture_records(tmp_path / "one", 1), "noise")
    flags = ["--workspace", str(tmp_path / "workspace"), "--phrase", "the cat", "--share", "0"]

    assert main(["detect", *flags, "--model", str(model_folder), "--dtype", "float32"]) == 0
    assert json.loads(capsys.readouterr().out)["kept"]["faults"] == 0
