"""Values out of JSON files, checked where they are taken; the caller adds the place to a fault."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any, TypeGuard

from fgclip.data.reading import FormatError


def kind_of(value: Any) -> str:
    """What a JSON value is, in words."""
    names = {dict: "an object", list: "a list", str: "text", bool: "true or false"}
    return names.get(type(value), "nothing" if value is None else "a number")


def text(fields: Mapping[str, Any], key: str) -> str:
    """A text; empty where the key is missing or null.

    Raises:
        FormatError: It is another kind of value.
    """
    value = fields.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise FormatError(f"{key} is {kind_of(value)}, not text.")
    return value


def mapping(fields: Mapping[str, Any], key: str) -> dict[str, Any]:
    """An object; empty where the key is missing or null.

    Raises:
        FormatError: It is another kind of value.
    """
    value = fields.get(key)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise FormatError(f"{key} is {kind_of(value)}, not an object.")
    return value


def objects(fields: Mapping[str, Any], key: str) -> list[Any]:
    """A list; empty where the key is missing or null.

    Raises:
        FormatError: It is another kind of value.
    """
    value = fields.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise FormatError(f"{key} is {kind_of(value)}, not a list.")
    return value


def four_numbers(value: Any) -> TypeGuard[list[float]]:
    """Whether a value is a list of four numbers that a float can hold."""
    return isinstance(value, list) and len(value) == 4 and all(map(is_finite, value))


def is_finite(value: Any) -> TypeGuard[float]:
    """Whether a value is a number that a float can hold, and neither NaN nor infinite."""
    return isinstance(value, int | float) and abs(value) <= sys.float_info.max
