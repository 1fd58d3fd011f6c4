"""What goes back to the page: plain values, or a refusal in words."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

from fgclip.explore.api.errors import REFUSALS
from fgclip.explore.api.requests import Request
from fgclip.explore.pictures import UnknownPictureError

Answer = dict[str, Any]


def answered(answer: Callable[[Request], Answer], data: Any) -> Answer:
    """The answer to a question; a refusal is one, too: {"error": words, "kind": …}."""
    try:
        return answer(Request.of(data))
    except UnknownPictureError as error:
        return {"error": str(error), "kind": "gone"}
    except REFUSALS as error:
        return {"error": str(error), "kind": "input"}


def in_base64(content: bytes) -> str:
    """Bytes for JSON."""
    return base64.b64encode(content).decode()
