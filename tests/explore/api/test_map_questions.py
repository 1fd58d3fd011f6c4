"""What the Map tab is asked over HTTP: an answer, or a 4xx status and a sentence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fgclip.encoder import Encoder
from fgclip.explore.api.functions import functions_of
from fgclip.explore.api.map import MapAnswers
from fgclip.explore.pictures import Pictures
from fgclip.types import ItemKind
from fgclip.workspace import Workspace
from tests.support.asking import Asked, Posted
from tests.support.maps import kept

ALL = [[-1, -1], [2, -1], [2, 2], [-1, 2]]
QUESTIONS: dict[str, dict[str, Any]] = {
    "maps": {},
    "open": {"map": 1},
    "view": {"map": 1},
    "find": {"map": 1, "text": "the cat"},
    "lasso": {"map": 1, "corners": ALL},
    "table": {"map": 1, "corners": ALL},
    "about": {"map": 1, "owner": 8},
}
HUGE = 10**400
HALF = "\ud800"  # of a character


@pytest.fixture
def part(mapped: Workspace, encoder: Encoder, tmp_path: Path) -> MapAnswers:
    return MapAnswers(mapped, encoder, Pictures(encoder, {}, tmp_path))


def asked(part: MapAnswers, name: str, question: Any) -> tuple[int, dict[str, Any]]:
    return Posted(map=part).reply(f"map/{name}", json.dumps(question))


def test_every_function_is_asked_here() -> None:
    assert list(QUESTIONS) == list(functions_of(MapAnswers))


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_that_makes_sense_is_answered(part: MapAnswers, name: str) -> None:
    status, reply = asked(part, name, QUESTIONS[name])

    assert status == 200
    assert reply == getattr(Asked(part), name)(QUESTIONS[name])


@pytest.mark.parametrize("kind", ["image", "region", "text"])
def test_what_is_most_like_a_point_begins_with_it(
    part: MapAnswers, mapped: Workspace, encoder: Encoder, kind: ItemKind
) -> None:
    places = np.random.default_rng(1).random((3, 2))
    run = kept(mapped, encoder, places, kind)
    field = "phrase" if kind == "text" else kind

    status, reply = asked(part, "find", {"map": run.id, field: 2})

    assert (status, reply["route"]) == (200, None)
    assert reply["items"][0]["owner"] == 2
    assert reply["items"][0]["score"] == pytest.approx(1, abs=2e-3)  # stored in bfloat16


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_field_that_is_not_known_is_refused(part: MapAnswers, name: str) -> None:
    status, reply = asked(part, name, {**QUESTIONS[name], "more": 1})

    assert status == 422
    assert "There is no field 'more'" in reply["error"]


@pytest.mark.parametrize(
    ("name", "fields", "words"),
    [
        ("open", {"map": HUGE}, "'map' is a number of about 400 digits"),
        ("open", {"map": 2**63}, "'map' is 9223372036854775808; it must be below"),
        ("open", {"map": "1"}, "'map' must be a whole number, not '1'"),
        ("open", {"map": True}, "'map' must be a whole number, not true"),
        ("open", {"map": None}, "'map' must be a whole number, not null"),
        ("view", {"map": 1.5}, "'map' must be a whole number, not 1.5"),
        ("view", {"frame": [0, 0, 1]}, "'frame' must be a list of numbers [x0, y0, x1, y1] with"),
        ("view", {"frame": [0, 0, 1, 1, 1]}, "'frame' holds 5 numbers at once; give at most 4"),
        ("view", {"frame": [0, 0, HUGE, 1]}, "400 digits, which is too large"),
        ("view", {"frame": [0, 0, 1e300, 1]}, "'frame[2]' is 1e+300; it must be at most"),
        ("view", {"frame": [0, 0, float("nan"), 1]}, "'frame[2]' must be finite: NaN"),
        ("view", {"frame": [0, 0, "1", 1]}, "'frame[2]' must be a number, not '1'"),
        ("view", {"frame": [1, 0, 0, 1]}, "holds nothing"),
        ("view", {"colour": HALF}, "'colour' holds half a character"),
        ("view", {"only": "cat"}, "'only' must be a list of texts"),
        ("view", {"only": ["cat", 1]}, "'only[1]' must be a text, not 1"),
        ("view", {"only": ["cat"] * 101}, "'only' holds 101 texts at once; give at most 100"),
        ("view", {"only": [HALF]}, "'only[0]' holds half a character"),
        ("view", {"filter": HALF}, "'filter' holds half a character"),
        ("view", {"filter": 1}, "'filter' must be a text, not 1"),
        ("find", {"text": HALF}, "'text' holds half a character"),
        ("find", {"text": None}, "give one of text, region, image, phrase, upload, token"),
        ("find", {"image": 1}, "give one of text, region, image, phrase, upload, token"),
        ("find", {"box": [0, 0, 1, 1]}, "a box without its picture"),
        ("find", {"text": None, "token": "a", "box": [0, 0, 1]}, "'box' must be a list of four"),
        ("find", {"text": None, "token": "a", "box": [0, 0, 0, 1]}, "'box' cannot be used"),
        ("find", {"text": None, "region": HUGE}, "'region' is a number of about 400 digits"),
        ("find", {"text": None, "image": [1]}, "'image' must be a whole number"),
        ("find", {"text": None, "upload": 1}, "'upload' must be a text"),
        ("find", {"route": "nonsense"}, "route 'nonsense' is not one of"),
        ("find", {"limit": HUGE}, "'limit' is a number of about 400 digits"),
        ("find", {"limit": 0}, "'limit' is 0; it must be at least 1"),
        ("find", {"limit": 2.5}, "'limit' must be a whole number, not 2.5"),
        ("find", {"corners": [[0, 0], [1, 1], [1]]}, "'corners[2]' must be a list of numbers ["),
        ("lasso", {"corners": "all"}, "'corners' must be a list of points [x, y]"),
        ("lasso", {"corners": [[0, 0]] * 201}, "holds 201 points at once; give at most 200"),
        ("lasso", {"corners": [[0, 0, 0]] * 3}, "'corners[0]' holds 3 numbers at once"),
        ("lasso", {"corners": [[0, HUGE]] * 3}, "400 digits, which is too large"),
        ("lasso", {"corners": [[0, float("inf")]] * 3}, "'corners[0][1]' must be finite"),
        ("lasso", {"corners": [[0, -1e16]] * 3}, "'corners[0][1]' is -1e+16; it must be at least"),
        ("lasso", {"corners": [[0, 0]] * 2}, "draw it anew"),
        ("lasso", {"limit": -1}, "'limit' is -1; it must be at least 1"),
        ("table", {"corners": None}, "'corners' must be a list of points"),
        ("table", {"filter": HALF}, "'filter' holds half a character"),
        ("table", {"map": HUGE}, "'map' is a number of about 400 digits"),
        ("about", {"owner": HUGE}, "'owner' is a number of about 400 digits"),
        ("about", {"owner": "8"}, "'owner' must be a whole number"),
        ("about", {"owner": -(2**63)}, "There is no region -9223372036854775808"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(
    part: MapAnswers, name: str, fields: dict[str, Any], words: str
) -> None:
    status, reply = asked(part, name, QUESTIONS[name] | fields)

    assert (status, reply["kind"]) == (422, "input")
    assert words in reply["error"]


def test_a_picture_that_is_not_open_is_gone(part: MapAnswers) -> None:
    status, reply = asked(part, "find", {"map": 1, "token": "other"})
    assert (status, reply["kind"]) == (410, "gone")


def test_of_a_great_limit_as_many_are_found_as_there_are(part: MapAnswers) -> None:
    status, reply = asked(part, "find", {**QUESTIONS["find"], "limit": 2**63 - 1})
    assert (status, len(reply["items"])) == (200, 20)


@pytest.mark.parametrize("filter_", [None, "area > 0"])
def test_a_frame_of_any_size_is_looked_at(
    part: MapAnswers, mapped: Workspace, encoder: Encoder, filter_: str | None
) -> None:
    places = np.full((20, 2), 1e-5, np.float32)
    places[:4] = ((-1, -1), (1, -1), (-1, 1), (1, 1))
    run = kept(mapped, encoder, places)
    place = float(places[-1, 0])
    beside = place + 1e-13  # float32 has no other numbers there
    for low, high in (
        (0, 5e-324),
        (-1e-37, 1e-37),
        (-1e15, 1e15),
        (place, np.nextafter(place, 1)),
        (beside, np.nextafter(beside, 1)),
    ):
        question = {"map": run.id, "frame": [low, low, high, high], "filter": filter_}
        status, reply = asked(part, "view", question)
        assert status == 200 or "holds nothing" in reply["error"], (low, high)


@pytest.mark.parametrize("name", ["view", "find", "lasso", "table"])
def test_a_blank_filter_is_none(part: MapAnswers, name: str) -> None:
    assert asked(part, name, QUESTIONS[name] | {"filter": " \n"}) == asked(
        part, name, QUESTIONS[name]
    )


@pytest.mark.parametrize("name", ["lasso", "table"])
def test_a_lasso_of_any_size_is_answered(part: MapAnswers, name: str) -> None:
    for corners in (
        [[-1e15, -1e15], [1e15, -1e15], [1e15, 1e15], [-1e15, 1e15]],
        [[0, 0], [1e15, 5e-324], [1, 1]],
        [[0, 0], [1e15, 1e-310], [1, 1]],
        [[0, 1], [1e15, np.nextafter(1, 2)], [1, 2]],
        [[0, 0]] * 3,
    ):
        status, _ = asked(part, name, {"map": 1, "corners": corners})
        assert status == 200, corners
