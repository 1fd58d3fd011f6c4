"""The Compare tab in a browser: two models on a picture, on the data set, and their maps."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from fgclip.encoder import Encoder
from fgclip.explore.gallery import read_gallery
from fgclip.ranking import rivals
from fgclip.workspace.workspace import Workspace
from tests.support.pages.compare import ComparePage
from tests.support.waiting import eventually

BOX = (0.6, 0.05, 0.9, 0.4)  # where no other box is


@pytest.fixture
def tab(page: Page, two: tuple[str, Workspace]) -> ComparePage:
    return ComparePage(page, two[0])


def test_both_models_score_the_box_with_their_own_cosines(
    tab: ComparePage, page_encoder: Encoder, second: Encoder, gallery: Path
) -> None:
    tab.open().scored()
    sample = read_gallery(gallery)["scene-0"]

    assert tab.texts() == list(sample.prompts)
    for encoder, told, ranks in zip(
        (page_encoder, second), tab.cosines(), tab.ranks(), strict=True
    ):
        (region,) = encoder.encode_regions(sample.path, [sample.boxes[0]])
        cosines = encoder.encode_text(list(sample.prompts), "auto") @ region
        assert told == pytest.approx(cosines.tolist(), abs=6e-4)
        assert ranks == [int(rivals(each, cosines).sum()) for each in cosines]
    expect(tab.verdict).to_contain_text(re.compile("They (dis)?agree: "))
    assert tab.faults == []


def test_a_box_drawn_on_one_picture_is_on_both(
    tab: ComparePage, page_encoder: Encoder, second: Encoder, gallery: Path
) -> None:
    tab.open().scored()
    tab.drag(1, BOX[:2], BOX[2:])  # on the second picture
    expect(tab.stages[0].locator(".fx-box")).to_have_count(3)
    expect(tab.stages[1].locator(".fx-box")).to_have_count(3)
    tab.page.wait_for_function("() => new URLSearchParams(location.search).get('cmpbox') === '3'")
    corners = [float(edge) for edge in tab.query()["cmpboxes"].split(";")[2].split(",")]
    for model in (0, 1):
        assert tab.boxes(model)[2] == pytest.approx(corners, abs=0.03)
    sample = read_gallery(gallery)["scene-0"]
    for encoder, told in zip((page_encoder, second), tab.cosines(), strict=True):
        (region,) = encoder.encode_regions(sample.path, [corners])
        cosines = encoder.encode_text(list(sample.prompts), "auto") @ region
        assert told == pytest.approx(cosines.tolist(), abs=2e-3)

    tab.page.keyboard.press("Control+z")
    expect(tab.stages[0].locator(".fx-box")).to_have_count(2)
    expect(tab.stages[1].locator(".fx-box")).to_have_count(2)
    assert tab.faults == []


def test_a_box_drawn_too_small_is_on_neither(tab: ComparePage) -> None:
    tab.open().scored()
    tab.drag(1, BOX[:2], (BOX[0] + 0.01, BOX[1] + 0.01))
    expect(tab.root.locator(".fx-compare-stages > .fx-fault")).to_contain_text("too small")
    for stage in tab.stages:
        expect(stage.locator(".fx-box")).to_have_count(2)


def test_rows_are_sorted_by_either_model(tab: ComparePage) -> None:
    tab.open().scored()
    written = tab.texts()
    for model in (0, 1):
        tab.root.locator(".fx-compare-sort", has_text="rank").nth(model).click()
        assert tab.ranks()[model] == sorted(tab.ranks()[model])
    tab.root.locator(".fx-compare-sort", has_text="text with").click()
    assert tab.texts() == written
    expect(tab.root.locator(".fx-compare-heads")).to_contain_text("text with box 1")
    tab.page.keyboard.press("Escape")
    expect(tab.root.locator(".fx-compare-heads")).to_contain_text("text with the whole picture")


def test_a_text_is_painted_on_both_pictures_and_the_link_restores_it(tab: ComparePage) -> None:
    tab.open().scored()
    count = tab.rows.count()
    tab.root.locator("input.fx-add").fill("the red bird")
    tab.root.locator("input.fx-add").press("Enter")
    expect(tab.rows).to_have_count(count + 1)
    tab.rows.nth(count).click()
    for stage in tab.stages:
        expect(stage.locator(".fx-heat")).to_be_visible()
    expect(tab.verdict).to_contain_text("Painted: the red bird")
    tab.scored()
    painted = [
        stage.locator(".fx-heat").evaluate("canvas => canvas.toDataURL()") for stage in tab.stages
    ]
    assert painted[0] != painted[1]  # each has the map of its own model
    cosines = tab.cosines()

    tab.page.reload()
    tab.scored()

    expect(tab.rows.nth(count)).to_have_class(re.compile("fx-claimed"))
    assert tab.cosines() == cosines
    again = [
        stage.locator(".fx-heat").evaluate("canvas => canvas.toDataURL()") for stage in tab.stages
    ]
    assert again == painted


def test_rewrites_of_the_painted_text_join_the_list(tab: ComparePage) -> None:
    tab.open("tab=compare&cmptexts=a+red+wooden+box").scored()
    tab.root.get_by_role("button", name="+ rewrites").click()
    expect(tab.rows).to_have_count(11)
    expect(tab.rows.nth(0)).to_have_class(re.compile("fx-claimed"))
    tab.scored()
    expect(tab.verdict).to_contain_text("Rank correlation")


def test_boxes_wait_for_their_picture(tab: ComparePage) -> None:
    tab.open().scored()
    before = tab.query()["cmpboxes"]
    tab.drag(0, BOX[:2], BOX[2:])
    expect(tab.stages[0].locator(".fx-box")).to_have_count(3)
    tab.scored()
    drawn = tab.query()["cmpboxes"]
    assert drawn != before
    for key in (".", ","):
        tab.page.locator("body").press(key)
        expect(tab.stages[0].locator(".fx-box")).to_have_count(2 if key == "." else 3)
    tab.scored()
    assert tab.query()["cmpboxes"] == drawn


def test_zoom_is_shared(tab: ComparePage) -> None:
    tab.open().scored()
    worlds = [stage.locator(".fx-world") for stage in tab.stages]
    before = worlds[0].evaluate("world => world.style.cssText")
    tab.stages[0].hover()
    tab.page.mouse.wheel(0, -400)

    def both_zoomed() -> None:
        first, second = (each.evaluate("world => world.style.cssText") for each in worlds)
        assert first == second != before

    eventually(tab.page, both_zoomed)
    assert tab.root.locator(".fx-zoom").text_content()


def test_a_picture_of_ones_own_goes_through_both(tab: ComparePage, tmp_path: Path) -> None:
    pixels = np.random.default_rng(3).integers(0, 256, (90, 120, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(tmp_path / "own.png")
    tab.open().scored()
    tab.root.locator("input[type=file]").set_input_files(tmp_path / "own.png")
    tab.page.wait_for_function("() => location.search.includes('own.png')")
    tab.scored()
    for stage in tab.stages:
        assert stage.locator(".fx-picture").evaluate("image => image.naturalWidth") == 120
    assert tab.faults == []


def test_the_data_set_is_compared_and_each_figure_leads_to_its_regions(
    tab: ComparePage, two: tuple[str, Workspace]
) -> None:
    tab.open("tab=compare&cmpview=data")
    compare = tab.root.locator(".fx-compare-data .fx-button").first
    if compare.text_content() == "Compare":
        expect(tab.root.locator(".fx-compare-do").first).to_contain_text(
            "go through the workspace once"
        )
        compare.click()
    expect(compare).to_have_text("Compare again")
    expect(tab.root.locator(".fx-compare-own")).to_contain_text(
        "Each region among the 2 phrases of all 6"
    )
    cells = tab.root.locator(".fx-compare-wrong tbody tr")
    expect(cells.first).to_be_visible()
    figure = tab.root.locator(".fx-compare-cell:not([disabled])").first
    count = int(figure.text_content() or "")
    figure.click()
    expect(figure).to_have_attribute("aria-pressed", "true")
    expect(tab.root.locator(".fx-compare-data aside h2")).to_contain_text("fooled")
    expect(tab.regions).to_have_count(count)
    phrase = tab.regions.first.locator(".fx-compare-caption").text_content()

    tab.regions.first.click()

    expect(tab.rows).to_have_count(3)
    tab.scored()
    assert tab.texts() == [phrase, f"{phrase} cat", f"{phrase} bird"]
    expect(tab.rows.nth(0)).to_have_class(re.compile("fx-claimed"))
    expect(tab.stages[0].locator(".fx-box")).to_have_count(1)

    tab.page.go_back()  # to the list that it came from, as a link would
    expect(figure).to_have_attribute("aria-pressed", "true")
    expect(tab.regions).to_have_count(count)
    tab.page.reload()
    expect(figure).to_have_attribute("aria-pressed", "true")
    expect(tab.regions).to_have_count(count)
    assert tab.faults == []


def test_without_a_second_model_the_tab_says_how_to_have_one(page: Page, address: str) -> None:
    page.goto(f"{address}?tab=compare")
    alone = page.locator(".fx-compare-alone")
    expect(alone).to_be_visible()
    expect(alone).to_contain_text('make app ARGS="--compare qihoo360/fg-clip-base"')
