"""The theme: the default family and type, quiet greys, one accent."""

from __future__ import annotations

import gradio as gr


def theme() -> gr.themes.Base:
    """Greys for everything, blue for what the user does; fonts are local."""
    return gr.themes.Base(primary_hue="blue", secondary_hue="blue", neutral_hue="zinc").set(
        body_background_fill="*neutral_50",
        body_background_fill_dark="*neutral_950",
    )
