from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from fgclip.analysis.hard_negatives import keep_failures
from fgclip.data.records import Negative, Region
from fgclip.encoder import Encoder
from fgclip.explore.api.negatives import NegativesAnswers
from fgclip.explore.gallery import Sample
from fgclip.explore.pictures import Pictures
from fgclip.workspace import Filter
from fgclip.workspace.progress import Progress
from fgclip.workspace.workspace import Workspace
from tests.support.asking import Asked


@pytest.fixture
def pictures(mapped: Workspace, encoder: Encoder, tmp_path: Path) -> Pictures:
    return Pictures(encoder, {}, tmp_path / "uploads", stored=mapped.picture_path)


@pytest.fixture
def answers(mapped: Workspace, encoder: Encoder, pictures: Pictures, tmp_path: Path) -> Asked:
    regions = (Region((0, 0, 1, 1), "a cat", negatives=(Negative("a dog", "kind"),)),)
    sample = Sample("one", "one", tmp_path / "one.png", (), (), regions)
    return Asked(NegativesAnswers(encoder, pictures, {"one": sample}, mapped))


def test_regions_of_samples_and_stored_pictures_come_with_their_negatives(
    answers: Asked,
) -> None:
    (region,) = answers.known({"sample": "one"})["regions"]
    assert region == {
        "box": [0, 0, 1, 1], "phrase": "a cat",
        "negatives": [{"text": "a dog", "attribute": "kind"}],
    }  # fmt: skip
    stored = answers.known({"image": 1})["regions"]
    assert [len(each["negatives"]) for each in stored] == [0, 1]
    assert answers.known({"sample": "gone"})["regions"] == []
    assert answers.known({"image": 999})["regions"] == []
    two = answers.known({"sample": "one", "image": 1})["error"]
    assert two == "A question names two pictures: give one of sample, image"


def test_rewrites_tell_what_they_changed_and_where(answers: Asked) -> None:
    reply = answers.rewrite({"caption": "a red wooden box", "count": 6, "changes": 2, "seed": 1})

    assert reply["attributes"] == ["colour", "material", "object"]
    assert len(reply["negatives"]) == 6
    for each in reply["negatives"]:
        assert len(each["kinds"]) == len(each["spans"]) == 2
    assert answers.rewrite({"caption": ""})["negatives"] == []


def test_words_that_differ_are_told(answers: Asked) -> None:
    reply = answers.differ({"caption": "a red box", "texts": ["a blue box", "a red box"]})

    assert reply["texts"] == [{"spans": [[2, 6]], "kinds": ["colour"]}, {"spans": [], "kinds": []}]


def test_words_are_weighed_on_a_box(answers: Asked, pictures: Pictures, encoder: Encoder) -> None:
    opened = pictures.open_stored(1)
    box = [0.1, 0.1, 0.6, 0.9]

    reply = answers.weigh(
        {"token": opened.token, "caption": "the cat", "route": "short", "box": box}
    )

    (seen,) = opened.patches.regions([box])
    whole, cat, the = encoder.encode_text(["the cat", "cat", "the"], "short") @ seen
    deltas = [each["delta"] for each in reply["words"]]
    assert deltas == pytest.approx([whole - cat, whole - the], abs=2e-6)


def test_failures_are_kept_and_each_cell_finds_its_regions(
    answers: Asked, mapped: Workspace, encoder: Encoder
) -> None:
    assert answers.failures({})["rows"] == []
    told: list[Progress] = []
    first, *_ = mapped.pictures([1])
    first.path.unlink()

    once, again = (keep_failures(mapped, encoder, watch=told.append) for _ in range(2))

    assert once == again  # in its place
    assert once.regions == 9
    assert [str(first.path) in each for each in once.faults] == [True]

    (row,) = answers.failures({})["rows"]
    assert row["attribute"] == "kind"
    assert set(row["cells"]) == {"short", "long", "box"}
    for cell in row["cells"].values():
        assert cell["asked"] == 9
        found = mapped.matching("region", Filter(where=cell["where"]))
        assert len(found) == cell["fooled"]
    assert told[-1].done == told[-1].total == 10
    assert (answers.failures({})["asked"], answers.failures({})["regions"]) == (9, 10)


@pytest.mark.parametrize(
    ("name", "request_", "words"),
    [
        ("rewrite", {}, "'caption' is missing"),
        ("rewrite", {"caption": "x" * 50_001}, "has 50001 characters; the limit is 50000"),
        ("rewrite", {"caption": "a red car", "count": 201}, "ask for at most 200"),
        ("rewrite", {"caption": "a red car", "count": -1}, "-1 rewrites cannot be made"),
        ("rewrite", {"caption": "a red car", "changes": 9}, "9 changes at once"),
        ("differ", {"caption": "a", "texts": []}, "'texts' must be a list"),
        ("differ", {"caption": "a", "texts": [" "]}, "'texts[0]' is empty"),
        ("weigh", {"token": "gone", "caption": "a cat", "route": "short"}, "no longer open"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(
    answers: Asked, name: str, request_: dict[str, Any], words: str
) -> None:
    assert words in getattr(answers, name)(request_)["error"]
