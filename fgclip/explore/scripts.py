"""Functions of the page for scripts: Gradio's endpoints, with what they refuse in words."""

from __future__ import annotations

from typing import Any

import gradio as gr

from fgclip.explore.api.functions import asked, functions_of
from fgclip.explore.api.schemas.fields import Refusal


def scripted(part: object, name: str, **fields: Any) -> dict[str, Any]:
    """The answer of a part to a question of these fields.

    Raises:
        gr.Error: The question is refused; told to the script, and not as a fault of the app.
    """
    answer = asked(part, functions_of(type(part))[name], fields)
    if isinstance(answer, Refusal):
        raise gr.Error(answer.error, print_exception=False)
    return answer.model_dump(mode="json")
