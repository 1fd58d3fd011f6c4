"""The README's quick start with published weights, offline, from a cache laid out as the hub's."""

from __future__ import annotations

import hashlib
import json
import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest
from huggingface_hub import constants
from PIL import Image

from fgclip.cli.main import FAILED, main
from fgclip.inputs.clip_tokenizer import BOS, EOS, Tokenizer, build_backend, clip_vocabulary
from fgclip.model.checkpoints.hub import REVISIONS
from tests.support.models import MERGES

ROOT = Path(__file__).parents[1]
TINY = ROOT / "tests" / "data" / "fgclip_v1_tiny"  # written by upstream's own code
HEADING = "## With published weights"
NAME = "qihoo360/fg-clip-base"
WORDS = 49408  # of CLIP's vocabulary, both marks included


def section() -> str:
    """What the README says under the heading."""
    _, found, rest = (ROOT / "README.md").read_text(encoding="utf-8").partition(f"\n{HEADING}\n")
    assert found, f"README.md has no section {HEADING!r}"
    return rest.partition("\n## ")[0]


def command(part: str) -> list[str]:
    """The one shell command with that part, as words."""
    block = section().partition("\n```\n")[2].partition("\n```\n")[0].replace("\\\n", "")
    (line,) = [line for line in block.splitlines() if part in line]
    return shlex.split(line, comments=True)


def save_tokenizer(folder: Path) -> None:
    """A tokenizer of a few words whose marks have CLIP's own numbers."""
    words = clip_vocabulary(MERGES)
    known = len(words) - 2
    words |= {f"unused{number}": number for number in range(known, WORDS - 2)}
    words |= {BOS: WORDS - 2, EOS: WORDS - 1}
    Tokenizer(build_backend(words, MERGES)).save(folder)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A user's folder: the checkout, a picture, and the hub's cache with the model."""
    home = tmp_path_factory.mktemp("home")
    for name in ("app.py", "assets", "fgclip"):
        (home / name).symlink_to(ROOT / name)
    Image.linear_gradient("L").convert("RGB").save(home / "picture.jpg")
    model = home / "hf" / "hub" / "models--qihoo360--fg-clip-base"
    snapshot, blobs = model / "snapshots" / REVISIONS[NAME], model / "blobs"
    for folder in (snapshot, blobs, model / "refs"):
        folder.mkdir(parents=True)
    (model / "refs" / "main").write_text(REVISIONS[NAME])
    save_tokenizer(blobs)
    for name in ("config.json", "model.safetensors"):
        shutil.copy(TINY / name, blobs)
    for file in list(blobs.iterdir()):
        blob = blobs / hashlib.sha256(file.read_bytes()).hexdigest()
        file.rename(blob)
        (snapshot / file.name).symlink_to(Path("../../blobs") / blob.name)
    return home


@pytest.fixture
def cache(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The snapshot in that cache, which this process reads, too."""
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(home / "hf" / "hub"))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    return home / "hf/hub/models--qihoo360--fg-clip-base/snapshots" / REVISIONS[NAME]


def environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HF_")}
    return {**kept, "HF_HOME": str(home / "hf"), "HF_HUB_OFFLINE": "1", "TMPDIR": str(home)}


def output(words: list[str], home: Path) -> str:
    """What a command prints, run as a user would."""
    assert words[0] == "python"
    run = subprocess.run(
        [sys.executable, *words[1:]], cwd=home, env=environment(home),
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    return run.stdout


def answer(words: list[str], capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    """What a command of ours answers, run in this process."""
    assert words[:3] == ["python", "-m", "fgclip"]
    assert main(words[3:]) == 0
    return dict(json.loads(capsys.readouterr().out))


def test_the_list_tells_what_is_in_the_cache(
    cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    models = answer(command("--zoo"), capsys)["models"]
    assert isinstance(models, list)
    first, *others = models
    weights = (cache / "model.safetensors").stat().st_size
    assert first["cached"] == {"revision": cache.name, "path": str(cache), "bytes": weights}
    assert first["revision"] == cache.name
    assert [each["cached"] for each in others] == [None] * len(others)


def test_a_download_tells_place_revision_and_checksums(
    cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = answer(command("--download"), capsys)
    digest = hashlib.sha256((TINY / "model.safetensors").read_bytes()).hexdigest()
    assert (told["path"], told["revision"]) == (str(cache), REVISIONS[NAME])
    assert told["sha256"] == {"model.safetensors": digest}


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json"])
def test_a_damaged_file_is_named_with_the_remedy(
    name: str, cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = cache / name
    whole = file.read_bytes()
    file.resolve().write_bytes(whole[:-1] + b"?")
    try:
        assert main(command("--download")[3:]) == FAILED
    finally:
        file.resolve().write_bytes(whole)
    told = capsys.readouterr().err
    assert f"{file} is damaged" in told
    assert f"Delete {file.resolve()} and download it again" in told


@pytest.mark.slow
def test_the_card_is_that_of_the_weights(home: Path) -> None:
    card = json.loads(output(command("info --model"), home))
    assert (card["name"], card["family"], card["dimensions"]) == (NAME, "FG-CLIP", 24)
    assert card["sha256"] == hashlib.sha256((TINY / "model.safetensors").read_bytes()).hexdigest()
    assert card["revision"] == REVISIONS[NAME]


@pytest.mark.slow
def test_the_probe_scores_a_box(home: Path) -> None:
    told = json.loads(output(command("probe"), home))
    assert told["model"] == NAME
    (region,) = told["regions"]
    assert len(region["prompts"]) == 2
    assert sum(each["softmax"] for each in region["prompts"]) == pytest.approx(1, abs=1e-5)


@pytest.mark.slow
def test_the_lines_of_python_run(home: Path) -> None:
    lines = section().partition("\n```python\n")[2].partition("\n```\n")[0]
    assert NAME in lines
    assert output(["python", "-c", lines], home).count("[[") == 1  # cosines, (1, 2)


@pytest.mark.slow
def test_the_app_shows_the_model(home: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [*command("app.py"), "--port", str(port), "--workspace", str(home / "workspace")]
    process = subprocess.Popen(
        [sys.executable, *words[1:]], cwd=home, env=environment(home),
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    with process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith(f"{NAME} on ")
        assert f"Open http://127.0.0.1:{port} " in process.stdout.readline()
        page = urlopen(f"http://127.0.0.1:{port}/config").read().decode()
        process.terminate()
        assert process.wait(timeout=30) == 128 + signal.SIGTERM
    assert NAME in page
