"""The gallery below the picture."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, expect

from tests.support.pages.probe import ProbePage


def rectangle(element: Locator) -> dict[str, Any]:
    box = element.bounding_box()
    assert box
    return dict(box)


def test_the_tab_key_stops_once_at_the_gallery_and_arrows_go_on(probe: ProbePage) -> None:
    focused = probe.page.locator(":focus")
    boxes = probe.boxes()
    probe.page.locator(".fx-upload").focus()
    for key, sample in [
        ("Tab", "scene-0"), ("ArrowRight", "scene-1"), ("End", "scene-2"),
        ("ArrowRight", "scene-2"), ("Home", "scene-0"), ("ArrowLeft", "scene-0"),
        ("ArrowRight", "scene-1"),
    ]:  # fmt: skip
        probe.page.keyboard.press(key)
        expect(focused).to_have_attribute("data-sample", sample)
    assert probe.boxes() == boxes  # arrows move no box from here
    probe.page.keyboard.press("Enter")
    open_thumb = probe.page.locator(".fx-thumb[aria-current=true]")
    expect(open_thumb).to_have_attribute("data-sample", "scene-1")
    probe.page.keyboard.press("Tab")
    assert focused.evaluate("(element) => !element.closest('.fx-strip')")


def test_photographs_stand_apart_from_drawn_scenes(probe: ProbePage) -> None:
    photographs = probe.page.get_by_role("group", name="photographs").get_by_role("button")
    expect(photographs).to_have_count(1)
    expect(photographs).to_have_attribute("data-sample", "scene-2")
    drawn = probe.page.get_by_role("group", name="drawn scenes").get_by_role("button")
    expect(drawn).to_have_count(2)
    expect(probe.page.locator(".fx-strip")).to_contain_text("photographs")


def test_the_ring_of_a_focused_picture_is_seen_whole(probe: ProbePage) -> None:
    thumb = probe.page.locator(".fx-thumb").first
    probe.page.locator(".fx-upload").focus()
    probe.page.keyboard.press("Tab")
    ring = thumb.evaluate(
        """(thumb) => { const style = getComputedStyle(thumb);
            return parseFloat(style.outlineOffset) + parseFloat(style.outlineWidth); }"""
    )
    inner, outer = rectangle(thumb), rectangle(probe.page.locator(".fx-strip"))
    assert ring > 0
    assert inner["x"] - outer["x"] >= ring
    assert inner["y"] - outer["y"] >= ring
    assert outer["y"] + outer["height"] - inner["y"] - inner["height"] >= ring
