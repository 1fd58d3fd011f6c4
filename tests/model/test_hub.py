"""What the hub gives, and in which words it refuses."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from huggingface_hub import constants
from huggingface_hub.utils import filter_repo_objects

from fgclip.model.hub import ModelNotFoundError, model_folder

NAME = "somebody/some-model"


class Hub(BaseHTTPRequestHandler):
    """Answers everything with one status."""

    status = 200
    code = ""

    def do_GET(self) -> None:
        self.send_response(self.status)
        self.send_header("X-Error-Code", self.code)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Hub]]:
    """A hub on this machine, asked instead of the real one, and an empty cache."""

    class Own(Hub):
        pass

    server = HTTPServer(("127.0.0.1", 0), Own)
    thread = Thread(target=server.serve_forever)
    thread.start()
    monkeypatch.setattr(constants, "ENDPOINT", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    yield Own
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(
    ("status", "code", "message"),
    [
        (401, "RepoNotFound", "no public model 'somebody/some-model' (status 401). Check the"),
        (401, "GatedRepo", "is gated (status 401). Ask for access at https://huggingface.co/some"),
        (403, "GatedRepo", "is gated (status 403). Ask for access at https://huggingface.co/some"),
        (403, "", "does not give 'somebody/some-model' to you (status 403). Log in with"),
        (
            404,
            "RepoNotFound",
            "has no model 'somebody/some-model' (status 404). Check the spelling",
        ),
        (429, "", "status 429 when asked for 'somebody/some-model'. Try again later"),
        (503, "", "status 503 when asked for 'somebody/some-model'. Try again later"),
    ],
)
def test_a_refusal_of_the_hub_is_told_with_its_status(
    hub: type[Hub], status: int, code: str, message: str
) -> None:
    hub.status, hub.code = status, code
    with pytest.raises(ModelNotFoundError) as refused:
        model_folder(NAME)
    assert message in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_hub_that_does_not_answer_cannot_be_reached(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(constants, "ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    with pytest.raises(ModelNotFoundError, match="the hub cannot be reached"):
        model_folder(NAME)


def test_a_name_that_no_model_can_have_is_told() -> None:
    with pytest.raises(ModelNotFoundError, match="can have no model 'a/b--c'"):
        model_folder("a/b--c")


def test_only_data_files_of_the_top_folder_are_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = ["config.json", "model.safetensors", "model-00001-of-00002.safetensors"]
    wanted += ["model.safetensors.index.json", "tokenizer.json", "tokenizer_config.json"]
    wanted += ["vocab.json", "merges.txt", "preprocessor_config.json", "MODEL_CARD.md"]
    others = ["tokenizer.py", "tokenizer_fast/code.py", "onnx/model.safetensors", "old/vocab.json"]
    others += ["modeling.py", "pytorch_model.bin", "tokenizer.pkl", "a/b/model.safetensors"]
    fetched: list[str] = []

    def download(name: str, *, revision: str | None, **patterns: Any) -> str:
        fetched.extend(filter_repo_objects([*wanted, *others], **patterns))
        return str(tmp_path)

    monkeypatch.setattr("fgclip.model.hub.snapshot_download", download)
    assert model_folder(NAME) == tmp_path
    assert fetched == wanted
