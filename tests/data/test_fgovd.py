from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from fgclip.data.formats import detect, read_records
from fgclip.data.reading import FormatError, Reading

LINE = {
    "img_path": "val2017/1.jpg", "bbox": [10, 5, 20, 10], "pos_expression": ["a red cup."],
    "neg_expression": ["a blue cup.", "a green cup."], "category_id": 3, "width": 40, "height": 20,
    "image_id": 1, "test_type": "1_attributes",
}  # fmt: skip


def test_fgovd_gathers_the_lines_of_a_picture(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    other = {**LINE, "bbox": [0, 0, 40, 20]}
    file.write_text(f"{json.dumps(LINE)}\nnot json\n{json.dumps(other)}\n")
    faults: list[str] = []

    (record,) = read_records(file, reading=Reading(images=Path("coco"), on_fault=faults.append))

    assert detect(file) == "fgovd"
    assert record.path == Path("coco/val2017/1.jpg")
    assert record.split == "val"
    first, second = record.regions
    assert first.box == (0.25, 0.25, 0.75, 0.75)
    assert first.phrase == "a red cup."
    assert [negative.text for negative in first.negatives] == ["a blue cup.", "a green cup."]
    assert first.meta["test_type"] == "1_attributes"
    assert second.box == (0, 0, 1, 1)
    assert faults == [f"{file}, line 2: not JSON (Expecting value)."]


@pytest.mark.skipif("FGOVD" not in os.environ, reason="FGOVD names no folder of the real files")
def test_fgovds_real_files_are_read_without_a_fault() -> None:
    faults: list[str] = []

    found = list(read_records(os.environ["FGOVD"], reading=Reading(on_fault=faults.append)))

    assert not faults
    assert sum(len(record.regions) for record in found) > 5_000


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"bbox": [0, 0, 99, 9]}, "leaves the picture; it has 40 × 20"),
        ({"bbox": [0, 0, None, 9]}, "not x, y, width, height in pixels"),
        ({"width": 0}, "width is 0, not a number of pixels"),
        ({"pos_expression": []}, "pos_expression is empty"),
        ({"neg_expression": "a blue cup."}, "neg_expression is not a list of texts"),
        ({"img_path": 7}, "img_path is missing"),
    ],
)
def test_a_faulty_line_of_fgovd_is_named(
    tmp_path: Path, change: dict[str, Any], words: str
) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text(f"{json.dumps(LINE)}\n{json.dumps({**LINE, **change})}\n")
    faults: list[str] = []

    (record,) = read_records(file, reading=Reading(on_fault=faults.append))

    assert len(record.regions) == 1
    (fault,) = faults
    assert fault.startswith(f"{file}, line 2: ")
    assert words in fault


def test_further_phrases_of_fgovd_are_kept_as_facts(tmp_path: Path) -> None:
    line = {**LINE, "pos_expression": ["a red cup.", "a crimson cup."]}
    (tmp_path / "a.jsonl").write_text(json.dumps(line))

    (record,) = read_records(tmp_path)

    assert record.regions[0].phrase == "a red cup."
    assert record.regions[0].meta["pos_expressions"] == ["a crimson cup."]


def test_an_absent_file_of_fgovd_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="holds no"):
        list(read_records(tmp_path / "a.jsonl", "fgovd"))
