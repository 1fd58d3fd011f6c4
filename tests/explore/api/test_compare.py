from __future__ import annotations

import base64
from pathlib import Path

import numpy as np
import pytest

from fgclip.analysis.baseline import Reference
from fgclip.analysis.comparison import latest_map, prepare
from fgclip.analysis.detection import Finder
from fgclip.analysis.hard_negatives import RUN
from fgclip.encoder import Encoder
from fgclip.explore.api.compare import CompareAnswers
from fgclip.explore.api.data import DataAnswers
from fgclip.ranking import is_fooled
from fgclip.workspace import SIGNS, Workspace
from fgclip.workspace.progress import Progress
from tests.support.asking import Asked
from tests.support.maps import kept

PLACES = np.random.default_rng(1).random((20, 2))


@pytest.fixture
def answers(mapped: Workspace, encoder: Encoder, other_encoder: Encoder) -> Asked:
    """Map 1 is the first model's; map 2, the second's, is like it."""
    kept(mapped, other_encoder, PLACES)
    return Asked(CompareAnswers(mapped, encoder, other_encoder))


@pytest.fixture
def told(
    answers: Asked, mapped: Workspace, encoder: Encoder, other_encoder: Encoder
) -> list[Progress]:
    """Both models went through the workspace."""
    steps: list[Progress] = []
    words = prepare(mapped, (encoder, other_encoder), "region", watch=steps.append)
    assert "10 regions have hard negatives, 20 regions are mapped" in words
    return steps


def test_nothing_is_compared_before_both_models_went_through(
    answers: Asked, mapped: Workspace
) -> None:
    state = answers.compared({})

    assert [model["indexed"]["region"] for model in state["models"]] == [20, 0]
    assert [model["asked"] for model in state["models"]] == [0, 0]
    assert (state["images"], state["hard"]) == (10, 10)
    assert answers.wrong({}) == {"cells": []}
    assert "indexed with both models" in answers.ranks({})["error"]


def test_preparing_again_makes_no_second_map(
    told: list[Progress], mapped: Workspace, encoder: Encoder, other_encoder: Encoder
) -> None:
    before = [run.id for run in mapped.maps]
    told.clear()
    prepare(mapped, (encoder, other_encoder), "region", watch=told.append)
    assert [run.id for run in mapped.maps] == before
    assert "holding regions against negatives" not in {each.stage for each in told}
    assert latest_map(mapped, mapped.model_of(encoder), "image") is None


@pytest.mark.usefixtures("told")
def test_who_is_fooled_is_counted_for_both_and_each_figure_has_its_regions(
    answers: Asked, mapped: Workspace, encoder: Encoder, other_encoder: Encoder
) -> None:
    first, second = mapped.model_of(encoder), mapped.model_of(other_encoder)
    for cell in answers.wrong({})["cells"]:
        metric = f"{cell['attribute']} by {cell['route']}"
        alone = {
            model.id: {each.metric: each.fooled for each in mapped.results.failures(RUN, model)}
            for model in (first, second)
        }
        assert cell["regions"] == sum(cell[sign] for sign in SIGNS) == 10
        assert cell["first"] + cell["both"] == alone[first.id][metric]
        assert cell["second"] + cell["both"] == alone[second.id][metric]
        for sign in SIGNS:
            asked = {"attribute": cell["attribute"], "route": cell["route"], "sign": sign}
            items = answers.fooled(asked)["items"]
            assert len(items) == cell[sign]
            for item in items:
                assert is_fooled(item["first"]) == (sign in ("first", "both"))
                assert is_fooled(item["second"]) == (sign in ("second", "both"))
    wrong = {"attribute": "kind", "route": "box", "sign": "wins"}
    assert "sign 'wins' is not one of" in answers.fooled(wrong)["error"]


