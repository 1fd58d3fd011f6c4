"""The Data tab: import, index, map and export, and what is there."""

from __future__ import annotations

from typing import Any

import gradio as gr

from fgclip.data.formats import FORMATS, READABLE, WRITABLE
from fgclip.explore.panel import panel


def build_data_tab(card: dict[str, Any]) -> None:
    """One panel."""
    with gr.Tab("Data", id="data"):
        panel(
            "data",
            start={
                "card": card,
                "readable": [{"name": name, "title": FORMATS[name].title} for name in READABLE],
                "writable": [{"name": name, "title": FORMATS[name].title} for name in WRITABLE],
            },
        )
