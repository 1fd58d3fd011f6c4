"""The page and the command line give equal answers about the same workspace."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from fgclip.analysis.baseline import Reference
from fgclip.analysis.detection import Finder
from fgclip.cli.main import FAILED, main
from fgclip.data.finehard import write_finehard
from fgclip.data.records import Record
from fgclip.encoder import Encoder
from fgclip.explore.api.data import DataAnswers
from fgclip.explore.api.negatives import NegativesAnswers
from fgclip.explore.api.schemas.fields import Nothing
from fgclip.explore.pictures import Pictures
from fgclip.workspace.workspace import Workspace
from tests.support.asking import Asked
from tests.support.noise import picture_records

PHRASES = ["the cat", "a dog"]


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """A job has a thread of its own, and sums shared among threads differ in their last bits."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A workspace of six pictures, closed."""
    records = picture_records(tmp_path / "pictures", 6)
    with Workspace(tmp_path / "workspace") as workspace:
        workspace.add(records, "noise")
    write_finehard(records, tmp_path / "pictures" / "noise.json")
    return tmp_path / "workspace"


@pytest.fixture
def page(folder: Path, encoder: Encoder) -> Iterator[Workspace]:
    """A copy of it, for the page."""
    with Workspace(shutil.copytree(folder, folder.with_name("page"))) as workspace:
        yield workspace


def done_by_page(workspace: Workspace, encoder: Encoder, **request: Any) -> str:
    finder = Finder(encoder, Reference.of_workspace(encoder, workspace))
    answer = Asked(DataAnswers(workspace, encoder, finder, [])).start(request)
    assert "error" not in answer, answer
    workspace.jobs.wait()
    job = workspace.jobs.latest
    assert job is not None
    assert job.outcome == "done", job.words
    return job.words


def told(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    capsys.readouterr()
    assert main([*words, "--dtype", "float32", "--device", "cpu"]) == 0
    return json.loads(capsys.readouterr().out)


def alike(these: list[Record], those: list[Record]) -> None:
    """Equal but for the last digit of a score: a text that is read in another batch differs so."""
    for each, other in zip(these, those, strict=True):
        assert without_scores(each) == without_scores(other)
        assert scores_in(each) == pytest.approx(scores_in(other), abs=2e-6)


def without_scores(record: Record) -> Record:
    regions = tuple(replace(region, meta={**region.meta, "score": 0}) for region in record.regions)
    return replace(record, regions=regions)


def scores_in(record: Record) -> list[float]:
    return [region.meta.get("score", 0.0) for region in record.regions]


def records_in(workspace: Workspace) -> list[Record]:
    return list(workspace.records())


@pytest.mark.parametrize(
    ("flags", "request_"),
    [
        ([], {}),
        (["--share", "0.5"], {"share": 0.5}),
        (["--share", "0", "--crops"], {"share": 0, "crops": True}),
    ],
)
def test_the_same_boxes_are_found_and_kept(
    flags: list[str],
    request_: dict[str, Any],
    folder: Path,
    page: Workspace,
    model_folder: Path,
    encoder: Encoder,
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = [word for phrase in PHRASES for word in ("--phrase", phrase)]
    words += ["--workspace", str(folder), "--model", str(model_folder)]

    said = done_by_page(page, encoder, work="detect", prompts=PHRASES, **request_)
    answer = told(capsys, "detect", *words, *flags)

    kept = answer["kept"]
    assert said == f"{kept['boxes']:,} new boxes in {kept['pictures']:,} pictures kept"
    with Workspace(folder) as workspace:
        alike(records_in(workspace), records_in(page))
    if not request_:
        return
    assert kept["boxes"] > 0
    again = told(capsys, "detect", *words, *flags)["kept"]
    assert again == {"boxes": 0, "pictures": kept["pictures"], "faults": 0}


def test_the_same_failures_are_found_of_a_workspace_and_of_its_file(
    folder: Path,
    page: Workspace,
    model_folder: Path,
    encoder: Encoder,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "pictures" / "0003.png").unlink()
    model = ["--model", str(model_folder)]

    done_by_page(page, encoder, work="failures")
    by_page = NegativesAnswers(encoder, Pictures(encoder, {}, tmp_path), {}, page).failures(
        Nothing()
    )
    of_workspace = told(capsys, "failures", "--workspace", str(folder), *model)
    of_file = told(capsys, "failures", str(tmp_path / "pictures" / "noise.json"), *model)

    assert {**of_workspace, "data": ""} == {**of_file, "data": ""}
    assert len(of_file["faults"]) == 1
    assert {
        row.attribute: {route: (cell.asked, cell.fooled) for route, cell in row.cells.items()}
        for row in by_page.rows
    } == {
        attribute: {route: (cell["asked"], cell["fooled"]) for route, cell in cells.items()}
        for attribute, cells in of_workspace["table"].items()
    }


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["failures"], "give a data set with negatives, or --workspace DIR"),
        (["failures", "a.json", "--workspace", "{folder}"], "give a data set with negatives, or"),
        (["failures", "--workspace", "{folder}", "--limit", "3"], "--limit is of files"),
        (["detect", "--phrase", "cat"], "give pictures, or --workspace"),
        (["detect", "a.png", "--workspace", "{folder}", "--phrase", "cat"], "not both"),
        (["detect", "--workspace", "{folder}", "--phrase", "cat", "--draw", "x"], "--draw is of"),
    ],
)
def test_what_is_of_files_or_of_workspaces_is_told_apart(
    words: list[str], message: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([each.format(folder=folder) for each in words]) == FAILED
    assert message in capsys.readouterr().err
