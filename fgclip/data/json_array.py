"""JSON arrays element by element, each with the line where it begins."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from fgclip.data.json_values import kind_of

_DECODER = json.JSONDecoder()
_BLANK = re.compile(r"[ \t\n\r]*")


class ArrayError(ValueError):
    """A file that is no array, or is one only to some point; names the file and the line."""


def array_elements(
    file: Path, on_fault: Callable[[str], None] | None = None
) -> Iterator[tuple[int, Any]]:
    """The elements of a file's array.

    Args:
        file: UTF-8 text.
        on_fault: is told what is wrong with a file, whose elements up to there are still given;
            left out, it is raised.

    Yields:
        Line, from 1 on, and value of each element.

    Raises:
        ArrayError: The file is missing, not UTF-8, or not a JSON array.
    """
    try:
        yield from _elements(_text(file), file)
    except ArrayError as error:
        if on_fault is None:
            raise
        on_fault(str(error))


def _elements(text: str, file: Path) -> Iterator[tuple[int, Any]]:
    place = _next(text, 0)
    if text[place : place + 1] != "[":
        _whole_value(text, file)
    line, counted = 1, 0
    place = _next(text, place + 1)
    if text[place : place + 1] == "]":
        return
    while True:
        line += text.count("\n", counted, place)
        counted = place
        try:
            value, place = _DECODER.raw_decode(text, place)
        except json.JSONDecodeError as error:
            raise _not_json(file, error) from error
        yield line, value
        place = _next(text, place)
        mark = text[place : place + 1]
        if mark == "]":
            return
        if mark != ",":
            raise _not_json(file, json.JSONDecodeError("Expecting ',' delimiter", text, place))
        place = _next(text, place + 1)


def _whole_value(text: str, file: Path) -> None:
    """Say what a file holds that holds no array."""
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        raise _not_json(file, error) from error
    raise ArrayError(f"{file} holds {kind_of(value)}, not an array of pictures.")


def _not_json(file: Path, error: json.JSONDecodeError) -> ArrayError:
    return ArrayError(
        f"{file}, line {error.lineno}: not JSON ({error.msg}, column {error.colno}). "
        "A .jsonl file must be one JSON array, too."
    )


def _next(text: str, place: int) -> int:
    """The first place from there on that is not white."""
    found = _BLANK.match(text, place)
    assert found is not None  # it matches nothing, too
    return found.end()


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ArrayError(f"{file} does not exist.") from None
    except UnicodeDecodeError as error:
        raise ArrayError(f"{file} is not UTF-8 text: {error}.") from error
