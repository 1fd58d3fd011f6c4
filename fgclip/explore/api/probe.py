"""Answers to the page's questions about one picture."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fgclip.boxes import Boxes, check_boxes
from fgclip.explore.api.schemas.fields import FINE_DECIMALS, half_in_base64, prompts_of, rounded
from fgclip.explore.api.schemas.probe import (
    CountQuestion,
    Display,
    OpenedPicture,
    OpenQuestion,
    Probed,
    ProbeQuestion,
    PromptFacts,
    ReadPrompts,
    ReadQuestion,
    Scored,
    ScoreQuestion,
    TokenCount,
    TokenQuestion,
)
from fgclip.explore.pictures import OpenPicture, Pictures, as_jpeg_url
from fgclip.probe import live
from fgclip.probe.prompts import Prompt, embed_prompts
from fgclip.probe.regions import Scores, Similarity, field_scores

if TYPE_CHECKING:
    from fgclip.encoder import Card, Encoder


class ProbeAnswers:
    """Everything the Probe tab asks."""

    def __init__(self, encoder: Encoder, pictures: Pictures) -> None:
        self._encoder = encoder
        self._pictures = pictures

    def open(self, question: OpenQuestion) -> OpenedPicture:
        """Open a picture."""
        picture = self._opened(question)
        patches = picture.patches
        smaller = live.features_are_smaller(patches)
        return OpenedPicture(
            token=picture.token,
            width=picture.image.width,
            height=picture.image.height,
            grid=patches.grid,
            features=half_in_base64(live.patch_features(patches)) if smaller else None,
            gram=None if smaller else half_in_base64(live.gram_triangle(patches)),
        )

    def read(self, question: ReadQuestion) -> ReadPrompts:
        """Read prompts against an open picture."""
        patches = self._pictures[question.token].patches
        prompts = prompts_of(question.prompts)
        texts = embed_prompts(self._encoder, prompts)
        products = live.prompt_products(patches, texts)
        whole = [text @ patches.image_embedding for text in texts]  # whatever else is read
        return ReadPrompts(
            prompts=[
                PromptFacts(
                    picture=cosine,
                    products=half_in_base64(product),
                    **self._tokens(prompt).model_dump(),
                )
                for prompt, cosine, product in zip(prompts, whole, products, strict=True)
            ]
        )

    def score(self, question: ScoreQuestion) -> Scored:
        """Region and crop cosines of boxes."""
        picture = self._pictures[question.token]
        found = self._scores(picture, check_boxes(question.boxes), prompts_of(question.prompts))
        return Scored(region=_fine(found.region), crop=_fine(found.crop))

    def count(self, question: CountQuestion) -> TokenCount:
        """How many tokens a prompt has."""
        return self._tokens(question.prompt)

    def display(self, question: TokenQuestion) -> Display:
        """The open picture in a form that any browser shows."""
        return Display(url=as_jpeg_url(self._pictures[question.token].image))

    def probe(self, question: ProbeQuestion) -> Probed:
        """All scores of a picture of the gallery."""
        picture = self._pictures.open_sample(question.sample)
        found = self._scores(picture, check_boxes(question.boxes), prompts_of(question.prompts))
        return Probed(
            region=_fine(found.region), crop=_fine(found.crop), picture=_fine(found.picture)
        )

    def _opened(self, question: OpenQuestion) -> OpenPicture:
        if question.sample is not None:
            return self._pictures.open_sample(question.sample)
        if question.image is not None:
            return self._pictures.open_stored(question.image)
        return self._pictures.open_upload(Path(question.upload or ""))

    def _scores(self, picture: OpenPicture, boxes: Boxes, prompts: list[Prompt]) -> Scores:
        cut_out = picture.crops(self._encoder, boxes)
        return field_scores(picture.patches, boxes, cut_out, embed_prompts(self._encoder, prompts))

    def _tokens(self, prompt: Prompt) -> TokenCount:
        report = self._encoder.token_report(prompt.text, prompt.route)
        return TokenCount(
            tokens=report.tokens,
            limit=report.limit,
            route=report.route,
            truncated=report.truncated,
            kept=report.kept_text if report.truncated else "",
        )


def card_facts(card: Card) -> dict[str, Any]:
    """What the model corner shows."""
    return {**asdict(card), "grid_size": card.grid_size}


def _fine(cosines: Similarity) -> list[Any]:
    return rounded(cosines, FINE_DECIMALS)
