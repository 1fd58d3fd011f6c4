"""The Probe tab: a picture, prompts, and how well they fit."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from fgclip.explore.api.schemas.fields import (
    Answer,
    Boxes,
    FineCosine,
    Prompts,
    PromptText,
    Question,
    Text,
    Whole,
    check_one_picture,
)
from fgclip.types import Route


class OpenQuestion(Question):
    """One picture to open.

    Attributes:
        sample: id of one of the gallery.
        image: id of one of the workspace.
        upload: where one lies that this page sent.
    """

    sample: Text | None = None
    image: Whole | None = None
    upload: Text | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        check_one_picture(sample=self.sample, image=self.image, upload=self.upload)
        return self


class OpenedPicture(Answer):
    """What the page needs to score boxes itself: the Gram matrix, or the smaller features.

    Attributes:
        token: its name from now on.
        width: pixels.
        height: pixels.
        grid: patches down and across.
        features: float16 in base64, where they are smaller.
        gram: upper triangle, float16 in base64, where that is.
    """

    token: str
    width: int
    height: int
    grid: tuple[int, int]
    features: str | None = None
    gram: str | None = None


class TokenQuestion(Question):
    """An open picture."""

    token: Text


class ReadQuestion(Question):
    """Prompts to read against an open picture."""

    token: Text
    prompts: Prompts


class ScoreQuestion(Question):
    """Boxes of an open picture, and prompts."""

    token: Text
    prompts: Prompts
    boxes: Boxes = Field(default_factory=list)


class ProbeQuestion(Question):
    """Boxes of a picture of the gallery, and prompts."""

    sample: Text
    prompts: Prompts
    boxes: Boxes = Field(default_factory=list)


class CountQuestion(PromptText):
    """A text that is being typed."""


class TokenCount(Answer):
    """How a text is read.

    Attributes:
        tokens: the text's, both marks included.
        limit: the route's.
        route: "auto" resolved.
        truncated: whether there are more tokens than that.
        kept: what the model reads of a truncated text.
    """

    tokens: int
    limit: int
    route: Route
    truncated: bool
    kept: str


class PromptFacts(TokenCount):
    """What a prompt is worth on a picture.

    Attributes:
        picture: cosine with all of it.
        products: with every patch, float16 in base64.
    """

    picture: FineCosine
    products: str


class ReadPrompts(Answer):
    """In the order of the question."""

    prompts: list[PromptFacts]


class Scored(Answer):
    """Cosines of boxes (rows) with prompts.

    Attributes:
        region: of the box in its picture.
        crop: of the box cut out.
    """

    region: list[list[float]]
    crop: list[list[float]]


class Probed(Scored):
    """The same, and of the whole picture."""

    picture: list[float]


class Display(Answer):
    """The picture as a data URL."""

    url: str
