"""`python -m training.tokenizer` and `training.export` answer mistakes in one sentence."""

from __future__ import annotations

import gzip
import sys
from pathlib import Path

import pytest

import training.export
import training.tokenizer
from fgclip.inputs.clip_tokenizer import Tokenizer
from fgclip.model.checkpoints.loading import save_model
from tests.support.training import MERGES
from training.init import starting_model
from training.recipes import recipe


@pytest.fixture
def merges(tmp_path: Path) -> Path:
    """CLIP's file of merges, cut short; its last line ends, as lines do."""
    path = tmp_path / "merges.txt.gz"
    path.write_bytes(gzip.compress("\n".join(["#version", *MERGES, ""]).encode()))
    return path


def cut(monkeypatch: pytest.MonkeyPatch, *given: str) -> None:
    monkeypatch.setattr(sys, "argv", ["training.tokenizer", *given])
    training.tokenizer.main()


def test_merges_become_a_tokenizer(
    merges: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    cut(monkeypatch, "--merges", str(merges), "--count", "4", "--out", str(out))
    assert Tokenizer.from_folder(out).vocab_size == 512 + 4 + 2


@pytest.mark.parametrize(
    ("file", "count", "message"),
    [
        ("nowhere.gz", "4", "No such file"),
        ("words.txt", "4", "words.txt is not CLIP's file of merges: Not a gzipped file"),
        ("half.gz", "4", "half.gz is not CLIP's file of merges"),
        ("merges.txt.gz", "0", "--count is 0, but CLIP has 1 to"),
        ("merges.txt.gz", "5", "merges.txt.gz has 4 merges; lower --count from 5"),
    ],
)
def test_merges_that_are_none_or_too_few_are_refused(
    merges: Path,
    tmp_path: Path,
    file: str,
    count: str,
    message: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "words.txt").write_text("only words")
    (tmp_path / "half.gz").write_bytes(merges.read_bytes()[:30])
    given = ["--merges", str(tmp_path / file), "--count", count, "--out", str(tmp_path / "out")]
    with pytest.raises(SystemExit, match=rf"training\.tokenizer: .*{message}"):
        cut(monkeypatch, *given)
    assert not (tmp_path / "out").exists()


def test_an_export_of_no_size_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["--model", "run", "--out", "out", "--image-size", "0"]
    monkeypatch.setattr(sys, "argv", ["training.export", *given])
    with pytest.raises(SystemExit, match="2"):
        training.export.main()
    assert "argument --image-size: 0 is less than 1" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (["--recipe", "clop"], "No recipe is called 'clop'"),
        (["--recipe", "fgclip_stage1"], "has the text tower .*width=192.*Give the --recipe"),
        (["--model", "nowhere"], "nowhere has neither tokenizer.json nor"),
        (["--image-size", "97"], "image_size 97 is not a multiple of patch_size 12"),
    ],
)
def test_an_export_that_cannot_be_is_refused(
    model_folder: Path,
    tmp_path: Path,
    given: list[str],
    message: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tokenizer = Tokenizer.from_folder(model_folder)
    save_model(starting_model(recipe("mini_stage1"), tokenizer, None, seed=0), tmp_path / "run")
    tokenizer.save(tmp_path / "run")
    known = ["--model", str(tmp_path / "run"), "--out", str(tmp_path / "out")]
    monkeypatch.setattr(sys, "argv", ["training.export", *known, *given])
    with pytest.raises(SystemExit, match=rf"training\.export: .*{message}"):
        training.export.main()
    assert not (tmp_path / "out").exists()
