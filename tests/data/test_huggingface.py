from __future__ import annotations

import json
from pathlib import Path

import datasets
import pytest

from fgclip.data.formats import detect, read_records
from fgclip.data.reading import FormatError, Reading
from tests.support.data import png, write_png


def test_a_saved_data_set_has_its_splits_and_class_names(tmp_path: Path) -> None:
    features = datasets.Features(
        {
            "image": datasets.Image(),
            "objects": {
                "bbox": datasets.List(datasets.List(datasets.Value("float32"))),
                "category": datasets.List(datasets.ClassLabel(names=["cup", "dish"])),
            },
        }
    )
    row = {"image": [{"bytes": png()}], "objects": [{"bbox": [[10, 5, 20, 10]], "category": [1]}]}
    data = datasets.Dataset.from_dict(row, features=features)
    datasets.DatasetDict({"test": data}).save_to_disk(str(tmp_path / "saved"))

    (record,) = read_records(tmp_path / "saved", reading=Reading(extracted=tmp_path / "out"))

    assert detect(tmp_path / "saved") == "huggingface"
    assert record.split == "test"
    assert record.path.read_bytes() == png()
    assert [(region.category, region.box) for region in record.regions] == [
        ("dish", (0.25, 0.25, 0.75, 0.75))
    ]


def test_pictures_with_a_file_of_metadata_are_a_data_set(tmp_path: Path) -> None:
    write_png(tmp_path / "train" / "a.png")
    said = {"file_name": "a.png", "text": "a cup"}
    (tmp_path / "train" / "metadata.jsonl").write_text(json.dumps(said))

    (record,) = read_records(tmp_path, reading=Reading(extracted=tmp_path / "out"))

    assert detect(tmp_path) == "huggingface"
    assert (record.short_caption, record.split) == ("a cup", "train")
    assert record.path == tmp_path / "train" / "a.png"


def test_a_data_set_without_pictures_is_refused(tmp_path: Path) -> None:
    datasets.Dataset.from_dict({"price": [1]}).save_to_disk(str(tmp_path / "saved"))

    with pytest.raises(FormatError, match="None of the columns price"):
        list(read_records(tmp_path / "saved"))
