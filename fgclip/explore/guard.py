"""What of Gradio is asked over HTTP, and with what: anything else is refused in words.

Gradio serves far more than our page and scripts ask for, and to a body that it does not expect it
answers 500. So addresses stand on a list, and a body is looked at before Gradio reads it.
"""

from __future__ import annotations

import inspect
import math
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Annotated, Any, TypeVar

import gradio as gr
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fgclip.explore.api.errors import sentence
from fgclip.explore.api.routes import MALFORMED, REFUSED, UNKNOWN, BodyError, read_body, refused
from fgclip.explore.api.routes import parsed as parsed_json
from fgclip.explore.api.schemas.fields import INT64, Whole

MAX_DEPTH = 8  # of lists in lists; boxes take three
MAX_NAME = 255  # bytes of a part of an address, as of a file's name
MAX_BOUNDARY = 70  # characters, says RFC 2046
HALF = "A text holds half a character; take it out or write the whole one"
BOUNDARY = re.compile(
    r'multipart/form-data;.*\bboundary=("[^"]{1,70}"|[^\s";]{1,70})\s*(;|$)', re.I
)

PAGE = re.compile(
    r"/|/(config/?|theme\.css|favicon\.ico|manifest\.json|robots\.txt)|/(assets|static)/.+"
    r"|/gradio_api/(startup-events|info/?|app_id/?|theme\.css|heartbeat/[^/]+)"
)
STREAM = re.compile(r"/gradio_api/(queue/data|call/(?P<name>[^/]+)/[^/]+)")
RUN = re.compile(r"/gradio_api/(run|api)/(?P<name>[^/]+)/?")
CALL = re.compile(r"/gradio_api/call/(?P<name>[^/]+)/?")
UPLOAD, JOIN, CANCEL = "/gradio_api/upload", "/gradio_api/queue/join", "/gradio_api/cancel"

# What Gradio's reader of forms raises of one that is none.
NO_FORM = (TypeError, ValueError, LookupError, AttributeError)

Name = Annotated[str, Field(min_length=1, max_length=200)]
MaybeName = Annotated[str, Field(max_length=200), AfterValidator(lambda name: name or None)]
T = TypeVar("T", bound="GradioCall")
Answerer = Callable[[Scope, Receive, Send], Awaitable[None]]


class GradioCall(BaseModel):
    """What of a call is handed on to Gradio.

    Its clients send more, and it takes more: of our functions, none is given any of that.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)


class ScriptCall(GradioCall):
    """A function for scripts, with a value a parameter."""

    data: list[Any]
    session_hash: MaybeName | None = None


class RunCall(ScriptCall):
    """The same; a number is Gradio's own of a function, and goes before the name."""

    fn_index: Whole | None = None


class QueuedCall(ScriptCall):
    """One that waits its turn; the answer comes on the stream of its session."""

    session_hash: Name
    fn_index: Whole


class Cancelled(GradioCall):
    """A call that nobody waits for any more."""

    session_hash: Name
    fn_index: Whole
    event_id: Name


