"""`python -m fgclip.evaluation` answers mistakes in words."""

from __future__ import annotations

import sys

import pytest

from fgclip.evaluation.__main__ import main


@pytest.mark.parametrize(
    ("flag", "value", "message"),
    [
        ("--limit", "-1", "argument --limit: -1 is less than 1"),
        ("--limit", "0", "argument --limit: 0 is less than 1"),
        ("--image-size", "-16", "argument --image-size: -16 is less than 1"),
        ("--limit", "all", "argument --limit: 'all' is not a whole number"),
    ],
)
def test_a_number_that_cannot_be_is_refused(
    flag: str,
    value: str,
    message: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    given = ["scenes", "--data", "nowhere", flag, value]
    monkeypatch.setattr(sys, "argv", ["fgclip.evaluation", *given])
    with pytest.raises(SystemExit, match="2"):
        main()
    assert message in capsys.readouterr().err
