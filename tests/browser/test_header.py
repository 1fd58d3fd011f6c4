"""The header: theme and model sheet."""

from __future__ import annotations

from playwright.sync_api import expect

from fgclip.encoder import Encoder
from tests.support.pages.probe import ProbePage
from tests.support.waiting import eventually


def test_the_theme_button_shows_what_a_click_brings(probe: ProbePage) -> None:
    button = probe.page.get_by_role("button", name="Dark or light")
    moon, sun = button.locator(".fx-icon").all()
    expect(moon).to_be_visible()
    expect(sun).to_be_hidden()
    button.click()
    expect(moon).to_be_hidden()
    expect(sun).to_be_visible()


def test_the_model_sheet_says_each_thing_once(probe: ProbePage, page_encoder: Encoder) -> None:
    probe.page.locator(".fx-model").click()
    sheet = probe.page.get_by_role("dialog", name="Model")
    names = sheet.locator("dt").all_text_contents()
    assert len(names) == len(set(names))
    assert "for photographs" not in names  # it is the advice below
    expect(sheet.locator("code")).to_have_text('make app ARGS="--model qihoo360/fg-clip-base"')
    digest = sheet.locator(".fx-digest")
    expect(digest).to_have_text(page_encoder.card.sha256)
    assert digest.evaluate("(digest) => getComputedStyle(digest).userSelect") == "all"


def test_bold_words_are_of_the_family_of_the_others(probe: ProbePage) -> None:
    devtools = probe.page.context.new_cdp_session(probe.page)
    for domain in ("DOM", "CSS"):
        devtools.send(f"{domain}.enable")
    root = devtools.send("DOM.getDocument")["root"]["nodeId"]

    def drawn_with_plex() -> None:  # once the font has come; another one stands in until then
        for selector in (".fx-words", ".fx-prompt-panel h2", ".fx-brand b"):
            query = {"nodeId": root, "selector": selector}
            node = devtools.send("DOM.querySelector", query)["nodeId"]
            fonts = devtools.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
            assert {font["familyName"] for font in fonts} == {"IBM Plex Sans"}, selector

    eventually(probe.page, drawn_with_plex)
