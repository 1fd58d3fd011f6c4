from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from fgclip.data.formats import detect, read_records
from fgclip.data.reading import FormatError, Reading
from tests.support.data import png, write_png


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


def test_paths_in_a_table_are_relative_to_it_or_to_the_pictures(tmp_path: Path) -> None:
    rows = {"image_path": ["a.png"], "text": [["one", "two"]], "description": ["long"]}
    pq.write_table(pa.table(rows), tmp_path / "a.parquet")

    (beside,) = read_records(tmp_path / "a.parquet")
    (elsewhere,) = read_records(tmp_path / "a.parquet", reading=Reading(images=Path("x")))

    assert (beside.path, elsewhere.path) == (tmp_path / "a.png", Path("x/a.png"))
    assert (beside.short_caption, beside.long_caption) == ("one", "long")
    assert beside.meta == {"captions": ["two"]}


@pytest.mark.parametrize(
    ("objects", "words"),
    [
        ({"bbox": [[0.0, 0, 9, 9], [0.0, 0, 99, 9]], "category": ["a", "b"]}, "box 2: (0, 0, 99"),
        ({"bbox": [[0.0, 0, 9, 9], [0.0, 0]], "category": ["a", "b"]}, "is not x, y, width"),
    ],
)
def test_a_faulty_box_of_a_table_is_left_out_alone(
    tmp_path: Path, objects: dict[str, Any], words: str
) -> None:
    write_png(tmp_path / "a.png")
    pq.write_table(pa.table({"path": ["a.png"], "objects": [objects]}), tmp_path / "a.parquet")
    faults: list[str] = []

    (record,) = read_records(tmp_path / "a.parquet", reading=Reading(on_fault=faults.append))

    assert [region.category for region in record.regions] == ["a"]
    assert words in faults[0]


def test_lists_of_different_lengths_are_not_matched(tmp_path: Path) -> None:
    write_png(tmp_path / "a.png")
    objects = {"bbox": [[0.0, 0, 9, 9], [0.0, 0, 5, 5]], "category": ["a"]}
    pq.write_table(pa.table({"path": ["a.png"], "objects": [objects]}), tmp_path / "a.parquet")
    faults: list[str] = []

    (record,) = read_records(tmp_path / "a.parquet", reading=Reading(on_fault=faults.append))

    assert record.regions == ()
    assert "are not lists of one length" in faults[0]


def test_a_damaged_table_gives_what_comes_before_its_damage(tmp_path: Path) -> None:
    file = tmp_path / "a.parquet"
    names = [f"{number}.png" for number in range(200)]
    pq.write_table(
        pa.table({"path": names}), file, row_group_size=100, compression="snappy",
        use_dictionary=False,
    )  # fmt: skip
    second = pq.read_metadata(file).row_group(1).column(0).data_page_offset
    content = bytearray(file.read_bytes())
    content[second : second + 40] = b"\xff" * 40
    file.write_bytes(content)
    faults: list[str] = []

    found = list(read_records(file, reading=Reading(on_fault=faults.append)))

    assert 0 < len(found) < 200
    assert "cannot be read any further" in faults[0]


def test_a_table_without_pictures_names_its_columns(tmp_path: Path) -> None:
    pq.write_table(pa.table({"price": [1]}), tmp_path / "a.parquet")
    (tmp_path / "b.parquet").write_text("no table")

    with pytest.raises(FormatError, match="None of the columns price"):
        list(read_records(tmp_path / "a.parquet"))
    with pytest.raises(FormatError, match="is no Parquet table"):
        list(read_records(tmp_path / "b.parquet"))


def test_pictures_inside_need_a_place_to_be_written_to(tmp_path: Path) -> None:
    pq.write_table(pa.table({"image": [{"bytes": png()}]}), tmp_path / "a.parquet")

    with pytest.raises(FormatError, match="say where they shall be written"):
        list(read_records(tmp_path / "a.parquet"))
