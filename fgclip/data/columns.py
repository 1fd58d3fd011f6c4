"""Rows of tables from elsewhere: which column is the picture, the caption, the boxes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from fgclip.boxes import BoxError, check_pixel_boxes
from fgclip.data.extracted import extract
from fgclip.data.json_values import four_numbers
from fgclip.data.reading import FormatError, Reading
from fgclip.data.records import Corners, Record, Region
from fgclip.inputs.images import PictureError, picture_size

PICTURES = ("image", "img", "picture", "jpg", "png", "path", "image_path", "file_name", "f_path")
SHORT = ("short_caption", "caption", "text", "captions", "sentences", "sentence", "txt")
LONG = ("long_caption", "description", "detailed_caption")
OBJECTS = ("objects", "regions", "annotations", "faces")
BOXES = ("bbox", "boxes", "box")
NAMES = ("category", "categories", "label", "labels", "name")
PHRASES = ("phrase", "phrases", "caption", "captions", "text")
KNOWN = frozenset((*PICTURES, *SHORT, *LONG, *OBJECTS, "split"))  # the rest is not even read


def picture_column(columns: Sequence[str]) -> str:
    """The column that holds pictures, or their paths.

    Raises:
        FormatError: There is none.
    """
    for name in PICTURES:
        if name in columns:
            return name
    raise FormatError(
        f"None of the columns {', '.join(columns)} is called as pictures are: "
        f"{', '.join(PICTURES)}."
    )


def record_of_row(
    row: Mapping[str, Any],
    *,
    where: str,
    beside: Path,
    reading: Reading,
    split: str = "",
    categories: Sequence[str] = (),
) -> Record | None:
    """A row as a record; None where it has no picture that can be used, which is told.

    Args:
        row: of a table whose column names are guessed from.
        where: file and row, for messages.
        beside: folder that paths are relative to.
        reading: says where pictures are written, and hears of faults.
        split: of the row.
        categories: names of whole numbers in a column of categories.
    """
    try:
        path = _picture(row[picture_column(list(row))], beside, reading)
    except FormatError as error:
        reading.fault(f"{where}: {error}")
        return None
    short, *others = _texts(_first(row, SHORT)) or [""]
    long_, *_ = _texts(_first(row, LONG)) or [""]
    return Record(
        path=path,
        short_caption=short,
        long_caption=long_,
        regions=tuple(_regions(row, path, where, reading, categories)),
        split=row["split"] if isinstance(row.get("split"), str) else split,
        meta={"captions": others} if others else {},
    )


def _picture(value: Any, beside: Path, reading: Reading) -> Path:
    if isinstance(value, Mapping):  # as Hugging Face writes pictures
        if value.get("bytes"):
            return extract(value["bytes"], reading)
        value = value.get("path")
    if isinstance(value, bytes):
        return extract(value, reading)
    if isinstance(value, str) and value:
        return reading.picture(value, beside)
    raise FormatError(f"the picture is {str(value)[:40]!r}, neither content nor a path")


def _first(row: Mapping[str, Any], names: Sequence[str]) -> Any:
    return next((row[name] for name in names if row.get(name) is not None), None)


def _texts(value: Any) -> list[str]:
    """A text, or a list of texts, or of objects that have one."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, Mapping):
        return _texts(_first(value, ("raw", *SHORT)))
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        return [text for each in value for text in _texts(each)]
    return []


def _regions(
    row: Mapping[str, Any], path: Path, where: str, reading: Reading, categories: Sequence[str]
) -> Iterator[Region]:
    objects = _first(row, OBJECTS)
    if isinstance(objects, Sequence) and objects and isinstance(objects[0], Mapping):
        objects = {key: [each.get(key) for each in objects] for key in objects[0]}
    if not isinstance(objects, Mapping):
        return
    boxes = _first(objects, BOXES) or []
    names, phrases = (_first(objects, keys) or [""] * len(boxes) for keys in (NAMES, PHRASES))
    lists = (boxes, names, phrases)
    if not all(isinstance(each, list) and len(each) == len(boxes) for each in lists):
        reading.fault(f"{where}: boxes, names and phrases are not lists of one length; left out.")
        return
    for number, (box, name, phrase) in enumerate(zip(boxes, names, phrases, strict=True), start=1):
        try:
            corners = _corners(box, path)
        except (BoxError, PictureError) as error:
            fault = str(error).removeprefix("box 1 ")
            reading.fault(f"{where}, box {number}: {fault}; the box was left out.")
        else:
            yield Region(corners, str(phrase or ""), category=_name(name, categories))


def _corners(box: Any, path: Path) -> Corners:
    """Boxes of such tables are x, y, width, height in pixels, as COCO's."""
    values = list(box) if isinstance(box, Sequence) else box
    if not four_numbers(values):
        raise BoxError(f"{box!s:.60} is not x, y, width, height in pixels")
    x, y, width, height = values
    pixel_box = (x, y, x + width, y + height)
    x0, y0, x1, y1 = check_pixel_boxes(pixel_box, *picture_size(path))[0].tolist()
    return x0, y0, x1, y1


def _name(value: Any, categories: Sequence[str]) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return categories[value] if 0 <= value < len(categories) else str(value)
    return "" if value is None else str(value)
