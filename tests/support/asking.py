"""Questions as the page asks them: plain JSON in, plain JSON out."""

import json
from collections.abc import Callable
from typing import Any

from fgclip.explore.api.functions import asked, functions_of


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
