"""FineHARD annotation files: JSON arrays of pictures with captions, boxes and hard negatives.

The layout is the one of FG-CLIP's data release. Our own keys (`category`, `negative_attributes`,
`split`, `size`, `meta`) lie beside it and are optional, so that files from elsewhere can be read as
they are.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from fgclip.data.finehard_elements import FineHardError, element_of, record_of
from fgclip.data.json_array import ArrayError, array_elements
from fgclip.data.reading import FormatError, Lost, Reading
from fgclip.data.records import Record
from fgclip.files import written_whole

__all__ = ["FineHardError", "iter_finehard", "read_finehard", "record_of", "write_finehard"]


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
            element = json.dumps(element_of(record, path.parent), ensure_ascii=False)
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
