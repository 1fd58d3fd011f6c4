"""The rows of the negatives lab: undone, numbered."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.lab_page import LabPage


@pytest.fixture
def lab(page: Page, address: str) -> LabPage:
    return LabPage(page, address).open()


def test_undo_brings_back_texts_and_boxes(lab: LabPage) -> None:
    before = lab.texts()
    lab.rows.nth(1).get_by_role("button", name="Remove").click()
    expect(lab.rows).to_have_count(len(before) - 1)
    lab.page.keyboard.press("Escape")  # to the whole picture: looking elsewhere is no step
    lab.wait()
    lab.page.keyboard.press("Control+z")

    expect(lab.rows).to_have_count(len(before))
    assert sorted(lab.wait().texts()) == sorted(before)
    lab.page.keyboard.press("Control+Shift+z")
    expect(lab.rows).to_have_count(len(before) - 1)


def test_rows_have_numbers_where_there_are_many(lab: LabPage) -> None:
    lab.root.get_by_label("Rewrites", exact=True).fill("40")
    lab.write("a small red wooden box with a round handle on a white metal table")
    expect(lab.rows).to_have_count(41)
    lab.wait()

    signs = lab.rows.locator(".fx-lab-sign").all_text_contents()
    assert signs[0] == "true"
    assert [int(each.split()[-1]) for each in signs[1:]] == list(range(1, 41))
