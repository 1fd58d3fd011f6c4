"""`python -m training.train` from the outside."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import nullcontext
from pathlib import Path

import pytest
import torch

from fgclip.inputs.clip_tokenizer import Tokenizer, build_backend, clip_vocabulary
from fgclip.model.checkpoints.loading import load_model
from fgclip.zoo import EMBEDDED
from tests.support.training import MERGES, arguments, train
from training.checkpoints import checkpoints
from training.distributed import Ranks

ROOT = Path(__file__).parents[2]


@pytest.mark.usefixtures("tiny")
def test_a_finehard_file_trains_a_model_that_trains_on(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = arguments(data, tmp_path / "out", "--recipe", "tiny", "--steps", "3")
    train(monkeypatch, *given)
    model = tmp_path / "out" / "model"
    assert load_model(model).config.vision.image_size == 32
    about = json.loads((tmp_path / "out" / "run.json").read_text())
    assert about["recipe"]["pictures"] == 12
    second = arguments(data, tmp_path / "second", "--recipe", "tiny", "--steps", "1")
    train(monkeypatch, *second, "--init", str(model))
    assert [path.stem for path in checkpoints(tmp_path / "second" / "checkpoints")] == [
        "step-00000001"
    ]


@pytest.mark.usefixtures("tiny")
@pytest.mark.parametrize(
    ("given", "message"),
    [
        (["--recipe", "clop"], "No recipe is called 'clop'"),
        (["--recipe", "tiny", "--dtype", "float16"], "float16 overflows"),
        (["--recipe", "tiny", "--device", "abacus"], "device 'abacus' cannot be used"),
        (["--recipe", "tiny", "--dtype", "int8"], "dtype 'int8' is not one of"),
        (["--recipe", "tiny", "--minutes", "0"], "0 minutes trains nothing"),
        (["--recipe", "tiny", "--data", "nowhere.json"], "nowhere.json"),
        (["--recipe", "tiny", "--tokenizer", "nowhere"], "nowhere has neither tokenizer.json"),
        (["--recipe", "tiny", "--init", "nothing"], "No model is called 'nothing'"),
        (["--recipe", "tiny", "--learning-rate", "1e30"], "Lower the learning rate"),
    ],
)
def test_mistakes_end_with_one_clear_line(
    data: Path, tmp_path: Path, given: list[str], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SystemExit, match=message):
        train(monkeypatch, *arguments(data, tmp_path / "out", *given))


@pytest.mark.parametrize(
    ("flag", "least"),
    [
        ("--workers", 0),
        ("--threads", 0),
        ("--seed", 0),
        ("--pictures", 1),
        ("--steps", 1),
        ("--batch-size", 1),
    ],
)
def test_a_number_that_is_too_small_is_named(
    data: Path,
    tmp_path: Path,
    flag: str,
    least: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit, match="2"):
        train(monkeypatch, *arguments(data, tmp_path / "out", "--recipe", "tiny", flag, "-1"))
    assert f"argument {flag}: -1 is less than {least}" in capsys.readouterr().err


@pytest.mark.usefixtures("tiny")
def test_a_damaged_sprite_pack_is_named(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pack.json").write_text("{")
    given = ["--recipe", "tiny", "--data", "scenes", "--sprites", str(tmp_path)]
    with pytest.raises(SystemExit, match=r"The sprite pack in .* cannot be read"):
        train(monkeypatch, *arguments(data, tmp_path / "out", *given))


@pytest.mark.usefixtures("tiny")
def test_a_process_without_a_gpu_of_its_own_is_told_so(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOCAL_RANK", "99")
    monkeypatch.setattr("training.train.joined_ranks", lambda: nullcontext(Ranks(0, 2)))
    given = arguments(data, tmp_path / "out", "--recipe", "tiny", "--device", "cuda")
    with pytest.raises(SystemExit, match="device 'cuda:99' cannot be used here"):
        train(monkeypatch, *given)


@pytest.mark.usefixtures("tiny")
def test_a_run_goes_on_from_a_model_by_its_name(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = arguments(data, tmp_path / "first", "--recipe", "tiny", "--steps", "1")
    train(monkeypatch, *given)
    monkeypatch.setitem(EMBEDDED, "fgclip-mini", tmp_path / "first" / "model")
    given = arguments(data, tmp_path / "out", "--recipe", "tiny", "--steps", "1")
    train(monkeypatch, *given, "--init", "fgclip-mini")
    assert load_model(tmp_path / "out" / "model").config.vision.width == 16


@pytest.mark.usefixtures("tiny")
def test_a_run_says_how_it_goes_and_what_came_out(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenes = tmp_path / "scenes"
    scenes.mkdir()
    (scenes / "scenes.json").write_text(
        data.read_text().replace('"f_path": "', f'"f_path": "{data.parent}/')
    )
    names = [{"name": name, "prompt": f"a {name} square"} for name in ("red", "green", "blue")]
    (scenes / "concepts.json").write_text(json.dumps(names))
    out = tmp_path / "out"
    given = arguments(data, out, "--recipe", "tiny", "--steps", "4")
    train(monkeypatch, *given, "--evaluate", str(scenes), "--evaluate-every", "8")
    rows = [json.loads(line) for line in (out / "log.jsonl").read_text().splitlines()]
    asked = [row for row in rows if "evaluation" in row]
    assert [row["pictures"] for row in asked] == [8, 16, 16]
    name = "retrieval, long, text → picture, R@1"
    assert 0 <= asked[-1]["evaluation"][name] <= 1
    card = (out / "model" / "MODEL_CARD.md").read_text()
    assert f"| {name} | {100 * asked[-1]['evaluation'][name]:.1f} |" in card
    assert "| recipe | `tiny`: for tests |" in card
    assert "| pictures | 16 in 4 steps of 4 |" in card
    assert list((out / "tensorboard").iterdir())


@pytest.mark.usefixtures("tiny")
@pytest.mark.parametrize(
    ("given", "message"),
    [
        (["--data", "nowhere.json"], "nowhere.json"),
        (["--data", "nowhere.json", "--resume", "no"], "nowhere.json"),
        (["--seed", "7"], "made with seed 0, this run has 7. Use another --out, or --resume no"),
        (["--tokenizer", "wider"], "made with text vocab_size 518, this run has 519. Use another"),
        (["--recipe", "renamed"], "made with name 'tiny', this run has 'renamed'"),
    ],
)
def test_a_refused_start_leaves_the_run_in_its_folder_alone(
    data: Path, tmp_path: Path, given: list[str], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    train(monkeypatch, *arguments(data, out, "--recipe", "tiny", "--steps", "1"))
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    merges = [*MERGES, "w h"]
    Tokenizer(build_backend(clip_vocabulary(merges), merges)).save(tmp_path / "wider")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit, match=message):
        train(monkeypatch, *arguments(data, out, "--recipe", "tiny", *given))
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before


@pytest.mark.slow
def test_a_killed_run_goes_on_to_the_same_weights(data: Path, tmp_path: Path) -> None:
    def command(out: Path) -> list[str]:
        given = arguments(data, out, "--recipe", "mini_stage1", "--steps", "6", "--threads", "1")
        return [sys.executable, "-m", "training.train", *given, "--checkpoint-minutes", "0"]

    run = tmp_path / "killed"
    first = subprocess.Popen(command(run), cwd=ROOT, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 120
    while not checkpoints(run / "checkpoints") and time.monotonic() < deadline:
        time.sleep(0.05)
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    (reached,) = checkpoints(run / "checkpoints")[-1:]
    assert reached.stem < "step-00000006"
    subprocess.run(command(run), cwd=ROOT, check=True, capture_output=True)
    subprocess.run(command(tmp_path / "unbroken"), cwd=ROOT, check=True, capture_output=True)
    resumed, unbroken = (
        load_model(folder / "model").state_dict() for folder in (run, tmp_path / "unbroken")
    )
    assert all(torch.equal(resumed[name], value) for name, value in unbroken.items())
    last, expected = (
        json.loads((folder / "log.jsonl").read_text().splitlines()[-1])
        for folder in (run, tmp_path / "unbroken")
    )
    assert last["step"] == expected["step"] == 6


@pytest.mark.slow
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_told_to_stop_saves_and_goes_on(
    sent: signal.Signals, data: Path, tmp_path: Path
) -> None:
    run = tmp_path / "out"
    given = arguments(data, run, "--recipe", "mini_stage1", "--threads", "1", "--steps", "1000")
    command = [sys.executable, "-m", "training.train", *given]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 120
    while not (run / "log.jsonl").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(sent)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "the same command goes on" in said
    assert "Traceback" not in said
    (reached,) = checkpoints(run / "checkpoints")
    assert reached.stem < "step-00001000"
