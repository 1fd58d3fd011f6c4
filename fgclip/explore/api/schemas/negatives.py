"""The Negatives tab: a true caption against rewrites of it."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import model_validator

from fgclip.explore.api.schemas.fields import (
    MAX_PROMPTS,
    Answer,
    Box,
    Cosine,
    ListOf,
    Question,
    Text,
    Whole,
    WrittenText,
    check_one_picture,
)
from fgclip.types import RouteChoice

Span = tuple[int, int]
"""First character of words, and the one after the last."""


class KnownQuestion(Question):
    """A picture of the gallery, or of the workspace."""

    sample: Text | None = None
    image: Whole | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        check_one_picture(sample=self.sample, image=self.image)
        return self


class KnownNegative(Answer):
    """A negative of a data set; the attribute that it gets wrong may be empty."""

    text: str
    attribute: str


class KnownRegion(Answer):
    """A region with its phrase."""

    box: tuple[float, float, float, float]
    phrase: str
    negatives: list[KnownNegative]


class KnownRegions(Answer):
    """Of a picture, those that have phrases."""

    regions: list[KnownRegion]


class RewriteQuestion(Question):
    """A caption to rewrite.

    Attributes:
        caption: the true one; a blank one has no rewrites.
        count: rewrites at most.
        changes: attributes that each gets wrong.
        seed: of the choice.
        job: a word by which the page asks how far a chat model is, which writes them then.
    """

    caption: Text
    count: Whole = 10
    changes: Whole = 1
    seed: Whole = 0
    job: Text | None = None


class Rewritten(Answer):
    """A caption that is wrong in some attributes, and where."""

    text: str
    kinds: list[str]
    spans: list[Span]


class Rewrites(Answer):
    """What came of a rewriting.

    Attributes:
        attributes: kinds that were found in the caption.
        negatives: the rewrites.
        replies: how often a chat model was asked; null where the rules wrote.
        refused: lines of it that did not pass, by reason.
    """

    attributes: list[str]
    negatives: list[Rewritten]
    replies: int | None = None
    refused: dict[str, int] | None = None


class RewriteProgressQuestion(Question):
    """A job by its word; with `end` the chat model is asked for no reply more."""

    job: Text
    end: bool = False


class RewriteProgress(Answer):
    """Rewrites so far; null where the job is over."""

    done: int | None


class DifferQuestion(Question):
    """Texts that are held against a caption."""

    caption: Text
    texts: Annotated[list[WrittenText], ListOf("texts", MAX_PROMPTS, 1)]


class Difference(Answer):
    """Where a text differs from the caption, and in which attributes."""

    spans: list[Span]
    kinds: list[str]


class Differences(Answer):
    """In the order of the texts."""

    texts: list[Difference]


class WeighQuestion(Question):
    """A caption on an open picture, or on a box of it."""

    token: Text
    caption: WrittenText
    route: RouteChoice = "auto"
    box: Box | None = None


class WordWeight(Answer):
    """A word, and what the caption's cosine loses without it."""

    start: int
    end: int
    delta: Cosine


class WordWeights(Answer):
    """In the caption's order."""

    words: list[WordWeight]


class FailureCell(Answer):
    """Regions with negatives of an attribute, by a route.

    Attributes:
        asked: how many there are.
        fooled: those of them where the model is.
        where: the filter that finds these.
    """

    asked: int
    fooled: int
    where: str


class FailureRow(Answer):
    """Cells of an attribute by route."""

    attribute: str
    cells: dict[str, FailureCell]


class Failures(Answer):
    """Where the model is fooled in the workspace.

    Attributes:
        rows: the most asked first.
        asked: regions that it was held against.
        regions: that have negatives.
        negatives: that they have.
    """

    rows: list[FailureRow]
    asked: int
    regions: int
    negatives: int
