from __future__ import annotations

import base64
import csv
import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fgclip.encoder import Encoder
from fgclip.explore.api.map import MapAnswers
from fgclip.explore.api.schemas.map_views import ViewQuestion
from fgclip.explore.pictures import Pictures
from fgclip.workspace import Filter, Workspace
from tests.support.asking import Asked
from tests.support.noise import picture_records

ALL = [[-1, -1], [2, -1], [2, 2], [-1, 2]]


@pytest.fixture
def pictures(mapped: Workspace, encoder: Encoder, tmp_path: Path) -> Pictures:
    return Pictures(encoder, {}, tmp_path / "uploads", stored=mapped.picture_path)


@pytest.fixture
def part(mapped: Workspace, encoder: Encoder, pictures: Pictures) -> MapAnswers:
    return MapAnswers(mapped, encoder, pictures)


@pytest.fixture
def answers(part: MapAnswers) -> Asked:
    return Asked(part)


def owners_in(reply: dict[str, Any]) -> list[int]:
    return sorted(np.frombuffer(base64.b64decode(reply["owners"]), "<u4").tolist())


def test_the_maps_of_the_loaded_model_are_listed(answers: Asked, encoder: Encoder) -> None:
    reply = answers.maps({})

    (run,) = reply["maps"]
    assert (run["id"], run["points"], run["model"]) == (1, 20, encoder.card.name)
    assert (reply["others"], reply["images"]) == (0, 10)


def test_a_map_tells_its_colours_columns_and_clusters(answers: Asked) -> None:
    reply = answers.open({"map": 1})

    assert reply["colours"][:2] == ["cluster", "category"]
    assert "area" in reply["columns"]
    assert [each["label"] for each in reply["clusters"]] == ["cats"]


def test_the_whole_view_holds_all_points_and_is_kept(answers: Asked, part: MapAnswers) -> None:
    reply = answers.view({"map": 1, "colour": "category"})

    assert owners_in(reply) == list(range(1, 21))
    assert (reply["inside"], reply["total"], reply["density"]) == (20, 20, None)
    assert reply["legend"] == [
        {"value": "cat", "count": 7}, {"value": "dog", "count": 7}, {"value": "bird", "count": 6},
    ]  # fmt: skip
    question = ViewQuestion(map=1, colour="category")
    assert part.view(question) is part.view(question)


def test_a_part_holds_what_lies_in_it(answers: Asked, mapped: Workspace) -> None:
    owners, places = mapped.maps.layout(mapped.maps[0])
    inside = owners[(places < 0.5).all(axis=1)].tolist()

    reply = answers.view({"map": 1, "frame": [0, 0, 0.5, 0.5]})

    assert owners_in(reply) == inside
    assert reply["inside"] == len(inside)


def test_a_value_and_a_filter_leave_what_has_both(answers: Asked, mapped: Workspace) -> None:
    asked = {"map": 1, "colour": "category", "only": ["cat"], "filter": "place = 0"}
    both = Filter(where="category = 'cat' AND place = 0")
    left = mapped.matching("region", both).tolist()

    reply = answers.view(asked)

    assert 0 < len(left) < 7
    assert (owners_in(reply), reply["inside"], reply["total"]) == (left, len(left), 20)
    assert sum(each["count"] for each in reply["legend"]) == 10  # as the filter alone leaves
    assert reply["legend"][0]["count"] == len(left)
    assert [(each["label"], each["size"]) for each in reply["clusters"]] == [("cats", len(left))]
    selected = answers.lasso(asked | {"corners": ALL})
    assert sorted(each["owner"] for each in selected["items"]) == left
    table = answers.table(asked | {"corners": ALL})
    found = answers.find(asked | {"text": "the dog", "limit": 20})
    assert sorted(each["owner"] for each in found["items"]) == left
    assert {each["code"] for each in found["items"]} == {0}
    assert found["searched"] == len(left)
    assert (table["rows"], table["selected"]) == (len(left), len(left))


def test_several_values_are_shown_together(answers: Asked, mapped: Workspace) -> None:
    asked = {"map": 1, "colour": "category", "only": ["bird", "cat"]}
    either = Filter(where="category IN ('bird', 'cat')")
    left = mapped.matching("region", either).tolist()

    reply = answers.view(asked)

    assert (owners_in(reply), reply["left"]) == (left, 13)
    assert [each["count"] for each in reply["legend"]] == [7, 7, 6]  # all can be chosen still
    codes = np.frombuffer(base64.b64decode(reply["codes"]), np.uint8)
    assert sorted(codes.tolist()) == [0] * 7 + [2] * 6


def test_numbers_are_told_in_their_order(answers: Asked) -> None:
    reply = answers.view({"map": 1, "colour": "place"})

    assert reply["ordered"]
    assert reply["legend"] == [{"value": "0", "count": 10}, {"value": "1", "count": 10}]


def test_points_that_are_placed_later_are_seen_at_once(
    answers: Asked, mapped: Workspace, encoder: Encoder, tmp_path: Path
) -> None:
    before = answers.view({"map": 1, "colour": "category"})
    mapped.add(iter(picture_records(tmp_path / "more", 2, first=10)), "more")
    mapped.index(encoder)
    answers.view({"map": 1, "colour": "category"})

    mapped.place(mapped.maps[0])

    after = answers.view({"map": 1, "colour": "category"})
    assert (before["total"], after["total"]) == (20, 24)
    assert owners_in(after) == list(range(1, 25))
    assert sum(each["count"] for each in after["legend"]) == 24


