"""The address bar restores a view anywhere, exactly, and says what it cannot restore."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.support.pages.probe import ProbePage


@pytest.fixture
def elsewhere(browser: Browser) -> Iterator[Callable[[str], ProbePage]]:
    """Opens an address in a browser that has never seen the app."""
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    yield lambda address: ProbePage(context.new_page(), address)
    context.close()


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    coarse = np.random.default_rng(1).integers(0, 256, (6, 8, 3), dtype=np.uint8)
    path = tmp_path / "my owl, 1.png"
    Image.fromarray(coarse).resize((400, 300)).save(path)
    return path


def query(probe: ProbePage) -> dict[str, list[str]]:
    return parse_qs(urlsplit(probe.page.url).query, keep_blank_values=True)


def settled(probe: ProbePage) -> str:
    """The address once zoom and choice have gone into it: it has been the same for a while."""
    address, quiet = probe.page.url, 0
    while quiet < 3:
        probe.page.wait_for_timeout(250)
        quiet = quiet + 1 if probe.page.url == address else 0
        address = probe.page.url
    return address


def test_a_view_comes_back_to_the_last_digit(
    probe: ProbePage, elsewhere: Callable[[str], ProbePage]
) -> None:
    page = probe.page
    page.locator("[data-sample=scene-2]").click()
    expect(page.locator("[data-sample=scene-2]")).to_have_attribute("aria-current", "true")
    probe.add("a bird")
    page.keyboard.press("Escape")
    probe.drag((0.6, 0.05), (0.9, 0.4))
    page.keyboard.press("1")
    page.keyboard.press("Delete")  # two boxes are left, 2 and 3
    page.keyboard.press("3")
    page.keyboard.press("h")
    page.get_by_label("Heat map range").select_option("fixed")
    page.get_by_label("high end of the scale").fill("0.3")
    page.get_by_label("high end of the scale").press("Enter")
    page.locator(".fx-stage").focus()
    page.keyboard.press("]")
    page.keyboard.press("+")
    probe.wait_for_scores()
    expect(page).to_have_url(re.compile("zoom="))
    address = settled(probe)
    other = elsewhere(address).open()
    assert settled(other) == address
    assert other.prompts() == probe.prompts()
    assert other.scores() == probe.scores()
    assert other.boxes() == [pytest.approx(box, abs=1e-3) for box in probe.boxes()]
    for part in (".fx-box-number", ".fx-zoom", ".fx-legend", ".fx-region[aria-selected=true]"):
        expect(other.page.locator(part)).to_have_text(page.locator(part).all_text_contents())
    expect(other.page.locator(".fx-heat")).to_have_css("opacity", "0.7")


def test_nothing_stays_nothing(probe: ProbePage, elsewhere: Callable[[str], ProbePage]) -> None:
    for _ in range(2):
        probe.page.keyboard.press("Delete")
    probe.page.get_by_role("button", name="clear").click()
    other = elsewhere(settled(probe))
    other.page.goto(other.address)
    expect(other.page.locator(".fx-thumb[aria-current=true]")).to_have_count(1)
    expect(other.page.locator(".fx-teach")).to_be_visible()
    assert other.boxes() == []


def test_no_box_chosen_and_all_boxes_chosen_come_back(
    probe: ProbePage, elsewhere: Callable[[str], ProbePage]
) -> None:
    probe.page.keyboard.press("Escape")
    other = elsewhere(settled(probe)).open()
    expect(other.page.locator(".fx-chosen")).to_have_count(0)
    for key in ("a", "2"):
        probe.page.keyboard.press(key)
    probe.page.keyboard.press("a")
    other = elsewhere(settled(probe)).open()
    expect(other.page.locator(".fx-rows .fx-cell-one").first).to_be_visible()
    assert other.order() == probe.order()
    chosen = ".fx-box.fx-chosen"
    assert other.page.locator(chosen).get_attribute("style") == (
        probe.page.locator(chosen).get_attribute("style")
    )


def test_what_is_senseless_is_named_and_the_rest_is_shown(page: Page, address: str) -> None:
    probe = ProbePage(page, address)
    probe.open("?sample=scene-1&boxes=1,2;0.1,0.1,0.4,0.4;0.9,0.9,0.1,0.1&box=7&heat=99&range=2,1")
    for words in ("“1,2”, “0.9,0.9,0.1,0.1”", "box 7", "heat map of prompt 99 of 4", "range “2,1”"):
        expect(probe.picture_fault).to_contain_text(words)
    assert probe.boxes() == [pytest.approx([0.1, 0.1, 0.4, 0.4], abs=0.01)]
    assert probe.faults == []


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("?sample=../../etc/passwd&boxes=0,0,1,1", "“../../etc/passwd”, which this gallery"),
        ("?boxes=0,0,1,1", "its boxes, since it names no picture"),
    ],
)
def test_boxes_are_not_put_on_another_picture(
    page: Page, address: str, given: str, words: str
) -> None:
    probe = ProbePage(page, address).open(given)
    expect(probe.picture_fault).to_contain_text(words)
    assert len(probe.boxes()) == 2  # the first picture's own


def test_a_reload_keeps_what_is_too_long_for_an_address(probe: ProbePage) -> None:
    texts = [f"the cat number {number} of many, many cats and dogs" for number in range(200)]
    probe.paste("\n".join(texts))
    probe.wait_for_scores()
    expect(probe.page.locator(".fx-saying")).to_contain_text("too long for a link")
    assert "prompts" not in query(probe)
    probe.page.reload()
    probe.wait_for_scores()
    expect(probe.page.locator(".fx-prompt-panel h2")).to_have_text("Prompts · 204")
    probe.page.get_by_role("button", name="clear").click()
    expect(probe.page.locator(".fx-saying")).to_be_empty()


def test_a_link_to_ones_own_picture_waits_for_it(
    probe: ProbePage, picture: Path, elsewhere: Callable[[str], ProbePage]
) -> None:
    probe.upload(picture)
    probe.wait_for_picture(400, 300)
    probe.drag((0.25, 0.125), (0.75, 0.5))
    probe.page.keyboard.press("h")
    probe.wait_for_scores()
    address = settled(probe)
    assert "heat" in query(probe)
    assert query(probe)["upload"][0].endswith(",my owl, 1.png")
    other = elsewhere(address)
    other.page.goto(address)
    expect(other.page.locator(".fx-empty-stage")).to_contain_text(
        "This link is about my owl, 1.png"
    )
    expect(other.page.locator(".fx-empty-stage")).to_contain_text("1 box and 4 prompts wait")
    assert settled(other) == address
    with other.page.expect_file_chooser():
        other.page.get_by_role("button", name="Open the picture").click()
    other.upload(picture)
    other.wait_for_scores()
    assert settled(other) == address
    assert other.scores() == probe.scores()
    expect(other.picture_fault).to_be_hidden()


def test_another_file_for_a_link_is_said_to_be_another(
    probe: ProbePage, picture: Path, tmp_path: Path, elsewhere: Callable[[str], ProbePage]
) -> None:
    probe.upload(picture)
    probe.wait_for_picture(400, 300)
    probe.drag((0.25, 0.125), (0.75, 0.5))
    probe.wait_for_scores()
    other = elsewhere("")
    other.page.goto(settled(probe))
    saved_anew = tmp_path / "copy.jpg"
    Image.open(picture).save(saved_anew)
    other.upload(saved_anew)
    other.wait_for_scores()
    expect(other.picture_fault).to_contain_text("not the very file of the link, my owl, 1.png")
    assert other.boxes() == [pytest.approx([0.25, 0.125, 0.75, 0.5], abs=0.01)]
    other.upload(picture)  # the right one after all
    expect(other.picture_fault).to_be_hidden()
    other.wait_for_scores()
    assert settled(other) == settled(probe)


def test_a_link_stays_in_the_address_while_its_picture_is_on_its_way(
    page: Page, address: str
) -> None:
    probe = ProbePage(page, address)
    held = probe.hold_answers("open")
    given = "?sample=scene-1&boxes=0.1,0.1,0.4,0.4;0.5,0.5,0.9,0.9&box=2&zoom=2,0.5,0.5&heat=1"
    page.goto(address + given + "&prompts=the+cat")
    expect(page.locator(".fx-prompt")).to_have_count(1)
    before = parse_qs(urlsplit(page.url).query)
    page.wait_for_timeout(600)
    assert parse_qs(urlsplit(page.url).query) == before
    held.release()
    probe.wait_for_scores()
    assert parse_qs(urlsplit(settled(probe)).query) == before


def test_two_uploads_are_both_found_again(probe: ProbePage, picture: Path, tmp_path: Path) -> None:
    other_picture = tmp_path / "wide.png"
    Image.new("RGB", (600, 200), "orange").save(other_picture)
    addresses = []
    for path, shape in ((picture, [400, 300]), (other_picture, [600, 200])):
        probe.upload(path)
        probe.page.wait_for_function(
            "width => document.querySelector('.fx-picture').naturalWidth === width", arg=shape[0]
        )
        probe.wait_for_scores()
        addresses.append((settled(probe), shape))
    for address, shape in addresses:
        probe.page.goto(address)
        probe.wait_for_scores()
        assert probe.picture_shape() == shape


def test_a_range_that_cannot_be_is_named_and_the_old_one_stays(probe: ProbePage) -> None:
    probe.page.keyboard.press("h")
    probe.page.get_by_label("Heat map range").select_option("fixed")
    field = probe.page.get_by_label("low end of the scale")
    for text in ("0.9", ""):
        field.fill(text)
        field.press("Enter")
        expect(probe.picture_fault).to_contain_text("the smaller first")
        assert field.input_value() == "0"
        probe.picture_fault.get_by_role("button", name="Dismiss").click()


def test_a_picture_unlike_what_the_model_knows_is_marked_until_dismissed(
    probe: ProbePage, picture: Path
) -> None:
    note = probe.page.locator(".fx-note")
    expect(note).to_be_hidden()
    probe.upload(picture)
    expect(note).to_contain_text("does not know photographs")
    note.get_by_role("button", name="Dismiss").click()
    expect(note).to_be_hidden()
