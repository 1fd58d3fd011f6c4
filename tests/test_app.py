"""Flags that cannot work get one message with the remedy."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

import app
import fgclip
from fgclip.workspace.workspace import Workspace
from tests.support.app import free_port


def has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


IPV6 = has_ipv6()


@pytest.fixture
def taken() -> int:
    """A port that somebody listens on."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        yield holder.getsockname()[1]


def test_a_port_in_use_is_named_with_the_remedy(
    taken: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert app.main(["--port", str(taken)]) == app.FAILED
    (line,) = capsys.readouterr().err.strip().splitlines()
    assert f"127.0.0.1:{taken} cannot be used" in line
    assert f"--port {taken % 65535 + 1}" in line


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["--port", "70000"], "port 70000 does not exist"),
        (["--host", "no.such.host.invalid"], "is not known here"),
        (["--model", "no/such-model"], "no/such-model"),
        (["--device", "abacus"], "abacus"),
        (["--compare-pad"], "name it with --compare"),
    ],
)
def test_other_mistakes_too(
    flags: list[str],
    message: str,
    model_folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    model = [] if "--model" in flags else ["--model", str(model_folder)]
    if "--port" not in flags:
        flags = [*flags, "--port", str(free_port())]
    flags = [*flags, "--workspace", str(tmp_path)]
    assert app.main([*flags, *model]) == app.FAILED
    (line,) = capsys.readouterr().err.strip().splitlines()
    assert message in line


def test_a_port_that_is_taken_while_the_model_loads_is_named_too(
    model_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    load = fgclip.load
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", 0))  # not listening yet, so that others may still bind there
        port = other.getsockname()[1]

        def load_while_another_comes(*given: Any, **options: Any) -> fgclip.Encoder:
            other.listen()
            return load(*given, **options)

        monkeypatch.setattr(fgclip, "load", load_while_another_comes)
        given = ["--port", str(port), "--model", str(model_folder), "--workspace", str(tmp_path)]
        assert app.main(given) == app.FAILED
    said = capsys.readouterr()
    assert said.out.startswith(f"{model_folder.name} on ")  # so it was loaded
    (line,) = said.err.strip().splitlines()
    assert f"127.0.0.1:{port} cannot be used" in line


@pytest.mark.skipif(not IPV6, reason="this machine has no IPv6")
def test_a_page_that_gradio_cannot_start_ends_in_one_sentence(
    taken: int, model_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # Only 127.0.0.1 is taken, but gradio looks there whatever the host.
    given = ["--host", "::1", "--port", str(taken), "--model", str(model_folder)]
    given += ["--workspace", str(tmp_path)]
    assert app.main(given) == app.FAILED
    (line,) = capsys.readouterr().err.strip().splitlines()
    assert f"[::1]:{taken} cannot be used" in line


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (["--writer-model", "first"], "name it with --writer"),
        (["--writer", "http://127.0.0.1:9"], "cannot be reached"),
        (["--writer", "nowhere"], "nowhere is no folder"),
        (["--detector", "assets/fgclip-mini"], "gives no proposals here"),
    ],
)
def test_what_helps_the_model_is_refused_in_one_sentence(
    flags: list[str], words: str, model_folder: Path, tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    given = ["--model", str(model_folder), "--port", str(free_port()), "--workspace", str(tmp_path)]
    assert app.main([*given, *flags]) == app.FAILED
    *_, line = capsys.readouterr().err.strip().splitlines()
    assert words in line


@pytest.mark.slow
def test_a_running_app_names_its_address_and_leaves_no_uploads_behind(
    model_folder: Path, tmp_path: Path
) -> None:
    host, shown = ("::1", "[::1]") if IPV6 else ("127.0.0.1", "127.0.0.1")
    port = free_port(host)
    command = [sys.executable, app.__file__, "--model", str(model_folder), "--device", "cpu"]
    process = subprocess.Popen(
        [*command, "--host", host, "--port", str(port), "--workspace", str(tmp_path / "w")],
        stdout=subprocess.PIPE, text=True, env={**os.environ, "TMPDIR": str(tmp_path)},
    )  # fmt: skip
    with process:
        assert process.stdout is not None
        process.stdout.readline()  # the model's name
        assert f"Open http://{shown}:{port} " in process.stdout.readline()
        assert urlopen(f"http://{shown}:{port}/").status == 200
        assert list(tmp_path.glob("fgclip-*"))
        process.terminate()
        assert process.wait(timeout=30) == 128 + signal.SIGTERM
    assert not list(tmp_path.glob("fgclip-*"))


def test_a_workspace_in_use_is_refused_with_its_owner(
    workspace_in_use: Path, model_folder: Path
) -> None:
    run = subprocess.run(
        [sys.executable, app.__file__, "--model", str(model_folder), "--port", str(free_port()),
         "--workspace", str(workspace_in_use)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == app.FAILED
    assert f"is in use by process {os.getpid()}" in run.stderr
    assert "Traceback" not in run.stderr


@pytest.fixture
def workspace_in_use(tmp_path: Path) -> Iterator[Path]:
    with Workspace(tmp_path / "used") as workspace:
        yield workspace.folder


def test_starting_imports_nothing_slow_before_the_flags_are_checked() -> None:
    script = "import sys, app; print(sorted({'torch', 'gradio'} & set(sys.modules)))"
    run = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True, text=True, check=True, cwd=Path(app.__file__).parent, env=os.environ,
    )  # fmt: skip
    assert run.stdout.strip() == "[]"
