"""Detection in a browser: phrases → boxes with their reasons, corrected, kept, saved, restored."""

import itertools
import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from fgclip.encoder import Encoder
from fgclip.explore.gallery import read_gallery
from fgclip.explore.reference import Reference
from fgclip.preprocess import open_picture
from fgclip.probe.detect import Detection, detect
from fgclip.probe.proposals import proposals
from fgclip.workspace.workspace import Workspace
from tests.browser.conftest import running
from tests.browser.detect_page import DetectPage, number
from tests.browser.lab_page import LabPage
from tests.browser.probe_page import HeldAnswers


@pytest.fixture
def tab(page: Page, address: str) -> DetectPage:
    return DetectPage(page, address).open()


def expected(
    encoder: Encoder, gallery: Path, workspace: Workspace, phrases: list[str], share: float
) -> list[Detection]:
    path = read_gallery(gallery)["scene-0"].path
    texts = encoder.encode_text(phrases, "auto")
    elsewhere = Reference(workspace, encoder, {}).best(texts).without(path.absolute())
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


def test_a_box_is_held_against_rewrites_in_the_lab_and_back_returns(tab: DetectPage) -> None:
    tab.rows.first.click()
    words = tab.rows.first.locator(".fx-found-words").text_content()
    tab.page.locator("body").press("r")

    lab = LabPage(tab.page, tab.address).wait()
    expect(lab.caption).to_have_value(words or "?")
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
            said = tab.root.locator(".fx-detect-said")
            expect(said).to_contain_text(f"{count} kept as regions")
            assert kept_proposals(workspace) == count

            tab.root.get_by_text("All pictures of the workspace").click()
            tab.root.get_by_role("button", name="Find in all 3 pictures").click()
            expect(tab.root.locator(".fx-job")).to_contain_text("new boxes in")
            assert kept_proposals(workspace) > count
            expect(tab.root.get_by_role("button", name="Stop")).to_be_hidden()


def kept_proposals(workspace: Workspace) -> int:
    ((count,),) = workspace.database.rows("SELECT count(*) FROM regions WHERE origin = 'proposal'")
    return int(count)


def test_an_app_that_does_not_answer_is_told_and_tried_again(tab: DetectPage) -> None:
    before = tab.rows.count()
    tab.page.route(re.compile("/gradio_api/"), lambda route: route.abort())
    tab.be_strict(40)

    expect(tab.fault).to_contain_text("does not answer")
    tab.page.unroute_all()
    tab.fault.get_by_role("button", name="Try again").click()
    expect(tab.fault).to_be_hidden()
    expect(tab.rows).not_to_have_count(before)
