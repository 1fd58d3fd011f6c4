"""FineHARD annotation files: JSON arrays of pictures with captions, boxes and hard negatives.

The layout is the one of FG-CLIP's data release. Our own keys (`category`, `negative_attributes`,
`split`, `size`, `meta`) lie beside it and are optional, so that files from elsewhere can be read as
they are.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from fgclip.boxes import TOLERANCE
from fgclip.data.json_array import ArrayError, array_elements, kind_of
from fgclip.data.reading import FormatError, Lost, Reading
from fgclip.data.records import Corners, Negative, Record, Region
from fgclip.files import written_whole

OLD_ROOT = "grit-20m/data-12m/"  # stands in the released paths and is no folder of the download


class FineHardError(FormatError):
    """An annotation file that cannot be trusted; names the file, the element and the fault."""


def read_finehard(
    path: Path | str,
    images: Path | str | None = None,
    on_fault: Callable[[str], None] | None = None,
) -> list[Record]:
    """Read annotations.

    Args:
        path: a JSON array (`.json` or `.jsonl`), a `.txt` that lists one such file a line, or a
            folder, whose *.json and then *.jsonl files are joined in order of name.
        images: folder that picture paths are relative to; the annotation file's own by default.
        on_fault: is told of each faulty element or file, which is then left out; by default the
            first fault is raised.

    Raises:
        FineHardError: There is no file, or, without `on_fault`, one or an element has a fault: it
            names the file, the line where the element begins, the value and the remedy.
    """
    reading = Reading(images=Path(images) if images is not None else None, on_fault=on_fault)
    try:
        return list(iter_finehard(path, reading))
    except FineHardError:
        raise
    except FormatError as error:
        raise FineHardError(str(error)) from error


def iter_finehard(path: Path | str, reading: Reading) -> Iterator[Record]:
    """The same, a record at a time; faults are told to `reading`."""
    path = Path(path)
    files = _annotation_files(path)
    if not files:
        raise FineHardError(f"{path} lists no annotation file.")
    for file in files:
        root = reading.images or file.parent
        try:
            for number, (line, element) in enumerate(array_elements(file, reading.on_fault)):
                where = f"{file}, line {line}, element {number}"
                try:
                    record = record_of(element, root, where)
                except FineHardError as error:
                    reading.fault(str(error))
                else:
                    yield record
        except ArrayError as error:
            raise FineHardError(str(error)) from error


def write_finehard(records: Iterable[Record], path: Path | str) -> Lost:
    """Write records as one JSON array, picture paths relative to its folder where they lie below.

    `read_finehard` gives the same records back.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    with written_whole(path) as partial, partial.open("w", encoding="utf-8") as file:
        file.write("[")
        for number, record in enumerate(records):
            element = json.dumps(_element(record, path.parent), ensure_ascii=False)
            file.write(f"{',' if number else ''}\n{element}")
        file.write("\n]\n")
    return Lost()


def _annotation_files(path: Path) -> list[Path]:
    if path.is_dir():
        return [*sorted(path.glob("*.json")), *sorted(path.glob("*.jsonl"))]
    if not path.is_file():
        raise FineHardError(f"{path} does not exist.")
    if path.suffix != ".txt":
        return [path]
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    listed = [Path(line.strip()) for line in lines if line.strip()]
    return [file if file.is_absolute() else path.parent / file for file in listed]


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
    if not all(_is_finite(edge) for edge in value[:4]):
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


def _is_finite(value: Any) -> bool:
    return isinstance(value, int | float) and abs(value) <= sys.float_info.max


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


def _element(record: Record, folder: Path) -> dict[str, Any]:
    below = record.path.is_relative_to(folder)
    element: dict[str, Any] = {
        "f_path": (record.path.relative_to(folder) if below else record.path).as_posix(),
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
