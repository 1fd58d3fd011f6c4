"""COCO: one JSON object with images, annotations and categories.

Our own keys (`phrase`, `long_phrase`, `negatives`, `box`, `meta` of annotations; `short_caption`,
`long_caption`, `split`, `meta` of images) are optional, so that files from elsewhere can be read
and ours are read elsewhere.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from fgclip.boxes import BoxError, check_pixel_boxes
from fgclip.data.lines import json_object
from fgclip.data.reading import DEFAULT, FormatError, Lost, Reading
from fgclip.data.records import Corners, Negative, Record, Region
from fgclip.files import written_whole
from fgclip.preprocess import picture_size

SPLIT = re.compile(r"_(train|val|test)\d*$")


def read_coco(path: Path | str, reading: Reading = DEFAULT) -> Iterator[Record]:
    """Pictures with their boxes, and captions where a file of them is there.

    Args:
        path: an annotation file; or a folder that holds one or more, itself or in `annotations/`.
        reading: `images` is the folder with the pictures; by default the one called as the split
            (`val2017/`), `images/`, or the annotation file's own, whichever has them.

    Raises:
        FormatError: There is no annotation file, or one is not JSON.
    """
    path = Path(path)
    files = coco_files(path)
    if not files:
        raise FormatError(f"{path} holds no annotation file of COCO (*.json with images).")
    captions = [file for file in files if file.name.startswith("captions")]
    instances = [file for file in files if file not in captions] or captions
    for file in instances:
        partner = file.with_name(re.sub("^instances", "captions", file.name))
        others = [partner] if partner in captions and partner != file else []
        yield from _read(file, others, reading)


def coco_files(path: Path) -> list[Path]:
    """The annotation files of COCO that a path means."""
    if path.is_file():
        return [path]
    files = sorted([*path.glob("*.json"), *path.glob("annotations/*.json")])
    return [file for file in files if looks_like_coco(file)]


def looks_like_coco(file: Path) -> bool:
    """Whether a file begins as one of COCO: an object, with "images" or "info" among the first."""
    with file.open("rb") as stream:
        start = stream.read(4096).lstrip()
    keys = (b'"images"', b'"info"', b'"annotations"', b'"licenses"', b'"categories"')
    return start.startswith(b"{") and any(key in start for key in keys)


def write_coco(records: Iterable[Record], path: Path) -> Lost:
    """Write one annotation file; `read_coco` gives the same records back."""
    images: list[dict[str, Any]] = []
    annotations: list[dict[str, Any]] = []
    categories: dict[str, int] = {}
    for number, record in enumerate(records, start=1):
        width, height = record.size or picture_size(record.path)
        images.append(_image(record, number, width, height, path.parent))
        for region in record.regions:
            category = categories.setdefault(region.category, len(categories) + 1)
            annotations.append(
                _annotation(region, len(annotations) + 1, number, category, width, height)
            )
    content = {
        "images": images,
        "annotations": annotations,
        "categories": [{"id": id_, "name": name} for name, id_ in categories.items()],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    with written_whole(path) as partial, partial.open("w", encoding="utf-8") as file:
        json.dump(content, file, ensure_ascii=False)
    return Lost()


def _read(file: Path, caption_files: list[Path], reading: Reading) -> Iterator[Record]:
    content = json_object(file)
    images = _by_id(content, file, reading)
    names = {each.get("id"): str(each.get("name", "")) for each in content.get("categories") or []}
    regions: dict[Any, list[Region]] = defaultdict(list)
    captions: dict[Any, list[str]] = defaultdict(list)
    for source in (content, *map(json_object, caption_files)):
        for annotation in source.get("annotations") or []:
            image = images.get(annotation.get("image_id"))
            where = f"{file}, annotation {annotation.get('id')}"
            if image is None:
                unknown = annotation.get("image_id")
                reading.fault(f"{where}: image_id {unknown!r} is the id of no image in the file.")
            elif "bbox" in annotation:
                region = _region(annotation, image, names, where, reading)
                if region:
                    regions[image["id"]].append(region)
            elif "caption" in annotation:
                captions[image["id"]].append(str(annotation["caption"]).strip())
    split = SPLIT.search(file.stem)
    root = _root(file, images, reading)
    for id_, image in images.items():
        yield _record(image, root, split[1] if split else "", regions[id_], captions[id_])


def _by_id(content: Mapping[str, Any], file: Path, reading: Reading) -> dict[Any, dict[str, Any]]:
    images: dict[Any, dict[str, Any]] = {}
    for number, image in enumerate(content.get("images") or []):
        id_ = image.get("id")
        if id_ is None or not isinstance(image.get("file_name"), str):
            reading.fault(f"{file}, image {number}: id or file_name is missing.")
        elif id_ in images:
            reading.fault(
                f"{file}, image {number} ({image['file_name']!r}): id {id_!r} is that of "
                f"{images[id_]['file_name']!r}, too; it was left out. Give each image its own."
            )
        else:
            images[id_] = image
    return images


def _root(file: Path, images: Mapping[Any, Mapping[str, Any]], reading: Reading) -> Path:
    """The folder with the pictures: the first in which one of them lies."""
    if reading.images:
        return reading.images
    above = file.parent.parent if file.parent.name == "annotations" else file.parent
    called = file.stem.rpartition("_")[2]
    places = [above / called, above / "images" / called, above / "images", above, file.parent]
    first = [image["file_name"] for image in list(images.values())[:20]]
    found = (place for place in places if any((place / name).is_file() for name in first))
    return next(found, file.parent)


def _region(
    annotation: Mapping[str, Any],
    image: Mapping[str, Any],
    names: Mapping[Any, str],
    where: str,
    reading: Reading,
) -> Region | None:
    category = annotation.get("category_id")
    if category is not None and category not in names:
        reading.fault(f"{where}: category_id {category!r} is not among the file's categories.")
        return None
    try:
        box = _box(annotation, image)
    except (BoxError, TypeError, ValueError, KeyError) as error:
        reading.fault(f"{where}: {error}")
        return None
    meta = dict(annotation.get("meta") or {})
    meta |= {key: annotation[key] for key in ("iscrowd", "score") if annotation.get(key)}
    return Region(
        box=box,
        phrase=annotation.get("phrase", ""),
        long_phrase=annotation.get("long_phrase", ""),
        negatives=tuple(Negative(**each) for each in annotation.get("negatives") or []),
        category=names.get(category, ""),
        meta=meta,
    )


def _box(annotation: Mapping[str, Any], image: Mapping[str, Any]) -> Corners:
    """Fractions: our own where they are given, else those of x, y, width, height in pixels."""
    if "box" in annotation:
        x0, y0, x1, y1 = annotation["box"]
        return x0, y0, x1, y1
    sides = image.get("width"), image.get("height")
    if not all(isinstance(side, int) and side > 0 for side in sides):
        raise BoxError(f"image {image['file_name']!r} has no width and height to measure by")
    x, y, width, height = annotation["bbox"]
    across, down = image["width"], image["height"]
    check_pixel_boxes([[x, y, x + width, y + height]], across, down)
    x0, y0, x1, y1 = x / across, y / down, (x + width) / across, (y + height) / down
    return max(0.0, x0), max(0.0, y0), min(1.0, x1), min(1.0, y1)


def _record(
    image: Mapping[str, Any], root: Path, split: str, regions: list[Region], captions: list[str]
) -> Record:
    first, *others = (
        [image.get("short_caption", ""), *captions]
        if "short_caption" in image
        else (captions or [""])
    )
    meta = dict(image.get("meta") or {})
    if others:
        meta["captions"] = others
    sides = image.get("width"), image.get("height")
    return Record(
        path=root / image["file_name"],
        short_caption=first,
        long_caption=image.get("long_caption", ""),
        regions=tuple(regions),
        split=image.get("split", split),
        size=sides if all(isinstance(side, int) for side in sides) else None,  # type: ignore[arg-type]
        meta=meta,
    )


def _image(record: Record, id_: int, width: int, height: int, folder: Path) -> dict[str, Any]:
    below = record.path.is_relative_to(folder)
    name = record.path.relative_to(folder) if below else record.path
    return {
        "id": id_, "file_name": name.as_posix(), "width": width, "height": height,
        "short_caption": record.short_caption, "long_caption": record.long_caption,
        "split": record.split, "meta": dict(record.meta),
    }  # fmt: skip


def _annotation(
    region: Region, id_: int, image_id: int, category: int, width: int, height: int
) -> dict[str, Any]:
    x0, y0, x1, y1 = region.box
    bbox = [x0 * width, y0 * height, (x1 - x0) * width, (y1 - y0) * height]
    meta = {key: value for key, value in region.meta.items() if key not in ("iscrowd", "score")}
    return {
        "id": id_, "image_id": image_id, "category_id": category,
        "bbox": [round(edge, 2) for edge in bbox], "area": round(bbox[2] * bbox[3], 2),
        "iscrowd": region.meta.get("iscrowd", 0),
        **({"score": region.meta["score"]} if "score" in region.meta else {}),
        "box": list(region.box), "phrase": region.phrase, "long_phrase": region.long_phrase,
        "negatives": [vars(each) for each in region.negatives],
        "meta": meta,
    }  # fmt: skip
