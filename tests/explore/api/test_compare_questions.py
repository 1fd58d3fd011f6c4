"""What the Compare tab is asked over HTTP: an answer, or a 4xx status and a sentence."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from fgclip.analysis.comparison import prepare
from fgclip.encoder import Encoder
from fgclip.explore.api.compare import CompareAnswers
from fgclip.explore.api.functions import functions_of
from fgclip.workspace import Workspace
from fgclip.workspace.progress import unwatched
from tests.support.asking import Asked, Posted
from tests.support.maps import kept

QUESTIONS: dict[str, dict[str, Any]] = {
    "compared": {},
    "wrong": {},
    "fooled": {"attribute": "kind", "route": "box", "sign": "both"},
    "ranks": {},
    "rivals": {"owner": 1},
    "aligned": {"kind": "region"},
    "near": {"kind": "region", "owner": 1},
    "captions": {"kind": "region", "owners": [2, 1]},
    "location": {"kind": "region", "owner": 1},
}
HUGE = 10**400
HALF = "\ud800"  # of a character


@pytest.fixture
def part(mapped: Workspace, encoder: Encoder, other_encoder: Encoder) -> CompareAnswers:
    kept(mapped, other_encoder, np.random.default_rng(1).random((20, 2)))
    return CompareAnswers(mapped, encoder, other_encoder)


def asked(part: CompareAnswers, name: str, question: Any) -> tuple[int, dict[str, Any]]:
    return Posted(compare=part).reply(f"compare/{name}", json.dumps(question))


def test_every_function_is_asked_here() -> None:
    assert list(QUESTIONS) == list(functions_of(CompareAnswers))


def test_questions_that_make_sense_are_answered(
    part: CompareAnswers, mapped: Workspace, encoder: Encoder, other_encoder: Encoder
) -> None:
    prepare(mapped, (encoder, other_encoder), "region", watch=unwatched)
    for name, question in QUESTIONS.items():
        status, reply = asked(part, name, question)
        assert status == 200, name
        assert reply == getattr(Asked(part), name)(question)


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_field_that_is_not_known_is_refused(part: CompareAnswers, name: str) -> None:
    status, reply = asked(part, name, {**QUESTIONS[name], "more": 1})

    assert status == 422
    assert "There is no field 'more'" in reply["error"]


@pytest.mark.parametrize(
    ("name", "fields", "words"),
    [
        ("fooled", {"attribute": HALF}, "'attribute' holds half a character"),
        ("fooled", {"attribute": 1}, "'attribute' must be a text, not 1"),
        ("fooled", {"route": "nonsense"}, "route 'nonsense' is not one of"),
        ("fooled", {"route": HALF}, "'route' holds half a character"),
        ("fooled", {"sign": "wins"}, "sign 'wins' is not one of"),
        ("fooled", {"sign": None}, "sign null is not one of"),
        ("rivals", {"owner": HUGE}, "'owner' is a number of about 400 digits"),
        ("rivals", {"owner": "1"}, "'owner' must be a whole number, not '1'"),
        ("rivals", {"owner": 99}, "has no vector"),
        ("aligned", {"kind": "planet"}, "kind 'planet' is not one of"),
        ("aligned", {"kind": HALF}, "'kind' holds half a character"),
        ("aligned", {"kind": 1}, "kind 1 is not one of"),
        ("near", {"owner": HUGE}, "'owner' is a number of about 400 digits"),
        ("near", {"owner": 1.5}, "'owner' must be a whole number, not 1.5"),
        ("near", {"kind": "planet"}, "kind 'planet' is not one of"),
        ("captions", {"owners": 1}, "'owners' must be a list of owners"),
        ("captions", {"owners": [1] * 61}, "'owners' holds 61 owners at once; give at most 60"),
        ("captions", {"owners": [1, HUGE]}, "'owners[1]' is a number of about 400 digits"),
        ("captions", {"owners": [1, HALF]}, "'owners[1]' must be a whole number"),
        ("location", {"owner": HUGE}, "'owner' is a number of about 400 digits"),
        ("location", {"owner": [1]}, "'owner' must be a whole number"),
        ("location", {"kind": None}, "kind null is not one of"),
        ("location", {"owner": 99}, "There is no region 99"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(
    part: CompareAnswers, name: str, fields: dict[str, Any], words: str
) -> None:
    status, reply = asked(part, name, QUESTIONS[name] | fields)

    assert (status, reply["kind"]) == (422, "input")
    assert words in reply["error"]
