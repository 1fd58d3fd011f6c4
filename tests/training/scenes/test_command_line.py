"""`python -m training.scenes` answers mistakes in words."""

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
