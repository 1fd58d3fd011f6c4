"""A server that speaks OpenAI's way and answers what it is told to."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

Answer = Callable[[dict[str, Any]], str]
"""The body of a request → the reply of the model."""


class ChatServer:
    """What it was asked, and what it shall do.

    Attributes:
        asked: bodies of requests for replies, in their order.
        keys: what each showed to be let in.
        paths: what each asked for.
        status: of its answers to them.
        raw: sent instead of a sound answer, where it is set.
        delay: seconds before it answers.
    """

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self.paths: list[str] = []
        self.status = 200
        self.raw: str | None = None
        self.delay = 0.0
        self.address = ""

    def reply(self, body: dict[str, Any]) -> str:
        """The whole answer as JSON."""
        self.asked.append(body)
        time.sleep(self.delay)
        if self.raw is not None:
            return self.raw
        return json.dumps({"choices": [{"message": {"content": self.answer(body)}}]})


@contextmanager
def chat_server(answer: Answer) -> Iterator[ChatServer]:
    """Runs on a free port."""
    server = ChatServer(answer)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._send(200, json.dumps({"data": [{"id": "first"}, {"id": "second"}]}))

        def do_POST(self) -> None:
            server.paths.append(self.path)
            server.keys.append(self.headers.get("authorization"))
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            self._send(server.status, server.reply(body))

        def _send(self, status: int, text: str) -> None:
            content = text.encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    class Quiet(ThreadingHTTPServer):
        def handle_error(self, *_: Any) -> None:
            """Say nothing of those who did not wait."""

    listening = Quiet(("127.0.0.1", 0), Handler)
    server.address = f"http://127.0.0.1:{listening.server_port}"
    Thread(target=listening.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        listening.shutdown()
        listening.server_close()
