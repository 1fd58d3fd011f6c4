"""What every tab with a picture does alike: its phrases, its keys."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from fgclip.explore.gallery import EXAMPLES
from tests.support.pages.detect import DetectPage
from tests.support.pages.negatives import NegativesPage
from tests.support.pages.probe import ProbePage

FIRST = "0.1,0.2,0.5,0.7"  # box of the first picture
MOVED = "(old) => new URLSearchParams(location.search).get('n.box') !== old"


def left_of(picture: Locator) -> float:
    frame = picture.bounding_box()
    assert frame is not None
    return frame["x"]


def test_phrases_that_came_with_a_picture_go_with_it_after_a_reload_too(
    page: Page, address: str, tmp_path: Path
) -> None:
    tab = DetectPage(page, address).open()
    came = tab.phrases()
    page.reload()
    tab.wait()
    assert tab.phrases() == came != list(EXAMPLES)
    path = tmp_path / "own.png"
    Image.new("RGB", (90, 60), "teal").save(path)

    tab.root.locator("input[type=file]").set_input_files(path)

    expect(tab.root.locator(".fx-prompt .fx-words")).to_have_text(list(EXAMPLES))


@pytest.mark.parametrize("name", ["detect", "negatives"])
def test_space_moves_the_picture_and_draws_nothing(page: Page, address: str, name: str) -> None:
    root = (DetectPage if name == "detect" else NegativesPage)(page, address).open().root
    picture, boxes = root.locator(".fx-picture"), root.locator(".fx-stage .fx-box")
    before = boxes.count()
    page.mouse.move(300, 300)
    page.mouse.wheel(0, -600)
    place = left_of(picture)
    page.keyboard.down(" ")
    page.mouse.down()
    page.mouse.move(360, 300, steps=4)
    page.mouse.up()
    page.keyboard.up(" ")

    assert left_of(picture) == pytest.approx(place + 60, abs=1.5)
    expect(boxes).to_have_count(before)


def test_arrows_move_the_box_in_negatives_as_in_probe(page: Page, address: str) -> None:
    negatives = NegativesPage(page, address).open()
    old = negatives.query()["n.box"]
    before = [float(edge) for edge in old.split(",")]

    page.locator("body").press("Shift+ArrowRight")

    page.wait_for_function(MOVED, arg=old)
    after = [float(edge) for edge in negatives.query()["n.box"].split(",")]
    assert after[0] > before[0]
    assert after[1] == before[1]
    assert after[2] - after[0] == pytest.approx(before[2] - before[0], abs=2e-4)


def test_space_is_left_to_what_is_switched_by_it(page: Page, address: str) -> None:
    crops = DetectPage(page, address).open().root.get_by_label("Read crops, too")
    crops.focus()
    page.keyboard.press(" ")
    expect(crops).to_be_checked()


def test_space_that_is_held_does_not_scroll_the_page(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 800, "height": 500})
    tab = DetectPage(page, address).open()
    assert page.evaluate("document.documentElement.scrollHeight > innerHeight")
    tab.root.locator(".fx-stage").focus()
    before = page.evaluate("scrollY")
    for _ in range(3):
        page.keyboard.down(" ")
    page.wait_for_timeout(300)
    page.keyboard.up(" ")
    assert page.evaluate("scrollY") == before


def test_arrows_in_a_group_of_choices_are_its_own(page: Page, address: str) -> None:
    negatives = NegativesPage(page, address).open()
    box = negatives.query()["n.box"]
    routes = negatives.root.get_by_role("radio")
    routes.first.focus()
    page.keyboard.press("ArrowLeft")  # round and round
    expect(routes.last).to_be_focused()
    expect(routes.last).to_have_attribute("aria-checked", "true")
    page.wait_for_timeout(400)  # as long as arrows that move a box would take to end
    assert negatives.query()["n.box"] == box


def test_boxes_and_texts_wait_for_their_picture_in_negatives(page: Page, address: str) -> None:
    negatives = NegativesPage(page, address).open()
    press = page.locator("body").press
    press("Shift+ArrowRight")
    page.wait_for_function(MOVED, arg=FIRST)
    negatives.write("the dog bird")
    expect(negatives.caption).to_have_value("the dog bird")
    before, cosines = negatives.query()["n.box"], negatives.wait().cosines()

    negatives.caption.blur()
    press(".")
    expect(negatives.caption).to_have_value("the cat")
    press(",")

    expect(negatives.caption).to_have_value("the dog bird")
    assert negatives.query()["n.box"] == before
    assert negatives.wait().cosines() == pytest.approx(cosines, abs=2e-3)


def test_to_delete_a_box_is_one_step_in_negatives(page: Page, address: str) -> None:
    negatives = NegativesPage(page, address).open()
    boxes, texts = negatives.root.locator(".fx-stage .fx-box"), negatives.texts()
    before, caption = boxes.count(), negatives.caption.input_value()
    page.locator("body").press("Delete")
    expect(boxes).to_have_count(before - 1)
    assert negatives.caption.input_value() == caption
    assert negatives.texts() == texts
    page.locator("body").press("Control+z")
    expect(boxes).to_have_count(before)
    assert negatives.query()["n.box"] == FIRST
    assert negatives.texts() == texts


def test_a_box_that_undo_brings_back_is_chosen(probe: ProbePage) -> None:
    probe.page.locator("body").press("Delete")
    expect(probe.page.locator(".fx-stage .fx-box")).to_have_count(1)
    probe.page.locator("body").press("Control+z")
    expect(probe.page.locator(".fx-stage .fx-box")).to_have_count(2)
    probe.page.locator("body").press("Shift+ArrowRight")
    expect(probe.page).to_have_url(re.compile(r"boxes=0\.1[0-9]+,0\.2,[^;]*;0\.55,0\.5,0\.95,0\.9"))