class Guard:
    """Stands before Gradio. What is ours goes through: the wire checks its own questions."""

    def __init__(
        self, app: ASGIApp, own: Iterable[str], functions: Mapping[int, Sequence[str]]
    ) -> None:
        """Let through what is on the list.

        Args:
            app: Gradio's.
            own: first parts of the addresses that are not Gradio's.
            functions: of scripts: Gradio's number → name, then its parameters.
        """
        self._app = app
        self._own = frozenset(own)
        self._functions = functions
        self._numbers = {name: number for number, (name, *_) in functions.items()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or hand on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = scope["path"].removeprefix(scope.get("root_path", "")) or "/"
        try:
            if any(len(part.encode()) > MAX_NAME for part in path.split("/")):
                raise BodyError("The address has a part that is too long for a name", UNKNOWN)
            answer = await self._answerer(scope["method"], path, Request(scope, receive))
        except BodyError as error:
            answer = refused(error)
        await answer(scope, receive, send)

    async def _answerer(self, method: str, path: str, request: Request) -> Answerer:
        """Who answers a request that may be asked."""
        if path.lstrip("/").split("/")[0] in self._own:
            return self._app
        if method == "POST":
            return await self._posted(path, request)
        if method in ("GET", "HEAD"):
            if PAGE.fullmatch(path):
                return self._app
            if stream := STREAM.fullmatch(path):
                self._check_stream(stream["name"], request)
                return self._streamed
        raise _unknown(method, path)

    async def _posted(self, path: str, request: Request) -> Answerer:
        if path == UPLOAD:
            _check_form(request)
            return self._uploaded
        if path == JOIN:
            check: Callable[[bytes], GradioCall] = self._queued
        elif path == CANCEL:
            check = partial(_checked, Cancelled)
        elif run := RUN.fullmatch(path):
            check = partial(self._run, run["name"])
        elif (call := CALL.fullmatch(path)) and call["name"] in self._numbers:
            check = partial(self._called, call["name"])
        else:
            raise _unknown("POST", path)
        body = await read_body(request)
        checked = await run_in_threadpool(check, body)
        return partial(self._handed_on, checked.model_dump_json().encode())

    def _queued(self, body: bytes) -> GradioCall:
        call = _checked(QueuedCall, body)
        return self._fitting(call, call.fn_index)

    def _run(self, name: str, body: bytes) -> GradioCall:
        call = _checked(RunCall, body)
        if call.fn_index is None and name not in self._numbers:
            known = ", ".join(self._numbers)
            raise BodyError(f"There is no function {name[:60]!a}; choose from {known}", UNKNOWN)
        return self._fitting(call, self._numbers[name] if call.fn_index is None else call.fn_index)

    def _called(self, name: str, body: bytes) -> GradioCall:
        return self._fitting(_checked(ScriptCall, body), self._numbers[name])

    def _fitting(self, call: ScriptCall, number: int) -> ScriptCall:
        """A call that has a value for each parameter of a function that is there."""
        if number not in self._functions:
            known = ", ".join(f"{number} ({name})" for name, number in self._numbers.items())
            raise BodyError(f"'fn_index' is {number}; the functions are {known}", REFUSED)
        _, *parameters = self._functions[number]
        if len(call.data) != len(parameters):
            words = f"'data' must hold {len(parameters)} values ({', '.join(parameters)})"
            raise BodyError(f"{words}, not {len(call.data)}", REFUSED)
        return call

    def _check_stream(self, name: str | None, request: Request) -> None:
        if name is None and not request.query_params.get("session_hash"):
            raise BodyError("'session_hash' is missing from the address; add it", REFUSED)
        if name is not None and name not in self._numbers:
            raise _unknown("GET", request.url.path)

    async def _handed_on(self, body: bytes, scope: Scope, receive: Receive, send: Send) -> None:
        """A request whose body has been read, with what it holds for Gradio."""
        pending: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def again() -> Message:
            return pending.pop() if pending else await receive()

        await self._app(scope, again, send)

    async def _uploaded(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._app(scope, receive, send)
        except NO_FORM as error:
            words = "The upload is no form with files in it; send each as a part named files"
            await refused(BodyError(f"{words} ({_plain(error)})", MALFORMED))(scope, receive, send)

    async def _streamed(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Gradio tells on the stream that nobody has such a session, and then falls over it."""
        begun = False

        async def noting(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, noting)
        except RuntimeError:
            if not begun:
                raise
            await send({"type": "http.response.body", "body": b"", "more_body": False})


def script_functions(blocks: gr.Blocks) -> dict[int, list[str]]:
    """Functions for scripts: Gradio's number → name, then parameters."""
    return {
        number: [str(each.api_name), *inspect.signature(each.fn).parameters]
        for number, each in blocks.fns.items()
        if each.fn is not None
    }


def _checked(model: type[T], body: bytes) -> T:
    given = parsed_json(body)
    if not isinstance(given, dict):
        words = f"A call is an object with fields, not {type(given).__name__}"
        raise BodyError(words, REFUSED)
    _check_values(given)
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise BodyError(sentence(error, model), REFUSED) from error


def _check_values(given: dict[str, Any]) -> None:
    """Gradio copies values to logs, files and answers, which none of these would survive."""
    level: list[Any] = [given]
    for _ in range(MAX_DEPTH):
        found: list[Any] = []
        for value in level:
            _check_value(value)
            found += [*value, *value.values()] if isinstance(value, dict) else []
            found += value if isinstance(value, list) else []
        if not found:
            return
        level = found
    raise BodyError(f"The call is nested more than {MAX_DEPTH} deep; send it flat", REFUSED)


def _check_value(value: Any) -> None:
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise BodyError(HALF, REFUSED) from error
    elif isinstance(value, float) and not math.isfinite(value):
        raise BodyError("A number is not finite; give one that is", REFUSED)
    elif isinstance(value, int) and not -INT64 <= value < INT64:
        raise BodyError("A whole number has more than 64 bits; give a smaller one", REFUSED)
    elif isinstance(value, dict) and "path" in value:
        raise BodyError("A value names a file; name a gallery picture by its id", REFUSED)


def _check_form(request: Request) -> None:
    if request.url.query:
        raise BodyError("An upload takes nothing in its address; leave out the query", REFUSED)
    kind = request.headers.get("content-type", "")
    if not BOUNDARY.match(kind):
        words = (
            f"The upload came as {kind[:60]!a}; send it as multipart/form-data with a boundary of "
            f"at most {MAX_BOUNDARY} characters"
        )
        raise BodyError(words, MALFORMED)


def _plain(error: Exception) -> str:
    return str(error).encode("ascii", "backslashreplace").decode()[:120]


def _unknown(method: str, path: str) -> BodyError:
    return BodyError(
        f"There is nothing to {method} at {path[:60]!a}; the page is at /, its functions at "
        "/api/PART/NAME",
        UNKNOWN,
    )
