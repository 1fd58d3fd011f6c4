"""JSON lines, and JSON files that are one object."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fgclip.data.json_values import kind_of
from fgclip.data.reading import FormatError, Reading


def json_lines(file: Path, reading: Reading) -> Iterator[tuple[int, dict[str, Any]]]:
    """Number and object of each line; lines that hold none are told of."""
    try:
        with file.open(encoding="utf-8-sig") as lines:
            for number, line in enumerate(lines, start=1):
                if not line.strip():
                    continue
                try:
                    value = json.loads(line)
                except json.JSONDecodeError as error:
                    reading.fault(f"{file}, line {number}: not JSON ({error.msg}).")
                    continue
                if isinstance(value, dict):
                    yield number, value
                else:
                    reading.fault(f"{file}, line {number}: {str(value)[:40]!r} is not an object.")
    except UnicodeDecodeError as error:
        reading.fault(f"{file} is not UTF-8 text: {error}.")


def json_object(file: Path) -> dict[str, Any]:
    """The object that a file is.

    Raises:
        FormatError: It is missing, not JSON, or another kind of value.
    """
    try:
        value = json.loads(file.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise FormatError(f"{file} does not exist.") from None
    except UnicodeDecodeError as error:
        raise FormatError(f"{file} is not UTF-8 text: {error}.") from error
    except json.JSONDecodeError as error:
        raise FormatError(
            f"{file}, line {error.lineno}: not JSON ({error.msg}, column {error.colno}). "
            "Is the file complete?"
        ) from error
    if not isinstance(value, dict):
        raise FormatError(f"{file} holds {kind_of(value)}, not an object.")
    return value
