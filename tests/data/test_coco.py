from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from fgclip.data.coco import read_coco, write_coco
from fgclip.data.formats import detect
from fgclip.data.reading import FormatError, Reading
from fgclip.data.records import Record, Region

CATEGORIES = [{"id": 7, "name": "cat"}]


def coco_folder(folder: Path, images: list[Any], annotations: list[Any]) -> Path:
    """As people have it: annotations/instances_val2017.json beside val2017/."""
    (folder / "annotations").mkdir(parents=True)
    (folder / "val2017").mkdir()
    for image in images:
        Image.new("RGB", (40, 20)).save(folder / "val2017" / image["file_name"])
    content = {"images": images, "annotations": annotations, "categories": CATEGORIES}
    (folder / "annotations" / "instances_val2017.json").write_text(json.dumps(content))
    return folder


def image(id_: int, name: str) -> dict[str, Any]:
    return {"id": id_, "file_name": name, "width": 40, "height": 20}


def box(image_id: int, bbox: list[float], category: int = 7) -> dict[str, Any]:
    return {"id": 1, "image_id": image_id, "bbox": bbox, "category_id": category}


def test_reads_a_folder_as_it_is_downloaded(tmp_path: Path) -> None:
    folder = coco_folder(tmp_path, [image(3, "a.png")], [box(3, [10, 5, 20, 10])])
    captions = {"images": [image(3, "a.png")], "annotations": [
        {"id": 1, "image_id": 3, "caption": "a cat "}, {"id": 2, "image_id": 3, "caption": "it"},
    ]}  # fmt: skip
    (folder / "annotations" / "captions_val2017.json").write_text(json.dumps(captions))

    (record,) = read_coco(folder)

    assert detect(folder) == "coco"
    assert record.path == folder / "val2017" / "a.png"
    assert record.split == "val"
    assert record.size == (40, 20)
    assert (record.short_caption, record.meta) == ("a cat", {"captions": ["it"]})
    (region,) = record.regions
    assert region.box == (0.25, 0.25, 0.75, 0.75)
    assert region.category == "cat"


@pytest.mark.parametrize(
    ("images", "annotations", "words"),
    [
        ([image(1, "a.png"), image(1, "b.png")], [], "id 1 is that of 'a.png', too"),
        ([image(1, "a.png")], [box(9, [0, 0, 9, 9])], "image_id 9 is the id of no image"),
        ([image(1, "a.png")], [box(1, [0, 0, 99, 9])], "leaves the picture; it has 40 × 20"),
        ([image(1, "a.png")], [box(1, [5, 5, 0, 9])], "has no area"),
        ([image(1, "a.png")], [box(1, [5, 5])], "annotation 1"),
        ([image(1, "a.png")], [box(1, [0, 0, 9, 9], category=8)], "category_id 8 is not among"),
    ],
)
def test_a_fault_is_told_and_the_rest_goes_on(
    tmp_path: Path, images: list[Any], annotations: list[Any], words: str
) -> None:
    folder = coco_folder(tmp_path, images, [*annotations, box(1, [0, 0, 20, 20])])
    faults: list[str] = []

    (record,) = read_coco(folder, Reading(on_fault=faults.append))

    assert len(faults) == 1
    assert words in faults[0]
    assert "instances_val2017.json" in faults[0]
    assert [region.box for region in record.regions] == [(0, 0, 0.5, 1)]


def test_a_file_cut_short_is_refused_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "instances.json"
    file.write_text('{"images": [{"id": 1,')

    with pytest.raises(FormatError, match=r"instances.json, line 1: not JSON .* complete\?"):
        list(read_coco(file))


def write_captions(folder: Path, image_id: int, caption: Any) -> None:
    said = {"id": 5, "image_id": image_id, "caption": caption}
    content = {"images": [image(3, "a.png")], "annotations": [said]}
    (folder / "annotations" / "captions_val2017.json").write_text(json.dumps(content))


def test_a_picture_in_several_files_of_a_download_is_read_once(tmp_path: Path) -> None:
    folder = coco_folder(tmp_path, [image(3, "a.png")], [box(3, [10, 5, 20, 10])])
    file = folder / "annotations" / "instances_val2017.json"
    (folder / "annotations" / "person_keypoints_val2017.json").write_text(file.read_text())

    (record,) = read_coco(folder)

    assert len(record.regions) == 1


