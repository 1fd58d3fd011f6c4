"""The page's questions, well-formed and not."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from fgclip.encoder import Encoder
from fgclip.explore.api.probe import ProbeAnswers
from fgclip.explore.gallery import Sample
from fgclip.explore.pictures import Pictures
from fgclip.inputs.images import open_picture
from fgclip.probe.prompts import Prompt
from fgclip.probe.regions import scores
from tests.support.asking import Asked

BOX = [0.1, 0.2, 0.5, 0.9]


@pytest.fixture
def answers(encoder: Encoder, tmp_path: Path) -> Asked:
    path = tmp_path / "owl.png"
    pixels = np.random.default_rng(0).integers(0, 256, (40, 60, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(path)
    sample = Sample("owl", "an owl", path, boxes=(), prompts=())
    pictures = Pictures(encoder, {"owl": sample}, tmp_path / "uploads")
    return Asked(ProbeAnswers(encoder, pictures))


def test_open_gives_the_shape_and_the_gram_matrix(answers: Asked) -> None:
    found = answers.open({"sample": "owl"})
    assert (found["width"], found["height"], tuple(found["grid"])) == (60, 40, (4, 4))
    assert len(base64.b64decode(found["gram"])) == 2 * 16 * 17 / 2


def test_read_gives_every_prompt_its_facts(answers: Asked, encoder: Encoder) -> None:
    token = answers.open({"sample": "owl"})["token"]
    prompts = [{"text": "the cat"}, {"text": "the dog " * 300, "route": "auto"}]
    short, long = answers.read({"token": token, "prompts": prompts})["prompts"]
    assert (short["route"], short["tokens"], short["truncated"]) == ("short", 4, False)
    assert (long["route"], long["limit"], long["truncated"]) == ("long", 248, True)
    assert long["kept"].startswith("the dog")
    assert len(base64.b64decode(short["products"])) == 2 * 16
    assert -1 <= short["picture"] <= 1


def test_half_a_character_is_refused_with_its_place(answers: Asked) -> None:
    token = answers.open({"sample": "owl"})["token"]
    text = "an \udce9 owl"
    for answer in (
        answers.read({"token": token, "prompts": [text]}),
        answers.count({"text": text}),
        answers.open({"sample": text}),
    ):
        assert "holds half a character ('\\udce9', number 4)" in answer["error"]
        json.dumps(answer, ensure_ascii=False).encode()


def test_score_and_the_endpoint_agree(answers: Asked) -> None:
    token = answers.open({"sample": "owl"})["token"]
    scored = answers.score({"token": token, "boxes": [BOX], "prompts": ["the cat"]})
    probed = answers.probe({"sample": "owl", "boxes": [BOX], "prompts": ["the cat"]})
    assert scored["region"] == probed["region"]
    assert np.shape(probed["crop"]) == (1, 1)


def test_the_page_and_the_command_line_have_one_arithmetic(
    answers: Asked, encoder: Encoder, tmp_path: Path
) -> None:
    asked = {"sample": "owl", "boxes": [BOX], "prompts": ["the cat", "the dog"]}
    probed = answers.probe(asked)
    prompts = [Prompt("the cat"), Prompt("the dog")]
    found = scores(encoder, open_picture(tmp_path / "owl.png"), [BOX], prompts)
    for name in ("region", "crop", "picture"):
        np.testing.assert_allclose(probed[name], getattr(found, name), atol=2e-6)


def test_without_boxes_the_whole_picture_is_scored(answers: Asked) -> None:
    probed = answers.probe({"sample": "owl", "prompts": ["the cat"]})
    assert probed["region"] == probed["crop"] == []
    assert len(probed["picture"]) == 1


def test_browsers_get_a_jpeg(answers: Asked) -> None:
    token = answers.open({"sample": "owl"})["token"]
    assert answers.display({"token": token})["url"].startswith("data:image/jpeg;base64,")


@pytest.mark.parametrize(
    ("name", "request_", "message"),
    [
        ("open", None, "object"),
        ("open", {"sample": "../../etc/passwd"}, "no sample"),
        ("open", {"sample": 7}, "must be a text"),
        ("open", {"upload": "/etc/passwd"}, "Only a picture that this page sent"),
        ("read", {"prompts": []}, "at least one"),
        ("read", {"prompts": [" "]}, "empty"),
        ("read", {"prompts": ["x"] * 2001}, "2001 prompts at once"),
        ("read", {"prompts": ["x" * 50_001]}, "50001 characters"),
        (
            "read",
            {"prompts": [{"text": "x", "route": "round"}]},
            "prompts[0].route 'round' is not one of",
        ),
        ("score", {"prompts": ["x"], "boxes": [[0.5, 0.1, 0.2, 0.9]]}, "inverted"),
        (
            "score",
            {"prompts": ["x"], "boxes": [BOX, [0.5, 0.1, 0.2]]},
            "boxes[1]' must be a list of",
        ),
        ("score", {"prompts": ["x"], "boxes": [[0, 0, 1, 10**400]]}, "number of about 400 digits"),
        ("score", {"prompts": ["x"], "box": [BOX]}, "no field 'box'; choose from token, prompts"),
        ("open", {"sample": "owl", "image": 1}, "two pictures: give one of sample, image, upload"),
        ("open", {"image": 2**63}, "it must be below 9223372036854775808"),
        ("open", {"image": True}, "'image' must be a whole number, not true"),
        ("count", {}, "'text' is missing"),
        ("score", {"prompts": ["x"], "boxes": [[0.5, 0.1, 0.5, 0.9]]}, "no area"),
        ("score", {"prompts": ["x"], "boxes": [[float("nan"), 0, 1, 1]]}, "NaN"),
        ("score", {"prompts": ["x"], "boxes": "all"}, "list of boxes"),
        ("score", {"prompts": ["x"], "boxes": [BOX] * 501}, "501 boxes at once"),
        ("count", {"text": ""}, "empty"),
    ],
)
def test_nonsense_is_answered_in_words(
    answers: Asked, name: str, request_: Any, message: str
) -> None:
    if name in ("read", "score"):
        request_ = {"token": answers.open({"sample": "owl"})["token"], **request_}
    answer = getattr(answers, name)(request_)
    assert answer["kind"] == "input"
    assert message in answer["error"]


def test_a_closed_picture_is_told_apart_so_that_the_page_can_open_it_again(
    answers: Asked,
) -> None:
    assert answers.score({"token": "gone", "prompts": ["x"]})["kind"] == "gone"
