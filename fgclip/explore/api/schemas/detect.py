"""The Detect tab: phrases → boxes, why each is one, and what becomes of them."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import FailFast, Field, model_validator

from fgclip.analysis.detection import DetectionOptions
from fgclip.explore.api.schemas.fields import (
    MAX_BOXES,
    Answer,
    Box,
    Boxes,
    Cosine,
    ListOf,
    Prompts,
    Question,
    RoundedBox,
    Text,
    WrittenText,
    check_one_picture,
)
from fgclip.probe.detect import SHARE, WEIGHT
from fgclip.types import RouteChoice

MAX_SCORE = 2  # of a cosine, whose sums may round to more than 1
MAX_NUMBER = 1_000_000  # of a box as the page counts it, and of a colour

SavedFormat = Literal["coco", "yolo", "png"]


class ReferenceProgress(Answer):
    """How many pictures are read that phrases are measured against.

    Attributes:
        done: so many.
        all: of those that there are.
        pictures: of the workspace.
    """

    done: int
    all: int
    pictures: int


class DetectionHow(Question):
    """How boxes are looked for; `DetectionOptions` says what each is, and where it ends."""

    share: float = SHARE
    weight: float = WEIGHT
    crops: bool = False
    detector: bool = False

    @property
    def options(self) -> DetectionOptions:
        """For the search.

        Raises:
            AnalysisError: A number is not between 0 and 1.
        """
        return DetectionOptions(
            share=self.share, weight=self.weight, crops=self.crops, detector=self.detector
        )


class DetectQuestion(DetectionHow):
    """Phrases that are looked for in an open picture, or in one of the gallery."""

    token: Text | None = None
    sample: Text | None = None
    prompts: Prompts

    @model_validator(mode="after")
    def _one(self) -> Self:
        check_one_picture(token=self.token, sample=self.sample)
        return self


class Phrase(Answer):
    """What is looked for, and how it is read."""

    text: str
    route: RouteChoice


class BoxFacts(Answer):
    """What a box is worth.

    Attributes:
        score: its cosine with the phrase.
        contrast: the score minus that of its surroundings.
        baseline: the threshold of the phrase.
        percentile: share of other pictures whose best box scores lower.
    """

    score: Cosine
    contrast: Cosine
    baseline: Cosine
    percentile: Cosine


class MeasuredBox(BoxFacts):
    """One that somebody drew."""

    box: RoundedBox


class FoundBox(MeasuredBox):
    """One that was found, for a phrase, and how much a detector takes it for a thing."""

    prompt: Phrase
    objectness: Cosine | None = None


class PhraseFacts(Phrase):
    """What is known of a phrase.

    Attributes:
        best: cosine of its best box, good enough or not; null where none was proposed.
        box: that one.
        baseline: the threshold.
        elsewhere: the best box of every other picture, in order.
    """

    best: Cosine | None
    box: RoundedBox | None
    baseline: Cosine
    elsewhere: list[float]


class Detected(Answer):
    """Boxes, the best first, and all phrases; one that was given twice is there once."""

    boxes: list[FoundBox]
    phrases: list[PhraseFacts]


class MeasureQuestion(Question):
    """Boxes of an open picture that somebody drew, and a prompt for each."""

    token: Text
    boxes: Boxes
    prompts: Prompts
    share: float = SHARE

    @property
    def options(self) -> DetectionOptions:
        """How strict to be.

        Raises:
            AnalysisError: The share is not between 0 and 1.
        """
        return DetectionOptions(share=self.share)


class Measured(Answer):
    """In the order of the boxes."""

    boxes: list[MeasuredBox]


class SavedBox(Question):
    """A box as the page has it.

    Attributes:
        box: fractions of the picture.
        phrase: what is in it.
        score: its cosine with that.
        number: that it has on the page; by default its place in the list, from 1.
        hue: of the phrase, from 1.
        own: whether somebody drew it.
    """

    box: Box
    phrase: WrittenText
    score: Annotated[float, Field(ge=-MAX_SCORE, le=MAX_SCORE)] = 0.0
    number: Annotated[int, Field(ge=1, le=MAX_NUMBER)] | None = None
    hue: Annotated[int, Field(ge=1, le=MAX_NUMBER)] = 1
    own: bool = False


SavedBoxes = Annotated[list[SavedBox], FailFast(), ListOf("boxes", MAX_BOXES, 1)]
"""Boxes, one at least."""


class KeepQuestion(Question):
    """Boxes of an open picture that become regions of the workspace."""

    token: Text
    found: SavedBoxes


class Kept(Answer):
    """How many boxes became regions, and how many were some before."""

    kept: int
    known: int


class SaveQuestion(Question):
    """Boxes of an open picture, and the format of their file."""

    token: Text
    format: SavedFormat
    found: SavedBoxes


class SavedFile(Answer):
    """A file in base64, and how its name ends."""

    content: str
    suffix: str
