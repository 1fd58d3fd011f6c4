"""FG-OVD: JSON lines, each one object of a picture with its caption and near-miss captions.

Bianchi et al., *The devil is in the fine-grained details*, CVPR 2024; the files are those that
FG-CLIP evaluates with. Lines of one picture become one record.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fgclip.boxes import BoxError, check_pixel_boxes
from fgclip.data.json_values import four_numbers
from fgclip.data.lines import json_lines
from fgclip.data.reading import DEFAULT, FormatError, Reading
from fgclip.data.records import Corners, Negative, Record, Region

SPLIT = re.compile(r"(train|val|test)\d*")  # folders of COCO's pictures
FACTS = ("image_id", "sent_id", "test_type", "category_id", "neg_category_ids")


def read_fgovd(path: Path | str, reading: Reading = DEFAULT) -> Iterator[Record]:
    """Pictures in the order of their first line.

    Args:
        path: a file of JSON lines, or a folder of them.
        reading: `images` is the folder that holds val2017/.

    Raises:
        FormatError: There is no such file.
    """
    path = Path(path)
    files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    if not files or not all(file.is_file() for file in files):
        raise FormatError(f"{path} holds no *.jsonl of FG-OVD.")
    sizes: dict[str, tuple[int, int]] = {}
    regions: dict[str, list[Region]] = {}
    for file in files:
        for number, fields in json_lines(file, reading):
            where = f"{file}, line {number}"
            fault = _fault(fields)
            if fault:
                reading.fault(f"{where}: {fault}")
                continue
            name, size = fields["img_path"], (fields["width"], fields["height"])
            try:
                region = _region(fields, size)
            except BoxError as error:
                reading.fault(f"{where}: {error}")
                continue
            sizes.setdefault(name, size)
            regions.setdefault(name, []).append(region)
    for name, size in sizes.items():
        yield Record(
            reading.picture(name, path if path.is_dir() else path.parent),
            regions=tuple(regions[name]),
            split=_split(name),
            size=size,
        )


def _split(name: str) -> str:
    found = SPLIT.fullmatch(Path(name).parent.name)
    return found[1] if found else ""


def _fault(fields: dict[str, Any]) -> str | None:
    if not isinstance(fields.get("img_path"), str):
        return "img_path is missing; it names the picture."
    for side in ("width", "height"):
        if not isinstance(fields.get(side), int) or fields[side] < 1:
            return f"{side} is {fields.get(side)!r}, not a number of pixels."
    for texts in ("pos_expression", "neg_expression"):
        value = fields.get(texts)
        if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
            return f"{texts} is not a list of texts."
    if not four_numbers(fields.get("bbox")):
        return f"bbox is {fields.get('bbox')!r}, not x, y, width, height in pixels."
    return None if fields["pos_expression"] else "pos_expression is empty; it describes the box."


def _region(fields: dict[str, Any], size: tuple[int, int]) -> Region:
    x, y, width, height = fields["bbox"]
    (corners,) = check_pixel_boxes([[x, y, x + width, y + height]], *size).tolist()
    box: Corners = tuple(corners)
    phrase, *others = fields["pos_expression"]
    meta = {key: fields[key] for key in FACTS if key in fields}
    if others:
        meta["pos_expressions"] = others
    negatives = tuple(Negative(text) for text in fields["neg_expression"])
    return Region(box, phrase, negatives=negatives, meta=meta)
