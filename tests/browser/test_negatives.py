"""The negatives lab in a browser: rewritten, edited, dragged, restored; where the model fails."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, Request, expect

from fgclip.encoder import Encoder
from fgclip.explore.gallery import read_gallery
from fgclip.ranking import is_fooled, rank
from tests.support.interception import HeldAnswers
from tests.support.pages.map import MapPage
from tests.support.pages.negatives import LabPage

BOX = (0.1, 0.2, 0.5, 0.7)  # of the first region of every picture


@pytest.fixture
def lab(page: Page, address: str) -> LabPage:
    return LabPage(page, address).open()


def expected(
    encoder: Encoder, gallery: Path, texts: list[str], route: str, box: tuple[float, ...] = BOX
) -> dict[str, float]:
    picture = read_gallery(gallery)["scene-0"].path
    (seen,) = encoder.encode_regions(picture, [box])
    return dict(zip(texts, (encoder.encode_text(texts, route) @ seen).tolist(), strict=True))


def test_a_region_comes_with_its_phrase_and_negatives(
    lab: LabPage, page_encoder: Encoder, gallery: Path
) -> None:
    texts = lab.texts()

    assert texts[0] == "the cat"
    assert set(texts[1:]) == {"the cat cat", "the cat bird"}
    assert lab.caption.input_value() == "the cat"
    right = expected(page_encoder, gallery, texts, "box")
    assert lab.cosines() == pytest.approx(right, abs=6e-4)
    order = sorted(texts[1:], key=lambda text: -right[text])
    assert texts[1:] == order
    place = rank(right["the cat"], np.array([right[text] for text in order]))
    expect(lab.rows.first.locator(".fx-lab-margin")).to_have_text(f"rank {place} of 3")
    assert lab.faults == []


def test_each_route_says_who_wins_by_it(lab: LabPage, page_encoder: Encoder, gallery: Path) -> None:
    texts = lab.texts()
    for route in ("short", "long", "box"):
        true, *others = expected(page_encoder, gallery, texts, route).values()
        words = lab.route(route).locator("span").text_content() or ""
        assert words.startswith("fooled" if is_fooled(true - max(others)) else "right")
        assert lab.numbers(words)[-1] == pytest.approx(true - max(others), abs=1.1e-3)


def test_a_caption_is_rewritten_with_what_differs_marked(lab: LabPage) -> None:
    lab.write("a red wooden box with a small handle")
    expect(lab.rows).to_have_count(11)
    lab.wait()

    assert lab.texts()[0] == "a red wooden box with a small handle"
    assert len(set(lab.texts())) == 11
    for row in lab.rows.all()[1:]:
        expect(row.locator("mark")).to_have_count(1)
        expect(row.locator(".fx-lab-kind")).not_to_have_text("")
    expect(lab.root.locator(".fx-lab-said")).to_contain_text("colour, material, object")
    first = set(lab.texts())
    lab.page.locator("body").click(position={"x": 5, "y": 400})
    lab.page.keyboard.press("R")
    expect(lab.root.get_by_label("Seed")).to_have_value("1")
    lab.wait()
    assert set(lab.texts()) != first
    lab.root.get_by_label("Wrong attributes").select_option("2")
    expect(lab.rows.nth(1).locator("mark")).to_have_count(2)


def test_an_edited_rewrite_alone_is_read_anew(
    lab: LabPage, page_encoder: Encoder, gallery: Path
) -> None:
    read: list[str] = []

    def note(request: Request) -> None:
        asked = json.loads(request.post_data or "{}")
        if asked.get("fn_name") == "read":
            read.extend(prompt["text"] for prompt in asked["data"]["prompts"])

    lab.page.on("request", note)
    row = lab.rows.filter(has_text="the cat bird")

    row.locator(".fx-lab-text").click()
    lab.page.keyboard.type(" dog")
    lab.page.keyboard.press("Enter")

    expect(lab.rows.filter(has_text="the cat bird dog")).to_have_count(1)
    lab.wait()
    assert set(read) == {"the cat bird dog"}
    right = expected(page_encoder, gallery, ["the cat bird dog"], "box")
    assert lab.cosines()["the cat bird dog"] == pytest.approx(right["the cat bird dog"], abs=6e-4)


def test_a_negative_of_ones_own_is_added_and_taken_away(lab: LabPage) -> None:
    for _ in range(2):
        lab.page.keyboard.press("w")
        lab.page.keyboard.type("<b>the dog</b>")
        lab.page.keyboard.press("Enter")
        own = lab.rows.filter(has_text="<b>the dog</b>")
        expect(own).to_have_count(1)
        lab.page.locator("body").click(position={"x": 5, "y": 400})
    expect(lab.fault).to_contain_text("“<b>the dog</b>” is there already.")
    lab.wait()
    expect(lab.rows).to_have_count(4)
    for count in (3, 2):
        lab.rows.last.locator(".fx-lab-text").focus()
        lab.page.keyboard.press("Delete")
        expect(lab.rows).to_have_count(count)
    expect(lab.root.locator(".fx-box")).to_have_count(2)


def test_ones_own_texts_stay_with_their_box(lab: LabPage) -> None:
    lab.write("a red wooden box")
    expect(lab.rows).to_have_count(11)
    texts = set(lab.texts())
    lab.page.locator("body").click(position={"x": 5, "y": 400})

    lab.page.keyboard.press("n")
    expect(lab.caption).to_have_value("the dog")
    lab.page.keyboard.press("p")

    expect(lab.caption).to_have_value("a red wooden box")
    assert set(lab.texts()) == texts


def test_an_edit_goes_on_while_scores_arrive(lab: LabPage) -> None:
    held = HeldAnswers(lab.page, "score")
    lab.write("a red wooden box")
    expect(lab.rows).to_have_count(11)
    lab.rows.nth(4).locator(".fx-lab-text").click()
    lab.page.keyboard.type(" of mine")
    held.release()
    lab.page.wait_for_timeout(500)
    lab.page.keyboard.type(" own")
    lab.page.keyboard.press("Enter")

    expect(lab.rows.filter(has_text="of mine own")).to_have_count(1)
    expect(lab.rows).to_have_count(11)


def test_scores_follow_a_box_while_it_is_dragged(
    lab: LabPage, page_encoder: Encoder, gallery: Path
) -> None:
    before = lab.cosines()
    lab.page.mouse.move(*lab.at((0.3, 0.45)))
    lab.page.mouse.down()
    lab.page.mouse.move(*lab.at((0.5, 0.6)), steps=6)
    lab.page.wait_for_timeout(100)
    during = lab.cosines()
    lab.page.mouse.up()

    assert during != before
    lab.page.wait_for_function("() => new URLSearchParams(location.search).get('labbox')")
    lab.wait()
    x0, y0, x1, y1 = (float(edge) for edge in lab.query()["labbox"].split(","))
    assert (x0, y0) == pytest.approx((0.3, 0.35), abs=0.02)
    right = expected(page_encoder, gallery, list(before), "box", (x0, y0, x1, y1))
    for text, cosine in during.items():
        assert cosine == pytest.approx(right[text], abs=1.2e-2)


def test_the_whole_picture_is_asked_where_no_box_is_chosen(
    lab: LabPage, page_encoder: Encoder, gallery: Path
) -> None:
    lab.page.keyboard.press("Escape")
    lab.page.keyboard.press("1")

    expect(lab.route("short")).to_have_attribute("aria-checked", "true")
    expect(lab.root.locator(".fx-lab-warning")).to_have_text(
        "This model reads short and box alike."
    )
    lab.wait()
    picture = read_gallery(gallery)["scene-0"].path
    texts = lab.texts()
    right = page_encoder.encode_text(texts, "short") @ page_encoder.encode_image([picture])[0]
    assert lab.cosines() == pytest.approx(dict(zip(texts, right.tolist(), strict=True)), abs=6e-4)


def test_another_region_brings_its_own_texts(lab: LabPage) -> None:
    lab.page.keyboard.press("n")

    expect(lab.caption).to_have_value("the dog")
    lab.wait()
    assert lab.texts()[0] == "the dog"
    lab.page.keyboard.press(".")
    expect(lab.caption).to_have_value("the cat")
    expect(lab.root.locator(".fx-thumb[data-sample=scene-1]")).to_have_attribute(
        "aria-current", "true"
    )


def test_a_link_restores_the_lab(lab: LabPage) -> None:
    lab.root.get_by_label("Seed").fill("4")
    lab.write("the dog")
    lab.page.locator("body").click(position={"x": 5, "y": 400})
    lab.page.keyboard.press("w")
    lab.page.keyboard.type("the the")
    lab.page.keyboard.press("Enter")
    expect(lab.rows.filter(has_text="the the")).to_have_count(1)
    lab.wait()
    lab.page.locator("body").click(position={"x": 5, "y": 400})
    lab.page.keyboard.press("2")
    lab.wait()
    before = lab.query()
    texts, cosines = lab.texts(), lab.cosines()
    assert before["labroute"] == "long"

    lab.page.reload()
    lab.wait()

    assert lab.texts() == texts
    assert lab.cosines() == pytest.approx(cosines, abs=1.1e-3)
    expect(lab.route("long")).to_have_attribute("aria-checked", "true")
    assert lab.query() == before


@pytest.mark.parametrize(
    ("caption", "words"),
    [
        ("zzz qqq", "No attribute of it is known here"),
        ("🐈 红色的", "No attribute of it is known here"),
        ("a red car " * 150, "colour, object found"),
    ],
)
def test_odd_captions_are_answered_in_words(lab: LabPage, caption: str, words: str) -> None:
    lab.write(caption)

    expect(lab.root.locator(".fx-lab-said")).to_contain_text(words)
    expect(lab.rows.first.locator(".fx-lab-writing")).to_have_text(caption.strip())
    assert lab.faults == []


def test_too_many_rewrites_are_refused_and_nothing_is_lost(lab: LabPage) -> None:
    lab.root.get_by_label("Rewrites", exact=True).fill("1000")
    lab.write("a red car")

    expect(lab.fault).to_contain_text("1000 rewrites at once; ask for at most 200")
    expect(lab.caption).to_have_value("a red car")
    assert lab.wait().texts()[0] == "the cat"
    lab.root.get_by_label("Rewrites", exact=True).fill("0")
    lab.write("a red car")
    expect(lab.rows).to_have_count(1)


def test_words_are_weighed(lab: LabPage, page_encoder: Encoder, gallery: Path) -> None:
    words = lab.root.locator(".fx-lab-word")

    expect(words).to_have_count(2)
    right = expected(page_encoder, gallery, ["the cat", "cat", "the"], "box")
    shown = [lab.numbers(each)[-1] for each in words.locator("sub").all_text_contents()]
    assert shown == pytest.approx(
        [right["the cat"] - right["cat"], right["the cat"] - right["the"]], abs=1.1e-3
    )


def test_failures_of_the_workspace_lead_to_their_regions(lab: LabPage) -> None:
    lab.root.locator(".fx-lab-failures summary").click()
    lab.root.locator(".fx-lab-failures").get_by_role("button", name="Look").click()
    row = lab.root.locator(".fx-lab-table tbody tr")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("(unknown)6")
    cell = row.locator(".fx-lab-cell:not(:disabled)").first
    fooled = int((cell.get_attribute("title") or "").split(" ")[0])
    expect(cell.locator("small")).to_have_text(str(fooled))

    cell.click()

    the_map = MapPage(lab.page, lab.address).wait()
    expect(the_map.shown).to_have_text(f"showing all {fooled} here · {fooled} of 6 fit")
    expect(the_map.root.locator(".fx-filter")).to_have_value(
        re.compile(r"^/\* fooled on \(unknown\) by \w+ \*/ id IN")
    )
    lab.page.go_back()
    expect(lab.rows.first).to_be_visible()


def test_a_point_of_the_map_opens_in_the_lab(page: Page, address: str) -> None:
    the_map = MapPage(page, address).open("tab=map&point=4")
    expect(the_map.pressed_region).to_have_attribute("data-region", "4")

    the_map.detail.get_by_role("button", name="Negatives").click()

    lab = LabPage(page, address).wait()
    expect(lab.caption).to_have_value("the dog")
    assert lab.query()["labpicture"] == "scene-1"
