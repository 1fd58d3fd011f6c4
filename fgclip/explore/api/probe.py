"""Answers to the page's questions about one picture. Plain data in, plain data out."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fgclip.explore.api.requests import Request
from fgclip.explore.api.responses import Answer, answered, in_base64
from fgclip.explore.pictures import OpenPicture, Pictures, as_jpeg_url
from fgclip.probe import live
from fgclip.probe.prompts import Prompt, embed_prompts
from fgclip.probe.regions import Scores, Similarity, field_scores

if TYPE_CHECKING:
    from fgclip.encoder import Card, Encoder

DECIMALS = 8  # the page tells ties by them: far finer than `ranking.TIE`


class ProbeAnswers:
    """Everything the Probe tab asks. A refusal is an answer too: {"error": words, "kind": …}."""

    def __init__(self, encoder: Encoder, pictures: Pictures) -> None:
        self._encoder = encoder
        self._pictures = pictures

    def open(self, data: Any) -> Answer:
        """Open a picture: {"sample": id}, {"image": id} of the workspace, or {"upload": path}."""
        return answered(self._open, data)

    def read(self, data: Any) -> Answer:
        """Read prompts against an open picture: {"token", "prompts"}."""
        return answered(self._read, data)

    def score(self, data: Any) -> Answer:
        """Region and crop cosines: {"token", "boxes", "prompts"}."""
        return answered(self._score, data)

    def count(self, data: Any) -> Answer:
        """How many tokens a prompt has: {"text", "route"}."""
        return answered(self._count, data)

    def display(self, data: Any) -> Answer:
        """The open picture in a form that any browser shows: {"token"}."""
        return answered(self._display, data)

    def probe(self, data: Any) -> Answer:
        """All scores of a picture of the gallery: {"sample", "boxes", "prompts"}."""
        return answered(self._probe, data)

    def _open(self, request: Request) -> Answer:
        if request.has("sample"):
            picture = self._pictures.open_sample(request.text("sample"))
        elif request.has("image"):
            picture = self._pictures.open_stored(request.whole("image"))
        else:
            picture = self._pictures.open_upload(Path(request.text("upload")))
        patches = picture.patches
        if live.features_are_smaller(patches):
            whole = {"features": _base64(live.patch_features(patches))}
        else:
            whole = {"gram": _base64(live.gram_triangle(patches))}
        return {
            "token": picture.token,
            "width": picture.image.width,
            "height": picture.image.height,
            "grid": patches.grid,
            **whole,
        }

    def _read(self, request: Request) -> Answer:
        picture = self._picture(request)
        prompts = request.prompts()
        texts = embed_prompts(self._encoder, prompts)
        products = live.prompt_products(picture.patches, texts)
        whole = [text @ picture.patches.image_embedding for text in texts]  # whatever else is read
        return {
            "prompts": [
                {
                    **self._report(prompt),
                    "picture": round(float(cosine), DECIMALS),
                    "products": _base64(product),
                }
                for prompt, cosine, product in zip(prompts, whole, products, strict=True)
            ]
        }

    def _score(self, request: Request) -> Answer:
        found = self._scores(self._picture(request), request)
        return {"region": _rounded(found.region), "crop": _rounded(found.crop)}

    def _probe(self, request: Request) -> Answer:
        found = self._scores(self._pictures.open_sample(request.text("sample")), request)
        return {
            "region": _rounded(found.region),
            "crop": _rounded(found.crop),
            "picture": _rounded(found.picture),
        }

    def _scores(self, picture: OpenPicture, request: Request) -> Scores:
        boxes, prompts = request.boxes(), request.prompts()
        cut_out = picture.crops(self._encoder, boxes)
        return field_scores(picture.patches, boxes, cut_out, embed_prompts(self._encoder, prompts))

    def _count(self, request: Request) -> Answer:
        return self._report(request.prompt())

    def _report(self, prompt: Prompt) -> Answer:
        report = self._encoder.token_report(prompt.text, prompt.route)
        return {
            "tokens": report.tokens,
            "limit": report.limit,
            "route": report.route,
            "truncated": report.truncated,
            "kept": report.kept_text if report.truncated else "",
        }

    def _display(self, request: Request) -> Answer:
        return {"url": as_jpeg_url(self._picture(request).image)}

    def _picture(self, request: Request) -> OpenPicture:
        return self._pictures[request.text("token")]


def card_facts(card: Card) -> Answer:
    """What the model corner shows."""
    return {**asdict(card), "grid_size": card.grid_size}


def _rounded(values: Similarity) -> list[Any]:
    rounded: list[Any] = values.astype(float).round(DECIMALS).tolist()
    return rounded


def _base64(values: live.Half) -> str:
    return in_base64(live.little_endian(values))
