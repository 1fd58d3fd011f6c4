"""Questions of the Detect tab over HTTP: whatever is sent, what is wrong with it is said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fgclip.analysis.baseline import Reference
from fgclip.analysis.detection import Finder
from fgclip.encoder import Encoder
from fgclip.explore.api.detect import DetectAnswers
from fgclip.explore.pictures import Pictures
from fgclip.workspace.workspace import Workspace
from tests.support.asking import Posted

BOX = [0.1, 0.2, 0.5, 0.7]
FOUND = {"box": BOX, "phrase": "the cat", "score": 0.25}
QUESTIONS: dict[str, dict[str, Any]] = {
    "reference": {},
    "detect": {"prompts": ["the cat"], "share": 0.5},
    "measure": {"prompts": ["the cat"], "boxes": [BOX]},
    "keep": {"found": [FOUND]},
    "save": {"found": [FOUND], "format": "coco"},
}
HUGE = 10**400


@pytest.fixture
def pictures(mapped: Workspace, encoder: Encoder, tmp_path: Path) -> Pictures:
    return Pictures(encoder, {}, tmp_path / "uploads", stored=mapped.picture_path)


@pytest.fixture
def token(pictures: Pictures) -> str:
    return pictures.open_stored(1).token


@pytest.fixture
def posted(encoder: Encoder, pictures: Pictures, mapped: Workspace) -> Posted:
    reference = Reference.of_workspace(encoder, mapped)
    return Posted(detect=DetectAnswers(Finder(encoder, reference), pictures, mapped))


def asked(posted: Posted, open_: str, name: str, **more: Any) -> tuple[int, dict[str, Any]]:
    about = {} if name == "reference" else {"token": open_}
    question = {**about, **QUESTIONS[name], **more}
    return posted.reply(f"detect/{name}", json.dumps(question))


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("reference", {"done", "all", "pictures"}),
        ("detect", {"boxes", "phrases"}),
        ("measure", {"boxes"}),
        ("keep", {"kept", "known"}),
        ("save", {"content", "suffix"}),
    ],
)
def test_a_question_is_answered_and_a_field_more_is_refused(
    posted: Posted, token: str, name: str, fields: set[str]
) -> None:
    status, answer = asked(posted, token, name)
    assert (status, set(answer)) == (200, fields)

    status, answer = asked(posted, token, name, colour="red")
    assert status == 422
    assert answer["error"].startswith("There is no field 'colour'; ")


@pytest.mark.parametrize(
    ("name", "more", "words"),
    [
        ("detect", {"token": None}, "names no picture: give one of token, sample"),
        ("detect", {"sample": "one"}, "names two pictures: give one of token, sample"),
        ("detect", {"token": 3}, "'token' must be a text, not 3"),
        ("detect", {"token": "\ud800"}, "'token' holds half a character"),
        ("detect", {"prompts": ["\ud800"]}, "'prompts[0].text' holds half a character"),
        ("detect", {"prompts": "the cat"}, "'prompts' must be a list of prompts"),
        ("detect", {"prompts": ["cat"] * 2001}, "holds 2001 prompts at once; give at most 2000"),
        ("detect", {"prompts": [{"text": "a", "route": "x"}]}, "prompts[0].route 'x' is not one"),
        ("detect", {"share": HUGE}, "'share' is a number of about 400 digits, which is too large"),
        ("detect", {"share": float("nan")}, "'share' must be finite: NaN is not"),
        ("detect", {"share": "0.5"}, "'share' must be a number, not '0.5'"),
        ("detect", {"share": -1}, "share -1 is not between 0 and 1; try 0.9"),
        ("detect", {"weight": 1e300}, "weight 1e+300 is not between 0 and 1"),
        ("detect", {"crops": 1}, "'crops' must be true or false, not 1"),
        ("detect", {"detector": True}, "There is no detector; name one with --detector DIR"),
        ("measure", {"boxes": [BOX, BOX]}, "2 boxes and 1 prompts; give one a box"),
        ("measure", {"boxes": [BOX[:3]]}, "'boxes[0]' must be a list of four numbers"),
        ("measure", {"boxes": [[HUGE, 0, 1, 1]]}, "which is too large"),
        ("measure", {"boxes": [[0, 0, 1e300, 1]]}, "'boxes' cannot be used: box 1"),
        ("measure", {"boxes": [BOX] * 501}, "holds 501 boxes at once; give at most 500"),
        ("measure", {"share": 2}, "share 2 is not between 0 and 1"),
        ("keep", {"found": []}, "'found' must be a list of boxes with at least one"),
        ("keep", {"found": ["box"]}, "'found[0]' must be an object with fields, not 'box'"),
        ("keep", {"found": [{**FOUND, "more": 1}]}, "no field 'found[0].more'; take it out"),
        ("keep", {"found": [{**FOUND, "box": [0, 0, 0, 0]}]}, "has no area"),
        ("keep", {"found": [{**FOUND, "phrase": " "}]}, "'found[0].phrase' is empty"),
        ("keep", {"found": [{**FOUND, "phrase": "\udfff"}]}, "holds half a character"),
        ("keep", {"found": [{**FOUND, "score": 1e300}]}, "is 1e+300; it must be at most 2"),
        ("keep", {"found": [{**FOUND, "score": HUGE}]}, "'found[0].score' is a number of about"),
        ("save", {"found": [{**FOUND, "hue": 0}]}, "'found[0].hue' is 0; it must be at least 1"),
        ("save", {"found": [{**FOUND, "number": HUGE}]}, "must be at most 1000000"),
        ("save", {"found": [{**FOUND, "number": 1.5}]}, "must be a whole number, not 1.5"),
        ("save", {"found": [{**FOUND, "own": "yes"}]}, "must be true or false, not 'yes'"),
        ("save", {"format": "exe"}, "format 'exe' is not one of 'coco', 'yolo' or 'png'"),
        ("save", {"format": "\ud800"}, "'format' holds half a character"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(
    posted: Posted, token: str, name: str, more: dict[str, Any], words: str
) -> None:
    status, answer = asked(posted, token, name, **more)
    assert status == 422
    assert words in answer["error"]


@pytest.mark.parametrize("name", ["detect", "measure", "keep", "save"])
def test_a_picture_that_is_not_open_is_gone(posted: Posted, name: str) -> None:
    status, answer = asked(posted, "other", name)
    assert (status, answer["kind"]) == (410, "gone")
