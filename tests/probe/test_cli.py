"""`python -m fgclip`: the page's answers as JSON and PNG."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from fgclip.cli import FAILED, main
from fgclip.encoder import Encoder
from fgclip.probe.regions import softmax


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "picture.png"
    pixels = np.random.default_rng(0).integers(0, 256, (40, 60, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(path)
    return path


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
    picture: Path, model_folder: Path, tmp_path: Path
) -> None:
    png, numbers = tmp_path / "heat.png", tmp_path / "heat.json"
    flags = ["--prompt", "the cat", "--out", str(png), "--json", str(numbers)]
    assert main(["heatmap", str(picture), "--model", str(model_folder), *flags]) == 0
    answer = json.loads(numbers.read_text())
    assert Image.open(png).width == 60
    assert np.shape(answer["cosines"]) == (4, 4)
    assert answer["low"] == np.min(answer["cosines"])


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
        (["--prompts", "missing.txt"], "missing.txt"),
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


def test_something_that_is_no_picture_is_named(
    tmp_path: Path, model_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("only words")
    assert main(["heatmap", str(path), "--prompt", "x", "--model", str(model_folder)]) == FAILED
    assert "notes.txt is not a picture" in capsys.readouterr().err
