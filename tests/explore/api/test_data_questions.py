"""Questions of the Data tab over HTTP: whatever is sent, what is wrong with it is said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fgclip.analysis.baseline import Reference
from fgclip.analysis.detection import Finder
from fgclip.encoder import Encoder
from fgclip.explore.api.data import DataAnswers
from fgclip.workspace.workspace import Workspace
from tests.support.asking import Posted

HUGE = 10**400
KINDS: dict[str, dict[str, Any]] = {
    "import": {"path": "/data/coco", "format": "auto"},
    "index": {},
    "map": {"kind": "region"},
    "place": {"map": 1},
    "duplicates": {"among": "files"},
    "failures": {},
    "detect": {"prompts": ["the cat"]},
    "compare": {"kind": "region"},
    "export": {"format": "csv"},
    "check": {},
}
UNMADE = {
    "import": "/data/coco is outside of the folders that may be read",
    "compare": "There is no second model; start the app with --compare NAME",
}


@pytest.fixture
def posted(mapped: Workspace, encoder: Encoder, tmp_path: Path) -> Posted:
    finder = Finder(encoder, Reference.of_workspace(encoder, mapped))
    return Posted(data=DataAnswers(mapped, encoder, finder, roots=[tmp_path / "data"]))


def asked(posted: Posted, name: str, question: Any) -> tuple[int, dict[str, Any]]:
    return posted.reply(f"data/{name}", json.dumps(question))


@pytest.mark.parametrize(
    ("name", "question", "fields"),
    [
        ("job", {}, {"job"}),
        ("stop", {}, set()),
        ("remove", {"map": 1}, set()),
        ("start", {"work": "check"}, {"job"}),
        (
            "state",
            {},
            {"job", "folder", "images", "regions", "negatives", "texts", "faults", "disk",
             "pictures", "memory", "sources", "models", "maps", "listed", "twins"},
        ),
    ],
)  # fmt: skip
def test_a_question_is_answered_and_a_field_more_is_refused(
    posted: Posted, mapped: Workspace, name: str, question: dict[str, Any], fields: set[str]
) -> None:
    status, answer = asked(posted, name, question)
    mapped.jobs.wait()
    assert (status, set(answer)) == (200, fields)

    status, answer = asked(posted, name, {**question, "colour": "red"})
    assert status == 422
    assert answer["error"].startswith("There is no field 'colour'; ")


@pytest.mark.parametrize("work", KINDS)
def test_each_kind_of_work_has_exactly_its_fields(
    posted: Posted, mapped: Workspace, work: str
) -> None:
    question = {"work": work, **KINDS[work]}
    for name in KINDS[work]:
        status, answer = asked(posted, "start", {**question, name: {}})
        assert (status, name in answer["error"]) == (422, True)
        some = {key: value for key, value in question.items() if key != name}
        status, answer = asked(posted, "start", some)
        assert answer["error"] == f"'{name}' is missing; the question needs it"
    status, answer = asked(posted, "start", {**question, "colour": "red"})
    assert (status, answer["error"]) == (422, "There is no field 'colour'; take it out")
    assert mapped.jobs.latest is None

    status, answer = asked(posted, "start", question)
    mapped.jobs.stop()
    mapped.jobs.wait()
    assert UNMADE.get(work, "") in answer.get("error", "")
    assert status == (422 if work in UNMADE else 200)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ([], "A question is an object with fields, not list"),
        ({}, "'work' is missing; the question needs it"),
        ({"work": 3}, "There is no work 3; choose from 'import', 'index', 'map'"),
        ({"work": None}, "There is no work null; choose from 'import'"),
        ({"work": [{}]}, "There is no work [{}]; choose from 'import'"),
        ({"work": "x" * 1000}, "There is no work 'xxxx"),
        ({"work": "import", "path": "\ud800", "format": "auto"}, "'path' holds half a character"),
        ({"work": "import", "path": "\0", "format": "auto"}, "is no path"),
        ({"work": "import", "path": "/x", "format": "auto", "name": 3}, "'name' must be a text"),
        ({"work": "import", "path": "x" * 50_001, "format": "auto"}, "the limit is 50000"),
        (
            {"work": "map", "kind": "region", "seed": -1},
            "seed -1 is not between 0 and 4294967295; try 0",
        ),
        (
            {"work": "map", "kind": "region", "seed": 2**32},
            "seed 4294967296 is not between 0 and 4294967295",
        ),
        ({"work": "map", "kind": "region", "neighbours": 15.5}, "must be a whole number, not 15.5"),
        ({"work": "map", "kind": "region", "neighbours": HUGE}, "a number of about 400 digits"),
        ({"work": "map", "kind": "region", "min_dist": HUGE}, "which is too large"),
        ({"work": "map", "kind": "region", "min_dist": -0.1}, "-0.1 is not between 0 and 1"),
        ({"work": "map", "kind": "region", "fitted": 3}, "fit 5 at least"),
        ({"work": "place", "map": HUGE}, "'map' is a number of about 400 digits"),
        ({"work": "place", "map": 99}, "There is no map 99"),
        ({"work": "place", "map": "1"}, "'map' must be a whole number, not '1'"),
        ({"work": "duplicates", "among": "image", "close": 0}, "is 0; it must be above 0"),
        ({"work": "duplicates", "among": "image", "close": float("inf")}, "must be finite"),
        ({"work": "detect", "prompts": []}, "with at least one"),
        ({"work": "detect", "prompts": ["a"], "detector": True}, "There is no detector; name one"),
        ({"work": "detect", "prompts": ["a"], "share": 3}, "share 3 is not between 0 and 1"),
        ({"work": "detect", "prompts": ["a"], "crops": "no"}, "must be true or false, not 'no'"),
        ({"work": "export", "format": "csv", "name": "x" * 51}, "more than 50 characters"),
        ({"work": "export", "format": "csv", "where": "nonsense = 1"}, "nonsense"),
        ({"work": "export", "format": "csv", "where": "\ud800"}, "holds half a character"),
        ({"work": "export", "format": "csv", "name": "\ud800"}, "holds half a character"),
    ],
)
def test_a_job_that_makes_no_sense_is_refused_before_anything_starts(
    posted: Posted, mapped: Workspace, question: Any, words: str
) -> None:
    status, answer = asked(posted, "start", question)
    assert status == 422
    assert words in answer["error"]
    assert mapped.jobs.latest is None


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ({"work": "map", "kind": "region"}, "has indexed 0 region vectors; a map needs 5"),
        ({"work": "duplicates", "among": "image"}, "has indexed no image yet; index"),
        ({"work": "failures"}, "No region has hard negatives; import a data set"),
        ({"work": "import", "path": "{data}/none", "format": "coco"}, "/none; write where"),
        ({"work": "import", "path": "{data}", "format": "coco", "images": "{data}/no"}, "There is"),
    ],
)
def test_a_job_without_what_it_needs_is_refused_before_anything_starts(
    encoder: Encoder, tmp_path: Path, question: dict[str, Any], words: str
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    for name in {"path", "images"} & set(question):
        question = {**question, name: question[name].format(data=data)}
    with Workspace(tmp_path / "empty") as empty:
        finder = Finder(encoder, Reference.of_workspace(encoder, empty))
        part = DataAnswers(empty, encoder, finder, roots=[data])
        status, answer = asked(Posted(data=part), "start", question)
        assert (status, empty.jobs.latest) == (422, None)
        assert words in answer["error"]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (HUGE, "a number of about 400 digits; it must be below"),
        (1.0, "must be a whole number, not 1.0"),
        (None, "must be a whole number, not null"),
        ("\ud800", "must be a whole number, not '\\ud800'"),
        ([1], "must be a whole number, not [1]"),
        (99, "There is no map 99"),
    ],
)
def test_what_is_no_map_is_not_removed(posted: Posted, given: Any, words: str) -> None:
    status, answer = asked(posted, "remove", {"map": given})
    assert status == 422
    assert words in answer["error"]


@pytest.mark.parametrize("path", ["~nobody-of-that-name/data", "x" * 5000, "org/data\0"])
def test_what_cannot_be_a_path_may_be_a_name_on_the_hub_alone(
    posted: Posted, mapped: Workspace, path: str
) -> None:
    status, answer = asked(posted, "start", {"work": "import", "path": path, "format": "auto"})
    assert (status, "error" in answer) == (422, True)
    question = {"work": "import", "path": path, "format": "huggingface"}
    assert asked(posted, "start", question)[0] == 200
    mapped.jobs.wait()
    assert asked(posted, "job", {})[1]["job"]["outcome"] == "failed"


def test_a_blank_condition_of_an_export_is_none(posted: Posted, mapped: Workspace) -> None:
    question = {"work": "export", "format": "csv", "where": " "}
    assert asked(posted, "start", question)[0] == 200
    mapped.jobs.wait()
    assert asked(posted, "job", {})[1]["job"]["outcome"] == "done"


def test_a_name_that_fills_a_file_name_is_taken(posted: Posted, mapped: Workspace) -> None:
    question = {"work": "export", "format": "csv", "name": "\U00020000" * 50}
    assert asked(posted, "start", question)[0] == 200
    mapped.jobs.wait()
    assert asked(posted, "job", {})[1]["job"]["outcome"] == "done"
