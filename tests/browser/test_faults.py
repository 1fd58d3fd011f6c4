"""The app may be away or forget; the page says so and loses nothing."""

from __future__ import annotations

import json
import re
from pathlib import Path

from PIL import Image
from playwright.sync_api import Route, expect

from tests.support.interception import QUESTIONS, intercept, name_of
from tests.support.pages.probe import ProbePage

UPLOAD = re.compile("/upload")


def test_while_the_app_is_away_the_page_says_so_and_can_try_again(probe: ProbePage) -> None:
    intercept(probe.page, QUESTIONS, lambda route: route.abort())
    probe.drag((0.6, 0.05), (0.9, 0.4))
    expect(probe.prompt_fault).to_contain_text("does not answer")
    assert len(probe.boxes()) == 3
    assert len(probe.scores()) == len(probe.prompts())  # the page's own stay
    probe.page.unroute(QUESTIONS)
    probe.prompt_fault.get_by_role("button", name="Try again").click()
    probe.wait_for_scores()
    expect(probe.prompt_fault).to_be_hidden()


def test_once_the_app_is_back_what_failed_is_done_unasked(probe: ProbePage) -> None:
    intercept(probe.page, QUESTIONS, lambda route: route.abort())
    probe.drag((0.6, 0.05), (0.9, 0.4))
    expect(probe.prompt_fault).to_be_visible()
    probe.page.unroute(QUESTIONS)
    probe.page.locator(".fx-add").press_sequentially("the")  # its tokens are counted
    expect(probe.prompt_fault).to_be_hidden()
    probe.wait_for_scores()
    assert len(probe.scores("crop")) == len(probe.prompts())


def test_a_prompt_edited_while_it_is_read_gets_its_own_score(probe: ProbePage) -> None:
    held = probe.hold_answers("read")
    probe.add("the cat bird")
    words = probe.page.locator(".fx-prompt .fx-words").last
    words.click()
    probe.page.locator(".fx-edit").fill("the dog")
    probe.page.keyboard.press("Enter")
    held.release()
    probe.wait_for_scores()
    assert probe.prompts().count("the dog") == 2
    rows = probe.page.locator(".fx-rows .fx-row").all_text_contents()
    twins = [row for row in rows if row.startswith("the dog.") or row.startswith("the dog−")]
    assert len(twins) == 2
    assert len(set(twins)) == 1


def test_undo_while_an_answer_is_awaited_shows_the_old_prompts_scores(probe: ProbePage) -> None:
    before = probe.scores()
    held = probe.hold_answers("read")
    probe.add("the cat bird")
    probe.page.keyboard.press("Escape")
    probe.page.keyboard.press("Control+z")
    held.release()
    probe.wait_for_scores()
    assert probe.scores() == before


def test_a_picture_that_the_app_has_closed_is_opened_again_unseen(probe: ProbePage) -> None:
    forgotten = []

    def forget(route: Route) -> None:
        body = json.loads(route.request.post_data or "{}")
        if name_of(route.request) == "score" and not forgotten:
            forgotten.append(body)
            body["token"] = "closed"
        route.continue_(post_data=json.dumps(body))

    intercept(probe.page, QUESTIONS, forget)
    probe.drag((0.6, 0.05), (0.9, 0.4))
    probe.wait_for_scores()
    assert len(forgotten) == 1
    expect(probe.prompt_fault).to_be_hidden()


def test_an_upload_that_fails_on_the_way_leaves_the_old_picture(
    probe: ProbePage, tmp_path: Path
) -> None:
    path = tmp_path / "picture.gif"
    path.write_bytes(b"GIF89a")
    intercept(probe.page, UPLOAD, lambda route: route.abort())
    probe.upload(path)
    expect(probe.picture_fault).to_contain_text("could not be sent")
    assert len(probe.boxes()) == 2
    probe.page.unroute(UPLOAD)
    probe.picture_fault.get_by_role("button", name="Try again").click()
    expect(probe.picture_fault).to_contain_text("picture.gif")


def test_a_picture_that_comes_late_does_not_replace_a_later_one(
    probe: ProbePage, tmp_path: Path
) -> None:
    scan = tmp_path / "scan.tiff"
    Image.new("RGB", (60, 40), "red").save(scan)
    held = probe.hold_answers("display")
    probe.upload(scan)
    held.wait()  # to be shown as JPEG
    probe.page.locator("[data-sample=scene-1]").click()
    expect(probe.page.locator("[data-sample=scene-1]")).to_have_attribute("aria-current", "true")
    held.release()
    probe.page.wait_for_timeout(500)
    assert probe.picture_shape() == [200, 400]
    assert "sample=scene-1" in probe.page.url


def test_a_picture_that_cannot_be_shown_leaves_the_old_one_and_its_scores(
    probe: ProbePage, tmp_path: Path
) -> None:
    scan = tmp_path / "scan.tiff"
    Image.new("RGB", (60, 40), "red").save(scan)
    before = probe.scores()
    probe.fail_answers("display")
    probe.upload(scan)
    expect(probe.picture_fault).to_contain_text("does not answer")
    for key in ("ArrowRight", "ArrowLeft"):
        probe.page.locator(".fx-stage").press(key)
    probe.wait_for_scores()
    assert probe.scores() == before


def test_rows_keep_their_order_when_prompts_arrive_during_a_drag(probe: ProbePage) -> None:
    held = probe.hold_answers("read")
    probe.paste("the cat bird\nthe bird dog")
    probe.press(0.3, 0.45)
    probe.page.mouse.move(*probe.at(0.6, 0.7), steps=4)
    held.release()
    probe.page.wait_for_timeout(600)
    expect(probe.page.locator(".fx-live")).to_have_count(1)
    probe.page.mouse.up()
    probe.wait_for_scores()
    assert len(probe.scores()) == 6


def test_a_picture_that_comes_during_a_drag_leaves_no_half_drawn_box(probe: ProbePage) -> None:
    held = probe.hold_answers("open")
    probe.page.locator("[data-sample=scene-1]").click()
    held.wait()
    probe.press(0.6, 0.05)
    probe.page.mouse.move(*probe.at(0.9, 0.4), steps=3)
    held.release()
    expect(probe.page.locator("[data-sample=scene-1]")).to_have_attribute("aria-current", "true")
    probe.page.mouse.up()
    probe.page.locator("[data-sample=scene-0]").click()
    expect(probe.page.locator("[data-sample=scene-0]")).to_have_attribute("aria-current", "true")
    probe.wait_for_scores()
    assert len(probe.boxes()) == 2
