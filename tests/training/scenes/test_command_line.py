"""`python -m training.scenes` answers mistakes in words."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from training.scenes.__main__ import main


def test_drawings_that_are_not_there_yet_are_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = ["--cache", str(tmp_path), "write", "--out", str(tmp_path / "out")]
    monkeypatch.setattr(sys, "argv", ["training.scenes", *given])
    with pytest.raises(SystemExit, match=r"holds no sprite pack.*training\.scenes fetch"):
        main()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (["write", "--out", "out", "--count", "-5"], "argument --count: -5 is less than 1"),
        (["preview", "--count", "0"], "argument --count: 0 is less than 1"),
        (["rasterise", "--workers", "0"], "argument --workers: 0 is less than 1"),
    ],
)
def test_a_number_that_is_too_small_is_named(
    given: list[str],
    message: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys, "argv", ["training.scenes", *given])
    with pytest.raises(SystemExit, match="2"):
        main()
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    ("npm", "message"),
    [
        (None, r"training\.scenes: npm is needed to fetch the drawings: install Node\.js\.$"),
        (
            "#!/bin/sh\necho 'npm error code ECONNREFUSED\nnpm error more' >&2\nexit 1\n",
            r"cannot be downloaded \(npm error code ECONNREFUSED\)\. Is there a network\?$",
        ),
    ],
)
def test_a_fetch_that_fails_says_why(
    npm: str | None, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if npm:
        (tmp_path / "npm").write_text(npm)
        (tmp_path / "npm").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    given = ["--cache", str(tmp_path / "cache"), "fetch"]
    monkeypatch.setattr(sys, "argv", ["training.scenes", *given])
    with pytest.raises(SystemExit, match=message):
        main()
