from __future__ import annotations

from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from fgclip.adapters.chat_endpoint import Endpoint
from fgclip.encoder import Encoder
from fgclip.explore.api.negatives import NegativesAnswers
from fgclip.explore.pictures import Pictures
from fgclip.language.cache import Writer
from fgclip.workspace.workspace import Workspace
from tests.support.asking import Asked
from tests.support.chat_server import ChatServer, chat_server

CAPTION = "a small red wooden box"
REPLY = "1. a small blue wooden box\n2. a small red wooden cup"


def answers_with(
    server: ChatServer | None, mapped: Workspace, encoder: Encoder, tmp_path: Path
) -> Asked:
    pictures = Pictures(encoder, {}, tmp_path / "uploads")
    writer = Writer(Endpoint(server.address, "first")) if server else None
    return Asked(NegativesAnswers(encoder, pictures, {}, mapped, writer))


def test_a_chat_model_writes_and_what_was_refused_is_told(
    mapped: Workspace, encoder: Encoder, tmp_path: Path
) -> None:
    with chat_server(lambda _: REPLY) as server:
        answers = answers_with(server, mapped, encoder, tmp_path)
        reply = answers.rewrite({"caption": CAPTION, "count": 1, "job": "a"})

        assert [each["text"] for each in reply["negatives"]] == ["a small blue wooden box"]
        assert reply["negatives"][0]["kinds"] == ["colour"]
        assert (reply["replies"], reply["refused"]) == (1, {"changes the thing": 1})
        assert answers.rewrite_progress({"job": "a"}) == {"done": None}  # over


def test_a_job_tells_how_far_it_is_and_can_be_ended(
    mapped: Workspace, encoder: Encoder, tmp_path: Path
) -> None:
    with chat_server(lambda _: REPLY) as server:
        answers = answers_with(server, mapped, encoder, tmp_path)
        server.delay = 0.4
        found: dict[str, Any] = {}
        request = {"caption": CAPTION, "count": 5, "job": "b"}
        thread = Thread(target=lambda: found.update(answers.rewrite(request)))
        thread.start()
        while not server.asked:
            pass
        assert answers.rewrite_progress({"job": "b", "end": True}) == {"done": 0}
        thread.join(10)

        assert len(found["negatives"]) == 1
        assert len(server.asked) == 1


@pytest.mark.parametrize("status", [401, 500])
def test_a_server_that_refuses_is_told(
    mapped: Workspace, encoder: Encoder, tmp_path: Path, status: int
) -> None:
    with chat_server(lambda _: REPLY) as server:
        answers = answers_with(server, mapped, encoder, tmp_path)
        server.status = status
        reply = answers.rewrite({"caption": CAPTION, "job": "c"})
        assert f"answers {status}" in reply["error"]


def test_without_a_chat_model_the_remedy_is_told(
    mapped: Workspace, encoder: Encoder, tmp_path: Path
) -> None:
    answers = answers_with(None, mapped, encoder, tmp_path)
    assert "--writer" in answers.rewrite({"caption": CAPTION, "job": "d"})["error"]
