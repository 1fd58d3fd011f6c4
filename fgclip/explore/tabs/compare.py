"""The Compare tab: two models on the same picture, texts, boxes and data set."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import gradio as gr

from fgclip.explore.api.compare import CompareAnswers
from fgclip.explore.api.data import DataAnswers
from fgclip.explore.api.negatives import NegativesAnswers
from fgclip.explore.api.probe import ProbeAnswers
from fgclip.explore.gallery import EXAMPLES, Sample
from fgclip.explore.panel import panel
from fgclip.explore.tabs.probe import pictures_start

OTHER = "other_"  # begins the names of the second model's answers


def build_compare_tab(
    answers: CompareAnswers,
    probe: ProbeAnswers,
    other: ProbeAnswers,
    negatives: NegativesAnswers,
    data: DataAnswers,
    gallery: Mapping[str, Sample],
    cards: tuple[dict[str, Any], dict[str, Any]],
) -> None:
    """One panel; `probe` and the first card are one model's, `other` and the second the other's."""
    asked = ("open", "read", "score")
    with gr.Tab("Compare", id="compare"):
        panel(
            "compare",
            start={
                **pictures_start(gallery, cards[0]),
                "other": cards[1],
                "examples": list(EXAMPLES),
            },
            answers=[
                probe.open, probe.read, probe.score, probe.count, probe.display,
                negatives.rewrite,
                answers.compared, answers.wrong, answers.fooled, answers.ranks, answers.rivals,
                answers.aligned, answers.near, answers.said, answers.seat,
                data.start, data.job, data.stop,
            ],
            named={OTHER + name: getattr(other, name) for name in asked},
        )  # fmt: skip


def build_lone_tab(card: dict[str, Any]) -> None:
    """The tab of an app with one model: says how to have two."""
    with gr.Tab("Compare", id="compare"):
        panel("compare", start={"card": card, "other": None})
