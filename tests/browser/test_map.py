"""What is seen of a map in a browser: colours, filters, links, themes."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support.interception import HeldAnswers
from tests.support.maps import ROWS
from tests.support.pages.map import MapPage


@pytest.fixture
def the_map(page: Page, address: str) -> MapPage:
    return MapPage(page, address).open()


def by_place(the_map: MapPage) -> list[Locator]:
    """Both rows of the legend, once the map has the colours of places."""
    the_map.root.locator("select[aria-label='Colour by']").select_option("place")
    rows = the_map.root.locator("button.fx-legend-row")
    expect(rows).to_have_text(["03", "13"])
    return rows.all()


def test_all_points_are_there_and_counted(the_map: MapPage) -> None:
    expect(the_map.shown).to_have_text("showing all 6 here · 6 in all")
    legend = the_map.root.locator(".fx-map-legend")
    expect(legend).to_contain_text("cats3")
    expect(legend).to_contain_text("placed by neighbours, approximate")
    assert the_map.faults == []


def test_a_value_of_the_legend_can_be_isolated(the_map: MapPage) -> None:
    the_map.root.locator(".fx-legend-row", has_text="dogs").click()

    expect(the_map.shown).to_have_text("showing all 3 here · 3 of 6 fit")
    the_map.find("the cat")
    expect(the_map.title).to_have_text("3 best of 3")
    the_map.root.locator(".fx-legend-row", has_text="dogs").click()
    expect(the_map.title).to_have_text("6 best of 6")
    expect(the_map.shown).to_have_text("showing all 6 here · 6 in all")


def test_values_of_the_legend_are_shown_together_and_in_a_link(the_map: MapPage) -> None:
    low, high = by_place(the_map)
    low.click()
    expect(the_map.shown).to_have_text("showing all 3 here · 3 of 6 fit")
    high.click(modifiers=["Shift"])
    expect(the_map.shown).to_have_text("showing all 6 here · 6 of 6 fit")
    expect(low).to_have_attribute("aria-pressed", "true")
    assert the_map.query()["only"] == "0\n1"

    the_map.page.reload()
    the_map.wait()
    expect(high).to_have_attribute("aria-pressed", "true")
    low.click(modifiers=["Control"])  # as many lists have it: all but this
    expect(the_map.shown).to_have_text("showing all 3 here · 3 of 6 fit")
    expect(high).to_have_attribute("aria-pressed", "true")
    high.click()
    expect(the_map.shown).to_have_text("showing all 6 here · 6 in all")
    assert "only" not in the_map.query()


def test_a_legend_that_is_about_to_go_chooses_nothing(the_map: MapPage) -> None:
    held = HeldAnswers(the_map.page, "view")
    the_map.root.locator("select[aria-label='Colour by']").select_option("place")
    held.wait()
    rows = the_map.root.locator("button.fx-legend-row")
    expect(rows.first).to_have_text("cats3")
    rows.first.click()
    held.release()

    expect(rows).to_have_text(["03", "13"])
    expect(the_map.fault).to_be_hidden()
    expect(the_map.shown).to_have_text("showing all 6 here · 6 in all")


def test_values_that_are_chosen_before_the_map_has_answered_add_up(the_map: MapPage) -> None:
    low, high = by_place(the_map)
    held = HeldAnswers(the_map.page, "view")
    low.press("Enter")
    held.wait()
    high.press("Shift+Enter")
    held.release()
    expect(the_map.shown).to_have_text("showing all 6 here · 6 of 6 fit")
    expect(high).to_be_focused()
    assert the_map.query()["only"] == "0\n1"


def test_names_and_counts_follow_what_a_filter_leaves(the_map: MapPage) -> None:
    names = the_map.root.locator(".fx-cluster")
    expect(names).to_have_text(["cats", "dogs"])

    the_map.root.locator(".fx-filter").fill("phrase = 'the dog' AND id > 2")
    the_map.page.keyboard.press("Enter")

    expect(names).to_have_text(["dogs"])
    expect(the_map.root.locator("button.fx-legend-row")).to_have_text(["dogs2"])
    the_map.root.locator(".fx-legend-row", has_text="dogs").click()
    expect(the_map.shown).to_have_text("showing all 2 here · 2 of 6 fit")
    the_map.root.locator(".fx-filter").fill("phrase = 'the cat'")
    the_map.page.keyboard.press("Enter")
    expect(the_map.shown).to_have_text("showing all 0 here · 0 of 6 fit")
    expect(names).to_have_count(0)
    nothing = the_map.root.locator(".fx-map-nothing")
    expect(nothing).to_contain_text("Nothing fits the filter.")
    nothing.get_by_role("button", name="Show all").click()
    expect(the_map.shown).to_have_text("showing all 6 here · 6 in all")
    expect(nothing).to_be_hidden()
    expect(the_map.root.locator(".fx-filter")).to_have_value("")


def test_a_wrong_filter_that_is_told_late_does_not_undo_a_right_one(the_map: MapPage) -> None:
    held = HeldAnswers(the_map.page, "view")
    for condition in ("colour = 'red'", "id > 2"):
        the_map.root.locator(".fx-filter").fill(condition)
        the_map.page.keyboard.press("Enter")
    held.release()

    expect(the_map.shown).to_have_text("showing all 4 here · 4 of 6 fit")
    expect(the_map.fault).to_be_hidden()
    expect(the_map.root.locator(".fx-filter")).to_have_attribute("aria-invalid", "false")
    assert the_map.query()["where"] == "id > 2"


def test_only_colours_that_tell_dots_apart_are_offered(the_map: MapPage) -> None:
    offered = the_map.root.locator("select[aria-label='Colour by'] option")

    names = {text.split(" – ")[0] for text in offered.all_text_contents()}
    assert {"cluster", "phrase", "place"} <= names
    assert not {"verdict", "origin", "score"} & names
    expect(offered.filter(has_text="place")).to_have_text(
        "place – among the picture's regions, from 0"
    )


def test_numbers_are_coloured_from_low_to_high(the_map: MapPage) -> None:
    _, high = by_place(the_map)
    high.click()
    expect(the_map.shown).to_have_text("showing all 3 here · 3 of 6 fit")
    low, high = the_map.root.locator("button.fx-legend-row em").evaluate_all(
        "swatches => swatches.map(each => "
        "getComputedStyle(each).backgroundColor.match(/[0-9]+/g).map(Number))"
    )
    assert low[2] > low[0] > low[1]  # viridis begins with violet
    assert min(high[:2]) > 200 > high[2]  # and ends with yellow


def test_what_a_link_leaves_of_the_points_and_is_gone_is_told(the_map: MapPage) -> None:
    the_map.open("tab=map&colour=phrase&only=cow")

    expect(the_map.fault).to_contain_text("No colour of phrase stands for 'cow' here")
    expect(the_map.shown).to_have_text("showing all 6 here · 6 in all")


def test_a_link_restores_the_view(the_map: MapPage) -> None:
    by_place(the_map)
    the_map.page.mouse.move(*the_map.at((2, 0)))
    the_map.page.mouse.wheel(0, -300)
    expect(the_map.shown).to_have_text("showing all 3 here · 6 in all")
    the_map.lasso((2, 0.4), (0.6, 0.6))
    the_map.click(ROWS[2])
    expect(the_map.pressed_region).to_have_attribute("data-region", "3")
    before, title = the_map.query(), the_map.title.text_content()
    assert {"view", "colour", "lasso", "point", "map"} <= set(before)

    the_map.page.reload()
    the_map.wait()

    expect(the_map.pressed_region).to_have_attribute("data-region", "3")
    expect(the_map.title).to_have_text(title or "")
    assert the_map.ringed() == ROWS[2]
    after = the_map.query()
    assert {name: after[name] for name in ("colour", "lasso", "point", "map")} == {
        name: before[name] for name in ("colour", "lasso", "point", "map")
    }
    frames = [[float(edge) for edge in query["view"].split(",")] for query in (before, after)]
    assert frames[1] == pytest.approx(frames[0], rel=1e-3)


def test_a_link_to_a_map_that_is_gone_says_so(page: Page, address: str) -> None:
    gone = MapPage(page, address).open("tab=map&map=99")

    expect(gone.fault).to_contain_text("There is no map 99 any more")
    expect(gone.shown).to_contain_text("6 in all")


def test_the_map_is_readable_in_the_dark(page: Page, address: str) -> None:
    page.emulate_media(color_scheme="dark")
    dark = MapPage(page, address).open("tab=map&__theme=dark")

    background = dark.root.locator(".fx-map-stage").evaluate(
        "element => getComputedStyle(element).backgroundColor"
    )
    assert background == "rgb(25, 25, 28)"
