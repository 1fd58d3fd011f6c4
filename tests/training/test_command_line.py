"""`python -m training.train` from the outside."""

import json
import os
import signal
import subprocess
import sys
import tarfile
import time
from contextlib import nullcontext
from pathlib import Path

import pytest
import torch
from PIL import Image

import training.recipes
from fgclip.data import Record
from fgclip.data.finehard import write_finehard
from fgclip.model.checkpoint import load_model
from fgclip.tokenizer import Tokenizer, build_backend, clip_vocabulary
from fgclip.zoo import EMBEDDED
from tests.training.helpers import MERGES, SquareComposer, tiny_recipe, tiny_tokenizer
from training.checkpoints import checkpoints
from training.distributed import Ranks
from training.train import main

ROOT = Path(__file__).parents[2]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Eight pictures of squares as a FineHARD file, and a tokenizer beside them."""
    records = []
    for number in range(8):
        scene = SquareComposer().scene(number)
        path = tmp_path / f"{number}.png"
        Image.fromarray(scene.pixels).save(path)
        records.append(Record(path, scene.short_caption, scene.long_caption, scene.regions))
    write_finehard(records, tmp_path / "squares.json")
    tiny_tokenizer().save(tmp_path / "tokenizer")
    return tmp_path / "squares.json"


def arguments(data: Path, out: Path, *more: str) -> list[str]:
    chosen = ["--data", str(data), "--out", str(out), "--tokenizer", str(data.parent / "tokenizer")]
    fixed = ["--workers", "0", "--dtype", "float32", "--device", "cpu", "--batch-size", "4"]
    return [*chosen, *fixed, *more]


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    own = {name: tiny_recipe(name=name) for name in ("tiny", "renamed")}
    recipes = {**training.recipes.RECIPES, **own}
    monkeypatch.setattr("training.recipes.RECIPES", recipes)


def train(monkeypatch: pytest.MonkeyPatch, *given: str) -> None:
    monkeypatch.setattr(sys, "argv", ["training.train", *given])
    main()


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
@pytest.mark.parametrize("workers", ["0", "1"])
def test_broken_pictures_are_named_counted_and_skipped(
    data: Path,
    tmp_path: Path,
    workers: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    (data.parent / "3.png").write_text("only words")
    (data.parent / "5.png").unlink()
    given = arguments(data, tmp_path / "out", "--recipe", "tiny", "--steps", "4")
    train(monkeypatch, *given, "--workers", workers)
    named = [line for line in caplog.messages if line.startswith("skipped")]
    assert len(named) == 2  # each once, though two epochs met them
    assert any("3.png is not a picture that can be read" in line for line in named)
    assert any("There is no file" in line and "5.png" in line for line in named)
    last = json.loads((tmp_path / "out" / "log.jsonl").read_text().splitlines()[-1])
    assert last["skipped"] >= 4
    card = (tmp_path / "out" / "model" / "MODEL_CARD.md").read_text()
    assert f"| skipped | {last['skipped']} pictures that could not be read |" in card


@pytest.mark.usefixtures("tiny")
def test_faulty_annotations_are_named_and_left_out(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    elements = json.loads(data.read_text())
    elements[1]["bbox_info"][0]["bbox"] = [0.5, 0, 0.1, 1]
    del elements[2]["bbox_info"]
    elements[4]["caption"] = ""
    lines = ",\n".join(json.dumps(element) for element in elements)
    data.write_text(f"[\n{lines}\n]")
    train(monkeypatch, *arguments(data, tmp_path / "out", "--recipe", "tiny", "--steps", "1"))
    named = "\n".join(line for line in caplog.messages if line.startswith("left out"))
    assert "squares.json, line 3, element 1, box 0: bbox [0.5, 0, 0.1, 1] is inverted" in named
    assert "squares.json, line 4, element 2: bbox_info is missing" in named
    assert "4.png has no long caption, which recipe tiny needs" in named


@pytest.mark.usefixtures("tiny")
def test_shards_train_a_model(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    elements = json.loads(data.read_text())
    for shard in range(2):
        with tarfile.open(tmp_path / f"{shard}.tar", "w") as archive:
            for number in range(4 * shard, 4 * shard + 4):
                archive.add(tmp_path / f"{number}.png", f"{number}.png")
                entry = tmp_path / f"{number}.json"
                entry.write_text(json.dumps(elements[number]))
                archive.add(entry, f"{number}.json")
    given = arguments(data, tmp_path / "out", "--recipe", "tiny", "--steps", "3")
    train(monkeypatch, *given, "--data", str(tmp_path / "*.tar"), "--accumulate", "2")
    rows = (tmp_path / "out" / "log.jsonl").read_text().splitlines()
    assert json.loads(rows[-1])["pictures"] == 12
    assert load_model(tmp_path / "out" / "model").config.vision.image_size == 32


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
