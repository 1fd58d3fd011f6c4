import io
import json
import os
import tarfile
from pathlib import Path

import datasets
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PIL import Image

from fgclip.data.formats import detect, read_records
from fgclip.data.reading import FormatError, Reading

LINE = {
    "img_path": "val2017/1.jpg", "bbox": [10, 5, 20, 10], "pos_expression": ["a red cup."],
    "neg_expression": ["a blue cup.", "a green cup."], "category_id": 3, "width": 40, "height": 20,
    "image_id": 1, "test_type": "1_attributes",
}  # fmt: skip


def png(colour: str = "red") -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (40, 20), colour).save(stream, "PNG")
    return stream.getvalue()


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


def test_a_folder_takes_what_lies_beside_its_pictures(tmp_path: Path) -> None:
    for name in ("train/a.png", "val/b.png", "c.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(png())
    (tmp_path / "train/a.txt").write_text("a cup\nIt stands on a table.")
    (tmp_path / "val/b.json").write_text(
        json.dumps({"short_caption": "red", "bbox_info": [{"bbox": [0, 0, 1, 1]}]})
    )

    third, first, second = read_records(tmp_path)

    assert detect(tmp_path) == "folder"
    assert (first.split, first.short_caption) == ("train", "a cup")
    assert first.long_caption == "It stands on a table."
    assert (second.split, second.short_caption) == ("val", "red")
    assert [region.box for region in second.regions] == [(0, 0, 1, 1)]
    assert third.path == tmp_path / "c.png"


def test_pictures_inside_parquet_are_written_once(tmp_path: Path) -> None:
    rows = {
        "image": [{"bytes": png(), "path": "x.png"}, {"bytes": png(), "path": "y.png"}],
        "caption": ["red", "red again"],
        "objects": [
            {"bbox": [[10.0, 5.0, 20.0, 10.0]], "category": [2]},
            {"bbox": [], "category": []},
        ],
    }  # fmt: skip
    pq.write_table(pa.table(rows), tmp_path / "train-00000-of-00001.parquet")
    reading = Reading(extracted=tmp_path / "out")

    first, second = read_records(tmp_path, reading=reading)

    assert detect(tmp_path) == "parquet"
    assert first.path == second.path
    assert first.path.read_bytes() == png()
    assert first.path.suffix == ".png"
    assert first.split == "train"
    assert first.regions[0].box == (0.25, 0.25, 0.75, 0.75)
    assert first.regions[0].category == "2"


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


def test_a_shard_gives_what_comes_before_its_damage(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for name, content in (("1.png", png()), ("1.txt", b"a cup"), ("2.txt", b"alone")):
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    (tmp_path / "a.tar").write_bytes(stream.getvalue()[:2560])
    faults: list[str] = []
    reading = Reading(extracted=tmp_path / "out", on_fault=faults.append)

    (record,) = read_records(tmp_path / "a.tar", reading=reading)

    assert record.short_caption == "a cup"
    assert record.path.read_bytes() == png()
    assert len(faults) == 1


def test_yolo_names_the_line_at_fault(tmp_path: Path) -> None:
    for folder in ("images/train", "labels/train"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "images/train/a.png").write_bytes(png())
    (tmp_path / "labels/train/a.txt").write_text("0 0.5 0.5 0.5 0.5\n7 0.5 0.5 1 1\n0 much\n")
    (tmp_path / "data.yaml").write_text("train: images/train\nnames:\n  0: cup\n")
    faults: list[str] = []

    (record,) = read_records(tmp_path, reading=Reading(on_fault=faults.append))

    assert [(each.category, each.box) for each in record.regions] == [
        ("cup", (0.25, 0.25, 0.75, 0.75))
    ]
    assert "a.txt, line 2: class 7 is not among data.yaml's names" in faults[0]
    assert "a.txt, line 3: '0 much' is no box" in faults[1]


def test_what_is_in_no_format_is_refused_with_the_formats(tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("# notes")

    with pytest.raises(FormatError, match=r"notes.md is in no format that is known here: FineHARD"):
        detect(tmp_path / "notes.md")
    with pytest.raises(FormatError, match="There is no"):
        detect(tmp_path / "absent")
    with pytest.raises(FormatError, match="'excel' cannot be read; choose from finehard"):
        read_records(tmp_path, "excel")
