"""`python -m fgclip detect`."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from fgclip.cli import FAILED, main
from fgclip.data.formats import read_records


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
    boxes = [box for each in answer["pictures"] for box in each["boxes"]]
    assert boxes
    for box in boxes:
        assert box["score"] >= box["baseline"]
        assert 0 <= box["percentile"] <= 1
    records = list(read_records(tmp_path / "c.json", "coco"))
    assert sum(len(record.regions) for record in records) == len(boxes)
    assert Image.open(tmp_path / "drawn" / "00002-1.png").size == (80, 60)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["{folder}"], "give at least one phrase"),
        (["{folder}", "--phrase", " "], "give at least one phrase"),
        (["{folder}", "--phrase", "cat", "--share", "1.5"], "--share 1.5 is not between 0 and 1"),
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
