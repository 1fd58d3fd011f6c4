"""Answers to the Negatives tab: rewrites of a caption, words that differ, what words are worth."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from fgclip.data.records import Region
from fgclip.explore.api.errors import RequestError
from fgclip.explore.api.failures import failure_answer
from fgclip.explore.api.llm_jobs import RewriteJobs
from fgclip.explore.api.schemas.fields import Nothing
from fgclip.explore.api.schemas.negatives import (
    Difference,
    Differences,
    DifferQuestion,
    Failures,
    KnownQuestion,
    KnownRegions,
    RewriteProgress,
    RewriteProgressQuestion,
    RewriteQuestion,
    Rewrites,
    WeighQuestion,
    WordWeights,
)
from fgclip.explore.gallery import Sample
from fgclip.explore.pictures import Pictures
from fgclip.language import changed_kinds, changed_spans, hard_negatives, tags
from fgclip.language.cache import Writer
from fgclip.probe.negatives import word_weights
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
        self._jobs = RewriteJobs(writer)

    def known(self, question: KnownQuestion) -> KnownRegions:
        """Regions of a picture with phrases and negatives."""
        regions = [each for each in self._regions(question) if each.phrase]
        return KnownRegions.model_validate({"regions": regions})

    def rewrite(self, question: RewriteQuestion) -> Rewrites:
        """Hard negatives by rule, or by a chat model."""
        caption, count, changes, seed = (
            question.caption, question.count, question.changes, question.seed,
        )  # fmt: skip
        if count > MOST:
            raise RequestError(f"{count} rewrites at once; ask for at most {MOST}")
        attributes = list(dict.fromkeys(each.kind for each in tags(caption)))
        if question.job is None:
            made = hard_negatives(caption, count, changes=changes, seed=seed)
            return Rewrites.model_validate({"attributes": attributes, "negatives": made})
        written = self._jobs.write(question.job, caption, count, changes, seed)
        return Rewrites.model_validate(
            {
                "attributes": attributes,
                "negatives": list(written.negatives),
                "replies": written.replies,
                "refused": dict(written.refused),
            }
        )

    def rewrite_progress(self, question: RewriteProgressQuestion) -> RewriteProgress:
        """How far a chat model is."""
        return RewriteProgress(done=self._jobs.progress(question.job, end=question.end))

    def differ(self, question: DifferQuestion) -> Differences:
        """Words of texts that differ from a caption's."""
        caption = question.caption
        return Differences(
            texts=[
                Difference(
                    spans=list(changed_spans(text, caption)),
                    kinds=list(changed_kinds(caption, text)),
                )
                for text in question.texts
            ]
        )

    def weigh(self, question: WeighQuestion) -> WordWeights:
        """What the words of a caption are worth."""
        patches = self._pictures[question.token].patches
        seen = patches.image_embedding
        if question.box is not None:
            (seen,) = patches.regions([question.box])
        weights = word_weights(self._encoder, seen, question.caption, question.route)
        return WordWeights.model_validate({"words": weights})

    def failures(self, _: Nothing) -> Failures:
        """Where the model is fooled in the workspace, as far as somebody looked."""
        return failure_answer(self._workspace, self._encoder)

    def _regions(self, question: KnownQuestion) -> tuple[Region, ...]:
        if question.sample is not None:
            sample = self._gallery.get(question.sample)
            return sample.regions if sample else ()
        ids = np.array([question.image])
        return next((each.regions for each in self._workspace.records(ids)), ())
