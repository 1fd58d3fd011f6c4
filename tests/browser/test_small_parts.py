"""Parts of the page that compute, against what they promise: tags, steps, addresses."""

import itertools
import math

import numpy as np
import pytest
from playwright.sync_api import Page

HEIGHT = 22
STAGE = {"width": 640, "height": 480}
PLACES = """async ([cases, height, stage]) => {
    const {tagPlaces} = await import('/web/canvas/tag_layout.js');
    return cases.map((tags) => tagPlaces(tags, height, stage));
}"""
STEPS = """async (cases) => {
    const {nextDot, DIRECTIONS} = await import('/web/plot/keyboard_steps.js');
    return cases.map(([from, key, dots]) =>
        nextDot(from, key && DIRECTIONS[key], dots.length, (dot) => dots[dot]));
}"""
THERE_AND_BACK = """async (cases) => {
    const {onlyText, onlyFrom} = await import('/web/tabs/map/address.js');
    return cases.map((values) => onlyFrom(onlyText(values) || null));
}"""
WAYS = {"ArrowLeft": (-1, 0), "ArrowRight": (1, 0), "ArrowUp": (0, 1), "ArrowDown": (0, -1)}


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


def test_steps_go_to_the_nearest_dot_ahead(blank: Page) -> None:
    rng = np.random.default_rng(1)
    cases = [
        [
            rng.normal(size=2).tolist(),
            list(WAYS)[turn % 5] if turn % 5 < 4 else None,
            rng.normal(size=(count, 2)).tolist(),
        ]
        for turn, count in enumerate(rng.integers(0, 30, 200).tolist())
    ]
    for (start, key, dots), found in zip(cases, blank.evaluate(STEPS, cases), strict=True):
        costs = [cost(dot[0] - start[0], dot[1] - start[1], key) for dot in dots]
        best = min(costs, default=math.inf)
        assert found == (costs.index(best) if best < math.inf else -1)


def cost(right: float, up: float, key: str | None) -> float:
    """What lies more aside than ahead comes after all that does not."""
    if key is None:
        return math.hypot(right, up)
    x, y = WAYS[key]
    ahead, aside = right * x + up * y, abs(right * y - up * x)
    return math.hypot(ahead, 2 * aside) * (1 if aside <= ahead else 1e6) if ahead > 0 else math.inf


def test_values_of_a_legend_come_back_from_an_address(blank: Page) -> None:
    cases = [
        [], [""], ["cat"], ["cat", "dog"], ["", "cat"], ["two\nlines"], ["back\\slash", "\\n"],
        ["\\", "\n", "\\\n"], ["≥ 0.6", "a=b&c"],
    ]  # fmt: skip
    assert blank.evaluate(THERE_AND_BACK, cases) == cases
