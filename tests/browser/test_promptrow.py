"""One row of the prompts."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.support.pages.probe import ProbePage


def test_a_click_puts_the_caret_where_it_fell(probe: ProbePage) -> None:
    before = probe.prompts()[0]
    words = probe.page.locator(".fx-prompt .fx-words").first
    end_of_first_word = words.evaluate(
        """(words) => { const range = document.createRange();
            range.setStart(words.firstChild, 0);
            range.setEnd(words.firstChild, words.textContent.indexOf(' '));
            return range.getBoundingClientRect().width; }"""
    )
    words.click(position={"x": end_of_first_word, "y": 8})
    probe.page.keyboard.type(" big")
    probe.page.keyboard.press("Enter")
    first, rest = before.split(" ", 1)
    assert probe.prompts()[0] == f"{first} big {rest}"


def test_a_click_beside_the_words_puts_the_caret_at_their_end(probe: ProbePage) -> None:
    before = probe.prompts()[0]
    words = probe.page.locator(".fx-prompt .fx-words").first
    words.click(position={"x": words.bounding_box()["width"] - 4, "y": 8})
    probe.page.keyboard.type("s")
    probe.page.keyboard.press("Enter")
    assert probe.prompts()[0] == f"{before}s"


def test_the_enter_key_puts_the_caret_at_the_end(probe: ProbePage) -> None:
    before = probe.prompts()[0]
    for key in ("Enter", "F2"):
        probe.page.locator(".fx-prompt").first.press(key)
        probe.page.keyboard.type("s")
        probe.page.keyboard.press("Enter")
    assert probe.prompts()[0] == f"{before}ss"


def test_words_stay_in_place_when_they_become_a_field(probe: ProbePage) -> None:
    words = probe.page.locator(".fx-prompt .fx-words").first
    left = words.bounding_box()["x"]
    words.click()
    text_left = probe.page.locator(".fx-edit").evaluate(
        """(field) => field.getBoundingClientRect().x + field.clientLeft
            + parseFloat(getComputedStyle(field).paddingLeft)"""
    )
    assert abs(text_left - left) < 0.5


def test_routes_say_how_many_tokens_this_model_reads(probe: ProbePage) -> None:
    options = probe.page.get_by_label("Text route").first.locator("option")
    titles = options.evaluate_all("(all) => all.map((option) => option.title)")
    assert titles[1:3] == ["captions of up to 77 tokens", "captions of up to 248 tokens"]
    assert "exactly as short" in titles[3]


def test_a_select_has_an_arrow(probe: ProbePage) -> None:
    probe.page.locator(".fx-dot").first.click()
    for name in ("Text route", "Heat map range"):
        select = probe.page.get_by_label(name).first
        expect(select).to_be_visible()
        assert "svg" in select.evaluate("(select) => getComputedStyle(select).backgroundImage")
