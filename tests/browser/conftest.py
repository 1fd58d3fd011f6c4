"""One app and one browser for all tests of the page; a fresh page for each."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    Playwright,
    ViewportSize,
    expect,
    sync_playwright,
)

from fgclip.encoder import Encoder
from fgclip.workspace.workspace import Workspace
from tests.support.app import running
from tests.support.maps import ROWS, keep_map
from tests.support.models import page_model
from tests.support.pages.probe import ProbePage

FLAGS = [
    "--no-sandbox", "--disable-background-networking",
    "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",  # WebGL for the map
    "--ignore-gpu-blocklist",
    "--disable-gpu-compositing",  # the page itself is painted quicker without
    "--disable-component-update", "--disable-sync", "--no-first-run",
]  # fmt: skip
NOTES = """---
does_not_know: photographs
doubtful_below: -0.1, a cosine between those of the first picture's boxes
for_photographs: --model qihoo360/fg-clip-base
---
"""
SIZE: ViewportSize = {"width": 1280, "height": 720}
SWEEP = """() => {
    localStorage.clear();
    sessionStorage.clear();
    indexedDB.deleteDatabase('fgclip-explorer');
}"""
SECONDS = 60  # for anything the page should do; a busy machine needs them


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three pictures of coloured noise with two boxes each; the last is called a photograph."""
    folder = tmp_path_factory.mktemp("gallery")
    (folder / "pictures").mkdir()
    rng = np.random.default_rng(0)
    records = []
    for number, size in enumerate([(320, 240), (200, 400), (300, 300)]):
        coarse = Image.fromarray(rng.integers(0, 256, (8, 8, 3), dtype=np.uint8))
        name = f"pictures/scene-{number}.png"
        coarse.resize(size, Image.Resampling.NEAREST).save(folder / name)
        phrases = ["the cat", "the dog"]
        boxes = [[0.1, 0.2, 0.5, 0.7], [0.55, 0.5, 0.95, 0.9]]
        info = [
            {
                "bbox": box,
                "short_expr": phrase,
                "long_expr": phrase,
                "flag_short_neg": 1,
                "short_expr_negs": {"0": f"{phrase} cat", "1": f"{phrase} bird"},
            }
            for box, phrase in zip(boxes, phrases, strict=True)
        ]
        records.append(
            {
                "f_path": name,
                "caption": "the cat and the dog",
                "short_caption": "the cat and the dog",
                "bbox_info": info,
                "meta": {"kind": "photograph" if number == 2 else "composed"},
            }
        )
    (folder / "gallery.json").write_text(json.dumps(records))
    return folder


@pytest.fixture(scope="session")
def page_encoder(tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    """14 × 14 patches, as ViT-B/16 has them, in a tower small enough for a test."""
    folder = tmp_path_factory.mktemp("page-model")
    (folder / "MODEL_CARD.md").write_text(NOTES)
    return page_model(folder, seed=0)


@pytest.fixture(scope="session")
def workspace(
    page_encoder: Encoder, gallery: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Workspace]:
    """The gallery, indexed; its regions lie in two rows on a map."""
    with Workspace(tmp_path_factory.mktemp("workspace")) as opened:
        opened.import_from(gallery / "gallery.json", name="gallery")
        opened.index(page_encoder)
        keep_map(opened, page_encoder, "two rows", ROWS)
        yield opened


@pytest.fixture(scope="session")
def data_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the page may import from."""
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="session")
def address(
    page_encoder: Encoder, gallery: Path, workspace: Workspace, data_root: Path
) -> Iterator[str]:
    """The running app."""
    with running(page_encoder, gallery, workspace, data_root) as place:
        yield place


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where it lies."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail("CI needs Chromium: apt-get install chromium")
        pytest.skip("Chromium is not installed")
    return path


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(playwright: Playwright, chromium: str) -> Iterator[Browser]:
    """For contexts that share nothing with those of other tests."""
    browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def context(
    playwright: Playwright, chromium: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[BrowserContext]:
    """One profile on disk for all tests, so that only the first ones load and compile scripts."""
    context = playwright.chromium.launch_persistent_context(
        tmp_path_factory.mktemp("profile"), executable_path=chromium, args=FLAGS,
        viewport=SIZE,
    )  # fmt: skip
    context.set_default_timeout(SECONDS * 1000)
    expect.set_options(timeout=SECONDS * 1000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """The profile's tab, whose scripts are compiled; all that a test leaves in it is swept away."""
    page, *_ = context.pages
    yield page
    for other in context.pages[1:]:
        other.close()
    page.unroute_all(behavior="ignoreErrors")
    page.evaluate(SWEEP)
    page.goto("about:blank")
    page.set_viewport_size(SIZE)
    page.emulate_media(color_scheme="null")


@pytest.fixture
def probe(page: Page, address: str) -> ProbePage:
    """The Probe tab on its first picture, all scores there."""
    return ProbePage(page, address).open()


@pytest.fixture(scope="module")
def second(tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    return page_model(tmp_path_factory.mktemp("second-model"), seed=1)


@pytest.fixture(scope="module")
def two(
    page_encoder: Encoder, second: Encoder, gallery: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Workspace]]:
    """An app with two models, and its workspace, which only the first one indexed."""
    root = tmp_path_factory.mktemp("two")
    with Workspace(root / "workspace") as workspace:
        workspace.import_from(gallery / "gallery.json", name="gallery")
        workspace.index(page_encoder)
        keep_map(workspace, page_encoder, "rows", ROWS)
        keep_map(workspace, second, "the same, turned", [(y, -2 * x) for x, y in ROWS])
        with running(page_encoder, gallery, workspace, root, other=second) as place:
            yield place, workspace
