"""Detection in a browser: phrases → boxes with their reasons, corrected, kept, saved, restored."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from fgclip.analysis.baseline import Reference
from fgclip.encoder import Encoder
from fgclip.explore.gallery import read_gallery
from fgclip.inputs.images import open_picture
from fgclip.probe.detect import Detection, detect
from fgclip.probe.proposals import proposals
from fgclip.workspace import Filter, Workspace
from tests.support.app import running
from tests.support.interception import QUESTIONS, intercept
from tests.support.pages.detect import DetectPage
from tests.support.pages.negatives import NegativesPage


@pytest.fixture
def tab(page: Page, address: str) -> DetectPage:
    return DetectPage(page, address).open()


def expected(
    encoder: Encoder, gallery: Path, workspace: Workspace, phrases: list[str], share: float
) -> list[Detection]:
    path = read_gallery(gallery)["scene-0"].path
    texts = encoder.encode_text(phrases, "auto")
    elsewhere = Reference.of_workspace(encoder, workspace).best(texts).without(path.absolute())
    return detect(encoder.encode_dense(open_picture(path)), texts, elsewhere, share=share)


def test_the_phrases_of_a_picture_have_their_boxes_and_each_its_reason(
    tab: DetectPage, page_encoder: Encoder, gallery: Path, workspace: Workspace
) -> None:
    phrases = tab.phrases()
    right = expected(page_encoder, gallery, workspace, phrases, 0.0)

    assert right
    expect(tab.boxes).to_have_count(len(right))
    for (words, score, over), each in zip(tab.found(), right, strict=True):
        assert words == phrases[each.phrase]
        assert score == pytest.approx(each.score, abs=6e-4)
        assert over == pytest.approx(each.score - each.baseline, abs=6e-4)
    without = set(range(len(phrases))) - {each.phrase for each in right}
    expect(tab.missing).to_have_count(len(without))
    expect(tab.summary).to_contain_text("measured against 2 other pictures: few")
    tallies = tab.root.locator(".fx-tally").all_text_contents()
    counts = [sum(each.phrase == row for each in right) for row in range(len(phrases))]
    assert tallies == [str(count) for count in counts]
    assert tab.faults == []


def test_a_written_phrase_is_looked_for_and_its_absence_explained(
    tab: DetectPage, page_encoder: Encoder, gallery: Path, workspace: Workspace
) -> None:
    absent = "the bird"
    phrases = [*tab.phrases(), absent]
    tab.be_strict(100)
    tab.add.fill(absent)
    tab.add.press("Enter")

    right = expected(page_encoder, gallery, workspace, phrases, 1.0)
    assert all(phrases[each.phrase] != absent for each in right)
    row = tab.missing.filter(has_text=absent)
    expect(row).to_contain_text("below threshold")
    best, over, _ = (each.text_content() or "" for each in row.locator(".fx-figure").all())
    assert over.startswith("−")
    path = read_gallery(gallery)["scene-0"].path
    (text,) = page_encoder.encode_text(absent, "auto")
    field = page_encoder.encode_dense(path)
    strongest = float((field.regions(proposals(field)) @ text).max())
    assert float(best.replace("−", "-")) == pytest.approx(strongest, abs=6e-4)
    assert tab.query()["detphrases"].endswith(absent)
    assert tab.query()["detstrict"] == "1"


def test_a_phrase_that_equals_another_points_at_it(tab: DetectPage) -> None:
    first, second, *_ = tab.root.locator(".fx-prompt").all()
    second.locator(".fx-words").click()
    tab.root.locator(".fx-prompt input").fill(first.locator(".fx-words").text_content() or "")
    tab.root.locator(".fx-prompt input").press("Enter")

    expect(tab.missing.filter(has_text="the same as phrase 1")).to_have_count(1)


@pytest.mark.parametrize(
    "phrase", ["🐱", "一只猫", "<img src=x onerror=alert(1)>", "the cat " * 150]
)
def test_any_words_are_a_phrase(tab: DetectPage, phrase: str) -> None:
    tab.add.fill(phrase)
    tab.add.press("Enter")

    row = tab.list.locator(".fx-found-words", has_text=phrase.strip())
    expect(row.first).to_be_visible()
    assert tab.list.locator("img").count() == 0
    assert tab.faults == []


def test_no_phrase_is_an_empty_tab_that_says_what_to_do(tab: DetectPage) -> None:
    tab.root.get_by_role("button", name="clear").click()

    expect(tab.rows).to_have_count(0)
    expect(tab.root.get_by_text("A phrase names what to look for")).to_be_visible()
    tab.drag((0.1, 0.1), (0.4, 0.4))
    expect(tab.fault).to_contain_text("Write a phrase first")
    expect(tab.boxes).to_have_count(0)


def test_stricter_leaves_fewer_boxes(tab: DetectPage) -> None:
    before = tab.rows.count()
    tab.be_strict(100)
    expect(tab.root.locator(".fx-strictness")).to_contain_text("100 % of other pictures")

    expect(tab.rows).not_to_have_count(before)
    assert tab.rows.count() < before
    tab.page.keyboard.press("Escape")
    tab.be_strict(0)
    expect(tab.rows).to_have_count(before)


def test_a_link_to_a_picture_of_ones_own_says_whose_it_is(
    tab: DetectPage, browser: Browser, picture: Path
) -> None:
    tab.root.get_by_label("Picture file").set_input_files(picture)
    tab.page.wait_for_url("**detpicture=%40**")
    address = tab.page.url
    other = browser.new_page()
    other.goto(address)

    expect(other.locator(".fx-detect .fx-empty-stage")).to_contain_text("about picture.png")
    expect(other.locator(".fx-detect .fx-found[data-box]")).to_have_count(0)
    other.close()


def test_a_link_restores_phrases_strictness_and_boxes_by_hand(tab: DetectPage) -> None:
    tab.drag((0.02, 0.02), (0.12, 0.1))
    expect(tab.rows.filter(has_text="by hand")).to_have_count(1)
    before = tab.found()
    address = tab.page.url

    other = DetectPage(tab.page.context.new_page(), tab.address)
    other.page.goto(address)
    other.wait()

    expect(other.rows.filter(has_text="by hand")).to_have_count(1)
    for (words, score, over), (was, scored, above) in zip(other.found(), before, strict=True):
        assert words == was
        assert (score, over) == pytest.approx((scored, above), abs=2e-3)  # corners of four decimals


def test_crops_can_be_read_too_and_a_link_says_so(tab: DetectPage) -> None:
    count = tab.rows.count()
    before = tab.found()
    crops = tab.root.get_by_label("Read crops, too")
    crops.check()

    tab.page.wait_for_url("**dethow=crops**")
    expect(tab.rows).to_have_count(count)
    assert sorted(tab.found()) == sorted(before)  # the same boxes, in another order
    assert tab.found() != before
    tab.page.reload()
    tab.wait()
    expect(crops).to_be_checked()


def test_boxes_are_saved(tab: DetectPage, tmp_path: Path) -> None:
    found = tab.found()

    lines = [line for line in tab.table(tmp_path) if line["boxed"] == "true"]
    assert [line["phrase"] for line in lines] == [words for words, *_ in found]
    scores = [float(line["cosine"]) for line in lines]
    assert scores == pytest.approx([score for _, score, _ in found], abs=6e-4)
    coco = json.loads(tab.saved("coco", tmp_path).read_text())
    assert len(coco["annotations"]) == len(found)
    assert tab.saved("yolo", tmp_path).suffix == ".zip"
    assert tab.saved("png", tmp_path).read_bytes().startswith(b"\x89PNG")


def test_a_box_is_held_against_rewrites_in_negatives_and_back_returns(tab: DetectPage) -> None:
    tab.rows.first.click()
    words = tab.rows.first.locator(".fx-found-words").text_content()
    tab.page.locator("body").press("r")

    negatives = NegativesPage(tab.page, tab.address).wait()
    expect(negatives.caption).to_have_value(words or "?")
    tab.page.go_back()
    expect(tab.rows.first).to_be_visible()


def test_boxes_become_regions_here_and_in_all_pictures(
    page: Page, page_encoder: Encoder, gallery: Path, tmp_path: Path
) -> None:
    with Workspace(tmp_path / "workspace") as workspace:
        workspace.import_from(gallery / "gallery.json", name="gallery")
        with running(page_encoder, gallery, workspace, tmp_path) as address:
            tab = DetectPage(page, address).open()
            count = tab.rows.count()
            tab.root.get_by_role("button", name=re.compile(f"Keep {count} as")).click()
            said = tab.root.locator(".fx-detect-message")
            expect(said).to_contain_text(f"{count} kept as regions")
            assert kept_proposals(workspace) == count

            tab.root.get_by_text("All pictures of the workspace").click()
            tab.root.get_by_role("button", name="Find in all 3 pictures").click()
            expect(tab.root.locator(".fx-job")).to_contain_text("new boxes in")
            assert kept_proposals(workspace) > count
            expect(tab.root.get_by_role("button", name="Stop")).to_be_hidden()


def kept_proposals(workspace: Workspace) -> int:
    return len(workspace.matching("region", Filter(where="origin = 'proposal'")))


def test_an_app_that_does_not_answer_is_told_and_tried_again(tab: DetectPage) -> None:
    before = tab.rows.count()
    intercept(tab.page, QUESTIONS, lambda route: route.abort())
    tab.be_strict(40)

    expect(tab.fault).to_contain_text("does not answer")
    tab.page.unroute_all()
    tab.fault.get_by_role("button", name="Try again").click()
    expect(tab.fault).to_be_hidden()
    expect(tab.rows).not_to_have_count(before)