@pytest.mark.usefixtures("told")
def test_ranks_tell_what_rises_and_falls(answers: Asked) -> None:
    ranks = answers.ranks({})

    assert (ranks["regions"], ranks["phrases"]) == (20, 3)
    assert len(ranks["risen"]) == ranks["better"]
    assert len(ranks["fallen"]) == ranks["worse"]
    assert all(each["second"] < each["first"] for each in ranks["risen"])
    assert all(each["second"] > each["first"] for each in ranks["fallen"])
    assert 0 <= ranks["agree"] <= 1
    assert ranks["first"]["recall_5"] == 1  # of three phrases


@pytest.mark.usefixtures("told")
def test_rivals_are_what_either_model_puts_near(answers: Asked) -> None:
    assert sorted(answers.rivals({"owner": 1})["texts"]) == ["a bird", "the dog"]
    assert "has no vector" in answers.rivals({"owner": 99})["error"]


@pytest.mark.usefixtures("told")
def test_two_maps_come_as_one(answers: Asked, mapped: Workspace, other_encoder: Encoder) -> None:
    laid = answers.aligned({"kind": "region"})

    assert laid["owners"] == list(range(1, 21))
    second, drift = half(laid["second"]).reshape(-1, 2), half(laid["drift"])
    first = half(laid["first"]).reshape(-1, 2)
    np.testing.assert_allclose(np.linalg.norm(first - second, axis=1), drift, atol=4e-3)
    assert "Both models need a map of images" in answers.aligned({"kind": "image"})["error"]
    assert "'planet' is not one of" in answers.aligned({"kind": "planet"})["error"]
    # A new map is laid over anew.
    kept(mapped, other_encoder, PLACES * (-1, 3))
    assert answers.aligned({"kind": "region"})["second"] != laid["second"]


@pytest.mark.usefixtures("told")
def test_neighbours_by_both_models_are_those_that_the_overlap_counts(
    answers: Asked,
) -> None:
    laid = answers.aligned({"kind": "region"})
    for owner, kept_share in zip(laid["owners"], half(laid["overlap"]), strict=True):
        near = answers.near({"kind": "region", "owner": owner})
        first, second = ({each["owner"] for each in near[name]} for name in ("first", "second"))
        assert len(first) == len(second) == laid["neighbours"]
        assert len(first & second) == round(float(kept_share) * laid["neighbours"])
        assert {each["caption"] for each in near["first"]} <= {"the cat", "the dog", "a bird"}
    refused = answers.near({"kind": "region", "owner": 99})
    assert refused["error"] == "region 99 is not on both maps."


def test_a_point_tells_where_it_is_seen(answers: Asked) -> None:
    assert answers.captions({"kind": "region", "owners": [2, 1]}) == {
        "captions": ["the dog", "the cat"]
    }
    assert "at most 60" in answers.captions({"kind": "region", "owners": [1] * 61})["error"]
    place = answers.location({"kind": "region", "owner": 1})
    assert (place["caption"], place["picture"]["id"]) == ("the cat", 1)
    assert place["box"] == pytest.approx([0.1, 0.2, 0.5, 0.7])
    assert place["negatives"] == []
    (negative,) = answers.location({"kind": "region", "owner": 2})["negatives"]
    assert negative == {"text": "a fish", "attribute": "kind"}
    assert answers.location({"kind": "text", "owner": 1})["picture"] is None
    assert answers.location({"kind": "image", "owner": 2})["box"] is None
    assert "There is no region 99" in answers.location({"kind": "region", "owner": 99})["error"]


def test_the_work_needs_a_second_model(mapped: Workspace, encoder: Encoder) -> None:
    finder = Finder(encoder, Reference.of_workspace(encoder, mapped), None)
    data = Asked(DataAnswers(mapped, encoder, finder, []))
    reply = data.start({"work": "compare", "kind": "region"})
    assert "start the app with --compare NAME" in reply["error"]


def half(text: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text), "<f2").astype(np.float32)


def test_nothing_of_a_workspace_is_read_but_by_its_ids(answers: Asked, tmp_path: Path) -> None:
    assert "error" in answers.location({"kind": "region", "owner": str(tmp_path)})
