"""A part of the page that is our own: an element, and a module of `assets/web` that fills it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gradio as gr

from fgclip.explore.api.tabs import addresses

WEB = Path(__file__).parents[2] / "assets" / "web"

# Modules are imported relative to the page, so that the app may live below any path.
ON_LOAD = """
(async () => {
  const load = (path) => import(new URL(`web/${path}`, document.baseURI));
  const { connect } = await load("core/server.js");
  const page = await load("tabs/%(module)s/index.js");
  const server = connect(props.addresses);
  page.mount(element.querySelector(".fx-%(module)s"), { start: props.start, server, upload });
})();
"""


def panel(module: str, start: dict[str, Any]) -> gr.HTML:
    """One element, one module, and the questions that it may ask.

    A function and not a subclass: Gradio writes a stub file beside every subclass of a component.

    Args:
        module: folder in `assets/web/tabs`, whose index exports
            `mount(element, {start, server, upload})`; what it may ask stands in `api.tabs`.
        start: what the module knows from the beginning, as JSON values.
    """
    return gr.HTML(
        html_template=f'<div class="fx-{module}"></div>',
        js_on_load=ON_LOAD % {"module": module},
        apply_default_css=False,
        elem_classes=f"fx-panel-{module}",
        start=start,
        addresses=addresses(module),
    )
