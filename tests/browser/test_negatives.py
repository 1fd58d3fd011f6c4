"""The Negatives tab in a browser: rewritten, edited, dragged, restored; where the model fails."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, Request, expect

from fgclip.encoder import Encoder
from fgclip.explore.gallery import read_gallery
from fgclip.ranking import is_fooled, rank
from tests.support.interception import name_of
from tests.support.pages.map import MapPage
from tests.support.pages.negatives import NegativesPage
from tests.support.waiting import eventually

BOX = (0.1, 0.2, 0.5, 0.7)  # of the first region of every picture


@pytest.fixture
def negatives(page: Page, address: str) -> NegativesPage:
    return NegativesPage(page, address).open()


def expected(
    encoder: Encoder, gallery: Path, texts: list[str], route: str, box: tuple[float, ...] = BOX
) -> dict[str, float]:
    picture = read_gallery(gallery)["scene-0"].path
    (seen,) = encoder.encode_regions(picture, [box])
    return dict(zip(texts, (encoder.encode_text(texts, route) @ seen).tolist(), strict=True))


def test_a_region_comes_with_its_phrase_and_negatives(
    negatives: NegativesPage, page_encoder: Encoder, gallery: Path
) -> None:
    texts = negatives.texts()

    assert texts[0] == "the cat"
    assert set(texts[1:]) == {"the cat cat", "the cat bird"}
    assert negatives.caption.input_value() == "the cat"
    right = expected(page_encoder, gallery, texts, "box")
    assert negatives.cosines() == pytest.approx(right, abs=6e-4)
    order = sorted(texts[1:], key=lambda text: -right[text])
    assert texts[1:] == order
    place = rank(right["the cat"], np.array([right[text] for text in order]))
    expect(negatives.rows.first.locator(".fx-neg-margin")).to_have_text(f"rank {place} of 3")
    assert negatives.faults == []


def test_each_route_says_who_wins_by_it(
    negatives: NegativesPage, page_encoder: Encoder, gallery: Path
) -> None:
    texts = negatives.texts()
    for route in ("short", "long", "box"):
        true, *others = expected(page_encoder, gallery, texts, route).values()
        words = negatives.route(route).locator("span").text_content() or ""
        assert words.startswith("fooled" if is_fooled(true - max(others)) else "right")
        assert negatives.numbers(words)[-1] == pytest.approx(true - max(others), abs=1.1e-3)


def test_a_caption_is_rewritten_with_what_differs_marked(negatives: NegativesPage) -> None:
    negatives.write("a red wooden box with a small handle")
    expect(negatives.rows).to_have_count(11)
    negatives.wait()

    assert negatives.texts()[0] == "a red wooden box with a small handle"
    assert len(set(negatives.texts())) == 11
    for row in negatives.rows.all()[1:]:
        expect(row.locator("mark")).to_have_count(1)
        expect(row.locator(".fx-neg-kind")).not_to_have_text("")
    expect(negatives.root.locator(".fx-neg-message")).to_contain_text("colour, material, object")
    first = set(negatives.texts())
    negatives.page.locator("body").click(position={"x": 5, "y": 400})
    negatives.page.keyboard.press("R")
    expect(negatives.root.get_by_label("Seed")).to_have_value("1")
    negatives.wait()
    assert set(negatives.texts()) != first
    negatives.root.get_by_label("Wrong attributes").select_option("2")
    expect(negatives.rows.nth(1).locator("mark")).to_have_count(2)


def test_an_edited_rewrite_alone_is_read_anew(
    negatives: NegativesPage, page_encoder: Encoder, gallery: Path
) -> None:
    read: list[str] = []

    def note(request: Request) -> None:
        if name_of(request) == "read":
            asked = json.loads(request.post_data or "{}")
            read.extend(prompt["text"] for prompt in asked["prompts"])

    negatives.page.on("request", note)
    row = negatives.rows.filter(has_text="the cat bird")

    row.locator(".fx-neg-text").click()
    negatives.page.keyboard.type(" dog")
    negatives.page.keyboard.press("Enter")

    expect(negatives.rows.filter(has_text="the cat bird dog")).to_have_count(1)
    negatives.wait()
    assert set(read) == {"the cat bird dog"}
    right = expected(page_encoder, gallery, ["the cat bird dog"], "box")
    assert negatives.cosines()["the cat bird dog"] == pytest.approx(
        right["the cat bird dog"], abs=6e-4
    )


def test_scores_follow_a_box_while_it_is_dragged(
    negatives: NegativesPage, page_encoder: Encoder, gallery: Path
) -> None:
    before = negatives.cosines()
    negatives.page.mouse.move(*negatives.at((0.3, 0.45)))
    negatives.page.mouse.down()
    negatives.page.mouse.move(*negatives.at((0.5, 0.6)), steps=6)
    seen = [before]

    def rests() -> None:
        seen.append(negatives.cosines())
        assert before != seen[-1] == seen[-2]

    eventually(negatives.page, rests)
    negatives.page.mouse.up()

    negatives.page.wait_for_function("() => new URLSearchParams(location.search).get('n.box')")
    negatives.wait()
    x0, y0, x1, y1 = (float(edge) for edge in negatives.query()["n.box"].split(","))
    assert (x0, y0) == pytest.approx((0.3, 0.35), abs=0.02)
    right = expected(page_encoder, gallery, list(before), "box", (x0, y0, x1, y1))
    for text, cosine in seen[-1].items():
        assert cosine == pytest.approx(right[text], abs=1.2e-2)


def test_the_whole_picture_is_asked_where_no_box_is_chosen(
    negatives: NegativesPage, page_encoder: Encoder, gallery: Path
) -> None:
    negatives.page.keyboard.press("Escape")
    negatives.page.keyboard.press("1")

    expect(negatives.route("short")).to_have_attribute("aria-checked", "true")
    expect(negatives.root.locator(".fx-neg-warning")).to_have_text(
        "This model reads short and box alike."
    )
    negatives.wait()
    picture = read_gallery(gallery)["scene-0"].path
    texts = negatives.texts()
    right = page_encoder.encode_text(texts, "short") @ page_encoder.encode_image([picture])[0]
    assert negatives.cosines() == pytest.approx(
        dict(zip(texts, right.tolist(), strict=True)), abs=6e-4
    )


def test_another_region_brings_its_own_texts(negatives: NegativesPage) -> None:
    negatives.page.keyboard.press("n")

    expect(negatives.caption).to_have_value("the dog")
    negatives.wait()
    assert negatives.texts()[0] == "the dog"
    negatives.page.keyboard.press(".")
    expect(negatives.caption).to_have_value("the cat")
    expect(negatives.root.locator(".fx-thumb[data-sample=scene-1]")).to_have_attribute(
        "aria-current", "true"
    )


def test_a_link_restores_the_tab(negatives: NegativesPage) -> None:
    negatives.root.get_by_label("Seed").fill("4")
    negatives.write("the dog")
    negatives.page.locator("body").click(position={"x": 5, "y": 400})
    negatives.page.keyboard.press("w")
    negatives.page.keyboard.type("the the")
    negatives.page.keyboard.press("Enter")
    expect(negatives.rows.filter(has_text="the the")).to_have_count(1)
    negatives.wait()
    negatives.page.locator("body").click(position={"x": 5, "y": 400})
    negatives.page.keyboard.press("2")
    negatives.wait()
    before = negatives.query()
    texts, cosines = negatives.texts(), negatives.cosines()
    assert before["n.route"] == "long"

    negatives.page.reload()
    negatives.wait()

    assert negatives.texts() == texts
    assert negatives.cosines() == pytest.approx(cosines, abs=1.1e-3)
    expect(negatives.route("long")).to_have_attribute("aria-checked", "true")
    assert negatives.query() == before


@pytest.mark.parametrize(
    ("caption", "words"),
    [
        ("zzz qqq", "No attribute of it is known here"),
        ("🐈 红色的", "No attribute of it is known here"),
        ("a red car " * 150, "colour, object found"),
    ],
)
def test_odd_captions_are_answered_in_words(
    negatives: NegativesPage, caption: str, words: str
) -> None:
    negatives.write(caption)

    expect(negatives.root.locator(".fx-neg-message")).to_contain_text(words)
    expect(negatives.rows.first.locator(".fx-neg-writing")).to_have_text(caption.strip())
    assert negatives.faults == []


def test_too_many_rewrites_are_refused_and_nothing_is_lost(negatives: NegativesPage) -> None:
    negatives.root.get_by_label("Rewrites", exact=True).fill("1000")
    negatives.write("a red car")

    expect(negatives.fault).to_contain_text("1000 rewrites at once; ask for at most 200")
    expect(negatives.caption).to_have_value("a red car")
    assert negatives.wait().texts()[0] == "the cat"
    negatives.root.get_by_label("Rewrites", exact=True).fill("0")
    negatives.write("a red car")
    expect(negatives.rows).to_have_count(1)


def test_words_are_weighed(negatives: NegativesPage, page_encoder: Encoder, gallery: Path) -> None:
    words = negatives.root.locator(".fx-neg-word")

    expect(words).to_have_count(2)
    right = expected(page_encoder, gallery, ["the cat", "cat", "the"], "box")
    shown = [negatives.numbers(each)[-1] for each in words.locator("sub").all_text_contents()]
    assert shown == pytest.approx(
        [right["the cat"] - right["cat"], right["the cat"] - right["the"]], abs=1.1e-3
    )


def test_failures_of_the_workspace_lead_to_their_regions(negatives: NegativesPage) -> None:
    negatives.root.locator(".fx-neg-failures summary").click()
    negatives.root.locator(".fx-neg-failures").get_by_role("button", name="Look").click()
    row = negatives.root.locator(".fx-neg-table tbody tr")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("(unknown)6")
    cell = row.locator(".fx-neg-cell:not(:disabled)").first
    fooled = int((cell.get_attribute("title") or "").split(" ")[0])
    expect(cell.locator("small")).to_have_text(str(fooled))

    cell.click()

    the_map = MapPage(negatives.page, negatives.address).wait()
    expect(the_map.shown).to_have_text(f"showing all {fooled} here · {fooled} of 6 fit")
    expect(the_map.root.locator(".fx-filter")).to_have_value(
        re.compile(r"^/\* fooled on \(unknown\) by \w+ \*/ id IN")
    )
    negatives.page.go_back()
    expect(negatives.rows.first).to_be_visible()


def test_a_point_of_the_map_opens_in_negatives(page: Page, address: str) -> None:
    the_map = MapPage(page, address).open("tab=map&point=4")
    expect(the_map.pressed_region).to_have_attribute("data-region", "4")

    the_map.detail.get_by_role("button", name="Negatives").click()

    negatives = NegativesPage(page, address).wait()
    expect(negatives.caption).to_have_value("the dog")
    assert negatives.query()["n.picture"] == "scene-1"
