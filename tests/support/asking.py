"""Questions as the page asks them: plain JSON in, plain JSON out."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from starlette.applications import Starlette
from starlette.testclient import TestClient

from fgclip.explore.api.functions import asked, functions_of
from fgclip.explore.api.routes import Wire

JSON = {"content-type": "application/json"}


class Asked:
    """A part of the app, each of its functions as the wire has it."""

    def __init__(self, part: object) -> None:
        self.part = part

    def __getattr__(self, name: str) -> Callable[[Any], dict[str, Any]]:
        function = functions_of(type(self.part))[name]

        def ask(question: Any) -> dict[str, Any]:
            found: dict[str, Any] = json.loads(
                asked(self.part, function, question).model_dump_json()
            )
            return found

        return ask


class Posted:
    """Parts of the app over HTTP: a body as it is sent, and what comes back."""

    def __init__(self, **parts: object) -> None:
        app = Starlette(routes=Wire(parts).routes)
        self._client = TestClient(app, raise_server_exceptions=False)

    def reply(self, address: str, body: str) -> tuple[int, dict[str, Any]]:
        """Its status, and its JSON."""
        reply = self._client.post(f"/api/{address}", content=body, headers=JSON)
        return reply.status_code, reply.json()
