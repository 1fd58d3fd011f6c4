"""The wire over HTTP: whatever is sent gets an answer, or a 4xx status and a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from fgclip.encoder import Encoder
from fgclip.explore.api.data import DataAnswers
from fgclip.explore.api.probe import ProbeAnswers
from fgclip.explore.api.routes import Wire
from fgclip.explore.pictures import Pictures
from fgclip.workspace import Workspace

JSON = {"content-type": "application/json"}


@pytest.fixture
def client(encoder: Encoder, mapped: Workspace, tmp_path: Path) -> TestClient:
    pictures = Pictures(encoder, {}, tmp_path)
    finder: object = None  # nothing here looks for boxes
    parts = {
        "probe": ProbeAnswers(encoder, pictures),
        "data": DataAnswers(mapped, encoder, finder, []),  # type: ignore[arg-type]
    }
    return TestClient(Starlette(routes=Wire(parts).routes), raise_server_exceptions=False)


@pytest.mark.parametrize(
    ("address", "body", "status", "words"),
    [
        ("probe/count", b"{", 400, "not JSON"),
        ("probe/count", b"\xff", 400, "UTF-8"),
        ("probe/count", b"[" * 100_000, 400, "nested"),
        ("probe/count", b"1" * 5_000, 400, "too many digits"),
        ("probe/count", b"[]", 422, "object with fields"),
        ("probe/count", b'{"text": "\\ud800", "route": "auto"}', 422, "half a character"),
        ("probe/count", b'{"text": "a cat", "route": "auto", "more": 1}', 422, "no field 'more'"),
        ("probe/read", b'{"token": "gone", "prompts": [{"text": "a cat"}]}', 410, ""),
        ("probe/__init__", b"{}", 404, "no function"),
        ("probe/_pictures", b"{}", 404, "no function"),
        ("data/__delattr__", b'"_workspace"', 404, "no function"),
        ("nothing/count", b"{}", 404, "nothing to ask"),
        ("probe", b"{}", 404, "probe has no function ''"),
        ("probe/count/more", b"{}", 404, "probe has no function 'count/more'"),
        ("", b"{}", 404, "nothing to ask at ''; choose from probe"),
        ("data/start", b'{"work": "\\ud800"}', 422, "There is no work"),
        ("data/start", b'{"work": "nonsense"}', 422, "There is no work"),
        ("data/start", b'{"work": "map", "kind": "region", "fitted": 1e400}', 422, "finite"),
        (
            "data/start",
            b'{"work": "map", "kind": "region", "fitted": 1' + b"0" * 400 + b"}",
            422,
            "'fitted' is a number of about 400 digits; it must be below",
        ),
    ],
)
def test_what_cannot_be_answered_is_refused_in_words(
    client: TestClient, address: str, body: bytes, status: int, words: str
) -> None:
    reply = client.post(f"/api/{address}", content=body, headers=JSON)
    assert reply.status_code == status, reply.text
    assert words in reply.json()["error"]


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "OPTIONS", "PROPFIND"])
def test_a_question_that_is_not_posted_is_refused_in_words(client: TestClient, method: str) -> None:
    reply = client.request(method, "/api/probe/read")
    assert (reply.status_code, reply.headers["allow"]) == (405, "POST")
    assert reply.json()["error"] == f"A question is posted: send probe/read with POST, not {method}"
    reply = client.request(method, "/api/probe")
    assert (reply.status_code, reply.json()["kind"]) == (404, "input")


def test_an_address_may_end_with_a_stroke(client: TestClient) -> None:
    reply = client.post("/api/probe/count/", json={"text": "the cat"})
    assert (reply.status_code, reply.json()["tokens"]) == (200, 4)


def test_only_json_is_taken(client: TestClient) -> None:
    reply = client.post("/api/probe/count", content=b"{}", headers={"content-type": "text/plain"})
    assert reply.status_code == 415


def test_a_question_that_makes_sense_is_answered(client: TestClient) -> None:
    reply = client.post("/api/probe/count", json={"text": "the cat", "route": "auto"})
    assert (reply.status_code, reply.json()["tokens"]) == (200, 4)
