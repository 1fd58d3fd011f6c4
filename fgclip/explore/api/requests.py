"""What the page may ask: every field is checked here, and trusted below."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from fgclip.boxes import Boxes, check_boxes
from fgclip.explore.api.errors import RequestError as RequestError
from fgclip.probe.prompts import Prompt
from fgclip.types import ROUTE_CHOICES, RouteChoice

MAX_PROMPTS = 2_000
MAX_BOXES = 500
MAX_TEXT = 50_000  # characters of one prompt
GREATEST = 1e15  # of a number; float64 tells wholes apart up to here


@dataclass(frozen=True)
class Request:
    """A question of the page: fields by name, none of them trusted."""

    fields: Mapping[str, Any]

    @classmethod
    def of(cls, data: Any) -> Request:
        """Wrap what came over the wire."""
        if not isinstance(data, Mapping):
            raise RequestError(f"A request is an object with fields, not {type(data).__name__}")
        return cls(data)

    def text(self, name: str) -> str:
        """A string."""
        value = self.fields.get(name)
        if not isinstance(value, str):
            raise RequestError(f"{name!r} must be a text")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """Strings; none where the field is not given."""
        raw = self.fields.get(name)
        if raw is None:
            return ()
        if not isinstance(raw, list) or not all(isinstance(value, str) for value in raw):
            raise RequestError(f"{name!r} must be a list of texts")
        return tuple(raw)

    def has(self, name: str) -> bool:
        """Whether the field is given."""
        return self.fields.get(name) is not None

    def text_or(self, name: str, default: str = "") -> str:
        """A string, or the default where the field is not given."""
        return self.text(name) if self.has(name) else default

    def whole(self, name: str) -> int:
        """A whole number that DuckDB can hold."""
        value = self.fields.get(name)
        if not _is_whole(value):
            raise RequestError(f"{name!r} must be a whole number")
        return cast(int, value)

    def wholes(self, name: str, most: int) -> list[int]:
        """Such numbers, at most so many."""
        raw = self.fields.get(name)
        if not isinstance(raw, list) or len(raw) > most or not all(map(_is_whole, raw)):
            raise RequestError(f"{name!r} must be a list of at most {most} whole numbers")
        return raw

    def number(self, name: str, default: float) -> float:
        """A finite number, or the default where the field is not given."""
        return _number(self.fields[name], name) if self.has(name) else default

    def numbers(self, name: str, count: int) -> list[float]:
        """So many finite numbers."""
        raw = self.fields.get(name)
        if not isinstance(raw, list) or len(raw) != count:
            raise RequestError(f"{name!r} must be a list of {count} numbers")
        return [_number(value, name) for value in raw]

    def points(self, name: str) -> list[tuple[float, float]]:
        """Pairs of finite numbers."""
        raw = self.fields.get(name)
        if not isinstance(raw, list) or not all(isinstance(p, list) and len(p) == 2 for p in raw):
            raise RequestError(f"{name!r} must be a list of points [x, y]")
        return [(_number(x, name), _number(y, name)) for x, y in raw]

    def items(self, name: str) -> list[Request]:
        """A list of objects, each with fields of its own."""
        raw = self.fields.get(name)
        if not isinstance(raw, list):
            raise RequestError(f"{name!r} must be a list of objects")
        if len(raw) > MAX_BOXES:
            raise RequestError(f"{len(raw)} in {name!r} at once; give at most {MAX_BOXES}")
        return [Request.of(item) for item in raw]

    def prompt(self, name: str = "text") -> Prompt:
        """One prompt: its text under a name, and the route."""
        return _prompt({**self.fields, "text": self.fields.get(name)})

    def prompts(self, name: str = "prompts") -> list[Prompt]:
        """A list of prompts, not empty."""
        raw = self.fields.get(name)
        if not isinstance(raw, list) or not raw:
            raise RequestError(f"{name!r} must be a list with at least one prompt")
        if len(raw) > MAX_PROMPTS:
            raise RequestError(f"{len(raw)} prompts at once; ask for at most {MAX_PROMPTS}")
        return [_prompt(item) for item in raw]

    def boxes(self) -> Boxes:
        """(N, 4) fractions of the picture.

        Raises:
            BoxError: One of them encloses nothing.
        """
        raw = self.fields.get("boxes", [])
        if not isinstance(raw, list):
            raise RequestError("'boxes' must be a list of boxes [x0, y0, x1, y1]")
        if len(raw) > MAX_BOXES:
            raise RequestError(f"{len(raw)} boxes at once; ask for at most {MAX_BOXES}")
        return check_boxes(raw)


def _is_whole(value: Any) -> bool:
    return type(value) is int and -(2**63) <= value < 2**63


def _number(value: Any, name: str) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise RequestError(f"{value!r:.60} in {name!r} is not a finite number")
    if not abs(value) <= GREATEST:
        raise RequestError(f"{value!r:.60} in {name!r} is not a finite number below {GREATEST:.0e}")
    return float(value)


def _prompt(raw: Any) -> Prompt:
    if isinstance(raw, str):
        raw = {"text": raw}
    if not isinstance(raw, Mapping) or not isinstance(raw.get("text"), str):
        raise RequestError("A prompt is a text, or an object with a text and a route")
    text = raw["text"]
    route = raw.get("route", "auto")
    if not text.strip():
        raise RequestError("The prompt is empty; write what may be in the box")
    if len(text) > MAX_TEXT:
        raise RequestError(f"A prompt has {len(text)} characters; the limit is {MAX_TEXT}")
    if route not in ROUTE_CHOICES:
        raise RequestError(f"Route {route!r} is not one of {', '.join(ROUTE_CHOICES)}")
    return Prompt(text, cast(RouteChoice, route))
