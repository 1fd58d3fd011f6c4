"""What a person does on the Probe tab, and what it shows."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Request, expect

from fgclip.encoder import Encoder
from tests.support.interception import name_of
from tests.support.pages.probe import ProbePage


def test_the_first_view_shows_something_real_on_one_screen(probe: ProbePage) -> None:
    assert len(probe.boxes()) == 2
    assert len(probe.prompts()) >= 3
    assert len(probe.scores()) == len(probe.prompts())
    assert set(probe.scores("crop")) == set(probe.prompts())
    expect(probe.page.locator(".fx-best")).to_have_count(1)
    assert probe.page.evaluate("document.documentElement.scrollHeight") <= 720
    assert probe.faults == []


def test_no_request_leaves_this_machine(page: Page, address: str) -> None:
    hosts: set[str | None] = set()
    page.on("request", lambda request: hosts.add(urlsplit(request.url).hostname))
    probe = ProbePage(page, address).open()
    probe.drag((0.6, 0.05), (0.9, 0.4))
    probe.page.keyboard.press("h")
    probe.wait_for_scores()
    assert hosts - {None, ""} == {"127.0.0.1"}


def test_scores_follow_the_box_before_release_and_without_a_request(probe: ProbePage) -> None:
    before, order = probe.scores(), probe.order()
    probe.press(0.3, 0.45)
    requests: list[Request] = []
    probe.page.on("request", lambda request: requests.append(request))
    seen = []
    for x, y in ((0.4, 0.5), (0.55, 0.6), (0.7, 0.7)):
        probe.page.mouse.move(*probe.at(x, y), steps=3)
        seen.append(tuple(probe.scores().values()))
        assert probe.order() == order  # rows stay where they are
    assert len({*seen, tuple(before.values())}) == 4
    assert requests == []
    probe.page.mouse.up()
    probe.wait_for_scores()
    assert any(name_of(request) for request in requests)
    values = list(probe.scores().values())
    assert values == sorted(values, reverse=True)  # sorted on release


def test_region_scores_are_the_encoders_own(
    probe: ProbePage, page_encoder: Encoder, gallery: Path
) -> None:
    path = gallery / "pictures" / "scene-0.png"
    region = page_encoder.encode_regions(path, [[0.1, 0.2, 0.5, 0.7]])
    texts = probe.prompts()
    expected = (page_encoder.encode_text(texts, "auto") @ region[0]).tolist()
    found = probe.scores()
    assert [found[text] for text in texts] == pytest.approx(expected, abs=6e-4)


def test_a_prompt_paints_its_heat_map_with_numbers_on_the_scale(probe: ProbePage) -> None:
    heat = probe.page.locator(".fx-heat")
    expect(heat).to_be_hidden()
    probe.page.locator(".fx-dot").first.click()
    expect(heat).to_be_visible()
    colours = probe.page.evaluate(
        """() => { const heat = document.querySelector('.fx-heat');
            const {data} = heat.getContext('2d').getImageData(0, 0, heat.width, heat.height);
            return new Set(Array.from({length: data.length / 4}, (_, i) =>
                data.slice(4 * i, 4 * i + 3).join())).size; }"""
    )
    assert colours > 50
    low, high = probe.page.locator(".fx-legend .fx-number").all_text_contents()[:2]
    assert float(low.replace("−", "-")) < float(high.replace("−", "-"))
    probe.page.get_by_label("Heat map opacity").fill("20")
    assert heat.evaluate("(heat) => heat.style.opacity") == "0.2"
    probe.page.get_by_label("Heat map range").select_option("fixed")
    assert probe.page.locator(".fx-legend .fx-number").first.text_content() == ".000"
    probe.page.locator(".fx-dot").first.click()
    expect(heat).to_be_hidden()


def test_prompts_are_added_edited_reordered_and_removed(probe: ProbePage) -> None:
    texts = probe.prompts()
    probe.add("a bird")
    assert probe.prompts() == [*texts, "a bird"]
    probe.wait_for_scores()
    assert "a bird" in probe.scores()
    row = probe.page.locator(".fx-prompt").last
    row.focus()
    row.press("Alt+ArrowUp")
    assert probe.prompts()[-2] == "a bird"
    probe.page.locator(".fx-words", has_text="a bird").click()
    probe.page.keyboard.press("Control+a")
    probe.page.keyboard.type("a big bird")
    probe.page.keyboard.press("Enter")
    assert probe.prompts()[-2] == "a big bird"
    probe.page.locator(".fx-prompt", has_text="a big bird").press("Delete")
    assert probe.prompts() == texts
    probe.page.keyboard.press("Control+z")
    assert probe.prompts()[-2] == "a big bird"


def test_dragging_a_prompt_moves_it(probe: ProbePage) -> None:
    first, second, *rest = probe.prompts()
    rows = probe.page.locator(".fx-prompt")
    rows.nth(0).drag_to(rows.nth(1))
    assert probe.prompts() == [second, first, *rest]


def test_an_empty_prompt_is_refused_beside_the_field(probe: ProbePage) -> None:
    texts = probe.prompts()
    probe.add("   ")
    assert probe.prompts() == texts
    expect(probe.page.locator(".fx-count")).to_contain_text("Type a phrase")


def test_a_text_of_2000_words_says_that_it_will_be_cut_before_and_after(probe: ProbePage) -> None:
    probe.page.fill(".fx-add", "the cat " * 1000)
    expect(probe.page.locator(".fx-count")).to_contain_text("cut at 248")
    probe.page.press(".fx-add", "Enter")
    expect(probe.page.locator(".fx-prompt").last.locator(".fx-tokens")).to_have_text(
        "2\u2009002 tok, cut at 248"
    )
    probe.wait_for_scores()
    assert probe.faults == []


def test_emoji_and_chinese_are_prompts_like_any_other(probe: ProbePage) -> None:
    for text in ("🦉🟣", "一只紫色的猫头鹰", "بومة <b>&amp;</b>"):
        probe.add(text)
    probe.wait_for_scores()
    assert {"🦉🟣", "一只紫色的猫头鹰", "بومة <b>&amp;</b>"} <= set(probe.scores())
    assert probe.faults == []


def test_five_hundred_pasted_prompts_are_read_and_dragging_stays_quick(probe: ProbePage) -> None:
    probe.paste("\n".join(f"the cat {number}" for number in range(500)))
    expect(probe.page.get_by_role("heading", name="Prompts · 504")).to_be_visible()
    assert probe.prompts()[-1] == "the cat 499"  # the list has gone to what was added
    expect(probe.page.locator(".fx-prompt").last.locator(".fx-tokens")).to_have_text("7 tok")
    probe.wait_for_scores()
    assert len(probe.order()) < 100  # rows out of sight are not in the page …
    probe.page.locator(".fx-rows").evaluate("(rows) => rows.scrollTo(0, rows.scrollHeight)")
    probe.wait_for_scores()  # … and come when they are scrolled to
    probe.page.locator(".fx-rows").evaluate("(rows) => rows.scrollTo(0, 0)")
    probe.wait_for_scores()
    probe.press(0.3, 0.45)  # may choose another box, and so another order
    top = probe.order()[0]
    before = probe.scores()[top]
    probe.page.mouse.move(*probe.at(0.5, 0.6), steps=4)
    assert probe.scores()[top] != before
    probe.page.mouse.up()


def test_the_route_is_chosen_shown_and_kept(probe: ProbePage) -> None:
    picker = probe.page.get_by_label("Text route").first
    assert picker.locator("option:checked").text_content() == "auto: short"
    picker.select_option("long")
    probe.wait_for_scores()
    assert "routes=long" in probe.page.url


def test_all_regions_stand_side_by_side(probe: ProbePage) -> None:
    probe.page.keyboard.press("a")
    expect(probe.page.locator(".fx-rows .fx-cell-one")).to_have_count(2 * len(probe.prompts()))
    expect(probe.page.locator(".fx-cell-one.fx-best")).to_have_count(2)


def test_with_nothing_left_the_page_teaches(probe: ProbePage) -> None:
    for _ in probe.prompts():
        probe.page.locator(".fx-prompt").first.press("Delete")
    expect(probe.page.locator(".fx-teach")).to_be_visible()
    probe.page.get_by_role("button", name="Use this picture’s phrases").click()
    assert len(probe.prompts()) >= 3


def test_talk_mode_shows_picture_and_scores_only_and_escape_ends_it(probe: ProbePage) -> None:
    probe.page.keyboard.press("t")
    expect(probe.page.locator(".fx-prompt-panel")).to_be_hidden()
    expect(probe.page.locator(".fx-header")).to_be_hidden()
    expect(probe.page.locator(".fx-rows .fx-row").first).to_be_visible()
    assert len(probe.boxes()) == 2
    probe.page.keyboard.press("Escape")
    expect(probe.page.locator(".fx-prompt-panel")).to_be_visible()


def test_keys_are_not_taken_while_somebody_types(probe: ProbePage) -> None:
    probe.page.locator(".fx-add").press_sequentially("table d n 1 ?")
    assert probe.page.locator(".fx-add").input_value() == "table d n 1 ?"
    expect(probe.page.locator(".fx-prompt-panel")).to_be_visible()
    assert len(probe.boxes()) == 2


def test_help_and_model_card_open_and_close(probe: ProbePage) -> None:
    probe.page.keyboard.press("?")
    expect(probe.page.get_by_role("dialog", name="Help")).to_be_visible()
    probe.page.keyboard.press("Escape")
    probe.page.locator(".fx-model").click()
    card = probe.page.get_by_role("dialog", name="Model")
    expect(card).to_contain_text("--model qihoo360/fg-clip-base")
    expect(card).to_contain_text("14 × 14 patches")
    probe.page.keyboard.press("Escape")
    expect(card).to_be_hidden()


def test_the_table_is_saved_as_csv_and_the_view_as_png(probe: ProbePage) -> None:
    with probe.page.expect_download() as download:
        probe.page.keyboard.press("c")
    lines = download.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert lines[0].startswith("region,x0,y0,x1,y1,prompt")
    assert len(lines) == 1 + 2 * len(probe.prompts())
    with probe.page.expect_download() as download:
        probe.page.keyboard.press("s")
    assert download.value.path().read_bytes().startswith(b"\x89PNG")


def test_dark_and_light_are_a_click_apart_and_remembered(probe: ProbePage) -> None:
    def is_dark() -> bool:
        return bool(probe.page.evaluate("document.body.classList.contains('dark')"))

    assert not is_dark()
    probe.page.get_by_role("button", name="Dark or light").click()
    assert is_dark()
    probe.page.reload()
    probe.wait_for_scores()
    assert is_dark()
