"""The Compare tab: two models on the same picture, texts, boxes and data set."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import gradio as gr

from fgclip.explore.gallery import EXAMPLES, Sample
from fgclip.explore.panel import panel
from fgclip.explore.tabs.probe import pictures_start


def build_compare_tab(
    gallery: Mapping[str, Sample], card: dict[str, Any], other: dict[str, Any]
) -> None:
    """One panel for two models, of which these are the cards."""
    with gr.Tab("Compare", id="compare"):
        panel(
            "compare",
            start={**pictures_start(gallery, card), "other": other, "examples": list(EXAMPLES)},
        )


def build_lone_tab(card: dict[str, Any]) -> None:
    """The tab of an app with one model: says how to have two."""
    with gr.Tab("Compare", id="compare"):
        panel("compare", start={"card": card, "other": None})
