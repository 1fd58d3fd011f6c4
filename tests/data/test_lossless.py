"""What is written comes back as it was, in every format that can hold all of it."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fgclip.data.formats import WRITABLE, read_records, write_records
from fgclip.data.records import Negative, Record, Region
from tests.support.strategies import records

LOSSLESS = {"finehard": ".json", "coco": ".json", "parquet": ".parquet"}
FULL = Record(
    path=Path("a.png"),
    short_caption="a dog",
    long_caption="A dog lies on the grass. It is old.",
    regions=(
        Region((0.25, 0.5, 0.5, 1.0), "an old dog", "an old brown dog",
               (Negative("an old cat", "object"),), "dog", {"iscrowd": 1}),
        Region((0.0, 0.0, 1.0, 0.5), "", category="sky"),
    ),
    split="val",
    size=(40, 20),
    meta={"licence": 4},
)  # fmt: skip


@pytest.mark.parametrize("name", LOSSLESS)
@settings(max_examples=30)
@given(data=st.data())
def test_records_come_back_as_they_were_written(
    tmp_path_factory: pytest.TempPathFactory, name: str, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("round")
    given_ = data.draw(records(folder))
    if name == "coco":  # it always knows the size
        given_ = [dataclasses.replace(each, size=each.size or (640, 480)) for each in given_]

    lost = write_records(given_, folder / f"a{LOSSLESS[name]}", name)

    assert list(read_records(folder / f"a{LOSSLESS[name]}")) == given_ or not given_
    assert not lost


@pytest.mark.parametrize("name", LOSSLESS)
def test_a_picture_elsewhere_is_found_from_another_folder(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    record = Record(Path("pictures/a.png"), size=(40, 20))

    write_records([record], Path(f"out/a{LOSSLESS[name]}"), name)

    (back,) = read_records(Path(f"out/a{LOSSLESS[name]}"))
    assert back.path == tmp_path / "pictures" / "a.png"


def test_yolo_keeps_boxes_and_categories_and_says_what_it_lost(tmp_path: Path) -> None:
    picture = tmp_path / "a.png"
    picture.write_bytes(b"any")

    lost = write_records([dataclasses.replace(FULL, path=picture)], tmp_path / "out", "yolo")

    (back,) = read_records(tmp_path / "out")
    assert [region.category for region in back.regions] == ["dog", "sky"]
    assert back.regions[0].box == pytest.approx((0.25, 0.5, 0.5, 1.0), abs=1e-6)
    assert back.split == "val"
    assert back.path.read_bytes() == b"any"
    assert lost == {
        "short captions": 1, "long captions": 1, "facts of pictures": 1, "phrases": 1,
        "long phrases": 1, "negatives": 1, "facts of regions": 1,
    }  # fmt: skip


def test_yolo_comes_back_the_same_a_second_time(tmp_path: Path) -> None:
    picture = tmp_path / "a.png"
    picture.write_bytes(b"any")
    write_records([dataclasses.replace(FULL, path=picture)], tmp_path / "one", "yolo")
    once = list(read_records(tmp_path / "one"))

    lost = write_records(once, tmp_path / "two", "yolo")

    twice = list(read_records(tmp_path / "two"))
    assert [each.regions for each in twice] == [each.regions for each in once]
    assert not lost


def test_csv_has_a_row_for_each_region(tmp_path: Path) -> None:
    write_records([FULL, Record(Path("b.png"))], tmp_path / "a.csv", "csv")

    head, first, second, bare = (tmp_path / "a.csv").read_text(encoding="utf-8").splitlines()
    assert head.startswith("path,split,width,height")
    assert "0.25,0.5,0.5,1.0,dog,an old dog" in first
    assert ",sky," in second
    assert bare.startswith("b.png,")


def test_every_format_that_can_be_written_is_tested_here() -> None:
    assert set(WRITABLE) == {*LOSSLESS, "yolo", "csv"}
