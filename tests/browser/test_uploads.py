"""Pictures of one's own, good and bad."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from fgclip.encoder import Encoder
from fgclip.explore.gallery import EXAMPLES
from tests.support.pages.probe import ProbePage

ORIENTATION = 0x0112  # EXIF tag
QUARTER_TURN = 6


@pytest.fixture(scope="module")
def photograph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """4000 × 3000 as stored, to be shown upright at 3000 × 4000."""
    coarse = np.random.default_rng(0).integers(0, 256, (30, 40, 3), dtype=np.uint8)
    picture = Image.fromarray(coarse).resize((4000, 3000), Image.Resampling.BILINEAR)
    exif = Image.Exif()
    exif[ORIENTATION] = QUARTER_TURN
    path = tmp_path_factory.mktemp("upload") / "photograph.jpg"
    picture.save(path, exif=exif, quality=90)
    return path


def test_a_large_rotated_photograph_is_upright_and_scored(
    probe: ProbePage,
    photograph: Path,
    page_encoder: Encoder,
) -> None:
    probe.upload(photograph)
    expect(probe.page.locator(".fx-thumb[aria-current=true]")).to_have_count(0)
    assert probe.picture_shape() == [3000, 4000]
    frame = probe.page.locator(".fx-world").bounding_box()
    assert frame["height"] / frame["width"] == pytest.approx(4 / 3, rel=1e-2)
    assert probe.boxes() == []
    prompts = probe.prompts()
    probe.drag((0.25, 0.125), (0.75, 0.5))
    probe.wait_for_scores()
    box = probe.page.url.split("boxes=")[1].split("&")[0].split(",")
    region = page_encoder.encode_regions(photograph, [[float(value) for value in box]])
    expected = (page_encoder.encode_text(prompts, "auto") @ region[0]).tolist()
    found = probe.scores()
    assert [found[text] for text in prompts] == pytest.approx(expected, abs=1e-3)


def test_phrases_that_came_with_a_picture_go_with_it_and_written_ones_stay(
    probe: ProbePage, photograph: Path
) -> None:
    probe.upload(photograph)
    words = probe.page.locator(".fx-prompt .fx-words")
    expect(words).to_have_text(list(EXAMPLES))
    probe.page.locator("[data-sample=scene-1]").click()
    expect(words.first).to_have_text("the cat")
    probe.wait_for_scores()
    probe.add("a bird")
    probe.upload(photograph)
    expect(probe.page.locator(".fx-thumb[aria-current=true]")).to_have_count(0)
    expect(words).to_have_text([*EXAMPLES, "a bird"])
    for _ in EXAMPLES:
        probe.page.locator(".fx-prompt").first.press("Delete")
    expect(words).to_have_text(["a bird"])
    probe.page.locator("[data-sample=scene-1]").click()
    expect(probe.page.locator("[data-sample=scene-1]")).to_have_attribute("aria-current", "true")
    expect(words).to_have_text(["a bird"])  # nothing is left of what came with a picture


def test_a_reload_keeps_the_uploaded_picture(probe: ProbePage, photograph: Path) -> None:
    probe.upload(photograph)
    expect(probe.page.locator(".fx-thumb[aria-current=true]")).to_have_count(0)
    probe.drag((0.25, 0.125), (0.75, 0.5))
    probe.wait_for_scores()
    probe.page.reload()
    probe.wait_for_scores()
    assert probe.picture_shape() == [3000, 4000]
    assert len(probe.boxes()) == 1


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("broken.jpg", b"\xff\xd8\xff\xe0 not a picture", "broken.jpg"),
        ("notes.png", b"only words", "is not a picture that can be read"),
        ("empty.png", b"", "is empty"),
    ],
)
def test_a_bad_file_gets_one_friendly_message_and_the_page_goes_on(
    probe: ProbePage, tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    boxes, prompts = probe.boxes(), probe.prompts()
    probe.upload(path)
    expect(probe.picture_fault).to_contain_text(message)
    assert "Traceback" not in probe.page.content()
    assert (probe.boxes(), probe.prompts()) == (boxes, prompts)
    probe.drag((0.6, 0.05), (0.9, 0.4))
    probe.wait_for_scores()
    assert len(probe.boxes()) == 3
    probe.page.locator("[data-sample=scene-1]").click()
    expect(probe.picture_fault).to_be_hidden()


def test_400_million_pixels_are_refused_before_they_are_decoded(
    probe: ProbePage, tmp_path: Path
) -> None:
    path = tmp_path / "huge.png"
    Image.new("1", (20_000, 20_000)).save(path)
    probe.upload(path)
    expect(probe.picture_fault).to_contain_text("above the limit of 89 million")


def test_one_pixel_is_a_picture(probe: ProbePage, tmp_path: Path) -> None:
    path = tmp_path / "dot.png"
    Image.new("RGB", (1, 1), "red").save(path)
    probe.upload(path)
    expect(probe.page.locator(".fx-thumb[aria-current=true]")).to_have_count(0)
    probe.drag((0.2, 0.2), (0.8, 0.8))
    probe.wait_for_scores()
    assert probe.faults == []


def test_a_format_that_browsers_do_not_know_is_shown_all_the_same(
    probe: ProbePage, tmp_path: Path
) -> None:
    path = tmp_path / "scan.tiff"
    Image.new("CMYK", (64, 48), (10, 200, 30, 0)).save(path)
    probe.upload(path)
    expect(probe.page.locator(".fx-thumb[aria-current=true]")).to_have_count(0)
    assert probe.picture_shape() == [64, 48]


def test_a_picture_is_pasted_from_the_clipboard(probe: ProbePage) -> None:
    probe.page.evaluate(
        """async () => {
            const canvas = Object.assign(document.createElement('canvas'), {width: 60, height: 30});
            canvas.getContext('2d').fillRect(0, 0, 30, 30);
            const blob = await new Promise((resolve) => canvas.toBlob(resolve));
            const clipboardData = new DataTransfer();
            clipboardData.items.add(new File([blob], 'clipboard.png', {type: 'image/png'}));
            document.dispatchEvent(new ClipboardEvent('paste', {clipboardData, bubbles: true}));
        }"""
    )
    expect(probe.page.locator(".fx-thumb[aria-current=true]")).to_have_count(0)
    assert probe.picture_shape() == [60, 30]