def test_captions_beside_a_file_are_read_with_it_and_alone(tmp_path: Path) -> None:
    folder = coco_folder(tmp_path, [image(3, "a.png")], [box(3, [10, 5, 20, 10])])
    write_captions(folder, 3, "a cat")

    (both,) = read_coco(folder / "annotations" / "instances_val2017.json")
    (alone,) = read_coco(folder / "annotations" / "captions_val2017.json")

    assert (both.short_caption, len(both.regions)) == ("a cat", 1)
    assert (alone.short_caption, len(alone.regions)) == ("a cat", 0)


@pytest.mark.parametrize(
    ("image_id", "caption", "words"),
    [(9, "a cat", "image_id 9 is the id of no image"), (3, 7, "caption is a number, not text")],
)
def test_a_faulty_caption_is_told_with_its_own_file(
    tmp_path: Path, image_id: int, caption: Any, words: str
) -> None:
    folder = coco_folder(tmp_path, [image(3, "a.png")], [])
    write_captions(folder, image_id, caption)
    faults: list[str] = []

    list(read_coco(folder, Reading(on_fault=faults.append)))

    assert len(faults) == 1
    assert f"captions_val2017.json, annotation 5: {words}" in faults[0]


@pytest.mark.parametrize(
    ("annotation", "words"),
    [
        (7, "annotations[0] is 7, not an object"),
        (box(1, [0, 0, 9, None]), "not x, y, width, height in pixels"),
        (box(1, [0.5, 0, 10**400, 9]), "not x, y, width, height in pixels"),
        ({**box(1, [0, 0, 9, 9]), "image_id": [1]}, "image_id [1] is the id of no image"),
        ({**box(1, [0, 0, 9, 9]), "category_id": {}}, "category_id {} is not among"),
        ({**box(1, [0, 0, 9, 9]), "negatives": [7]}, "negatives holds 7; each needs a text"),
        ({**box(1, [0, 0, 9, 9]), "phrase": 7}, "phrase is a number, not text"),
    ],
)
def test_an_annotation_of_another_kind_is_told(tmp_path: Path, annotation: Any, words: str) -> None:
    folder = coco_folder(tmp_path, [image(1, "a.png")], [annotation])
    faults: list[str] = []

    (record,) = read_coco(folder, Reading(on_fault=faults.append))

    assert record.regions == ()
    assert len(faults) == 1
    assert words in faults[0]


def test_lists_that_are_none_are_refused_with_the_file(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"images": 7}')

    with pytest.raises(FormatError, match=r"a\.json: images is a number, not a list"):
        list(read_coco(tmp_path / "a.json"))


def test_a_size_that_the_file_lacks_is_that_of_the_picture(tmp_path: Path) -> None:
    folder = coco_folder(tmp_path, [{"id": 1, "file_name": "a.png"}], [box(1, [10, 5, 20, 10])])

    (record,) = read_coco(folder)

    assert record.size == (40, 20)
    assert record.regions[0].box == (0.25, 0.25, 0.75, 0.75)


def test_a_box_that_another_tool_moved_counts_as_moved(tmp_path: Path) -> None:
    picture = tmp_path / "a.png"
    Image.new("RGB", (40, 20)).save(picture)
    write_coco([Record(picture, regions=(Region((0, 0, 0.5, 1), "a cat"),))], tmp_path / "a.json")
    content = json.loads((tmp_path / "a.json").read_text())
    content["annotations"][0]["bbox"] = [10, 5, 20, 10]
    (tmp_path / "a.json").write_text(json.dumps(content))

    (record,) = read_coco(tmp_path / "a.json")

    assert record.regions[0].box == (0.25, 0.25, 0.75, 0.75)


def test_facts_of_a_crowd_come_back_even_where_they_are_none(tmp_path: Path) -> None:
    regions = tuple(Region((0, 0, 1, 1), "", meta={"iscrowd": n, "score": 0}) for n in (0, 1))
    record = Record(tmp_path / "a.png", regions=regions, size=(40, 20))

    write_coco([record], tmp_path / "a.json")

    assert list(read_coco(tmp_path / "a.json")) == [record]


def test_a_picture_that_cannot_be_measured_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"gone\.png cannot be measured"):
        write_coco([Record(tmp_path / "gone.png")], tmp_path / "a.json")
    assert not (tmp_path / "a.json").exists()


def test_the_folders_of_roboflow_say_the_split(tmp_path: Path) -> None:
    (tmp_path / "valid").mkdir()
    content = {"images": [image(1, "a.png")], "annotations": [], "categories": []}
    (tmp_path / "valid" / "_annotations.coco.json").write_text(json.dumps(content))

    (record,) = read_coco(tmp_path)

    assert (record.split, record.path) == ("val", tmp_path / "valid" / "a.png")
