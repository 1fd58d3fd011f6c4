"""Fields of questions and answers: what is checked is checked here, and trusted below."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Generic, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    FailFast,
    Field,
    GetCoreSchemaHandler,
    RootModel,
    model_validator,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from fgclip.boxes import BoxError, check_boxes
from fgclip.probe.live import Half, little_endian
from fgclip.probe.prompts import Prompt
from fgclip.types import DECIMALS, RouteChoice

MAX_PROMPTS = 2_000
MAX_BOXES = 500
MAX_TEXT = 50_000  # characters of one text
FINE_DECIMALS = 8  # the page tells ties by them: far finer than `ranking.TIE`
INT64 = 2**63

RefusalKind = Literal["input", "gone"]
T = TypeVar("T")


class Question(BaseModel):
    """What the page asks: no field that is not known, and no value of another type.

    Scripts may send null for what is left to its default. The types of `wire.d.ts` do not say so:
    the page leaves a field out.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, given: Any) -> Any:
        if not isinstance(given, Mapping):
            return given
        return {
            name: value
            for name, value in given.items()
            if value is not None or not cls._has_default(name)
        }

    @classmethod
    def _has_default(cls, name: str) -> bool:
        """Whether a field has one that is not null."""
        field = cls.model_fields.get(name)
        return field is not None and not field.is_required() and field.default is not None


class OneOf(RootModel[T], Generic[T]):
    """A question of one of several kinds, told apart by the word in a field of theirs."""

    model_config = ConfigDict(frozen=True)


class Answer(BaseModel):
    """What the page is answered."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        from_attributes=True,
        json_schema_serialization_defaults_required=True,  # what is told is told always
    )


class Nothing(Question):
    """A question without fields."""


class Done(Answer):
    """It was done; there is nothing to tell."""


class WorkspaceCounts(Answer):
    """How much a workspace holds."""

    images: int
    regions: int
    negatives: int
    texts: int
    faults: int


class Refusal(Answer):
    """Why a question is not answered, in words for the one who asked.

    Attributes:
        error: a sentence with the remedy.
        kind: "gone" for a picture that is not open any more: open it again and ask anew.
    """

    error: str
    kind: RefusalKind


def fault(words: str) -> PydanticCustomError:
    """Of a field, which the words are told after; the sentence is made in `errors`."""
    return PydanticCustomError("words", "{words}", {"words": words})


def check_one_picture(**named: object) -> None:
    """Of the fields that name a picture, one is given."""
    given = sum(each is not None for each in named.values())
    if given != 1:
        many = ("no picture", "", "two pictures", "three pictures")[given]
        raise fault(f"names {many}: give one of {', '.join(named)}")


@dataclass(frozen=True)
class ListOf:
    """How long a list may be, and what it holds.

    Attributes:
        items: what they are called, and in brackets how one is written.
        most: more are refused at once, before any is looked at.
        least: fewer are refused.
    """

    items: str
    most: int
    least: int = 0

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Look at the list before its items."""
        return core_schema.no_info_before_validator_function(self._checked, handler(source))

    def _checked(self, value: Any) -> Any:
        if not isinstance(value, list):
            raise fault(f"must be a list of {self.items}")
        if len(value) > self.most:
            name = self.items.split(" [")[0]
            raise fault(f"holds {len(value)} {name} at once; give at most {self.most}")
        if len(value) < self.least:
            one = "one" if self.least == 1 else str(self.least)
            raise fault(f"must be a list of {self.items} with at least {one}")
        return value


@dataclass(frozen=True)
class Choice:
    """The words that a text may be."""

    words: tuple[str, ...]

    def __get_pydantic_core_schema__(self, source: Any, _: GetCoreSchemaHandler) -> CoreSchema:
        """None of them but these."""
        return core_schema.literal_schema(list(self.words))


def _whole_text(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        half = text[error.start]
        raise fault(
            f"holds half a character ({half!a}, number {error.start + 1}); take it out or write "
            "the whole one"
        ) from error
    if len(text) > MAX_TEXT:
        raise fault(f"has {len(text)} characters; the limit is {MAX_TEXT}")
    return text


def _written(text: str) -> str:
    if not text.strip():
        raise fault("is empty; write what may be in the box")
    return text


def _as_prompt(value: Any) -> Any:
    if isinstance(value, str):
        return {"text": value}
    if not isinstance(value, Mapping | PromptText):
        raise fault("must be a text, or an object with a text and a route")
    return value


def _in_picture(box: list[float]) -> list[float]:
    return _checked_boxes([box])[0]


def _checked_boxes(boxes: list[list[float]]) -> list[list[float]]:
    try:
        check_boxes(boxes)
    except BoxError as error:
        raise fault(f"cannot be used: {error}") from error
    return boxes


Text = Annotated[str, AfterValidator(_whole_text)]
"""At most `MAX_TEXT` characters, whole ones."""

WrittenText = Annotated[Text, AfterValidator(_written)]
"""A text that is not blank."""

Condition = Annotated[Text, AfterValidator(str.strip)]
"""In SQL; a blank one is none."""

Whole = Annotated[int, Field(ge=-INT64, lt=INT64)]
"""A whole number that DuckDB can hold."""

Corners = Annotated[
    list[float], ListOf("four numbers [x0, y0, x1, y1]", 4, 4), Field(min_length=4, max_length=4)
]
"""Four numbers x0 y0 x1 y1."""

Box = Annotated[Corners, AfterValidator(_in_picture)]
"""Fractions of the picture that enclose something."""

Boxes = Annotated[
    list[Corners],
    FailFast(),
    ListOf("boxes [x0, y0, x1, y1]", MAX_BOXES),
    AfterValidator(_checked_boxes),
]
"""Boxes, each in its picture."""


class PromptText(Question):
    """A phrase and the way the model shall read it."""

    text: WrittenText
    route: RouteChoice = "auto"

    @property
    def prompt(self) -> Prompt:
        """For the model."""
        return Prompt(self.text, self.route)


PromptLike = Annotated[
    PromptText, BeforeValidator(_as_prompt, json_schema_input_type=PromptText | str)
]
"""A prompt, or its text alone."""

Prompts = Annotated[list[PromptLike], FailFast(), ListOf("prompts", MAX_PROMPTS, 1)]
"""Prompts, one at least."""

Cosine = Annotated[float, BeforeValidator(lambda value: round(float(value), DECIMALS))]
"""A number that is told with `DECIMALS`."""

FineCosine = Annotated[float, BeforeValidator(lambda value: round(float(value), FINE_DECIMALS))]
"""One that is compared with others of its kind on the page."""

Place = tuple[float, float]
"""x and y on a map, as they are kept."""

Edges = tuple[float, float, float, float]
"""x0 y0 x1 y1, as they are kept."""

RoundedBox = Annotated[tuple[Cosine, Cosine, Cosine, Cosine], BeforeValidator(tuple)]
"""x0 y0 x1 y1, told with `DECIMALS`."""


def rounded(values: NDArray[Any], decimals: int) -> list[Any]:
    """An array as lists of numbers, told with so many decimals."""
    found: list[Any] = values.astype(float).round(decimals).tolist()
    return found


def prompts_of(given: list[PromptText]) -> list[Prompt]:
    """For the model."""
    return [each.prompt for each in given]


def in_base64(content: bytes) -> str:
    """Bytes for an answer."""
    return base64.b64encode(content).decode()


def half_in_base64(values: NDArray[np.float32] | Half) -> str:
    """Numbers for an answer, as float16."""
    return in_base64(little_endian(values))
