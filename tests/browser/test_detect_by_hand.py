"""Boxes that a person corrects in the Detect tab: drawn, dragged, taken, removed, brought back."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from fgclip.encoder import Encoder
from fgclip.explore.gallery import read_gallery
from tests.support.interception import HeldAnswers
from tests.support.pages.detect import DetectPage, number


@pytest.fixture
def tab(page: Page, address: str) -> DetectPage:
    return DetectPage(page, address).open()


def test_the_best_box_of_a_phrase_without_one_is_shown_and_taken(
    tab: DetectPage, tmp_path: Path
) -> None:
    words = "the bird"
    tab.be_strict(100)
    tab.add.fill(words)
    tab.add.press("Enter")
    row = tab.missing.filter(has_text=words)
    expect(row).to_contain_text("below threshold")
    best, over, *_ = row.locator(".fx-figure").all_text_contents()
    (line,) = [line for line in tab.table(tmp_path) if line["phrase"] == words]
    assert (line["box"], line["boxed"]) == ("", "false")
    assert float(line["cosine"]) == pytest.approx(number(best), abs=6e-4)

    row.focus()
    hint = tab.root.locator(".fx-hint-box")
    expect(hint).to_be_visible()
    shown = hint.bounding_box()
    before = tab.rows.count()
    row.press("Enter")
    expect(tab.rows).to_have_count(before + 1)
    expect(hint).to_be_hidden()
    taken = tab.rows.filter(has_text="by hand")
    expect(taken).to_have_count(1)
    assert taken.locator(".fx-figure").all_text_contents()[:2] == [best, over]
    chosen = tab.root.locator(".fx-stage .fx-box.fx-chosen").bounding_box()
    assert shown
    assert chosen
    assert [chosen[side] for side in ("x", "y")] == pytest.approx(
        [shown[side] for side in ("x", "y")], abs=1.5
    )
    (line,) = [line for line in tab.table(tmp_path) if line["phrase"] == words]
    assert (line["boxed"], line["by_hand"]) == ("true", "true")
    assert tab.faults == []


@pytest.mark.parametrize(
    ("boxes", "twins"),
    [
        ("0.1,0.4,0.5,0.7,1;0.1,0.4,0.5,0.7,2", True),
        ("0.1,0.07,0.5,0.4,1;0.1,0.07,0.5,0.4,2", True),  # with room for one tag above them
        ("0.1,0.02,0.5,0.4,1;0.1,0.09,0.5,0.5,2", False),  # one inside, one above
        ("0.1,0.6,0.5,0.99,1;0.2,0.6,0.6,0.99,2;0.1,0.6,0.6,0.9,1", False),
    ],
)
def test_boxes_at_one_place_and_their_tags_are_all_seen(
    tab: DetectPage, boxes: str, twins: bool
) -> None:
    tab.open(
        f"tab=detect&detstrict=1&detphrases=the%20cat%0Athe%20dog&detown={boxes}&detpicture=scene-1"
    )
    count = boxes.count(";") + 1
    expect(tab.rows.filter(has_text="by hand")).to_have_count(count)
    stage = frame(tab.root.locator(".fx-stage"))
    outlines, tags = (
        [frame(each) for each in tab.root.locator(f".fx-stage {name}").all()[-count:]]
        for name in (".fx-box", ".fx-tag")
    )
    if twins:
        assert outlines[0][2] != outlines[1][2]
    for x, y, width, height in tags:
        assert stage[0] <= x <= x + width <= stage[0] + stage[2]
        assert stage[1] <= y <= y + height <= stage[1] + stage[3]
    for one, other in itertools.combinations(tags, 2):
        apart = [
            max(one[i], other[i]) - min(one[i] + one[i + 2], other[i] + other[i + 2])
            for i in (0, 1)
        ]
        assert max(apart) >= 0


def frame(element: Locator) -> tuple[float, float, float, float]:
    """Left, top, width and height on the screen."""
    found = element.bounding_box()
    assert found
    return found["x"], found["y"], found["width"], found["height"]


def test_a_box_is_drawn_for_the_phrase_that_was_clicked(tab: DetectPage) -> None:
    tab.be_strict(100)
    tab.add.fill("the bird")
    tab.add.press("Enter")
    row = tab.missing.filter(has_text="the bird")
    row.click()
    expect(row).to_have_attribute("aria-current", "true")
    tab.drag((0.02, 0.02), (0.12, 0.1))

    expect(tab.rows.filter(has_text="by hand")).to_contain_text("the bird")


def test_what_was_put_aside_is_told_and_brought_back(tab: DetectPage) -> None:
    (first, *_) = tab.found()
    rows = tab.rows.filter(has=tab.page.get_by_text(first[0], exact=True))
    count = rows.count()
    for _ in range(count):
        rows.first.locator(".fx-remove").click()
    row = tab.missing.filter(has_text=first[0])
    expect(row).to_contain_text("put aside")
    row.press("Enter")
    expect(rows).to_have_count(count)
    expect(tab.root.get_by_text("bring back")).to_be_hidden()


def test_a_box_by_hand_is_scored_while_dragged_and_stays(
    tab: DetectPage, page_encoder: Encoder, gallery: Path
) -> None:
    before = tab.rows.count()
    chosen = tab.rows.first.locator(".fx-found-words").text_content()
    tab.rows.first.click()
    tab.drag((0.02, 0.02), (0.12, 0.1))

    row = tab.rows.filter(has_text="by hand")
    expect(row).to_have_count(1)
    assert (row.locator(".fx-found-words").text_content() or "").startswith(chosen or "?")
    x0, y0, x1, y1, _ = (float(each) for each in tab.query()["detown"].split(","))
    (seen,) = page_encoder.encode_regions(read_gallery(gallery)["scene-0"].path, [(x0, y0, x1, y1)])
    (text,) = page_encoder.encode_text([chosen or ""], "auto")
    score = row.locator(".fx-found-score").text_content() or ""
    assert float(score.replace("−", "-")) == pytest.approx(float(text @ seen), abs=2e-3)
    tab.be_strict(50)
    expect(tab.rows).not_to_have_count(before + 1)
    expect(row).to_have_count(1)  # what was found may go, what was drawn stays
    tab.page.locator("body").press("Control+z")
    tab.page.locator("body").press("Control+z")
    expect(row).to_have_count(0)
    expect(tab.rows).to_have_count(before)
    tab.page.locator("body").press("Control+Shift+z")
    expect(row).to_have_count(1)


def test_a_box_that_is_drawn_while_others_are_looked_for_stays(tab: DetectPage) -> None:
    by_hand = tab.rows.filter(has_text="by hand")
    tab.drag((0.02, 0.02), (0.12, 0.1))
    expect(by_hand).to_have_count(1)
    tab.wait()
    held = HeldAnswers(tab.page, "measure")  # of the first box, once others were found anew
    tab.add.fill("the dog bird")
    tab.add.press("Enter")
    held.wait()
    tab.add.press("Escape")
    tab.drag((0.5, 0.02), (0.6, 0.1))
    held.release()

    expect(by_hand).to_have_count(2)
    tab.wait()
    expect(by_hand).to_have_count(2)
    for row in by_hand.all():
        expect(row.locator(".fx-figure").nth(2)).to_contain_text("%")


def test_boxes_by_hand_wait_for_their_picture(tab: DetectPage) -> None:
    tab.add.fill("the dog bird")
    tab.add.press("Enter")
    tab.add.press("Escape")
    tab.drag((0.02, 0.02), (0.12, 0.1))
    by_hand = tab.rows.filter(has_text="by hand")
    expect(by_hand).to_have_count(1)
    tab.page.keyboard.press(".")
    expect(by_hand).to_have_count(0)
    tab.page.keyboard.press(",")

    expect(by_hand).to_have_count(1)


def test_keys_choose_and_remove_boxes(tab: DetectPage) -> None:
    before = tab.rows.count()
    tab.page.locator("body").press("n")
    tab.page.locator("body").press("Delete")
    expect(tab.rows).to_have_count(before - 1)
    tab.page.locator("body").press("Control+z")
    expect(tab.rows).to_have_count(before)
    tab.page.locator("body").press("?")
    expect(tab.page.locator("dialog[open]")).to_contain_text("keep them as regions")


def test_a_box_that_was_removed_or_replaced_is_not_found_again(tab: DetectPage) -> None:
    before = tab.rows.count()
    tab.page.locator("body").press("n")
    tab.page.locator("body").press("Delete")
    expect(tab.rows).to_have_count(before - 1)
    aside = tab.root.get_by_role("button", name="1 put aside")
    expect(aside).to_be_visible()
    tab.be_strict(100)
    expect(tab.rows).not_to_have_count(before - 1)
    tab.be_strict(0)
    expect(tab.rows).to_have_count(before - 1)
    tab.page.reload()
    tab.wait()
    expect(tab.rows).to_have_count(before - 1)
    aside.click()
    expect(tab.rows).to_have_count(before)
