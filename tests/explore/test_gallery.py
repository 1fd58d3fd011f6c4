"""The gallery gives every picture boxes and prompts to start from."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from fgclip.data.finehard import write_finehard
from fgclip.data.records import Negative, Record, Region
from fgclip.explore.gallery import GalleryError, Sample, opening_sample, read_gallery


def write_gallery(folder: Path, records: list[Record]) -> None:
    """The records with a small picture for each, in `pictures/`."""
    (folder / "pictures").mkdir()
    placed = [replace(record, path=folder / "pictures" / record.path) for record in records]
    for record in placed:
        Image.new("RGB", (8, 8)).save(record.path)
    write_finehard(placed, folder / "gallery.json")


def test_a_sample_starts_with_its_phrases_and_near_misses(tmp_path: Path) -> None:
    (tmp_path / "pictures").mkdir()
    path = tmp_path / "pictures" / "owl-1.png"
    Image.new("RGB", (8, 8)).save(path)
    owl = Region(
        (0.1, 0.1, 0.5, 0.5), "a purple owl", negatives=(Negative("a brown owl", "colour"),)
    )
    taxi = Region((0.5, 0.5, 0.9, 0.9), "a taxi")
    third = Region((0.0, 0.0, 0.2, 0.2), "a leaf")
    record = Record(path, "an owl and a taxi", regions=(owl, taxi, third))
    write_finehard([record], tmp_path / "gallery.json")
    (sample,) = read_gallery(tmp_path).values()
    assert (sample.id, sample.title) == ("owl-1", "an owl and a taxi")
    assert sample.path.exists()
    assert sample.boxes == (owl.box, taxi.box)
    assert sample.prompts == ("a purple owl", "a taxi", "a brown owl")


def test_any_file_name_becomes_an_address() -> None:
    sample = Sample("a", "a", Path("pictures/50 % #1 über?.png"), (), ())
    assert sample.url == "gallery/50%20%25%20%231%20%C3%BCber%3F.png"


def test_photographs_are_told_from_drawn_scenes(tmp_path: Path) -> None:
    kinds = {"a.png": {"kind": "photograph"}, "b.png": {"kind": "composed"}, "c.png": {}}
    write_gallery(tmp_path, [Record(Path(name), meta=meta) for name, meta in kinds.items()])
    assert [each.photograph for each in read_gallery(tmp_path).values()] == [True, False, False]


def test_without_a_gallery_the_page_starts_empty(tmp_path: Path) -> None:
    assert read_gallery(tmp_path) == {}
    assert opening_sample({}) is None


def test_the_page_begins_with_a_picture_whose_boxes_are_all_shown(tmp_path: Path) -> None:
    region = Region((0.1, 0.1, 0.5, 0.5), "an owl")
    records = [Record(Path(f"{count}.png"), regions=(region,) * count) for count in (3, 2, 1)]
    write_gallery(tmp_path, records)
    assert opening_sample(read_gallery(tmp_path)) == "2"


@pytest.mark.parametrize(
    ("files", "message"),
    [
        (["pictures/a.png", "pictures/a.png"], "'a.png' and 'a.png' have one name before the dot"),
        (["pictures/a.png", "pictures/a.webp"], "'a.webp' and 'a.png' have one name before the"),
        (["pictures/none.png"], "pictures/none.png'; add it, or remove its entry"),
        (["a.png"], "a.png' is not in .*pictures; put every picture of the gallery there"),
        (["pictures/../a.png"], "a.png' is not in .*pictures; put every picture"),
        (["pictures/deep/a.png"], "a.png' is not in .*pictures; put every picture"),
        (["/etc/passwd"], "'/etc/passwd' is not in .*pictures; put every picture"),
        (["pictures/caf\udce9.png"], r"'caf\\udce9.png' is no name that an address can hold"),
    ],
)
def test_pictures_that_cannot_be_shown_are_named(
    tmp_path: Path, files: list[str], message: str
) -> None:
    (tmp_path / "pictures" / "deep").mkdir(parents=True)
    for name in ("a.png", "pictures/a.png", "pictures/deep/a.png", "pictures/caf\udce9.png"):
        Image.new("RGB", (8, 8)).save(tmp_path / name)
    Image.new("RGB", (8, 8)).save(tmp_path / "pictures/a.webp")
    (tmp_path / "gallery.json").write_text(
        json.dumps([{"f_path": name, "bbox_info": []} for name in files])
    )
    with pytest.raises(GalleryError, match=message) as refused:
        read_gallery(tmp_path)
    assert str(refused.value).startswith(f"{tmp_path / 'gallery.json'}: ")


def test_the_gallery_that_ships_is_sound() -> None:
    assert len(read_gallery(Path(__file__).parents[2] / "assets" / "gallery")) > 10
