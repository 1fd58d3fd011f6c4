"""The Negatives tab: a true caption against rewrites of it, on a region or a whole picture."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import gradio as gr

from fgclip.explore.api.data import DataAnswers
from fgclip.explore.api.negatives import MOST, NegativesAnswers
from fgclip.explore.api.probe import ProbeAnswers
from fgclip.explore.gallery import Sample
from fgclip.explore.panel import panel
from fgclip.explore.tabs.probe import pictures_start


def build_negatives_tab(
    answers: NegativesAnswers,
    probe: ProbeAnswers,
    data: DataAnswers,
    gallery: Mapping[str, Sample],
    card: dict[str, Any],
) -> None:
    """One panel."""
    with gr.Tab("Negatives", id="negatives"):
        panel(
            "negatives",
            start={
                **pictures_start(gallery, card),
                "most": MOST,
                "writer": answers.writings.name,
            },
            answers=[
                answers.known,
                answers.rewrite,
                answers.writing,
                answers.differ,
                answers.weigh,
                answers.failures,
                probe.open,
                probe.read,
                probe.score,
                probe.display,
                data.start,
                data.job,
                data.stop,
            ],
        )
