"""The wire: a question is posted to `api/PART/NAME` as JSON, and so is its answer.

What cannot be answered gets a 4xx status and `Refusal` in words, whoever asks and whatever is sent.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from fgclip.explore.api.errors import RequestError
from fgclip.explore.api.functions import asked, functions_of
from fgclip.explore.api.schemas.fields import Answer, Refusal
from fgclip.explore.api.tabs import PREFIX

MAX_BODY = 32_000_000  # bytes of a question
METHOD = "POST"
MALFORMED, GONE, UNKNOWN, TOO_LARGE, NOT_JSON, REFUSED = 400, 410, 404, 413, 415, 422
NOT_ALLOWED = 405


class BodyError(RequestError):
    """A body that holds no question."""

    def __init__(self, words: str, status: int) -> None:
        super().__init__(words)
        self.status = status


class Wire:
    """Answers over HTTP what the parts of the app are asked. Threads may share it."""

    def __init__(self, parts: Mapping[str, Any]) -> None:
        """Serve the functions of each part below its name."""
        self._parts = parts
        self._functions = {name: functions_of(type(part)) for name, part in parts.items()}

    @property
    def routes(self) -> list[Route]:
        """For the app: everything below the prefix, for what is not there is told in words, too."""
        return [Route(f"/{PREFIX}/{{address:path}}", self)]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        reply = await self._reply(Request(scope, receive))
        await reply(scope, receive, send)

    async def _reply(self, request: Request) -> Response:
        part, _, name = request.path_params["address"].removesuffix("/").partition("/")
        try:
            self._find(part, name)
            if request.method != METHOD:
                words = f"A question is posted: send {part}/{name} with {METHOD}, not "
                raise BodyError(f"{words}{request.method[:60]}", NOT_ALLOWED)
            body = await read_body(request)
        except BodyError as error:
            return refused(error)
        return await run_in_threadpool(self._answer, part, name, body)

    def _find(self, part: str, name: str) -> None:
        if part not in self._parts:
            known = ", ".join(self._parts)
            raise BodyError(f"There is nothing to ask at {part!a}; choose from {known}", UNKNOWN)
        if name not in self._functions[part]:
            known = ", ".join(self._functions[part])
            raise BodyError(f"{part} has no function {name!a}; choose from {known}", UNKNOWN)

    def _answer(self, part: str, name: str, body: bytes) -> Response:
        try:
            question = parsed(body)
        except BodyError as error:
            return refused(error)
        answer = asked(self._parts[part], self._functions[part][name], question)
        if isinstance(answer, Refusal):
            return _sent(answer, GONE if answer.kind == "gone" else REFUSED)
        return _sent(answer)


def parsed(body: bytes) -> Any:
    """JSON of a question.

    Raises:
        BodyError: It is none, or no computer's numbers and stacks would hold it.
    """
    try:
        return json.loads(body)
    except json.JSONDecodeError as error:
        raise BodyError(f"The question is not JSON: {error}", MALFORMED) from error
    except UnicodeDecodeError as error:
        raise BodyError("The question is not JSON in UTF-8; write it so", MALFORMED) from error
    except RecursionError as error:
        raise BodyError("The question is nested too deeply; send it flat", MALFORMED) from error
    except ValueError as error:  # of a number with thousands of digits
        raise BodyError("The question holds a number with too many digits", MALFORMED) from error


async def read_body(request: Request) -> bytes:
    """Of a question; only as JSON, which no page of another origin may send without leave.

    Raises:
        BodyError: It is too large, or something else.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        words = f"The question came as {kind[:60]!a}; send it as application/json"
        raise BodyError(words, NOT_JSON)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            words = f"The question has more than {MAX_BODY // 1_000_000} MB; send less at once"
            raise BodyError(words, TOO_LARGE)
    return bytes(body)


def refused(error: BodyError) -> Response:
    """The answer to a body that holds no question."""
    reply = _sent(Refusal(error=str(error), kind="input"), error.status)
    if error.status == NOT_ALLOWED:
        reply.headers["allow"] = METHOD
    return reply


def _sent(answer: Answer, status: int = 200) -> Response:
    return Response(answer.model_dump_json(), status, media_type="application/json")
