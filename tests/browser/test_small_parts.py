"""Parts of the page that compute, against what they promise: tags."""

import itertools

import numpy as np
import pytest
from playwright.sync_api import Page

HEIGHT = 22
STAGE = {"width": 640, "height": 480}
PLACES = """async ([cases, height, stage]) => {
    const {tagPlaces} = await import('/web/canvas/tag_layout.js');
    return cases.map((tags) => tagPlaces(tags, height, stage));
}"""


@pytest.fixture
def blank(page: Page, address: str) -> Page:
    page.goto(address + "web/canvas/tag_layout.js")
    return page


def test_tags_lie_on_the_stage_and_none_over_another(blank: Page) -> None:
    rng = np.random.default_rng(0)
    cases = [
        [
            {"left": float(left), "top": float(top), "width": float(width)}
            for left, top, width in zip(
                rng.uniform(4, 400, count),
                np.where(rng.random(count) < 0.3, -5.0, rng.uniform(0, 440, count)),
                rng.uniform(24, 230, count),
                strict=True,
            )
        ]
        for count in rng.integers(1, 10, 200).tolist()
    ]
    for tags, places in zip(cases, blank.evaluate(PLACES, [cases, HEIGHT, STAGE]), strict=True):
        for tag, place in zip(tags, places, strict=True):
            assert 0 <= place["x"] <= STAGE["width"] - tag["width"]
            assert 0 <= place["y"] <= STAGE["height"] - HEIGHT
        for (tag, one), (next_tag, other) in itertools.combinations(
            zip(tags, places, strict=True), 2
        ):
            assert (
                one["x"] + tag["width"] <= other["x"]
                or other["x"] + next_tag["width"] <= one["x"]
                or abs(one["y"] - other["y"]) >= HEIGHT
            )


def test_a_lone_tag_stands_above_its_box_or_inside_it(blank: Page) -> None:
    above, inside, off = blank.evaluate(
        PLACES,
        [
            [[{"left": 10, "top": top, "width": 50}] for top in (100, 5, 600)],
            HEIGHT,
            STAGE,
        ],
    )
    assert above == [{"x": 10, "y": 100 - 7 - HEIGHT}]
    assert inside == [{"x": 17, "y": 12}]
    assert off[0]["y"] > STAGE["height"]  # as its box is
