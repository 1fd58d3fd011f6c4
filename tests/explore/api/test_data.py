from __future__ import annotations

import shutil
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from fgclip.analysis.baseline import Reference
from fgclip.analysis.detection import Finder
from fgclip.data.finehard import write_finehard
from fgclip.data.records import Record
from fgclip.encoder import Encoder
from fgclip.explore.api.data import DataAnswers
from fgclip.workspace.progress import Progress, Watch
from fgclip.workspace.workspace import Workspace
from tests.support.asking import Asked
from tests.support.noise import picture_records


@pytest.fixture
def answers(mapped: Workspace, encoder: Encoder, tmp_path: Path) -> Asked:
    finder = Finder(encoder, Reference.of_workspace(encoder, mapped))
    return Asked(DataAnswers(mapped, encoder, finder, roots=[tmp_path / "data"]))


def done(answers: Asked, workspace: Workspace, **request: Any) -> dict[str, Any]:
    """Start a work and wait for its end."""
    reply = answers.start(request)
    assert "error" not in reply, reply
    workspace.jobs.wait(30)
    job: dict[str, Any] = answers.job({})["job"]
    return job


def test_the_state_tells_all_that_is_there(
    answers: Asked, mapped: Workspace, encoder: Encoder
) -> None:
    state = answers.state({})

    assert (state["images"], state["regions"], state["texts"]) == (10, 20, 3)
    assert [each["source"] for each in state["sources"]] == ["noise", "noise"]
    (model,) = state["models"]
    assert (model["name"], model["loaded"], model["region"]) == (encoder.card.name, True, 20)
    assert len(state["maps"]) == 1
    assert state["disk"] == sum(
        each.stat().st_size for each in mapped.folder.glob("workspace.duckdb*")
    )
    assert state["disk"] > 20_000  # most of it is still in the log: the file itself has 12 kB


def test_data_are_imported_indexed_exported_and_proved_sound(
    answers: Asked, mapped: Workspace, tmp_path: Path
) -> None:
    write_finehard(picture_records(tmp_path / "data", 3, first=20), tmp_path / "data" / "a.json")

    job = done(answers, mapped, work="import", path=f"{tmp_path}/data/a.json", format="auto")
    assert (job["outcome"], job["words"]) == ("done", "3 new pictures with 6 new regions")
    assert done(answers, mapped, work="index")["words"] == "3 pictures and 0 phrases indexed"
    job = done(
        answers, mapped, work="export", format="yolo", name="mine", where="source = 'a.json'"
    )
    assert "exports/mine; YOLO cannot hold" in job["words"]
    again = done(answers, mapped, work="export", format="yolo", name="mine")
    assert "exports/mine-2" in again["words"]
    assert done(answers, mapped, work="check")["words"] == "Sound: nothing is amiss"


def test_what_is_there_twice_is_listed(
    answers: Asked, mapped: Workspace, encoder: Encoder, tmp_path: Path
) -> None:
    (record,) = picture_records(tmp_path, 1)
    copies = [tmp_path / f"copy-{number}.png" for number in range(2)]
    for copy in copies:
        shutil.copy(record.path, copy)
    mapped.add(iter([Record(copy, regions=record.regions) for copy in copies]), "copies")
    assert answers.state({})["twins"] is None

    job = done(answers, mapped, work="duplicates", among="files")

    assert job["words"] == "1 group with 3 members"
    twins = answers.state({})["twins"]
    (group,) = twins["groups"]
    assert (twins["title"], twins["kind"], twins["count"]) == ("Equal files", "image", 1)
    assert [each["source"] for each in group["members"]] == ["noise", "copies", "copies"]
    assert {each["box"] for each in group["members"]} == {None}

    mapped.index(encoder)
    done(answers, mapped, work="duplicates", among="region", close=0.9999)
    twins = answers.state({})["twins"]
    assert twins["title"] == "Regions with cosine ≥ 0.9999"
    members = [member for each in twins["groups"] for member in each["members"]]
    assert {("copies", "copy-1.png")} <= {(each["source"], each["name"]) for each in members}
    box = next(each["box"] for each in members if each["name"] == "copy-0.png")
    assert list(box) in [list(region.box) for region in record.regions]


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        ({"work": "duplicates", "among": "songs"}, "among 'songs' is not one of"),
        (
            {"work": "duplicates", "among": "image", "close": 1.2},
            "'close' is 1.2; it must be",
        ),
        ({"work": "destroy"}, "There is no work 'destroy'"),
        ({"work": "import", "path": "", "format": "auto"}, "Write where the data set lies"),
        ({"work": "import", "path": "/etc", "format": "auto"}, "outside of the folders"),
        ({"work": "import", "path": "{data}/../x", "format": "auto"}, "outside of the folders"),
        ({"work": "import", "path": "{data}", "format": "excel"}, "format 'excel' is not one of"),
        ({"work": "map", "kind": "mood"}, "kind 'mood' is not one of"),
        ({"work": "map", "kind": "region", "neighbours": 1}, "choose from 2 to 200"),
        ({"work": "export", "format": "csv", "where": 3}, "'where' must be a text"),
    ],
)
def test_what_makes_no_sense_is_refused_before_anything_starts(
    answers: Asked, tmp_path: Path, request_: dict[str, Any], words: str
) -> None:
    if "path" in request_:
        request_ = {**request_, "path": request_["path"].format(data=tmp_path / "data")}

    reply = answers.start(request_)

    assert words in reply["error"]
    assert answers.job({})["job"] is None


def test_a_link_out_of_the_allowed_folders_leads_nowhere(answers: Asked, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "link").symlink_to("/etc")

    reply = answers.start({"work": "import", "path": f"{tmp_path}/data/link", "format": "auto"})

    assert "outside of the folders" in reply["error"]


def test_a_second_work_waits_for_its_turn_and_the_first_can_be_stopped(
    answers: Asked, mapped: Workspace
) -> None:
    begun = Event()

    def forever(watch: Watch) -> str:
        while True:
            watch(Progress(1, 4, "pictures", "waiting", rate=2.0))
            begun.set()

    mapped.jobs.start("Waiting", forever)
    begun.wait(10)

    assert "Waiting is still running" in answers.start({"work": "index"})["error"]
    assert answers.job({})["job"]["progress"]["seconds_left"] == 1.5
    answers.stop({})
    mapped.jobs.wait(10)
    assert answers.job({})["job"]["outcome"] == "cancelled"


def test_what_was_indexed_since_is_placed_on_a_map(
    answers: Asked, mapped: Workspace, encoder: Encoder, tmp_path: Path
) -> None:
    mapped.add(iter(picture_records(tmp_path / "more", 2, first=10)), "more")
    mapped.index(encoder)

    job = done(answers, mapped, work="place", map=1)

    assert job["words"] == "4 regions placed among their neighbours"
    assert [run["points"] for run in answers.state({})["maps"]] == [24]


def test_a_map_can_be_forgotten(answers: Asked, mapped: Workspace) -> None:
    assert answers.remove({"map": 1}) == {}

    assert not mapped.maps
    assert "There is no map 1" in answers.remove({"map": 1})["error"]
