"""The rows of the Negatives tab: written by hand and by a chat model, undone, numbered."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from fgclip.adapters.chat_endpoint import Endpoint
from fgclip.encoder import Encoder
from fgclip.language.cache import Writer
from fgclip.workspace.workspace import Workspace
from tests.support.app import running
from tests.support.chat_server import chat_server
from tests.support.interception import HeldAnswers
from tests.support.pages.negatives import NegativesPage


@pytest.fixture
def negatives(page: Page, address: str) -> NegativesPage:
    return NegativesPage(page, address).open()


def test_a_negative_of_ones_own_is_added_and_taken_away(negatives: NegativesPage) -> None:
    for _ in range(2):
        negatives.page.keyboard.press("w")
        negatives.page.keyboard.type("<b>the dog</b>")
        negatives.page.keyboard.press("Enter")
        own = negatives.rows.filter(has_text="<b>the dog</b>")
        expect(own).to_have_count(1)
        negatives.page.locator("body").click(position={"x": 5, "y": 400})
    expect(negatives.fault).to_contain_text("“<b>the dog</b>” is there already.")
    negatives.wait()
    expect(negatives.rows).to_have_count(4)
    for count in (3, 2):
        negatives.rows.last.locator(".fx-neg-text").focus()
        negatives.page.keyboard.press("Delete")
        expect(negatives.rows).to_have_count(count)
    expect(negatives.root.locator(".fx-box")).to_have_count(2)


def test_ones_own_texts_stay_with_their_box(negatives: NegativesPage) -> None:
    negatives.write("a red wooden box")
    expect(negatives.rows).to_have_count(11)
    texts = set(negatives.texts())
    negatives.page.locator("body").click(position={"x": 5, "y": 400})

    negatives.page.keyboard.press("n")
    expect(negatives.caption).to_have_value("the dog")
    negatives.page.keyboard.press("p")

    expect(negatives.caption).to_have_value("a red wooden box")
    assert set(negatives.texts()) == texts


def test_an_edit_goes_on_while_scores_arrive(negatives: NegativesPage) -> None:
    held = HeldAnswers(negatives.page, "score")
    negatives.write("a red wooden box")
    expect(negatives.rows).to_have_count(11)
    negatives.rows.nth(4).locator(".fx-neg-text").click()
    negatives.page.keyboard.type(" of mine")
    held.release()
    negatives.page.wait_for_timeout(500)
    negatives.page.keyboard.type(" own")
    negatives.page.keyboard.press("Enter")

    expect(negatives.rows.filter(has_text="of mine own")).to_have_count(1)
    expect(negatives.rows).to_have_count(11)


def test_undo_brings_back_texts_and_boxes(negatives: NegativesPage) -> None:
    before = negatives.texts()
    negatives.rows.nth(1).get_by_role("button", name="Remove").click()
    expect(negatives.rows).to_have_count(len(before) - 1)
    negatives.page.keyboard.press("Escape")  # to the whole picture: looking elsewhere is no step
    negatives.wait()
    negatives.page.keyboard.press("Control+z")

    expect(negatives.rows).to_have_count(len(before))
    assert sorted(negatives.wait().texts()) == sorted(before)
    negatives.page.keyboard.press("Control+Shift+z")
    expect(negatives.rows).to_have_count(len(before) - 1)


def test_rows_have_numbers_where_there_are_many(negatives: NegativesPage) -> None:
    negatives.root.get_by_label("Rewrites", exact=True).fill("40")
    negatives.write("a small red wooden box with a round handle on a white metal table")
    expect(negatives.rows).to_have_count(41)
    negatives.wait()

    signs = negatives.rows.locator(".fx-neg-sign").all_text_contents()
    assert signs[0] == "true"
    assert [int(each.split()[-1]) for each in signs[1:]] == list(range(1, 41))


def test_a_chat_model_writes_and_what_it_wrote_is_checked(
    page: Page, page_encoder: Encoder, gallery: Path, workspace: Workspace, tmp_path: Path
) -> None:
    reply = "1. a small blue wooden box\n2. a large red wooden box\n3. a small red wooden cup"
    with chat_server(lambda _: reply) as server:
        writer = Writer(Endpoint(server.address, "storyteller"))
        with running(page_encoder, gallery, workspace, tmp_path, writer=writer) as address:
            negatives = NegativesPage(page, address).open()
            negatives.root.get_by_label("Rewrites", exact=True).fill("2")
            negatives.root.get_by_label("Written by").select_option("model")
            negatives.write("a small red wooden box")

            message = negatives.root.locator(".fx-neg-message")
            expect(message).to_contain_text("2 of 2 written by storyteller")
            expect(message).to_contain_text("refused: 1 changes the thing")
            texts = set(negatives.wait().texts())
            assert texts == {
                "a small red wooden box", "a small blue wooden box", "a large red wooden box",
            }  # fmt: skip
            assert negatives.query()["n.by"] == "model"

            server.delay = 1.5
            negatives.write("a small green wooden box")
            stop = negatives.root.get_by_role("button", name="Stop")
            expect(stop).to_be_visible()
            stop.click()
            expect(message).to_contain_text("1 reply")


def test_another_place_may_be_looked_at_while_a_chat_model_writes(
    page: Page, page_encoder: Encoder, gallery: Path, workspace: Workspace, tmp_path: Path
) -> None:
    with chat_server(lambda _: "1. a small blue wooden box") as server:
        writer = Writer(Endpoint(server.address, "storyteller"))
        with running(page_encoder, gallery, workspace, tmp_path, writer=writer) as address:
            negatives = NegativesPage(page, address).open()
            negatives.root.get_by_label("Rewrites", exact=True).fill("1")
            negatives.root.get_by_label("Written by").select_option("model")
            server.delay = 3.0
            negatives.write("a small red wooden box")
            stop = negatives.root.get_by_role("button", name="Stop")
            expect(stop).to_be_visible()
            page.mouse.move(*negatives.at((0.6, 0.08)))
            page.mouse.down()
            page.mouse.move(*negatives.at((0.9, 0.4)), steps=4)
            page.mouse.up()
            page.keyboard.press("Escape")  # to the whole picture
            expect(stop).to_be_visible()

            expect(negatives.root.locator(".fx-neg-message")).to_contain_text("1 of 1 written")
            texts = set(negatives.wait().texts())
            assert texts == {"a small red wooden box", "a small blue wooden box"}
            assert "n.box" not in negatives.query()


def test_rules_write_where_no_chat_model_is_given(negatives: NegativesPage) -> None:
    expect(negatives.root.get_by_label("Written by")).to_be_hidden()


def test_a_link_to_a_picture_of_ones_own_says_whose_it_is(
    negatives: NegativesPage, browser: Browser, picture: Path
) -> None:
    negatives.root.get_by_label("Picture file").set_input_files(picture)
    negatives.page.wait_for_url("**n.picture=%40**")
    negatives.write("a small red wooden box")
    negatives.page.wait_for_url("**true=a+small+red+wooden+box**")
    address = negatives.page.url
    other = NegativesPage(browser.new_page(), negatives.address)
    other.page.goto(address)

    expect(other.root.locator(".fx-empty-stage")).to_contain_text("about picture.png")
    other.root.get_by_label("Picture file").set_input_files(picture)
    other.wait()
    assert other.texts()[0] == "a small red wooden box"
    other.page.close()
