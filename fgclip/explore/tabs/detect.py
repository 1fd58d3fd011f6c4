"""The Detect tab: phrases → boxes, each with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import gradio as gr
from gradio.events import api

from fgclip.explore.api.detect import DetectAnswers
from fgclip.explore.gallery import EXAMPLES, Sample
from fgclip.explore.panel import panel
from fgclip.explore.scripts import scripted
from fgclip.explore.tabs.probe import pictures_start
from fgclip.probe.detect import SHARE


def build_detect_tab(
    gallery: Mapping[str, Sample], card: dict[str, Any], *, detector: str | None
) -> None:
    """One panel; `detector` is the name of one that proposes boxes."""
    with gr.Tab("Detect", id="detect"):
        panel(
            "detect",
            start={
                **pictures_start(gallery, card),
                "examples": list(EXAMPLES),
                "share": SHARE,
                "detector": detector,
            },
        )


def add_detect_endpoint(answers: DetectAnswers) -> None:
    """The same boxes for scripts, at /detect."""

    def detect(sample: str, phrases: list[str], share: float = SHARE) -> dict[str, Any]:
        """Find boxes for phrases in a gallery picture.

        Args:
            sample: id of the picture, as in the address bar.
            phrases: what to look for.
            share: of other pictures that shall stay without a box for a phrase, 0 to 1.
        """
        return scripted(answers, "detect", sample=sample, prompts=phrases, share=share)

    api(detect, api_name="detect")
