"""The arithmetic of the benchmarks; no time is asserted."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from pathlib import Path

import pytest

import benchmarks.__main__ as command_line
from benchmarks import drag
from benchmarks.__main__ import main
from benchmarks.bench import LEAST_PHRASES, read_phrases
from benchmarks.models import Shelf, widened
from benchmarks.page import MissingBrowserError, browser_path
from benchmarks.server import App, StartError, running
from benchmarks.tables import Column, Row, Table, as_json, markdown, median, percentile
from fgclip.inputs.clip_tokenizer import Tokenizer
from fgclip.model.checkpoints.loading import load_model


@pytest.fixture
def table() -> Table:
    return Table(
        subject="drag",
        title="Drag",
        notes="What was timed.",
        labels=("model",),
        columns=(Column("median", "ms", 1), Column("events", "", 0)),
        rows=(Row(("mini",), (1.25, 1200.0)), Row(("large",), (math.nan, 3.0))),
    )


def test_percentiles_interpolate_between_neighbours() -> None:
    assert percentile([1, 2, 3, 4], 50) == 2.5
    assert percentile([4, 3, 2, 1], 100) == 4
    assert percentile(range(101), 95) == 95
    assert median([9.0]) == 9


def test_no_samples_have_no_percentile() -> None:
    with pytest.raises(ValueError, match="no samples"):
        percentile([], 95)


def test_markdown_gives_every_figure_its_unit_and_the_table_its_command(table: Table) -> None:
    assert markdown(table, "python -m benchmarks drag").splitlines() == [
        "### Drag",
        "",
        "`python -m benchmarks drag`",
        "",
        "| model | median (ms) | events |",
        "| :-- | --: | --: |",
        "| mini | 1.2 | 1,200 |",
        "| large | – | 3 |",
        "",
        "What was timed.",
    ]


def test_json_is_unrounded_and_has_null_for_what_is_unknown(table: Table) -> None:
    found = json.loads(json.dumps(as_json(table, "run"), allow_nan=False))
    assert found["units"] == {"median": "ms", "events": ""}
    assert found["rows"][0] == {"model": "mini", "median": 1.25, "events": 1200.0}
    assert found["rows"][1]["median"] is None


def test_a_row_must_fit_its_columns(table: Table) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        Table(
            subject="x",
            title="x",
            notes="",
            labels=table.labels,
            columns=table.columns,
            rows=(Row(("mini",), (1.0,)),),
        )


def test_the_dragged_corner_goes_out_in_even_steps_and_comes_back() -> None:
    path = drag.out_and_back(4)
    assert [round(x, 3) for x, _ in path] == [0.1, 0.535, 0.97, 0.535, 0.1]
    assert all(x == y for x, y in path)


def test_a_missing_chromium_is_named_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(MissingBrowserError, match="apt-get install chromium"):
        browser_path()


def test_the_command_line_refuses_in_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["encoder", "--model", "no-such-model"]) == 2
    assert "No model is called 'no-such-model'" in capsys.readouterr().err


def test_random_models_need_a_tokenizer_from_a_real_one(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="borrows a tokenizer"):
        Shelf(["random-vit-b16"], tmp_path)


def test_a_model_of_another_grid_keeps_the_shape_and_the_tokenizer(
    model_folder: Path, tmp_path: Path
) -> None:
    shelf = Shelf([str(model_folder)], tmp_path)
    assert shelf.cases[0].grid == 4
    case = shelf.at_grid(6)
    assert case.grid == 6
    assert load_model(case.folder).config.vision.width == 32
    assert Tokenizer.from_folder(case.folder).encode("the cat") == Tokenizer.from_folder(
        model_folder
    ).encode("the cat")


def test_a_widened_tokenizer_has_that_many_tokens_and_splits_texts_alike(
    model_folder: Path, tmp_path: Path
) -> None:
    narrow = Tokenizer.from_folder(model_folder)
    widened(narrow, 4000, tmp_path)
    wide = Tokenizer.from_folder(tmp_path)
    assert wide.vocab_size == 4000
    for text in ("the cat and the dog", "naïve café", "猫 🐈 ÿõö", ""):
        assert wide.encode(text)[1:-1] == narrow.encode(text)[1:-1]


def test_too_few_phrases_are_refused(tmp_path: Path) -> None:
    line = {"pos_expression": ["a red cup"], "neg_expression": ["a blue cup", "a red cup"]}
    (tmp_path / "hard.jsonl").write_text(json.dumps(line) + "\n")
    with pytest.raises(ValueError, match=f"holds 2 different phrases; {LEAST_PHRASES}"):
        read_phrases(tmp_path)


def test_phrases_of_the_gallery_are_enough_and_differ() -> None:
    phrases = read_phrases(None)
    assert len(set(phrases)) == len(phrases) >= LEAST_PHRASES


def test_peak_memory_is_in_bytes() -> None:
    if not Path("/proc/self/status").exists():
        pytest.skip("only Linux tells")
    command = [sys.executable, "-c", "print('up', flush=True); input()"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe) as process:
        assert process.stdout is not None
        assert process.stdout.readline()
        peak = App(process, "", 0, 0).peak_memory
        process.communicate(b"\n")
    assert 1e6 < peak < 1e9


def test_a_benchmark_runs_by_the_name_that_it_had_before(
    table: Table, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command_line, "browser_path", lambda: Path("chromium"))
    monkeypatch.setitem(command_line.SUBJECTS, "negatives", lambda _: [table])
    assert main(["lab", "--quick"]) == 0
    assert "`python -m benchmarks negatives --quick`" in capsys.readouterr().out


@pytest.mark.slow
def test_an_app_that_cannot_start_says_why(tmp_path: Path) -> None:
    with pytest.raises(StartError, match="config.json"), running(tmp_path):
        pytest.fail("it started")
