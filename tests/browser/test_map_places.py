"""What is drawn over the map lies where the map draws: at first, resized, zoomed, moved."""

from __future__ import annotations

from functools import partial

import pytest
from playwright.sync_api import Page, expect

from tests.support.maps import ROWS
from tests.support.pages.map import MapPage, Point
from tests.support.waiting import eventually

SOON = 4_000  # ms that a dot has to answer; a busy app may need some of them
REST = 100  # ms; longer than what plotly takes moves together for
HALF_A_PIXEL = 0.75  # and what a screen rounds
MARKS = """() => {
    const middle = (element) => {
        const { left, top, width, height } = element.getBoundingClientRect();
        return { x: left + width / 2, y: top + height / 2, width, height };
    };
    const [ring, star] = document.querySelectorAll('.fx-plot .scatterlayer path.point');
    const labels = [...document.querySelectorAll('.fx-cluster:not([hidden])')];
    const plot = document.querySelector('.fx-plot');
    return {
        drawn: [plot.layout.width, plot.layout.height],
        stage: [plot.clientWidth, plot.clientHeight],
        ring: middle(ring),
        star: middle(star),
        asked: middle(document.querySelector('.fx-asked')),
        labels: Object.fromEntries(labels.map((each) => [each.textContent, middle(each)])),
    };
}"""
CLUSTERS = {"cats": (1, 1), "dogs": (1, 2)}


def test_a_dot_answers_where_the_axes_say_that_it_lies(page: Page, address: str) -> None:
    dots_answer(MapPage(page, address).open())


def test_marks_and_names_follow_the_map(page: Page, address: str) -> None:
    the_map = MapPage(page, address).open()
    the_map.find("the cat")
    star: Point = tuple(
        page.evaluate(
            "() => { const { data } = document.querySelector('.fx-plot'); "
            "const { x, y } = data.find(({ name }) => name === 'asked'); return [x[0], y[0]]; }"
        )
    )
    the_map.click(ROWS[2])
    expect(the_map.pressed_region).to_have_attribute("data-region", "3")
    marks_fit(the_map, star)

    for size in ((1000, 800), (1500, 600), (1280, 720)):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        eventually(page, lambda: marks_fit(the_map, star))
        dots_answer(the_map)

    x, y = the_map.at((2, 1))
    page.mouse.move(x, y)
    page.mouse.wheel(0, -150)
    eventually(page, lambda: marks_fit(the_map, star))
    page.mouse.down()
    page.mouse.move(x + 40, y - 25, steps=4)
    page.mouse.up()

    def moved() -> None:
        assert the_map.at((2, 1)) == pytest.approx((x + 40, y - 25), abs=1.5)

    eventually(page, moved)
    eventually(page, lambda: marks_fit(the_map, star))
    dots_answer(the_map)

    page.set_viewport_size({"width": 900, "height": 700})
    eventually(page, lambda: marks_fit(the_map, star))
    dots_answer(the_map)
    assert the_map.faults == []


def marks_fit(the_map: MapPage, star: Point) -> None:
    """The map fills its stage; the ring, the star and all names lie where the axes say."""
    marks = the_map.page.evaluate(MARKS)
    assert marks["drawn"] == marks["stage"]
    for name, place in (("ring", ROWS[2]), ("star", star)):
        x, y = the_map.at(place)
        tolerance = HALF_A_PIXEL if name == "ring" else 2  # a star's middle is not its box's
        assert marks[name]["x"] == pytest.approx(x, abs=tolerance), name
        assert marks[name]["y"] == pytest.approx(y, abs=tolerance), name
    asked, (x, y) = marks["asked"], the_map.at(star)
    beside = abs(asked["x"] - x) - asked["width"] / 2, abs(asked["y"] - y) - asked["height"] / 2
    assert max(beside) == pytest.approx(12, abs=1.5)  # half of the star
    for name, label in marks["labels"].items():
        x, y = the_map.at(CLUSTERS[name])
        across = abs(label["x"] - x) / (label["width"] / 2)
        down = abs(label["y"] - y) / label["height"]
        assert min(across, abs(across - 1)) * label["width"] / 2 < 1, name
        assert round(down) in (1, 2, 3), name
        assert abs(down - round(down)) * label["height"] < 1, name


def dots_answer(the_map: MapPage) -> None:
    """Pointing at where the axes say that a dot lies tells what it is."""
    for place, words in ((ROWS[2], "the cat"), (ROWS[3], "the dog")):
        eventually(the_map.page, partial(tells, the_map, place, words))


def tells(the_map: MapPage, place: Point, words: str) -> None:
    """Plotly passes over a pointer that comes while it draws, so each try points anew."""
    x, y = the_map.at(place)
    stage = the_map.root.locator(".fx-plot").bounding_box()
    assert stage is not None
    if not (stage["y"] + 5 < y < stage["y"] + stage["height"] - 5):
        return  # out of sight
    the_map.page.mouse.move(x - 30, y - 30)
    the_map.page.mouse.move(x, y, steps=4)
    the_map.page.wait_for_timeout(REST)
    the_map.page.mouse.move(x + 1, y)
    told = the_map.root.locator(".fx-hover")
    expect(told).to_contain_text(words, timeout=SOON)
    expect(told).to_be_visible(timeout=SOON)
