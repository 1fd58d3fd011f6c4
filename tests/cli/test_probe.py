"""`python -m fgclip`: the page's answers as JSON and PNG."""

from __future__ import annotations

import errno
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from fgclip.cli.main import FAILED, main
from fgclip.encoder import Encoder
from fgclip.probe.regions import softmax


def test_probe_gives_the_encoders_cosines(
    picture: Path, model_folder: Path, encoder: Encoder, capsys: pytest.CaptureFixture[str]
) -> None:
    flags = ["--prompt", "the cat", "--prompt", "the dog", "--box", "6,8,30,36", "--pixels"]
    flags += ["--model", str(model_folder), "--dtype", "float32", "--device", "cpu"]
    assert main(["probe", str(picture), *flags]) == 0
    answer = json.loads(capsys.readouterr().out)
    region = encoder.encode_regions(picture, [[0.1, 0.2, 0.5, 0.9]])
    expected = region @ encoder.encode_text(["the cat", "the dog"]).T
    (found,) = answer["regions"]
    assert found["box"] == pytest.approx([0.1, 0.2, 0.5, 0.9])
    assert [row["region"] for row in found["prompts"]] == pytest.approx(expected[0], abs=2e-6)
    shares = softmax(expected, encoder.card.scale)[0]
    assert [row["softmax"] for row in found["prompts"]] == pytest.approx(shares, abs=1e-5)
    assert answer["sha256"] == encoder.card.sha256


def test_heatmap_writes_a_picture_and_its_numbers(
    picture: Path, model_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    png, numbers = tmp_path / "heat.png", tmp_path / "heat.json"
    flags = ["--prompt", "the cat", "--out", str(png), "--json", str(numbers)]
    assert main(["heatmap", str(picture), "--model", str(model_folder), *flags]) == 0
    answer = json.loads(numbers.read_text())
    assert Image.open(png).width == 60
    assert np.shape(answer["cosines"]) == (4, 4)
    assert answer["low"] == np.min(answer["cosines"])
    del answer["cosines"]  # too many for the screen
    assert json.loads(capsys.readouterr().out) == answer


def test_info_names_the_weights(
    model_folder: Path, encoder: Encoder, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["info", "--model", str(model_folder)]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["sha256"] == encoder.card.sha256
    assert answer["grid_size"] == 4


def test_a_cut_prompt_is_reported(
    picture: Path, model_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    flags = ["--prompt", "the cat " * 200, "--model", str(model_folder)]
    assert main(["probe", str(picture), *flags]) == 0
    (prompt,) = json.loads(capsys.readouterr().out)["prompts"]
    assert (prompt["truncated"], prompt["tokens"], prompt["limit"]) == (True, 402, 248)


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["--prompt", "x", "--box", "0.5,0.1,0.2,0.9"], "is inverted"),
        (["--prompt", "x", "--box", "nan,0,1,1"], "NaN"),
        (["--prompt", "x", "--box", "1,2,3"], "four numbers"),
        (["--prompt", "x", "--box", "here"], "four numbers"),
        (["--prompt", "  "], "prompt is empty"),
        ([], "at least one prompt"),
        (["--prompts", "missing.txt"], "--prompts missing.txt cannot be read (No such file"),
        (["--prompt", "x", "--box", "-0.1,0.2,0.5,0.9"], "box 1 (-0.1, 0.2, 0.5, 0.9) leaves"),
        (["--prompt", "x", "--box", "1,2,99,9", "--pixels"], "has 60 × 40 pixels"),
        (["--prompt", "x", "--out", "no/folder/a.json"], "there is no folder no/folder; make it"),
        (["--prompt", "x", "--out", "tests"], "--out tests is a folder; name a file in it"),
        (["--prompt", "x", "--model", "no/such-model"], "no/such-model"),
    ],
)
def test_a_mistake_gets_one_message_and_status_2(
    picture: Path,
    model_folder: Path,
    capsys: pytest.CaptureFixture[str],
    flags: list[str],
    message: str,
) -> None:
    model = [] if "--model" in flags else ["--model", str(model_folder)]
    assert main(["probe", str(picture), *flags, *model]) == FAILED
    errors = capsys.readouterr().err.strip().splitlines()
    assert len(errors) == 1
    assert errors[0].startswith("fgclip probe: ")
    assert message in errors[0]


def test_prompts_in_another_encoding_are_named(
    picture: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "latin-1.txt"
    file.write_text("a café", encoding="latin-1")
    assert main(["probe", str(picture), "--prompts", str(file)]) == FAILED
    (line,) = capsys.readouterr().err.strip().splitlines()
    assert line == f"fgclip probe: --prompts {file} is not UTF-8 text; save it as UTF-8"


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["--prompt", "y"], "2 prompts are given; a heat map shows one of them"),
        (["--json", "no/folder/a.json"], "--json no/folder/a.json: there is no folder no/folder"),
        (["--out", "tests"], "--out tests is a folder"),
        (["--range", "0.5", "0.1"], "give two numbers, the smaller first"),
    ],
)
def test_a_heat_map_that_cannot_be_is_refused_before_anything_is_loaded(
    picture: Path, capsys: pytest.CaptureFixture[str], flags: list[str], message: str
) -> None:
    given = ["heatmap", str(picture), "--prompt", "x", *flags, "--model", "no/such-model"]
    assert main(given) == FAILED
    (line,) = capsys.readouterr().err.strip().splitlines()
    assert message in line


def test_a_name_that_is_no_unicode_is_replaced_on_the_screen_and_in_files(
    picture: Path, model_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    latin = picture.rename(picture.with_name("caf\udce9.png"))  # a name in Latin-1
    out = tmp_path / "answer.json"
    given = ["probe", str(latin), "--prompt", "cat", "--model", str(model_folder)]
    given += ["--dtype", "float32"]  # chosen by measurement it may differ from run to run
    assert main(given) == 0
    shown = json.loads(capsys.readouterr().out)
    assert main([*given, "--out", str(out)]) == 0
    assert json.loads(out.read_text(encoding="utf-8")) == shown
    assert shown["picture"].endswith("caf?.png")


def test_a_write_that_fails_is_told_and_leaves_no_file(
    picture: Path,
    model_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def full(path: Path, data: bytes) -> int:
        path.touch()
        raise OSError(errno.ENOSPC, "No space left on device", str(path))

    monkeypatch.setattr(Path, "write_bytes", full)
    given = ["info", "--model", str(model_folder), "--out", str(tmp_path / "card.json")]
    assert main(given) == FAILED
    assert capsys.readouterr().err.endswith("cannot be used: No space left on device\n")
    assert list(tmp_path.iterdir()) == [picture]


def test_prompts_come_from_a_file_line_by_line(
    picture: Path, model_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "prompts.txt"
    file.write_text("the cat\n\nthe dog\n", encoding="utf-8-sig")
    assert main(["probe", str(picture), "--prompts", str(file), "--model", str(model_folder)]) == 0
    prompts = json.loads(capsys.readouterr().out)["prompts"]
    assert [prompt["text"] for prompt in prompts] == ["the cat", "the dog"]


def test_something_that_is_no_picture_is_named(
    tmp_path: Path, model_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("only words")
    assert main(["heatmap", str(path), "--prompt", "x", "--model", str(model_folder)]) == FAILED
    assert "notes.txt is not a picture" in capsys.readouterr().err