def test_a_stored_region_is_nearest_to_itself(answers: Asked) -> None:
    reply = answers.find({"map": 1, "region": 7, "limit": 3})

    first, *_ = reply["items"]
    assert (first["owner"], first["score"], len(reply["items"])) == (7, 1.0, 3)
    assert first["place"] == pytest.approx(reply["place"], abs=0.05)


def test_a_box_of_an_open_picture_finds_its_region(
    answers: Asked, mapped: Workspace, pictures: Pictures
) -> None:
    picture, *_ = mapped.pictures([4])
    opened = pictures.open_stored(4)

    reply = answers.find(
        {"map": 1, "token": opened.token, "box": picture.boxes[1].astype(float).tolist()}
    )

    assert reply["items"][0]["owner"] == picture.region_ids[1]


def test_words_are_read_by_a_route_and_filtered(answers: Asked) -> None:
    reply = answers.find({"map": 1, "text": "the cat - a bird", "filter": "category = 'dog'"})

    assert reply["route"] == "box"
    assert reply["searched"] == 7
    assert {item["caption"] for item in reply["items"]} == {"the dog"}
    assert answers.find({"map": 1, "text": "the cat", "route": "short"})["route"] == "short"


def test_a_lasso_gives_a_part_and_its_table_all(answers: Asked, mapped: Workspace) -> None:
    reply = answers.lasso({"map": 1, "corners": ALL, "limit": 5})
    table = answers.table({"map": 1, "corners": ALL})

    assert (reply["selected"], len(reply["items"])) == (20, 5)
    head, *rows = csv.reader(io.StringIO(table["csv"]))
    assert head == [
        "region", "caption", "picture", "x0", "y0", "x1", "y1", "map_x", "map_y", "cluster",
    ]  # fmt: skip
    assert [int(row[0]) for row in rows] == list(range(1, 21))
    first, *_ = mapped.pictures([1])
    (place,) = mapped.maps.places(mapped.maps[0], np.array([1]))[1]
    assert rows[0][1:3] == ["the cat", str(first.path)]
    assert [float(value) for value in rows[0][3:7]] == pytest.approx(first.boxes[0])
    assert [float(value) for value in rows[0][7:9]] == pytest.approx(place)
    assert rows[0][9] == "cats"


def test_words_are_looked_for_within_a_lasso(answers: Asked, mapped: Workspace) -> None:
    corners = [[0, 0], [0.5, 0], [0.5, 0.5], [0, 0.5]]
    inside = answers.lasso({"map": 1, "corners": corners})

    found = answers.find({"map": 1, "text": "the cat", "corners": corners, "limit": 20})

    assert 0 < inside["selected"] < 20
    assert found["searched"] == inside["selected"]
    assert {each["owner"] for each in found["items"]} == {each["owner"] for each in inside["items"]}


def test_a_point_tells_its_picture_regions_and_neighbours(answers: Asked) -> None:
    reply = answers.about({"map": 1, "owner": 8})

    assert (reply["caption"], reply["picture"]["name"]) == ("the dog", "0003.png")
    assert [region["id"] for region in reply["regions"]] == [7, 8]
    assert len(reply["neighbours"]) == 19
    assert 8 not in [each["owner"] for each in reply["neighbours"]]


@pytest.mark.parametrize(
    ("name", "request_", "words"),
    [
        ("view", {"map": 9}, "There is no map 9"),
        ("view", {"map": "1"}, "'map' must be a whole number"),
        ("view", {"map": 1, "frame": [0, 0, 0, 1]}, "holds nothing"),
        ("view", {"map": 1, "frame": [0, 0, float("nan"), 1]}, "is not a finite number"),
        ("view", {"map": 1, "colour": "id; DROP TABLE images"}, "choose cluster, category"),
        ("view", {"map": 1, "colour": "category", "only": ["cow"]}, "No colour of category stands"),
        ("view", {"map": 1, "colour": "category", "only": "cow"}, "'only' must be a list of texts"),
        ("view", {"map": 1, "filter": "true; DROP TABLE images"}, "filter cannot be read at ';'"),
        ("find", {"map": 1, "text": "  "}, "asks for nothing"),
        ("find", {"map": 1, "text": "cat", "filter": "nonsense"}, "Regions have no field"),
        ("find", {"map": 1, "upload": "/etc/passwd"}, "Only a picture that this page sent"),
        ("find", {"map": 1, "region": 999}, "has no vector"),
        ("lasso", {"map": 1, "corners": [[0, 0], [1, 1]]}, "draw it anew"),
        ("lasso", {"map": 1, "corners": "all"}, "must be a list of points"),
        ("about", {"map": 1, "owner": 999}, "There is no region 999"),
        ("open", [], "A question is an object"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(
    answers: Asked, name: str, request_: Any, words: str
) -> None:
    reply = getattr(answers, name)(request_)

    assert words in reply["error"]
    assert reply["kind"] == "input"


def test_a_map_of_another_model_can_be_seen_and_not_searched(
    mapped: Workspace, other_encoder: Encoder, tmp_path: Path
) -> None:
    answers = Asked(MapAnswers(mapped, other_encoder, Pictures(other_encoder, {}, tmp_path)))

    assert answers.maps({})["maps"] == []
    assert answers.maps({})["others"] == 1
    assert answers.view({"map": 1})["inside"] == 20
    assert "another model" in answers.find({"map": 1, "text": "the cat"})["error"]
