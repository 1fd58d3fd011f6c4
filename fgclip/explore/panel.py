"""A part of the page that is our own: an element, and a module of `assets/web` that fills it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import gradio as gr

WEB = Path(__file__).parents[2] / "assets" / "web"

# The module is imported relative to the page, so that the app may live below any path.
ON_LOAD = """
(async () => {
  const page = await import(new URL("web/tabs/%(module)s/index.js", document.baseURI));
  page.mount(element.querySelector(".fx-%(module)s"), { start: props.start, server, upload });
})();
"""


def panel(
    module: str,
    start: dict[str, Any],
    answers: Sequence[Callable[[Any], Any]] = (),
    *,
    named: Mapping[str, Callable[[Any], Any]] | None = None,
) -> gr.HTML:
    """One element, one module, and the questions that it may ask.

    A function and not a subclass: Gradio writes a stub file beside every subclass of a component.

    Args:
        module: file in `assets/web` that exports `mount(element, {start, server, upload})`.
        start: what the module knows from the beginning, as JSON values.
        answers: functions of one JSON value that the module may call by name.
        named: more of them, by other names than their own.
    """
    functions = {answer.__name__: answer for answer in answers} | dict(named or {})
    return gr.HTML(
        html_template=f'<div class="fx-{module}"></div>',
        js_on_load=ON_LOAD % {"module": module},
        server_functions=[_function(*each) for each in functions.items()] or None,
        apply_default_css=False,
        elem_classes=f"fx-panel-{module}",
        start=start,
    )


def _function(name: str, answer: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A plain function: Gradio marks what it is given, and methods cannot be marked."""

    def call(data: Any) -> Any:
        return answer(data)

    call.__name__ = name
    return call
