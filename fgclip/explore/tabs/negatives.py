"""The Negatives tab: a true caption against rewrites of it, on a region or a whole picture."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import gradio as gr

from fgclip.explore.api.negatives import MOST
from fgclip.explore.gallery import Sample
from fgclip.explore.panel import panel
from fgclip.explore.tabs.probe import pictures_start


def build_negatives_tab(
    gallery: Mapping[str, Sample], card: dict[str, Any], *, writer: str | None
) -> None:
    """One panel; `writer` is the name of a chat model that rewrites captions."""
    with gr.Tab("Negatives", id="negatives"):
        panel(
            "negatives",
            start={
                **pictures_start(gallery, card),
                "most": MOST,
                "writer": writer,
            },
        )
