"""The Negatives tab: a true caption against rewrites of it, on a region or a whole picture."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import gradio as gr

from fgclip.explore.answers import ProbeAnswers
from fgclip.explore.data_answers import DataAnswers
from fgclip.explore.gallery import Sample
from fgclip.explore.negatives_answers import MOST, NegativesAnswers
from fgclip.explore.panel import panel
from fgclip.explore.probe_tab import pictures_start


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
