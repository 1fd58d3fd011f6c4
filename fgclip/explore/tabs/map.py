"""The Map tab: everything that was indexed, by likeness; found, circled, looked at."""

from __future__ import annotations

from collections.abc import Sequence

import gradio as gr

from fgclip.explore.panel import panel
from fgclip.types import RouteChoice


def build_map_tab(routes: Sequence[RouteChoice]) -> None:
    """One panel; it also shows how far the making of a map is; `routes` are the trained ones."""
    with gr.Tab("Map", id="map"):
        panel("map", start={"routes": list(routes)})
