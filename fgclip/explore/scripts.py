"""Functions of the page for scripts, behind Gradio's endpoints."""

from __future__ import annotations

from typing import Any

from fgclip.explore.api.functions import asked, functions_of


def scripted(part: object, name: str, **fields: Any) -> dict[str, Any]:
    """The answer of a part to a question of these fields; a refusal is one: {"error", "kind"}."""
    return asked(part, functions_of(type(part))[name], fields).model_dump(mode="json")
