"""What the hub gives, and in which words it refuses."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, ClassVar

import pytest
from huggingface_hub import constants

from fgclip.model.checkpoints import hub as hub_module
from fgclip.model.checkpoints.checksums import proven, sha256
from fgclip.model.checkpoints.hub import (
    ModelNotFoundError,
    cached_folder,
    model_folder,
    revision_of,
)
from fgclip.model.checkpoints.loading import CheckpointError

NAME = "somebody/some-model"
FIRST, SECOND = "1" * 40, "2" * 40  # commits
WANTED = ["config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"]
WANTED += ["vocab.json", "merges.txt", "preprocessor_config.json", "MODEL_CARD.md"]
OTHERS = ["tokenizer.py", "tokenizer_fast/code.py", "onnx/model.safetensors", "old/vocab.json"]
OTHERS += ["modeling.py", "pytorch_model.bin", "tokenizer.pkl", "a/b/model.safetensors"]


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


class Library(Hub):
    """Gives a model as the hub does: commits, their lists, and files with their checksums."""

    branches: ClassVar[dict[str, str]] = {}
    files: ClassVar[dict[str, dict[str, bytes]]] = {}  # of each commit
    requests: ClassVar[list[dict[str, Any]]] = []
    spoilt = False  # a byte of the weights is not what the checksum says
    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        path = self.path.partition("?")[0].replace("%2F", "/")
        self.asked.append(path)
        kind, _, rest = path.removeprefix(f"/api/models/{NAME}/").partition("/")
        if path.startswith(f"/{NAME}/resolve/"):
            commit, _, file = path.removeprefix(f"/{NAME}/resolve/").partition("/")
            self._send_file(commit, file)
        elif kind == "discussions":
            count = len(self.requests)
            answer = {"count": count, "start": 0, "discussions": self.requests}
            self._send(json.dumps(answer).encode())
        elif kind == "tree":
            self._send(json.dumps([_listed(*each) for each in self.files[rest].items()]).encode())
        elif commit := self.branches.get(rest, rest if rest in self.files else ""):
            self._send(json.dumps({"id": NAME, "sha": commit}).encode())
        else:
            self._send(b"", status=404, **{"X-Error-Code": "RevisionNotFound"})

    def do_HEAD(self) -> None:
        self.do_GET()

    def _send_file(self, commit: str, file: str) -> None:
        content = self.files[commit][file]
        digest = hashlib.sha256(content).hexdigest()
        if self.spoilt and file == "model.safetensors":
            content = content[:-1] + b"?"
        self._send(content, **{"X-Repo-Commit": commit, "X-Linked-Etag": f'"{digest}"'})

    def _send(self, content: bytes, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(content)


def _listed(path: str, content: bytes) -> dict[str, Any]:
    return {"type": "file", "path": path, "size": len(content), "oid": "0" * 40}


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Hub]]:
    """A hub on this machine that refuses everything, and an empty cache."""

    class Own(Hub):
        pass

    yield from _served(Own, tmp_path, monkeypatch)


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Library]]:
    """A hub on this machine with one model of two commits, and an empty cache."""

    class Own(Library):
        branches: ClassVar = {"main": FIRST, "refs/pr/3": SECOND}
        files: ClassVar = {
            commit: {name: f"{name} of {commit}".encode() for name in [*WANTED, *OTHERS]}
            for commit in (FIRST, SECOND)
        }
        requests: ClassVar = []
        asked: ClassVar = []

    yield from _served(Own, tmp_path, monkeypatch)


def _served(handler: type[Hub], cache: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    here = f"http://127.0.0.1:{server.server_port}"
    files = here + "/{repo_id}/resolve/{revision}/{filename}"
    monkeypatch.setattr(constants, "ENDPOINT", here)
    monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", files)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(cache))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    yield handler
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


def test_only_data_files_of_the_top_folder_are_fetched(library: type[Library]) -> None:
    folder = model_folder(NAME)
    assert {file.name for file in folder.rglob("*")} == set(WANTED)
    assert revision_of(folder) == FIRST


def test_a_name_keeps_the_revision_of_its_first_download(library: type[Library]) -> None:
    assert cached_folder(NAME) is None
    first = model_folder(NAME)
    library.branches["main"] = SECOND
    library.asked.clear()
    assert model_folder(NAME) == first == cached_folder(NAME)
    assert library.asked == []
    assert model_folder(f"{NAME}@main").name == SECOND  # until its owner says otherwise
    assert model_folder(NAME).name == SECOND


@pytest.mark.parametrize("revision", ["refs/pr/3", SECOND])
def test_a_revision_may_be_asked_for(library: type[Library], revision: str) -> None:
    folder = model_folder(f"{NAME}@{revision}")
    assert revision_of(folder) == SECOND
    assert (folder / "config.json").read_text() == f"config.json of {SECOND}"


def test_a_known_name_stands_for_one_commit(
    library: type[Library], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(hub_module.REVISIONS, NAME, SECOND)
    assert model_folder(NAME).name == SECOND
    assert model_folder(f"{NAME}@main").name == FIRST


def test_a_revision_that_the_hub_lacks_is_told(library: type[Library]) -> None:
    with pytest.raises(ModelNotFoundError, match=f"no revision 'v9'. Give .* {NAME}@main"):
        model_folder(f"{NAME}@v9")
    with pytest.raises(ModelNotFoundError, match="no revision '3333"):
        model_folder(f"{NAME}@{'3' * 40}")


@pytest.mark.parametrize("name", [f"{NAME}@..", f"{NAME}@../../x", f"{NAME}@", "../x@main"])
def test_no_revision_leads_out_of_the_cache(name: str) -> None:
    with pytest.raises(ModelNotFoundError, match="No model is called"):
        model_folder(name)


def test_without_the_hub_the_cache_names_what_it_has(
    library: type[Library], monkeypatch: pytest.MonkeyPatch
) -> None:
    model_folder(NAME)
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    monkeypatch.setitem(hub_module.REVISIONS, NAME, SECOND)
    with pytest.raises(ModelNotFoundError, match=f"or use what the cache has, {NAME}@{FIRST}"):
        model_folder(NAME)


def test_a_commit_in_the_cache_needs_no_hub(
    library: type[Library], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = model_folder(f"{NAME}@{FIRST}")
    library.asked.clear()
    assert model_folder(f"{NAME}@{FIRST}") == folder
    assert library.asked == []
    shutil.rmtree(folder.parents[1] / "trees")  # as older libraries left it
    monkeypatch.setattr(constants, "ENDPOINT", "http://127.0.0.1:9")
    assert model_folder(f"{NAME}@{FIRST}") == folder


def test_pickles_alone_are_refused_with_their_conversion(library: type[Library]) -> None:
    library.files[FIRST].pop("model.safetensors")
    with pytest.raises(ModelNotFoundError, match=f"no safetensors .* give {NAME}@refs/pr/NUMBER"):
        model_folder(NAME)
    request = {"title": "Adding `safetensors` variant of this model", "num": 3, "status": "open"}
    request |= {"createdAt": "2023-03-13T12:00:00.000Z", "isPullRequest": True}
    request |= {"repo": {"name": NAME, "type": "model"}, "author": {"name": "anybody"}}
    robots = {**request, "num": 4, "author": {"name": "SFconvertbot"}}
    library.requests.extend([request, robots])
    with pytest.raises(ModelNotFoundError, match=f"or give {NAME}@refs/pr/4, which the hub's"):
        model_folder(NAME)


def test_damage_is_told_and_a_new_download_heals_it(library: type[Library]) -> None:
    library.spoilt = True
    weights = model_folder(NAME) / "model.safetensors"
    with pytest.raises(CheckpointError, match=f"Delete {weights.resolve()} and download it again"):
        proven(weights)
    library.spoilt = False
    weights.resolve().unlink()
    assert proven(model_folder(NAME) / "model.safetensors") == weights.resolve().name


def test_shards_have_one_digest_and_are_proven_each(library: type[Library]) -> None:
    config, weights = (model_folder(NAME) / name for name in ("config.json", "model.safetensors"))
    both = config.read_bytes() + weights.read_bytes()
    assert sha256([config, weights]) == hashlib.sha256(both).hexdigest()
    assert sha256([weights]) == weights.resolve().name
    weights.resolve().write_bytes(b"something else")
    with pytest.raises(CheckpointError, match="model.safetensors is damaged"):
        sha256([config, weights])


def test_files_that_no_hub_gave_have_no_promise(library: type[Library], tmp_path: Path) -> None:
    copy = shutil.copytree(model_folder(NAME), tmp_path / "copy")
    assert revision_of(copy) == ""
    (copy / "model.safetensors").write_bytes(b"something else")
    assert proven(copy / "model.safetensors") == hashlib.sha256(b"something else").hexdigest()
