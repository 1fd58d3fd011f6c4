"""Of every question: null stands for a default, and for nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from fgclip.explore.api.errors import RequestError
from fgclip.explore.api.functions import checked, functions_of
from fgclip.explore.api.tabs import PARTS

PROMPTS = [{"text": "a cat"}]


@pytest.mark.parametrize(
    ("address", "given", "defaults"),
    [
        ("detect/detect", {"sample": "a", "prompts": PROMPTS}, "share weight crops detector"),
        ("probe/score", {"token": "one", "prompts": PROMPTS}, "boxes"),
        ("map/view", {"map": 1}, "colour only filter frame"),
        ("map/find", {"map": 1, "text": "a cat"}, "limit route image corners"),
        ("data/start", {"work": "map", "kind": "image"}, "neighbours min_dist seed fitted name"),
        ("data/start", {"work": "detect", "prompts": PROMPTS}, "share weight crops detector"),
    ],
)
def test_null_is_the_default(address: str, given: dict[str, Any], defaults: str) -> None:
    nulls = dict.fromkeys(defaults.split())
    assert question(address, {**given, **nulls}) == question(address, given)


def test_null_is_the_default_of_a_question_in_a_question_too() -> None:
    given = {"sample": "one", "prompts": [{"text": "a cat", "route": None}]}
    assert question("detect/detect", given).prompts[0].route == "auto"


@pytest.mark.parametrize(
    ("address", "given", "words"),
    [
        ("map/view", {"map": None}, "'map' must be a whole number, not null"),
        ("detect/detect", {"sample": "a", "prompts": None}, "'prompts' must be a list"),
        ("data/start", {"work": "map", "kind": None}, "kind null is not one of 'image'"),
        ("data/start", {"work": "check", "more": None}, "There is no field 'more'"),
    ],
)
def test_null_of_a_field_without_a_default_is_refused(
    address: str, given: dict[str, Any], words: str
) -> None:
    with pytest.raises(RequestError, match=words):
        question(address, given)


def question(address: str, given: dict[str, Any]) -> Any:
    """As the function at an address gets it."""
    part, name = address.split("/")
    return checked(functions_of(PARTS[part])[name].question, given)
