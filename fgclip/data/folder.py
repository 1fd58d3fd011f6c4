"""A folder of pictures, each with a caption or annotations beside it if there are any."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from fgclip.data.finehard import FineHardError, record_of
from fgclip.data.pictures import pictures_below
from fgclip.data.reading import DEFAULT, FormatError, Reading
from fgclip.data.records import Record

SPLITS = ("train", "val", "test")


def read_folder(path: Path | str, reading: Reading = DEFAULT) -> Iterator[Record]:
    """All pictures below a folder, in order of their paths.

    `NAME.json` beside `NAME.jpg` is an element of FineHARD without `f_path`; `NAME.txt` is a
    caption, its first line the short one and the rest the long one. A folder called train, val or
    test gives the split.

    Raises:
        FormatError: There is no such folder.
    """
    path = Path(path)
    if not path.is_dir():
        raise FormatError(f"{path} is no folder.")
    for file in pictures_below(path):
        yield _record(file, path, reading)


def has_pictures(path: Path) -> bool:
    """Whether a picture lies somewhere below a folder."""
    return any(True for _ in pictures_below(path))


def annotated(content: Any, name: str, where: str) -> Record:
    """An element of FineHARD that may lack its path and its boxes.

    Raises:
        FineHardError: It has a fault.
    """
    if isinstance(content, dict):
        content = {"f_path": name, "bbox_info": [], **content}
    return record_of(content, Path(), where)


def captioned(path: Path, text: str, split: str = "") -> Record:
    """A picture with its captions: the first line of a text, and the rest."""
    first, _, rest = text.strip().partition("\n")
    return Record(path, first.strip(), rest.strip(), split=split)


def _record(file: Path, folder: Path, reading: Reading) -> Record:
    parts = file.relative_to(folder).parts[:-1]
    split = next((part for part in parts if part in SPLITS), "")
    notes, caption = file.with_suffix(".json"), file.with_suffix(".txt")
    try:
        if notes.is_file():
            content = json.loads(notes.read_text(encoding="utf-8-sig"))
            found = annotated(content, file.name, str(notes))
            return replace(found, path=file, split=found.split or split)
        if caption.is_file():
            return captioned(file, caption.read_text(encoding="utf-8-sig"), split)
    except FineHardError as error:
        reading.fault(str(error))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        reading.fault(f"{notes if notes.is_file() else caption} cannot be read: {error}")
    return Record(file, split=split)
