"""The whole way in a browser: a COCO folder is imported, indexed, mapped, searched and circled."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from fgclip.encoder import Encoder
from fgclip.workspace.workspace import Workspace
from tests.support.app import running
from tests.support.pages.map import MapPage

LONG = 120_000  # ms for what compiles or encodes


def coco_folder(folder: Path, count: int) -> Path:
    """Pictures of coloured noise, a cat in the left half of each and a dog in the right."""
    (folder / "annotations").mkdir(parents=True)
    (folder / "val2017").mkdir()
    images, annotations = [], []
    for number in range(1, count + 1):
        noise = np.random.default_rng(100 + number).integers(0, 256, (5, 6, 3), dtype=np.uint8)
        name = f"{number:012}.jpg"
        Image.fromarray(noise).resize((120, 100)).save(folder / "val2017" / name)
        images.append({"id": number, "file_name": name, "width": 120, "height": 100})
        for category, x in ((1, 5), (2, 65)):
            annotations.append(
                {"id": len(annotations) + 1, "image_id": number, "category_id": category,
                 "bbox": [x, 10, 50, 80]}
            )  # fmt: skip
    annotations.append({"id": 999, "image_id": 1, "category_id": 1, "bbox": [100, 0, 90, 50]})
    categories = [{"id": 1, "name": "cat"}, {"id": 2, "name": "dog"}]
    content = {"images": images, "annotations": annotations, "categories": categories}
    (folder / "annotations" / "instances_val2017.json").write_text(json.dumps(content))
    return folder


@pytest.fixture(scope="module")
def address(
    page_encoder: Encoder,
    gallery: Path,
    data_root: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    """An app of its own: these tests change the workspace."""
    with Workspace(tmp_path_factory.mktemp("changing")) as workspace:
        workspace.import_from(gallery / "gallery.json", name="gallery")
        workspace.index(page_encoder)
        with running(page_encoder, gallery, workspace, data_root) as place:
            yield place


def job(page: Page) -> Locator:
    return page.locator(".fx-data .fx-job")


def run(page: Page, work: str) -> None:
    page.locator(f".fx-data button[data-work={work}]").click()


def test_a_coco_folder_goes_all_the_way_to_the_map(
    page: Page, address: str, data_root: Path
) -> None:
    folder = coco_folder(data_root / "coco", 12)
    page.goto(f"{address}?tab=data")
    page.get_by_label("Folder or file on this machine").fill(str(folder))

    run(page, "import")
    expect(job(page)).to_contain_text("12 new pictures with 24 new regions; 1 faults, listed below")
    expect(page.locator(".fx-data")).to_contain_text(
        "annotation 999: box 1 (100, 0, 190, 50) leaves the picture"
    )
    run(page, "index")
    expect(job(page)).to_contain_text("12 pictures and 2 phrases indexed", timeout=LONG)
    page.locator(".fx-step", has_text="UMAP").get_by_label("Call it").fill("coco")
    run(page, "map")
    expect(job(page)).to_contain_text("Mapping regions: ")
    expect(job(page)).to_contain_text("Map of 30 regions, 30 laid out by UMAP", timeout=LONG)

    page.get_by_role("button", name="Look at the map").click()
    the_map = MapPage(page, address).wait()
    expect(the_map.shown).to_have_text("showing all 30 here · 30 in all")
    the_map.root.locator(".fx-filter").fill("source = 'coco'")
    the_map.find("the cat")
    expect(the_map.title).to_have_text("24 best of 24")
    the_map.items.first.click()
    chosen = the_map.items.first.get_attribute("data-owner")
    expect(the_map.pressed_region).to_have_attribute("data-region", chosen or "")
    place = the_map.ringed()
    assert place is not None
    the_map.leave_field()
    the_map.lasso(place, (0.4, 0.4))
    owners = the_map.items.evaluate_all("items => items.map(item => item.dataset.owner)")
    assert chosen in owners
    assert the_map.faults == []


def test_what_is_imported_later_is_placed_on_the_map(
    page: Page, address: str, data_root: Path
) -> None:
    folder = coco_folder(data_root / "later", 2)
    page.goto(f"{address}?tab=data")
    step = page.locator(".fx-step", has_text="UMAP")
    step.get_by_label("Call it").fill("before")
    run(page, "map")
    row = page.locator(".fx-data tr", has_text="before")
    expect(row).to_have_count(1, timeout=LONG)
    expect(job(page).get_by_role("button", name="Stop")).to_be_hidden()
    page.get_by_label("Folder or file on this machine").fill(str(folder))
    run(page, "import")
    expect(job(page)).to_contain_text("new regions")
    run(page, "index")
    expect(job(page)).to_contain_text("2 pictures", timeout=LONG)

    row.get_by_role("button", name="Place 4 new").click()

    expect(job(page)).to_contain_text("4 regions placed among their neighbours")
    expect(row.get_by_role("button", name="Place")).to_have_count(0)


def test_what_is_there_twice_is_shown_and_opens_in_the_probe(
    page: Page, address: str, data_root: Path
) -> None:
    folder = coco_folder(data_root / "twice", 2)
    copy = folder / "val2017" / "000000000002.jpg"
    copy.write_bytes((folder / "val2017" / "000000000001.jpg").read_bytes())
    page.goto(f"{address}?tab=data")
    page.get_by_label("Folder or file on this machine").fill(str(folder))
    page.locator(".fx-step", has_text="YOLO, FineHARD").get_by_label("Call it").fill("twice")
    run(page, "import")
    expect(job(page)).to_contain_text("2 new pictures")

    run(page, "duplicates")

    twins = page.locator(".fx-twin[title^='twice: ']")
    expect(twins).to_have_count(2)
    expect(twins.last.locator("img")).not_to_have_js_property("naturalWidth", 0)
    twins.last.click()
    expect(page.get_by_role("tab", name="Probe")).to_have_attribute("aria-selected", "true")
    expect(page).to_have_url(re.compile("image="))


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/etc", "is outside of the folders that may be read"),
        ("{root}/absent", "There is no"),
        ("{root}/empty", "is in no format that is known here"),
        ("{root}/../..", "is outside of the folders that may be read"),
    ],
)
def test_what_cannot_be_imported_is_explained_and_stays_written(
    page: Page, address: str, data_root: Path, path: str, words: str
) -> None:
    (data_root / "empty").mkdir(exist_ok=True)
    given = path.format(root=data_root)
    page.goto(f"{address}?tab=data")
    field = page.get_by_label("Folder or file on this machine")
    field.fill(given)

    run(page, "import")

    expect(page.locator(".fx-data")).to_contain_text(words)
    expect(field).to_have_value(given)


def test_an_export_says_where_it_is_and_what_it_could_not_hold(page: Page, address: str) -> None:
    page.goto(f"{address}?tab=data")
    step = page.locator(".fx-step", has_text="Export")
    step.get_by_label("Format").select_option("yolo")
    step.get_by_label("Only pictures").fill("source = 'gallery'")

    run(page, "export")

    expect(job(page)).to_contain_text("exports/export; YOLO cannot hold")
    expect(job(page)).to_contain_text("12 negatives")


def test_the_workspace_is_proved_sound(page: Page, address: str) -> None:
    page.goto(f"{address}?tab=data")

    run(page, "check")

    expect(job(page)).to_contain_text("Sound: nothing is amiss")
