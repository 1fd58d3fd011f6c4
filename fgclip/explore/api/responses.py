"""What goes back to the page: plain values, or a refusal in words."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

from fgclip.analysis.errors import AnalysisError
from fgclip.boxes import BoxError
from fgclip.data.reading import FormatError
from fgclip.explore.api.requests import Request, RequestError
from fgclip.explore.pictures import UnknownPictureError
from fgclip.inputs.images import PictureError
from fgclip.language import LanguageError
from fgclip.workspace.jobs import BusyError
from fgclip.workspace.workspace import WorkspaceError

Answer = dict[str, Any]
REFUSALS = (
    RequestError, AnalysisError, PictureError, BoxError, FormatError, WorkspaceError, BusyError,
    LanguageError,
)  # fmt: skip


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
