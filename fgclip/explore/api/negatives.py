"""Answers to the Negatives tab: rewrites of a caption, words that differ, what words are worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from fgclip.data.records import Region
from fgclip.explore.api.failures import failure_answer
from fgclip.explore.api.llm_jobs import Writings
from fgclip.explore.api.requests import MAX_TEXT, Request, RequestError
from fgclip.explore.api.responses import Answer, answered
from fgclip.explore.gallery import Sample
from fgclip.explore.pictures import Pictures
from fgclip.language import Rewrite, changed_kinds, changed_spans, hard_negatives, tags
from fgclip.language.cache import Writer
from fgclip.probe.negatives import word_weights
from fgclip.types import DECIMALS
from fgclip.workspace import Workspace

if TYPE_CHECKING:
    from fgclip.encoder import Encoder

MOST = 200  # rewrites at once: each is a text to be read by every route


class NegativesAnswers:
    """Everything the Negatives tab asks beside what the Probe tab does."""

    def __init__(
        self,
        encoder: Encoder,
        pictures: Pictures,
        gallery: Mapping[str, Sample],
        workspace: Workspace,
        writer: Writer | None = None,
    ) -> None:
        self._encoder = encoder
        self._pictures = pictures
        self._gallery = gallery
        self._workspace = workspace
        self.writings = Writings(writer)

    def known(self, data: Any) -> Answer:
        """Regions of a picture with phrases and negatives: {"sample"} or {"image"}."""
        return answered(self._known, data)

    def rewrite(self, data: Any) -> Answer:
        """Hard negatives: {"caption", "count", "changes", "seed"}, a "writing" by a chat model."""
        return answered(self._rewrite, data)

    def writing(self, data: Any) -> Answer:
        """How far a chat model is: {"writing"}, and "end" to end it."""
        return answered(self.writings.progress, data)

    def differ(self, data: Any) -> Answer:
        """Words of texts that differ from a caption's: {"caption", "texts"}."""
        return answered(self._differ, data)

    def weigh(self, data: Any) -> Answer:
        """What words are worth: {"token", "caption", "route"} and a "box" or the whole picture."""
        return answered(self._weigh, data)

    def failures(self, data: Any) -> Answer:
        """Where the model is fooled in the workspace, as far as somebody looked: {}."""
        return answered(self._failures, data)

    def _known(self, request: Request) -> Answer:
        return {"regions": [_told(each) for each in self._regions(request) if each.phrase]}

    def _regions(self, request: Request) -> tuple[Region, ...]:
        if request.has("sample"):
            sample = self._gallery.get(request.text("sample"))
            return sample.regions if sample else ()
        ids = np.array([request.whole("image")])
        return next((each.regions for each in self._workspace.records(ids)), ())

    def _rewrite(self, request: Request) -> Answer:
        caption = _caption(request)
        count = int(request.number("count", 10))
        if count > MOST:
            raise RequestError(f"{count} rewrites at once; ask for at most {MOST}")
        changes = int(request.number("changes", 1))
        seed = int(request.number("seed", 0))
        answer: Answer = {"attributes": list(dict.fromkeys(each.kind for each in tags(caption)))}
        made: Sequence[Rewrite]
        if request.has("writing"):
            written = self.writings.write(request, caption, count, changes, seed)
            made = written.negatives
            answer |= {"replies": written.replies, "refused": dict(written.refused)}
        else:
            made = hard_negatives(caption, count, changes=changes, seed=seed)
        negatives = [
            {"text": each.text, "kinds": list(each.kinds), "spans": each.spans} for each in made
        ]
        return {**answer, "negatives": negatives}

    def _differ(self, request: Request) -> Answer:
        caption = _caption(request)
        texts = [prompt.text for prompt in request.prompts("texts")]
        return {
            "texts": [
                {
                    "spans": changed_spans(text, caption),
                    "kinds": list(changed_kinds(caption, text)),
                }
                for text in texts
            ]
        }

    def _weigh(self, request: Request) -> Answer:
        patches = self._pictures[request.text("token")].patches
        seen = patches.image_embedding
        if request.has("box"):
            (seen,) = patches.regions([request.numbers("box", 4)])
        prompt = request.prompt("caption")
        weights = word_weights(self._encoder, seen, prompt.text, prompt.route)
        return {
            "words": [
                {"start": each.start, "end": each.end, "delta": round(each.delta, DECIMALS)}
                for each in weights
            ]
        }

    def _failures(self, _: Request) -> Answer:
        model = self._workspace.model_of(self._encoder)
        answer = failure_answer(self._workspace, model, self._encoder.card.trained_routes)
        negatives = self._workspace.counts["negatives"]
        return {**answer, "negatives": negatives}


def _caption(request: Request) -> str:
    caption = request.text("caption")
    if len(caption) > MAX_TEXT:
        raise RequestError(f"The caption has {len(caption)} characters; the limit is {MAX_TEXT}")
    return caption


def _told(region: Region) -> Answer:
    return {
        "box": list(region.box),
        "phrase": region.phrase,
        "negatives": [
            {"text": each.text, "attribute": each.attribute} for each in region.negatives
        ],
    }
