import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from fgclip.data.coco import read_coco
from fgclip.data.formats import detect
from fgclip.data.reading import FormatError, Reading

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
