"""What is found, circled and clicked on a map in a browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, Response, expect

from tests.support.interception import QUESTIONS, HeldAnswers, intercept
from tests.support.maps import ROWS
from tests.support.pages.map import MapPage
from tests.support.pages.probe import ProbePage


@pytest.fixture
def the_map(page: Page, address: str) -> MapPage:
    return MapPage(page, address).open()


def test_a_click_on_a_point_shows_its_picture_and_box(the_map: MapPage) -> None:
    the_map.click(ROWS[2])

    expect(the_map.detail.locator("h2")).to_have_text("the cat")
    expect(the_map.pressed_region).to_have_attribute("data-region", "3")
    expect(the_map.detail.locator(".fx-shown img")).to_have_js_property("naturalWidth", 200)
    assert the_map.ringed() == ROWS[2]
    assert the_map.query()["point"] == "3"


def test_a_click_on_a_region_of_the_picture_rings_its_point(the_map: MapPage) -> None:
    the_map.click(ROWS[2])
    expect(the_map.pressed_region).to_have_attribute("data-region", "3")

    the_map.root.locator('.fx-region-box[data-region="4"]').click()

    expect(the_map.pressed_region).to_have_attribute("data-region", "4")
    expect(the_map.detail.locator("h2")).to_have_text("the dog")
    assert the_map.ringed() == ROWS[3]


def test_keys_go_from_dot_to_dot(the_map: MapPage) -> None:
    the_map.leave_field()
    the_map.page.keyboard.press("Shift+ArrowLeft")  # there is no dot yet: to the middle
    expect(the_map.pressed_region).to_have_count(1)
    places = []
    for key in ("Down", "Left", "Left", "Up", "Right", "Up"):
        the_map.page.keyboard.press(f"Shift+Arrow{key}")
        places.append(the_map.ringed())
    assert places == [ROWS[2], ROWS[0], ROWS[0], ROWS[1], ROWS[3], ROWS[3]]
    expect(the_map.pressed_region).to_have_attribute("data-region", "4")
    expect(the_map.detail.locator("h2")).to_have_text("the dog")


def test_closer_is_about_the_dot_and_steps_lead_the_view_along(the_map: MapPage) -> None:
    the_map.click(ROWS[2])
    expect(the_map.pressed_region).to_have_attribute("data-region", "3")
    the_map.leave_field()
    for _ in range(2):
        the_map.page.keyboard.press("+")
        expect(the_map.shown).to_contain_text("in all")
        the_map.page.wait_for_timeout(300)
    expect(the_map.shown).to_have_text("showing all 1 here · 6 in all")
    x, y = the_map.at(ROWS[2])
    stage = the_map.root.locator(".fx-plot").bounding_box()
    assert stage
    assert stage["x"] <= x <= stage["x"] + stage["width"]
    assert stage["y"] <= y <= stage["y"] + stage["height"]
    for _ in range(12):
        the_map.page.keyboard.press("Shift+ArrowRight")
        the_map.page.wait_for_timeout(300)
        if the_map.ringed() == ROWS[4]:
            break
    expect(the_map.pressed_region).to_have_attribute("data-region", "5")
    x, _ = the_map.at(ROWS[4])
    assert stage["x"] <= x <= stage["x"] + stage["width"]


def test_a_step_that_fails_or_is_let_go_leaves_the_ring_where_it_was(the_map: MapPage) -> None:
    the_map.click(ROWS[2])
    expect(the_map.pressed_region).to_have_attribute("data-region", "3")
    the_map.leave_field()
    intercept(the_map.page, QUESTIONS, lambda route: route.abort())
    the_map.page.keyboard.press("Shift+ArrowRight")
    expect(the_map.fault).to_contain_text("does not answer")
    assert the_map.ringed() == ROWS[2]
    the_map.page.unroute(QUESTIONS)

    held = HeldAnswers(the_map.page, "about")
    the_map.page.keyboard.press("Shift+ArrowRight")
    held.wait()
    the_map.page.keyboard.press("Escape")
    held.release()
    the_map.page.wait_for_timeout(300)
    assert the_map.ringed() is None
    expect(the_map.pressed_region).to_be_hidden()


def test_a_lasso_selects_all_that_lies_inside(the_map: MapPage) -> None:
    outside = ROWS[1]
    before = the_map.colour_at(outside)
    the_map.lasso((2, 0), (2.1, 0.5))

    expect(the_map.title).to_have_text("3 selected")
    owners = the_map.items.evaluate_all("items => items.map(item => item.dataset.owner)")
    assert sorted(owners) == ["1", "3", "5"]
    with the_map.page.expect_download() as download:
        the_map.page.keyboard.press("c")
    table = Path(download.value.path()).read_text(encoding="utf-8").splitlines()
    assert table[0] == "region,caption,picture,x0,y0,x1,y1,map_x,map_y,cluster"
    assert [line.split(",")[:2] for line in table[1:]] == [
        ["1", "the cat"], ["3", "the cat"], ["5", "the cat"],
    ]  # fmt: skip
    assert the_map.colour_at(outside) != before
    the_map.page.keyboard.press("Escape")
    expect(the_map.title).to_have_text("Everything, by likeness")
    assert the_map.colour_at(outside) == before


def test_words_find_points_and_the_rest_turns_grey(the_map: MapPage) -> None:
    the_map.find("the cat")

    expect(the_map.title).to_have_text("6 best of 6")
    lit, stars = the_map.page.evaluate(
        "() => { const { data } = document.querySelector('.fx-plot'); "
        "return ['found', 'asked'].map(each => data.find(({name}) => name === each).x.length); }"
    )
    assert (lit, stars) == (6, 1)
    expect(the_map.root.locator(".fx-asked")).to_have_text("the cat")
    the_map.leave_field()
    the_map.page.keyboard.press("Escape")
    expect(the_map.title).to_have_text("Everything, by likeness")


def test_a_filter_narrows_the_search_and_a_wrong_one_is_explained(the_map: MapPage) -> None:
    the_map.root.locator(".fx-filter").fill("category = '' AND phrase LIKE '%dog'")
    the_map.find("the cat")
    expect(the_map.title).to_have_text("3 best of 3")
    stage = the_map.root.locator(".fx-map-stage").bounding_box()

    the_map.root.locator(".fx-filter").fill("colour = 'red'")
    with the_map.page.expect_response(is_view):  # what is shown still is looked at anew
        the_map.page.keyboard.press("Enter")
    the_map.page.evaluate("() => new Promise((done) => setTimeout(done, 100))")  # and drawn

    expect(the_map.fault).to_contain_text("Regions have no field 'colour'. Their fields: area,")
    expect(the_map.fault).to_contain_text("Still shown: category = '' AND phrase LIKE '%dog'")
    expect(the_map.root.locator(".fx-filter")).to_have_value("colour = 'red'")
    expect(the_map.root.locator(".fx-filter")).to_have_attribute("aria-invalid", "true")
    expect(the_map.title).to_have_text("3 best of 3")
    assert the_map.root.locator(".fx-map-stage").bounding_box() == stage
    assert the_map.query()["where"] == "category = '' AND phrase LIKE '%dog'"


def is_view(response: Response) -> bool:
    return response.ok and response.url.endswith("/api/map/view")


def test_a_filter_leaves_what_it_holds_for_and_a_lasso_takes_that(the_map: MapPage) -> None:
    the_map.root.locator(".fx-filter").fill("id > 2")
    the_map.page.keyboard.press("Enter")

    expect(the_map.shown).to_have_text("showing all 4 here · 4 of 6 fit")
    the_map.leave_field()
    the_map.lasso((2, 0), (2.1, 0.5))
    expect(the_map.title).to_have_text("2 selected")
    the_map.root.locator(".fx-filter").fill("")
    the_map.page.keyboard.press("Enter")
    expect(the_map.shown).to_have_text("showing all 6 here · 6 in all")
    expect(the_map.title).to_have_text("3 selected")


def test_words_are_looked_for_among_what_is_circled(the_map: MapPage) -> None:
    the_map.lasso((2, 0), (2.1, 0.5))

    the_map.find("the dog")

    expect(the_map.title).to_have_text("3 best of 3 selected")
    assert {"find", "lasso"} <= set(the_map.query())
    the_map.page.reload()
    the_map.wait()
    expect(the_map.title).to_have_text("3 best of 3 selected")
    the_map.root.locator(".fx-find").fill("")
    the_map.page.keyboard.press("Enter")
    expect(the_map.title).to_have_text("3 selected")


def test_results_are_stepped_through_right_after_a_search(the_map: MapPage) -> None:
    the_map.find("the cat")

    the_map.page.keyboard.press("n")

    expect(the_map.items.first).to_have_attribute("aria-selected", "true")
    the_map.page.keyboard.press("n")
    expect(the_map.items.nth(1)).to_have_attribute("aria-selected", "true")


def test_a_search_under_way_survives_a_click_in_the_legend(the_map: MapPage) -> None:
    held = HeldAnswers(the_map.page, "find")
    the_map.root.locator(".fx-find").fill("the cat")
    the_map.page.keyboard.press("Enter")

    the_map.root.locator(".fx-legend-row", has_text="dogs").click()
    expect(the_map.shown).to_have_text("showing all 3 here · 3 of 6 fit")
    held.release()

    expect(the_map.title).to_have_text("3 best of 3")


def test_back_comes_back_from_a_picture_to_the_map(the_map: MapPage) -> None:
    the_map.find("the cat")
    the_map.page.keyboard.press("n")
    expect(the_map.detail).to_be_visible()
    the_map.page.keyboard.press("Enter")
    expect(the_map.page.locator(".fx-box")).to_have_count(1)

    the_map.page.go_back()

    expect(the_map.title).to_have_text("6 best of 6")
    assert the_map.query()["tab"] == "map"


def test_a_new_selection_lets_the_point_go_and_takes_its_room(the_map: MapPage) -> None:
    the_map.click(ROWS[2])
    expect(the_map.pressed_region).to_have_attribute("data-region", "3")

    the_map.lasso((2, 0), (2.1, 0.5))

    expect(the_map.detail).to_be_hidden()
    assert the_map.ringed() is None
    assert "point" not in the_map.query()
    the_map.page.keyboard.press("n")
    expect(the_map.detail).to_be_visible()
    the_map.page.keyboard.press("a")
    expect(the_map.title).to_contain_text("best of")
    expect(the_map.detail).to_be_visible()


def test_a_point_opens_in_the_probe_and_its_box_is_found_again(the_map: MapPage) -> None:
    the_map.click(ROWS[3])
    expect(the_map.pressed_region).to_have_attribute("data-region", "4")

    the_map.root.get_by_role("button", name="Open in Probe").click()

    page = the_map.page
    expect(page.locator(".fx-box")).to_have_count(1)
    expect(page.locator(".fx-prompt .fx-words", has_text="the dog")).not_to_have_count(0)
    assert the_map.query()["sample"] == "scene-1"
    page.keyboard.press("f")
    expect(the_map.title).to_have_text("6 best of 6")
    expect(the_map.items.first).to_have_attribute("data-owner", "4")
    expect(the_map.items.first.locator("b")).to_have_text("1.000")


def test_keys_are_meant_for_the_map_once_it_is_clicked(page: Page, address: str) -> None:
    ProbePage(page, address).open()
    page.get_by_role("tab", name="Map").click()  # which has the focus now
    the_map = MapPage(page, address).wait()
    the_map.click(ROWS[3])
    expect(the_map.pressed_region).to_have_attribute("data-region", "4")

    page.keyboard.press("Enter")

    expect(page.locator(".fx-box")).to_have_count(1)
    expect(page.locator(".fx-prompt .fx-words", has_text="the dog")).not_to_have_count(0)


def test_a_box_is_found_on_a_map_that_nobody_has_opened_yet(page: Page, address: str) -> None:
    probe = ProbePage(page, address).open("?sample=scene-1")

    page.keyboard.press("f")

    found = MapPage(page, address).wait()
    expect(found.title).to_have_text("6 best of 6")
    assert probe.faults == []
