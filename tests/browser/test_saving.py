"""What is saved says what it is of."""

from __future__ import annotations

import csv
from pathlib import Path

from PIL import Image
from playwright.sync_api import Download, expect

from fgclip.encoder import Encoder
from tests.support.pages.probe import ProbePage


def saved(probe: ProbePage, key: str) -> Download:
    with probe.page.expect_download() as download:
        probe.page.keyboard.press(key)
    return download.value


def saved_rows(probe: ProbePage) -> list[dict[str, str]]:
    with saved(probe, "c").path().open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def words_of_saved_png(probe: ProbePage) -> list[str]:
    """What is written into the picture, in order."""
    probe.page.evaluate(
        """() => { window.written = [];
            const write = CanvasRenderingContext2D.prototype.fillText;
            CanvasRenderingContext2D.prototype.fillText = function (text, ...place) {
                window.written.push(text); write.call(this, text, ...place); }; }"""
    )
    with Image.open(saved(probe, "s").path()) as picture:
        picture.verify()
    words: list[str] = probe.page.evaluate("window.written")
    return words


def test_every_line_of_the_csv_names_picture_and_model(
    probe: ProbePage, page_encoder: Encoder
) -> None:
    card = page_encoder.card
    rows = saved_rows(probe)
    assert len(rows) == 2 * len(probe.prompts())
    assert {row["picture"] for row in rows} == {"scene-0"}
    assert {row["model"] for row in rows} == {f"{card.name} {card.sha256[:12]}"}


def test_an_upload_lends_its_name_to_what_is_saved(probe: ProbePage, tmp_path: Path) -> None:
    path = tmp_path / "été, 2: the cat?.v1.png"
    Image.new("RGB", (60, 40), "red").save(path)
    probe.upload(path)
    expect(probe.page.locator(".fx-thumb[aria-current=true]")).to_have_count(0)
    probe.drag((0.2, 0.2), (0.8, 0.8))
    probe.wait_for_scores()
    assert saved(probe, "c").suggested_filename == "fgclip-été-2-the-cat-.v1.csv"
    assert saved(probe, "s").suggested_filename == "fgclip-été-2-the-cat-.v1.png"
    assert {row["picture"] for row in saved_rows(probe)} == {path.name}


def test_the_saved_view_names_picture_model_and_columns(
    probe: ProbePage, page_encoder: Encoder
) -> None:
    card = page_encoder.card
    words = words_of_saved_png(probe)
    table = words[words.index("Region 1") :]
    assert table[1] == "scene-0, 320 × 240 pixels"
    assert table[2].startswith(f"{card.name[:8]}")
    assert table[3] == "a region’s best prompt below −.100 is doubtful"
    assert table[4:8] == ["region", "crop", "picture", "softmax"]
    shares = probe.page.locator(".fx-rows .fx-cell-share b").all_text_contents()
    assert table[12::5][: len(shares)] == shares
    assert not any("prompts" in text for text in words)


def test_without_a_region_its_columns_are_left_out(probe: ProbePage) -> None:
    probe.page.keyboard.press("Escape")
    words = words_of_saved_png(probe)
    table = words[words.index("Whole picture") :]
    assert table[4:6] == ["picture", "softmax"]
    assert "region" not in words
    assert "crop" not in words


def test_all_regions_are_saved_side_by_side(probe: ProbePage) -> None:
    probe.page.keyboard.press("a")
    words = words_of_saved_png(probe)
    table = words[words.index("All regions") :]
    assert table[4:6] == ["1", "2"]
    assert len(table) == 6 + 3 * len(probe.prompts())


def test_a_view_with_more_rows_than_fit_says_so(probe: ProbePage) -> None:
    probe.paste("\n".join(f"the cat {number}" for number in range(300)))
    expect(probe.page.get_by_role("heading", name="Prompts · 304")).to_be_visible()
    probe.wait_for_scores()
    probe.page.locator(".fx-stage").focus()
    assert words_of_saved_png(probe)[-1] == "24 of 304 prompts"
