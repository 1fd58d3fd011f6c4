from __future__ import annotations

from pathlib import Path

import pytest

from fgclip.data.formats import read_records, write_records
from fgclip.data.reading import FormatError, Reading
from fgclip.data.records import Record
from tests.support.data import png, write_png


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


def test_the_folders_of_roboflow_are_found(tmp_path: Path) -> None:
    picture = write_png(tmp_path / "valid" / "images" / "a.png")
    (tmp_path / "valid" / "labels").mkdir()
    (tmp_path / "valid" / "labels" / "a.txt").write_text("0 0.2 0.2 0.6 0.2 0.6 0.8\n")
    (tmp_path / "data.yaml").write_text(
        "train: ../train/images\nval: ../valid/images\nnames: [cup]\n"
    )
    faults: list[str] = []

    (record,) = read_records(tmp_path, reading=Reading(on_fault=faults.append))

    assert (record.path, record.split) == (picture, "val")
    assert record.regions[0].box == pytest.approx((0.2, 0.2, 0.6, 0.8))
    assert "train/images, which does not exist" in faults[0]


def test_a_list_names_pictures_from_the_root(tmp_path: Path) -> None:
    write_png(tmp_path / "images" / "a.png")
    write_png(tmp_path / "images" / "b.png")
    (tmp_path / "train.txt").write_text("./images/b.png\n")
    (tmp_path / "data.yaml").write_text("path: /gone\ntrain: train.txt\nnames: [cup]\n")

    assert [record.path.name for record in read_records(tmp_path)] == ["b.png"]


@pytest.mark.parametrize(
    ("content", "words"),
    [("names: 7", "names is 7"), ("- a", "holds no names"), ("a: [", "is not YAML")],
)
def test_a_data_yaml_without_classes_is_refused(tmp_path: Path, content: str, words: str) -> None:
    (tmp_path / "data.yaml").write_text(content)

    with pytest.raises(FormatError, match=words):
        list(read_records(tmp_path))


def test_what_lies_in_a_folder_already_is_never_mixed_with_an_export(tmp_path: Path) -> None:
    picture = write_png(tmp_path / "a.png")
    out = tmp_path / "out"
    write_records([Record(picture)], out, "yolo")

    with pytest.raises(FormatError, match="holds something already"):
        write_records([Record(picture)], out, "yolo")


def test_an_export_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    records = [Record(write_png(tmp_path / "a.png")), Record(tmp_path / "gone.png")]

    with pytest.raises(FormatError, match=r"no picture .*gone\.png"):
        write_records(records, tmp_path / "out", "yolo")
    assert [each.name for each in tmp_path.iterdir()] == ["a.png"]


def test_a_link_is_exported_as_what_it_leads_to(tmp_path: Path) -> None:
    write_png(tmp_path / "deep" / "a.png")
    (tmp_path / "b.png").symlink_to("deep/a.png")

    write_records([Record(tmp_path / "b.png")], tmp_path / "out", "yolo")

    (back,) = read_records(tmp_path / "out")
    assert not back.path.is_symlink()
    assert back.path.read_bytes() == png()
