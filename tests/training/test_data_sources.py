"""Data as the command line names it: what is broken is named, and the run goes on."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path

import pytest

from fgclip.model.checkpoints.loading import load_model
from tests.support.training import arguments, train


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
