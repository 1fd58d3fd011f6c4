"""The table of scores."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support.pages.probe import ProbePage

NINE = ";".join(f"{x / 10},0.1,{x / 10 + 0.1:.1f},0.9" for x in range(9))


@pytest.fixture
def crowded(page: Page, address: str) -> ProbePage:
    """Nine boxes, side by side in the table."""
    probe = ProbePage(page, address).open(f"?sample=scene-0&boxes={NINE}")
    page.keyboard.press("a")
    expect(page.locator(".fx-head .fx-cell-number")).to_have_count(9)
    return probe


def middles(elements: Locator) -> list[float]:
    """Heights of the middles of what is visible, all measured in one moment."""
    found: list[float] = elements.evaluate_all(
        """(all) => all.filter((element) => element.offsetParent).map((element) => {
            const {top, bottom} = element.getBoundingClientRect(); return (top + bottom) / 2; })"""
    )
    return found


def test_the_heading_names_what_is_scored(probe: ProbePage) -> None:
    heading = probe.page.locator(".fx-score-panel h2")
    expect(heading).to_have_text("Region")
    probe.page.keyboard.press("Escape")
    expect(heading).to_have_text("Whole picture")
    expect(probe.page.locator(".fx-region[aria-selected=true]")).to_have_count(0)
    probe.page.keyboard.press("a")
    expect(heading).to_have_text("Region")


def test_all_regions_stand_first_among_the_regions(probe: ProbePage) -> None:
    assert probe.page.locator(".fx-region").all_text_contents() == ["all", "1", "2"]


def test_a_chosen_region_keeps_the_keyboard(probe: ProbePage) -> None:
    probe.page.locator("[data-region=all]").press("Enter")
    expect(probe.page.locator("[data-region=all]")).to_be_focused()
    expect(probe.page.locator(".fx-rows .fx-cell-one").first).to_be_visible()


def test_numbers_of_a_row_stand_on_one_line(probe: ProbePage) -> None:
    first, *others = middles(probe.page.locator(".fx-rows .fx-row").first.locator(".fx-cell b"))
    assert others == pytest.approx([first] * 3, abs=0.6)


def test_heads_stand_on_one_line_with_and_without_a_region(probe: ProbePage) -> None:
    for count in (4, 2):
        first, *others = middles(probe.page.locator(".fx-head .fx-cell"))
        assert others == pytest.approx([first] * (count - 1), abs=0.6)
        probe.page.keyboard.press("Escape")


def test_columns_beyond_the_edge_are_shaded_and_come_when_scrolled_to(crowded: ProbePage) -> None:
    table = crowded.page.locator(".fx-table")
    assert table.evaluate("(table) => table.scrollWidth > table.clientWidth")
    assert "gradient" in table.evaluate("(table) => getComputedStyle(table).backgroundImage")
    table.evaluate("(table) => table.scrollTo(table.scrollWidth, 0)")
    last = crowded.page.locator(".fx-rows .fx-row").first.locator(".fx-cell-one").last
    box = last.bounding_box()
    assert box
    painted = crowded.page.evaluate(  # a clipped cell is not found under the pointer
        "([x, y]) => document.elementFromPoint(x, y)?.closest('.fx-cell-one')?.textContent",
        [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2],
    )
    assert painted == last.text_content()


def test_the_head_of_crop_says_why_it_may_differ(probe: ProbePage) -> None:
    head = probe.page.locator(".fx-head .fx-cell-crop")
    title = head.get_attribute("title") or ""
    for reason in ("stretched", "surroundings", "enlarged"):
        assert reason in title


def test_a_best_prompt_with_a_low_cosine_is_called_doubtful(probe: ProbePage) -> None:
    tags = probe.page.locator(".fx-tag")
    expect(tags).to_have_count(2)
    for number, tag in enumerate(tags.all(), start=1):
        probe.page.keyboard.press(str(number))
        doubtful = max(probe.scores().values()) < -0.1
        assert doubtful == (number == 1)  # one of each
        assert ("fx-doubtful" in str(tag.get_attribute("class"))) == doubtful
        assert str(tag.locator(".fx-box-words").text_content()).endswith("?") == doubtful
        summary = probe.page.locator(".fx-summary").text_content()
        assert str(summary).startswith("doubtful: below −.100") == doubtful


def test_doubt_shows_among_all_regions_and_with_a_single_prompt(probe: ProbePage) -> None:
    probe.page.keyboard.press("a")
    best = probe.page.locator(".fx-cell-one.fx-best b")
    expect(best).to_have_text([re.compile(r"\?$"), re.compile(r"\d$")])
    probe.page.keyboard.press("1")
    while len(probe.prompts()) > 1:
        probe.page.locator(".fx-prompt").last.press("Delete")
    probe.wait_for_scores()
    expect(probe.page.locator(".fx-summary")).to_have_text("doubtful: below −.100")


def test_on_pictures_that_the_model_does_not_know_every_match_is_doubtful(probe: ProbePage) -> None:
    probe.page.locator("[data-sample=scene-2]").click()  # a photograph
    expect(probe.page.locator(".fx-summary")).to_contain_text("does not know such pictures")
    expect(probe.page.locator(".fx-tag.fx-doubtful")).to_have_count(2)


def test_a_slider_takes_its_arrow_keys_itself(probe: ProbePage) -> None:
    before = probe.boxes()
    probe.page.keyboard.press("h")
    slider = probe.page.get_by_label("Heat map opacity")
    slider.focus()
    slider.press("ArrowRight")
    assert slider.input_value() == "65"
    assert probe.boxes() == before


def test_talk_mode_keeps_the_phrases_beside_many_regions(crowded: ProbePage) -> None:
    crowded.page.keyboard.press("t")
    words = crowded.page.locator(".fx-rows .fx-cell-words").first.bounding_box()
    assert words
    assert words["width"] >= 200
