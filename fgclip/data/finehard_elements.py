"""Elements of FineHARD's arrays: pictures ↔ records, boxes ↔ regions."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fgclip.boxes import TOLERANCE
from fgclip.data.json_values import is_finite, kind_of
from fgclip.data.pictures import name_beside
from fgclip.data.reading import FormatError
from fgclip.data.records import Corners, Negative, Record, Region

OLD_ROOT = "grit-20m/data-12m/"  # stands in the released paths and is no folder of the download


class FineHardError(FormatError):
    """An annotation file that cannot be trusted; names the file, the element and the fault."""


def record_of(element: Any, root: Path, where: str) -> Record:
    """One element as a record.

    Args:
        element: a JSON value.
        root: folder that its picture path is relative to.
        where: file and line, for messages.

    Raises:
        FineHardError: It has a fault.
    """
    fields = _mapping(element, where)
    name = _string(fields, "f_path", where)
    if not name:
        raise FineHardError(f"{where}: f_path is missing; it names the picture.")
    if "bbox_info" not in fields:
        raise FineHardError(f"{where}: bbox_info is missing; give [] where there is no box.")
    regions = fields["bbox_info"]
    if not isinstance(regions, list):
        raise FineHardError(f"{where}: bbox_info is {kind_of(regions)}, not a list.")
    return Record(
        path=root / name.replace(OLD_ROOT, ""),
        short_caption=_string(fields, "short_caption", where),
        long_caption=_string(fields, "caption", where),
        regions=tuple(
            _region(region, f"{where}, box {number}") for number, region in enumerate(regions)
        ),
        split=_string(fields, "split", where),
        size=_size(fields.get("size"), where),
        meta=_mapping(fields.get("meta", {}), f"{where}, meta"),
    )


def element_of(record: Record, folder: Path) -> dict[str, Any]:
    """A record as an element of an annotation file in `folder`."""
    element: dict[str, Any] = {
        "f_path": name_beside(record.path, folder),
        "short_caption": record.short_caption,
        "caption": record.long_caption,
        "bbox_info": [_region_element(region) for region in record.regions],
    }
    if record.split:
        element["split"] = record.split
    if record.size:
        element["size"] = list(record.size)
    if record.meta:
        element["meta"] = dict(record.meta)
    return element


def _size(value: Any, where: str) -> tuple[int, int] | None:
    if value is None:
        return None
    sound = isinstance(value, list) and len(value) == 2
    if not sound or not all(isinstance(side, int) and side > 0 for side in value):
        raise FineHardError(f"{where}: size is {value!r}, not [width, height] in pixels.")
    return value[0], value[1]


def _region(element: Any, where: str) -> Region:
    fields = _mapping(element, where)
    return Region(
        box=_box(fields.get("bbox"), where),
        phrase=_string(fields, "short_expr", where),
        long_phrase=_string(fields, "long_expr", where),
        negatives=_negatives(fields, where),
        category=_string(fields, "category", where),
        meta=_mapping(fields.get("meta", {}), f"{where}, meta"),
    )


def _box(value: Any, where: str) -> Corners:
    """Check a box and clip rounding errors; a detector's score may follow and is dropped."""
    if not isinstance(value, list) or len(value) < 4:
        raise FineHardError(f"{where}: bbox is {value!r}, not a list of four numbers.")
    if not all(is_finite(edge) for edge in value[:4]):
        raise FineHardError(f"{where}: bbox {value[:4]} holds something that is not a number.")
    x0, y0, x1, y1 = (float(edge) for edge in value[:4])
    if x0 > x1 or y0 > y1:
        raise FineHardError(f"{where}: bbox {value[:4]} is inverted; it needs x1 <= x2, y1 <= y2.")
    if min(x0, y0) < -TOLERANCE or max(x1, y1) > 1 + TOLERANCE:
        raise FineHardError(
            f"{where}: bbox {value[:4]} leaves the picture; divide pixels by width and height."
        )
    x0, y0, x1, y1 = (min(1.0, max(0.0, edge)) for edge in (x0, y0, x1, y1))
    return x0, y0, x1, y1


def _negatives(fields: Mapping[str, Any], where: str) -> tuple[Negative, ...]:
    if not fields.get("flag_short_neg", 0):
        return ()
    texts = fields.get("short_expr_negs")
    if isinstance(texts, dict):
        texts = list(texts.values())  # in the order of the file, as the original uses them
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise FineHardError(f"{where}: flag_short_neg is set, but short_expr_negs holds no texts.")
    attributes = fields.get("negative_attributes", [""] * len(texts))
    if not isinstance(attributes, list) or len(attributes) != len(texts):
        raise FineHardError(f"{where}: negative_attributes must name one for each negative.")
    return tuple(Negative(text, str(a)) for text, a in zip(texts, attributes, strict=True))


def _string(fields: Mapping[str, Any], key: str, where: str) -> str:
    value = fields.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise FineHardError(f"{where}: {key} is {kind_of(value)}, not text.")
    return value


def _mapping(value: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise FineHardError(f"{where} is {kind_of(value)}, not an object.")
    return value


def _region_element(region: Region) -> dict[str, Any]:
    negatives = region.negatives
    element: dict[str, Any] = {
        "bbox": list(region.box),
        "short_expr": region.phrase,
        "long_expr": region.long_phrase,
        "flag_short_neg": int(bool(negatives)),
    }
    if negatives:
        element["short_expr_negs"] = {str(i): negative.text for i, negative in enumerate(negatives)}
        if any(negative.attribute for negative in negatives):
            element["negative_attributes"] = [negative.attribute for negative in negatives]
    if region.category:
        element["category"] = region.category
    if region.meta:
        element["meta"] = dict(region.meta)
    return element
