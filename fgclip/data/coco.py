"""COCO: one JSON object with images, annotations and categories.

Our own keys (`phrase`, `long_phrase`, `negatives`, `box`, `meta` of annotations; `short_caption`,
`long_caption`, `split`, `meta` of images) are optional, so that files from elsewhere can be read
and ours are read elsewhere.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from fgclip.boxes import BoxError
from fgclip.data.coco_elements import (
    annotation_of,
    image_of,
    is_id,
    measured,
    record_of,
    region_of,
    size_of,
)
from fgclip.data.coco_files import coco_files, pictures_folder, split_of, with_captions
from fgclip.data.json_values import objects, text
from fgclip.data.lines import json_object
from fgclip.data.reading import DEFAULT, FormatError, Lost, Reading
from fgclip.data.records import Record, Region
from fgclip.files import written_whole

LISTS = ("images", "annotations", "categories")


def read_coco(path: Path | str, reading: Reading = DEFAULT) -> Iterator[Record]:
    """Pictures with their boxes, and captions where a file of them lies beside.

    Args:
        path: an annotation file; or a folder that holds one or more, itself or in `annotations/`.
        reading: `images` is the folder with the pictures; by default the one called as the split
            (`val2017/`), `images/`, or the annotation file's own, whichever has them.

    Raises:
        FormatError: There is no annotation file, or one is not JSON.
    """
    files = coco_files(Path(path))
    if not files:
        raise FormatError(f"{path} holds no annotation file of COCO (*.json with images).")
    for file, captions in with_captions(files):
        yield from _read(file, captions, reading)


def write_coco(records: Iterable[Record], path: Path) -> Lost:
    """Write one annotation file; `read_coco` gives the same records back, their sizes measured.

    Raises:
        FormatError: A picture's size is not known and cannot be measured.
    """
    images: list[dict[str, Any]] = []
    annotations: list[dict[str, Any]] = []
    categories: dict[str, int] = {}
    for number, record in enumerate(records, start=1):
        size = record.size or measured(record.path)
        if size is None:
            raise FormatError(f"{record.path} cannot be measured, and COCO needs its size.")
        images.append({"id": number, **image_of(record, size, path.parent)})
        for region in record.regions:
            category = categories.setdefault(region.category, len(categories) + 1)
            ids = {"id": len(annotations) + 1, "image_id": number, "category_id": category}
            annotations.append({**ids, **annotation_of(region, size)})
    content = {
        "images": images,
        "annotations": annotations,
        "categories": [{"id": id_, "name": name} for name, id_ in categories.items()],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    with written_whole(path) as partial, partial.open("w", encoding="utf-8") as file:
        json.dump(content, file, ensure_ascii=False)
    return Lost()


def _read(file: Path, captions_file: Path | None, reading: Reading) -> Iterator[Record]:
    content = _content(file)
    images = _by_id(content, "images", "file_name", file, reading)
    categories = _by_id(content, "categories", "name", file, reading)
    root = reading.images or pictures_folder(
        file, [image["file_name"] for image in islice(images.values(), 20)]
    )
    regions: dict[Any, list[Region]] = defaultdict(list)
    captions: dict[Any, list[str]] = defaultdict(list)
    for source in (file, captions_file) if captions_file else (file,):
        parsed = content if source == file else _content(source)
        for where, annotation in _annotations(parsed, source, images, reading):
            id_ = annotation["image_id"]
            try:
                if "bbox" in annotation:
                    size = size_of(images[id_], root)
                    regions[id_].append(region_of(annotation, size, categories))
                elif "caption" in annotation:
                    captions[id_].append(text(annotation, "caption").strip())
            except (BoxError, FormatError) as error:
                reading.fault(f"{where}: {error}")
    for id_, image in images.items():
        try:
            record = record_of(image, root, split_of(file), regions[id_], captions[id_])
        except FormatError as error:
            reading.fault(f"{file}, image id {id_!r}: {error}")
        else:
            yield record


def _content(file: Path) -> dict[str, Any]:
    content = json_object(file)
    for key in LISTS:
        try:
            objects(content, key)
        except FormatError as error:
            raise FormatError(f"{file}: {error}") from error
    return content


def _by_id(
    content: Mapping[str, Any], key: str, name: str, file: Path, reading: Reading
) -> dict[Any, dict[str, Any]]:
    """Images or categories; those without an id or a name, or with another's id, are told of."""
    found: dict[Any, dict[str, Any]] = {}
    for number, element in enumerate(objects(content, key)):
        where = f"{file}, {key}[{number}]"
        if not isinstance(element, dict) or not is_id(element.get("id")):
            reading.fault(f"{where} has no id; give it one that no other has.")
        elif not isinstance(element.get(name), str):
            reading.fault(f"{where}, id {element['id']!r}, has no {name}; add it.")
        elif element["id"] in found:
            reading.fault(
                f"{where} ({element[name]!r}): id {element['id']!r} is that of "
                f"{found[element['id']][name]!r}, too; it was left out. Give each its own."
            )
        else:
            found[element["id"]] = element
    return found


def _annotations(
    content: Mapping[str, Any], file: Path, images: Container[Any], reading: Reading
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Place and fields of each annotation of a picture that is known."""
    for number, annotation in enumerate(objects(content, "annotations")):
        if not isinstance(annotation, dict):
            reading.fault(f"{file}, annotations[{number}] is {annotation!r:.40}, not an object.")
            continue
        where = f"{file}, annotation {annotation.get('id', f'[{number}]')}"
        image_id = annotation.get("image_id")
        if is_id(image_id) and image_id in images:
            yield where, annotation
        else:
            reading.fault(
                f"{where}: image_id {image_id!r} is the id of no image in the file; "
                "correct it, or add the image."
            )
