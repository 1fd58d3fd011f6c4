from __future__ import annotations

import json
from pathlib import Path

from PIL import Image

from fgclip.data.formats import detect, read_records
from fgclip.data.pictures import SUFFIXES
from fgclip.data.reading import Reading
from fgclip.inputs.images import FORMATS
from tests.support.data import png, write_png


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


def test_hidden_files_and_folders_are_left_out(tmp_path: Path) -> None:
    for name in ("a.png", "._a.png", ".trash/b.png"):
        write_png(tmp_path / name)

    assert [record.path.name for record in read_records(tmp_path)] == ["a.png"]


def test_a_note_that_cannot_be_read_is_told_and_the_picture_stays(tmp_path: Path) -> None:
    write_png(tmp_path / "pictures" / "a.png")
    note = tmp_path / "pictures" / "a.json"
    note.write_text("{")
    faults: list[str] = []

    (record,) = read_records(tmp_path, reading=Reading(on_fault=faults.append))

    assert record.path.name == "a.png"
    assert str(note) in faults[0]


def test_pictures_are_called_as_pillow_calls_those_that_can_be_read() -> None:
    Image.init()
    called = {end for end, name in Image.registered_extensions().items() if name in FORMATS}

    assert called == SUFFIXES
