from __future__ import annotations

import json
from pathlib import Path

import pytest

from fgclip.data.formats import detect, read_records
from fgclip.data.reading import FormatError, Reading
from tests.support.data import png, tar_of


def test_a_shard_gives_what_comes_before_its_damage(tmp_path: Path) -> None:
    whole = tar_of({"1.png": png(), "1.txt": b"a cup", "2.txt": b"alone"})
    (tmp_path / "a.tar").write_bytes(whole[:2560])
    faults: list[str] = []
    reading = Reading(extracted=tmp_path / "out", on_fault=faults.append)

    (record,) = read_records(tmp_path / "a.tar", reading=reading)

    assert record.short_caption == "a cup"
    assert record.path.read_bytes() == png()
    assert len(faults) == 1


def test_a_caption_counts_where_the_annotations_have_none(tmp_path: Path) -> None:
    said = json.dumps({"bbox_info": [{"bbox": [0, 0, 1, 1], "short_expr": "a cup"}]}).encode()
    (tmp_path / "a.tar").write_bytes(
        tar_of({"k/1.png": png(), "k/1.txt": b"a red cup\nOn a table.", "k/1.json": said})
    )

    (record,) = read_records(tmp_path, reading=Reading(extracted=tmp_path / "out"))

    assert detect(tmp_path) == "webdataset"
    assert (record.short_caption, record.long_caption) == ("a red cup", "On a table.")
    assert record.regions[0].phrase == "a cup"


def test_a_pattern_names_shards_in_order(tmp_path: Path) -> None:
    for name in ("a-1", "a-0", "b-0"):
        (tmp_path / f"{name}.tar").write_bytes(tar_of({"1.png": png(), "1.txt": name.encode()}))

    found = read_records(tmp_path / "a-*.tar", reading=Reading(extracted=tmp_path / "out"))

    assert [record.short_caption for record in found] == ["a-0", "a-1"]
    with pytest.raises(FormatError, match="names, no"):
        list(read_records(tmp_path / "c-*.tar"))


def test_a_group_without_a_picture_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.tar").write_bytes(tar_of({"1.txt": b"a cup"}))
    faults: list[str] = []

    assert not list(read_records(tmp_path / "a.tar", reading=Reading(on_fault=faults.append)))
    assert faults == [f"{tmp_path / 'a.tar'}: 1 has no picture (.jpg, .jpeg, .png, .webp)."]
