"""FG-CLIP 2 on the page: pictures at their own shape, in every tab that looks at one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from fgclip.encoder import Encoder
from fgclip.explore.gallery import read_gallery
from fgclip.workspace.workspace import Workspace
from fgclip.zoo import load
from tests.support.app import running
from tests.support.models import save_tiny_fgclip2
from tests.support.pages.detect import DetectPage
from tests.support.pages.probe import ProbePage


@pytest.fixture(scope="module")
def siglip2(tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    folder = tmp_path_factory.mktemp("fgclip2")
    save_tiny_fgclip2(folder)
    return load(folder, device="cpu", dtype="float32")


@pytest.fixture(scope="module")
def address(
    siglip2: Encoder, gallery: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    with Workspace(tmp_path_factory.mktemp("workspace")) as workspace:
        workspace.import_from(gallery / "gallery.json", name="gallery")
        with running(siglip2, gallery, workspace, gallery) as place:
            yield place


def test_a_picture_that_is_no_square_is_scored_while_a_box_is_dragged(
    page: Page, address: str, siglip2: Encoder, gallery: Path
) -> None:
    probe = ProbePage(page, address).open("?sample=scene-1")
    path = read_gallery(gallery)["scene-1"].path
    height, width = siglip2.encode_dense(path).grid
    assert height > width

    probe.drag((0.1, 0.1), (0.8, 0.45))
    probe.wait_for_scores()

    box = probe.boxes()[-1]
    (seen,) = siglip2.encode_regions(path, [box])
    texts = list(probe.scores())
    right = siglip2.encode_text(texts, "auto") @ seen
    assert list(probe.scores().values()) == pytest.approx(right.tolist(), abs=6e-4)
    apart = page.locator(".fx-probe").first.get_attribute("data-apart")
    assert apart is not None
    assert float(apart) <= 1e-3
    assert probe.faults == []


def test_boxes_are_found_on_it(page: Page, address: str) -> None:
    tab = DetectPage(page, address).open("tab=detect&detstrict=0&detpicture=scene-1")

    expect(tab.summary).to_contain_text("measured against 2 other pictures")
    assert tab.faults == []
