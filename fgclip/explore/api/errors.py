"""Refusals: what a question is refused for, and the one sentence that says so."""

from __future__ import annotations

import math
import reprlib
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from fgclip.analysis.errors import AnalysisError
from fgclip.boxes import BoxError
from fgclip.data.reading import FormatError
from fgclip.explore.api.schemas.fields import OneOf, Refusal, RefusalKind
from fgclip.explore.pictures import UnknownPictureError
from fgclip.inputs.images import PictureError
from fgclip.language import LanguageError
from fgclip.workspace import WorkspaceError
from fgclip.workspace.jobs import BusyError

SHOWN = 60  # characters of a value
DIGITS = 30  # a number with more is told by their count

# What pydantic finds, in words that follow the field's name.
WORDS = {
    "string_type": "must be a text, not {value}",
    "string_too_long": "has more than {max_length} characters; shorten it",
    "string_unicode": "holds half a character; take it out or write the whole one",
    "bool_type": "must be true or false, not {value}",
    "int_type": "must be a whole number, not {value}",
    "float_type": "must be a number, not {value}",
    "float_overflow": "is {value}, which is too large; give a smaller one",
    "finite_number": "must be finite: {value} is not a finite number",
    "less_than": "is {value}; it must be below {lt}",
    "less_than_equal": "is {value}; it must be at most {le}",
    "greater_than": "is {value}; it must be above {gt}",
    "greater_than_equal": "is {value}; it must be at least {ge}",
    "model_type": "must be an object with fields, not {value}",
    "model_attributes_type": "must be an object with fields, not {value}",
    "dict_type": "must be an object with fields, not {value}",
    "list_type": "must be a list, not {value}",
    "words": "{words}",
}


class RequestError(ValueError):
    """A question that makes no sense, with the remedy."""


REFUSALS = (
    RequestError, AnalysisError, UnknownPictureError, PictureError, BoxError, FormatError,
    WorkspaceError, BusyError, LanguageError,
)  # fmt: skip


def refusal_of(error: Exception) -> Refusal:
    """What the page is told of one of `REFUSALS`."""
    kind: RefusalKind = "gone" if isinstance(error, UnknownPictureError) else "input"
    return Refusal(error=str(error), kind=kind)


def sentence(error: ValidationError, question: type[BaseModel]) -> str:
    """The first thing that is wrong with a question: its field, its value, the remedy."""
    first = error.errors(include_url=False)[0]
    where, kind = _place(first, question), _kind(first)
    if kind == "missing":
        return f"{_field(where)} is missing; the question needs it"
    if kind == "extra_forbidden":
        return f"There is no field {_field(where)}{_known(where, question)}"
    if kind == "literal_error":
        name = _path(where)
        return f"{name} {_shown(first['input'])} is not one of {_expected(first)}"
    if kind == "union_tag_invalid":
        name = str(first["ctx"]["discriminator"]).strip("'")
        given = _shown(first["input"][name])
        return f"There is no {name} {given}; choose from {_expected(first, 'expected_tags')}"
    if kind == "union_tag_not_found":
        return f"{first['ctx']['discriminator']} is missing; the question needs it"
    words = WORDS.get(kind)
    if words is None:
        return f"{_field(where)} cannot be used: {first['msg']}"
    fault = words.format(value=_shown(first["input"]), **first.get("ctx", {}))
    return f"{_field(where)} {fault}"


def _place(error: ErrorDetails, question: type[BaseModel]) -> tuple[int | str, ...]:
    """Of a fault, without the word that tells the kind of question."""
    return error["loc"][1:] if issubclass(question, OneOf) else error["loc"]


def _kind(error: ErrorDetails) -> str:
    """As pydantic has it; a whole number that no float holds is one, but too large."""
    given = error["input"]
    if error["type"] == "float_type" and isinstance(given, int) and not isinstance(given, bool):
        return "float_overflow"
    return error["type"]


def _field(where: tuple[int | str, ...]) -> str:
    return f"'{_path(where)}'" if where else "A question"


def _path(where: tuple[int | str, ...]) -> str:
    """'prompts', 2, 'text' → prompts[2].text."""
    path = "".join(f"[{each}]" if isinstance(each, int) else f".{each}" for each in where)
    return _shortened(path.removeprefix("."))


def _known(where: tuple[int | str, ...], question: type[BaseModel]) -> str:
    names = ", ".join(question.model_fields)
    if len(where) > 1 or issubclass(question, OneOf):
        return "; take it out"
    return f"; choose from {names}" if names else "; this question has none"


def _expected(error: ErrorDetails, name: str = "expected") -> str:
    return str(error["ctx"][name])


def _shown(value: Any) -> str:
    """As it was given, shortened."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "an infinite one"
    if isinstance(value, int) and value.bit_length() > DIGITS * math.log2(10):
        return f"a number of about {round(value.bit_length() * math.log10(2))} digits"
    if isinstance(value, Mapping):
        return "an object with fields"
    return _shortened(reprlib.repr(value))


def _shortened(text: str) -> str:
    whole = text.encode("ascii", "backslashreplace").decode() if _broken(text) else text
    return whole if len(whole) <= SHOWN else f"{whole[: SHOWN - 1]}…"


def _broken(text: str) -> bool:
    return any(0xD800 <= ord(each) < 0xE000 for each in text)
