"""A chat model behind an address: vLLM, llama.cpp, Ollama and whatever else speaks OpenAI's way."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

import httpx2

from fgclip.language.chat_rewriting import Message
from fgclip.language.rewriting import LanguageError

KEY = "FGCLIP_API_KEY"  # environment variable with the key of a server that wants one
PATIENCE = 120.0  # seconds for a reply
LONGEST = 1024  # tokens of a reply
TEMPERATURE = 0.8
LONGEST_MESSAGE = 200  # characters of a refusal that are shown
REMEDIES = {
    401: f"it wants a key: set {KEY}",
    403: f"it refuses the key in {KEY}",
    404: "it has no such model or address; see --writer and --writer-model",
    429: "it is asked too often; wait a little",
}


class Endpoint:
    """Asks a server. Threads may share it."""

    def __init__(self, address: str, model: str = "", *, patience: float = PATIENCE) -> None:
        """Ask `model` at an address; its first model where none is named.

        Args:
            address: such as http://127.0.0.1:8000, which stands for its /v1; any other path is
                taken as it is.
            model: as the server calls it.
            patience: seconds that a reply may take.

        Raises:
            LanguageError: It is no address, or nobody answers there.
        """
        parts = _parted(address)
        user, _, host = parts.netloc.rpartition("@")  # with a password: never shown
        path = parts.path.rstrip("/").removesuffix("/chat/completions") or "/v1"
        self._base = f"{parts.scheme}://{host}{path}"
        key = os.environ.get(KEY, "").strip()
        headers = {"authorization": f"Bearer {key}"} if key else {}
        auth = (unquote(user.partition(":")[0]), unquote(user.partition(":")[2])) if user else None
        self._client = httpx2.Client(headers=headers, auth=auth, timeout=patience)
        self._model = model or self._first_model()
        self.name = f"{self._model} at {host}"
        self.identity = f"{self._model} at {self._base}"

    def reply(self, messages: Sequence[Message], *, seed: int) -> str:
        """Its answer, drawn with a seed where the server knows seeds.

        Raises:
            LanguageError: It does not answer, refuses, or answers something else.
        """
        body = {
            "model": self._model, "messages": list(messages), "seed": seed,
            "temperature": TEMPERATURE, "max_tokens": LONGEST,
        }  # fmt: skip
        answer = self._asked("POST", "chat/completions", body)
        try:
            content = answer["choices"][0]["message"]["content"]
        except (KeyError, IndexError, TypeError) as error:
            raise LanguageError(f"{self._base} gave no reply in its answer: {error!r}") from error
        return content if isinstance(content, str) else ""

    def _first_model(self) -> str:
        answer = self._asked("GET", "models", None)
        try:
            return str(answer["data"][0]["id"])
        except (KeyError, IndexError, TypeError) as error:
            raise LanguageError(
                f"{self._base} does not say which models it has; name one with --writer-model"
            ) from error

    def _asked(self, method: str, path: str, body: dict[str, Any] | None) -> Any:
        try:
            response = self._client.request(method, f"{self._base}/{path}", json=body)
            response.raise_for_status()
            return response.json()
        except httpx2.HTTPStatusError as error:
            status = error.response.status_code
            remedy = REMEDIES.get(status, "see its log")
            message = _message(error.response)
            raise LanguageError(f"{self._base} answers {status}{message}: {remedy}") from error
        except httpx2.TimeoutException as error:
            raise LanguageError(
                f"{self._base} does not answer in time; is it still loading?"
            ) from error
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise LanguageError(f"{self._base} cannot be reached ({error}); is it on?") from error
        except ValueError as error:
            raise LanguageError(f"{self._base} answers something else than JSON") from error


def _parted(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
    except ValueError:  # of brackets
        parts = SplitResult("", "", "", "", "")
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise LanguageError(f"{address!r} is no address; write http://HOST:PORT")
    return parts


def _message(response: httpx2.Response) -> str:
    """What a server says of its refusal, where it says so as OpenAI, vLLM or llama.cpp do."""
    try:
        content = response.json()
    except ValueError:
        return ""
    for name in ("error", "message", "detail"):
        if isinstance(content, dict):
            content = content.get(name, content)
    words = " ".join(content.split()) if isinstance(content, str) else ""
    return f" (“{words[:LONGEST_MESSAGE]}”)" if words else ""
