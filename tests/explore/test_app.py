"""Flags that cannot work get one message with the remedy."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

import app


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
        (["--port", "7999", "--model", "no/such-model"], "no/such-model"),
        (["--port", "7999", "--device", "abacus"], "abacus"),
    ],
)
def test_other_mistakes_too(
    flags: list[str], message: str, model_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = [] if "--model" in flags else ["--model", str(model_folder)]
    assert app.main([*flags, *model]) == app.FAILED
    (line,) = capsys.readouterr().err.strip().splitlines()
    assert message in line


def test_starting_imports_nothing_slow_before_the_flags_are_checked() -> None:
    script = "import sys, app; print(sorted({'torch', 'gradio'} & set(sys.modules)))"
    run = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True, text=True, check=True, cwd=Path(app.__file__).parent, env=os.environ,
    )  # fmt: skip
    assert run.stdout.strip() == "[]"
