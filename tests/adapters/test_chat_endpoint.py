from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator

import pytest

from fgclip.adapters.chat_endpoint import Endpoint
from fgclip.language.chat_rewriting import prompt
from fgclip.language.rewriting import LanguageError
from tests.support.chat_server import ChatServer, chat_server

ASKED = prompt("a red box", 2, 1)


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with chat_server(lambda body: f"1. a blue box by {body['model']}") as running:
        yield running


def test_a_reply_is_the_models(server: ChatServer) -> None:
    chat = Endpoint(server.address, "second")

    assert chat.reply(ASKED, seed=3) == "1. a blue box by second"
    (body,) = server.asked
    assert (body["seed"], body["messages"]) == (3, ASKED)
    assert chat.name.startswith("second at 127.0.0.1:")


def test_the_first_model_is_asked_where_none_is_named(server: ChatServer) -> None:
    assert Endpoint(f"{server.address}/v1/").reply(ASKED, seed=0).endswith("by first")


def test_a_key_goes_along(server: ChatServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FGCLIP_API_KEY", "secret\n")
    Endpoint(server.address, "first").reply(ASKED, seed=0)

    assert server.keys == ["Bearer secret"]


@pytest.mark.parametrize(
    ("status", "words"),
    [(401, "set FGCLIP_API_KEY"), (404, "--writer-model"), (429, "too often"), (500, "its log")],
)
def test_refusals_are_told_with_a_remedy(server: ChatServer, status: int, words: str) -> None:
    server.status = status
    with pytest.raises(LanguageError, match=f"answers {status}.*{words}"):
        Endpoint(server.address, "first").reply(ASKED, seed=0)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (
            '{"error": {"message": "no  model\\ncalled first"}}',
            "400 (“no model called first”): see",
        ),
        ('{"error": "loading"}', "400 (“loading”): see"),
        ('{"object": "error", "message": "too long"}', "400 (“too long”): see"),
        ('{"detail": [{"loc": 1}]}', "400: see"),
        ("[]", "400: see"),
        ("<html>", "400: see"),
    ],
)
def test_what_a_server_says_of_its_refusal_is_told(
    server: ChatServer, raw: str, words: str
) -> None:
    server.status, server.raw = 400, raw
    with pytest.raises(LanguageError) as caught:
        Endpoint(server.address, "first").reply(ASKED, seed=0)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("", "/v1/chat/completions"),
        ("/", "/v1/chat/completions"),
        ("/v1/", "/v1/chat/completions"),
        ("/openai", "/openai/chat/completions"),
        ("/api/v1/chat/completions", "/api/v1/chat/completions"),
    ],
)
def test_an_address_with_a_path_is_taken_as_it_is(
    server: ChatServer, path: str, asked: str
) -> None:
    Endpoint(f"{server.address}{path}", "first").reply(ASKED, seed=0)
    assert server.paths == [asked]


def test_a_password_in_an_address_goes_to_the_server_and_nowhere_else(server: ChatServer) -> None:
    chat = Endpoint(server.address.replace("//", "//me:p%40ss@"), "first")
    chat.reply(ASKED, seed=0)
    server.status = 401

    assert server.keys == [f"Basic {b64encode(b'me:p@ss').decode()}"]
    with pytest.raises(LanguageError) as caught:
        chat.reply(ASKED, seed=0)
    told = f"{chat.name} {chat.identity} {caught.value}"
    assert "me:" not in told
    assert "ss@" not in told


@pytest.mark.parametrize("raw", ["no JSON", "[]", '{"choices": []}', '{"choices": [{"text": 1}]}'])
def test_answers_of_another_shape_are_told(server: ChatServer, raw: str) -> None:
    server.raw = raw
    with pytest.raises(LanguageError, match="JSON|no reply"):
        Endpoint(server.address, "first").reply(ASKED, seed=0)


def test_a_reply_without_words_is_empty(server: ChatServer) -> None:
    server.raw = '{"choices": [{"message": {"content": null}}]}'
    assert Endpoint(server.address, "first").reply(ASKED, seed=0) == ""


def test_a_slow_server_is_not_waited_for_for_ever(server: ChatServer) -> None:
    server.delay = 1.0
    with pytest.raises(LanguageError, match="in time"):
        Endpoint(server.address, "first", patience=0.2).reply(ASKED, seed=0)


@pytest.mark.parametrize("address", ["", "localhost:8000", "ftp://a", "http://", "http://[::1"])
def test_what_is_no_address_is_told(address: str) -> None:
    with pytest.raises(LanguageError, match="no address"):
        Endpoint(address)


def test_a_server_that_is_off_is_told() -> None:
    with pytest.raises(LanguageError, match="cannot be reached"):
        Endpoint("http://127.0.0.1:9")
