"""Elements of COCO's lists: images ↔ records, annotations ↔ regions."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fgclip.boxes import BoxError, check_pixel_boxes
from fgclip.data.json_values import four_numbers, is_finite, mapping, objects, text
from fgclip.data.pictures import name_beside
from fgclip.data.reading import FormatError
from fgclip.data.records import Corners, Negative, Record, Region
from fgclip.inputs.images import PictureError, picture_size

ROUNDING = 0.02  # pixels by which `bbox` may differ from our own `box`, which is exact
FACTS = ("iscrowd", "score")  # what other tools say of an annotation and `meta` keeps
Size = tuple[int, int]  # width and height, pixels


def is_id(value: Any) -> bool:
    """Whether a JSON value can be an id."""
    return isinstance(value, int | float | str)


def record_of(
    image: Mapping[str, Any], root: Path, split: str, regions: list[Region], captions: list[str]
) -> Record:
    """An image as a record.

    Args:
        image: has a file_name.
        root: folder that the file_name is relative to.
        split: where the image says none.
        regions: of the image.
        captions: of the image; the first is the short one where the image says none.

    Raises:
        FormatError: One of our own keys has a fault.
    """
    texts = [text(image, "short_caption"), *captions] if "short_caption" in image else captions
    return Record(
        path=root / image["file_name"],
        short_caption=texts[0] if texts else "",
        long_caption=text(image, "long_caption"),
        regions=tuple(regions),
        split=text(image, "split") if "split" in image else split,
        size=size_of(image, root),
        meta=mapping(image, "meta") | ({"captions": texts[1:]} if texts[1:] else {}),
    )


def region_of(
    annotation: Mapping[str, Any], size: Size | None, categories: Mapping[Any, Mapping[str, Any]]
) -> Region:
    """An annotation with a box as a region.

    Args:
        annotation: has a bbox.
        size: of its image.
        categories: by id.

    Raises:
        BoxError: The box encloses nothing, or cannot be measured.
        FormatError: The category is unknown, or one of our own keys has a fault.
    """
    category = annotation.get("category_id")
    if category is not None and not (is_id(category) and category in categories):
        raise FormatError(
            f"category_id {category!r} is not among the file's categories; add it there."
        )
    return Region(
        box=_box(annotation, size),
        phrase=text(annotation, "phrase") or text(annotation, "caption"),
        long_phrase=text(annotation, "long_phrase"),
        negatives=tuple(_negative(each) for each in objects(annotation, "negatives")),
        category="" if category is None else categories[category]["name"],
        meta={key: annotation[key] for key in FACTS if annotation.get(key)}
        | mapping(annotation, "meta"),
    )


def size_of(image: Mapping[str, Any], root: Path) -> Size | None:
    """What the file says; where it says nothing, what the picture has."""
    width, height = image.get("width"), image.get("height")
    if is_finite(width) and is_finite(height) and width >= 1 and height >= 1:
        return int(width), int(height)
    return measured(root / image["file_name"])


def measured(path: Path) -> Size | None:
    """The size of a picture; None where there is none."""
    try:
        return picture_size(path)
    except PictureError:
        return None


def image_of(record: Record, size: Size, folder: Path) -> dict[str, Any]:
    """A record as an image without id, named as in an annotation file in `folder`."""
    return {
        "file_name": name_beside(record.path, folder), "width": size[0], "height": size[1],
        "short_caption": record.short_caption, "long_caption": record.long_caption,
        "split": record.split, "meta": dict(record.meta),
    }  # fmt: skip


def annotation_of(region: Region, size: Size) -> dict[str, Any]:
    """A region as an annotation without ids."""
    (width, height), (x0, y0, x1, y1) = size, region.box
    bbox = [x0 * width, y0 * height, (x1 - x0) * width, (y1 - y0) * height]
    return {
        "bbox": [round(edge, 2) for edge in bbox], "area": round(bbox[2] * bbox[3], 2),
        "iscrowd": int(bool(region.meta.get("iscrowd"))),
        **({"score": region.meta["score"]} if "score" in region.meta else {}),
        "box": list(region.box), "phrase": region.phrase, "long_phrase": region.long_phrase,
        "negatives": [vars(each) for each in region.negatives], "meta": dict(region.meta),
    }  # fmt: skip


def _negative(value: Any) -> Negative:
    if isinstance(value, str):
        return Negative(value)
    if not isinstance(value, dict) or "text" not in value:
        raise FormatError(f"negatives holds {value!r:.40}; each needs a text.")
    return Negative(text(value, "text"), text(value, "attribute"))


def _box(annotation: Mapping[str, Any], size: Size | None) -> Corners:
    """Fractions: our own where they agree with x, y, width, height in pixels, else from these."""
    if not four_numbers(annotation["bbox"]):
        raise BoxError(f"bbox is {annotation['bbox']!r:.60}, not x, y, width, height in pixels")
    if size is None:
        raise BoxError("its image has no width and height to measure the box by; add them")
    x, y, width, height = annotation["bbox"]
    pixel_box = (x, y, x + width, y + height)
    sides = size * 2
    own = annotation.get("box")
    if four_numbers(own) and _is_same(own, pixel_box, sides):
        x0, y0, x1, y1 = own
        return x0, y0, x1, y1
    check_pixel_boxes(pixel_box, *size)
    x0, y0, x1, y1 = (
        min(1.0, max(0.0, edge / side)) for edge, side in zip(pixel_box, sides, strict=True)
    )
    return x0, y0, x1, y1


def _is_same(box: list[float], pixel_box: Corners, sides: tuple[int, ...]) -> bool:
    """Whether a box of ours still is the one in pixels, which other tools may have moved."""
    return all(
        0 <= edge <= 1 and abs(edge * side - pixels) <= ROUNDING
        for edge, side, pixels in zip(box, sides, pixel_box, strict=True)
    )
